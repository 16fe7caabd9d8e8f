#include "fake_engine_server.h"

#include <algorithm>
#include <stdexcept>

#include "service/status_mapping.h"

namespace gateway {

namespace {

constexpr std::chrono::seconds kPatience{10};
// How often a waiting handler looks whether its caller is still there.
constexpr std::chrono::milliseconds kGlance{5};

service::GrpcServer::Settings SettingsOf(const service::TlsFiles& tls, std::string listen) {
  service::GrpcServer::Settings settings;
  settings.tls = tls;
  settings.listen = std::move(listen);
  return settings;
}

}  // namespace

grpc::Status FakeDirectory::Watch(grpc::ServerContext* context, const certifier::v1::WatchRequest*,
                                  grpc::ServerWriter<certifier::v1::WatchResponse>* writer) {
  std::uint64_t sent = 0;
  std::unique_lock lock(mutex_);
  ++watches_;
  while (!is_ended_ && !context->IsCancelled()) {
    if (pieces_.back().version() == sent) {
      changed_.wait_for(lock, kGlance);
      continue;
    }
    const auto pieces = pieces_;
    const bool breaks_off = breaks_off_;
    sent = pieces.back().version();
    lock.unlock();
    for (const auto& piece : pieces) {
      if (!breaks_off || piece.has_more()) writer->Write(piece);
    }
    if (breaks_off) break;
    lock.lock();
  }
  return {grpc::StatusCode::UNAVAILABLE, "the engine is shutting down"};
}

void FakeDirectory::Publish(certifier::v1::WatchResponse directory) {
  const std::lock_guard lock(mutex_);
  pieces_ = {std::move(directory)};
  breaks_off_ = false;
  changed_.notify_all();
}

void FakeDirectory::PublishInPieces(certifier::v1::WatchResponse directory, bool breaks_off) {
  std::vector<certifier::v1::WatchResponse> pieces;
  const bool has_service = directory.has_scep_service();
  for (auto& ca : *directory.mutable_cas()) {
    auto& piece = pieces.emplace_back();
    piece.set_version(directory.version());
    piece.set_has_more(true);
    *piece.add_cas() = std::move(ca);
  }
  if (has_service) *pieces.front().mutable_scep_service() = std::move(*directory.mutable_scep_service());
  pieces.back().set_has_more(false);
  const std::lock_guard lock(mutex_);
  pieces_ = std::move(pieces);
  breaks_off_ = breaks_off;
  changed_.notify_all();
}

int FakeDirectory::watches() {
  const std::lock_guard lock(mutex_);
  return watches_;
}

grpc::Status FakeDirectory::FetchCrl(grpc::ServerContext*, const certifier::v1::FetchCrlRequest* request,
                                     grpc::ServerWriter<certifier::v1::FetchCrlResponse>* writer) {
  std::unique_lock lock(mutex_);
  ++fetches_;
  const auto found = crls_.find(request->ca());
  if (found == crls_.end()) return service::ToStatus({result::Reason::kNotFound, "no such CRL"});
  const FakeCrl crl = found->second;
  lock.unlock();
  certifier::v1::FetchCrlResponse response;
  response.mutable_crl()->set_crl_number(crl.number);
  response.mutable_crl()->set_size(crl.announced_size == 0 ? crl.octets.size() : crl.announced_size);
  response.mutable_crl()->mutable_this_update()->set_seconds(784111777);
  response.mutable_crl()->mutable_next_update()->set_seconds(crl.next_update);
  const std::size_t piece = std::max(std::size_t{100}, crl.octets.size() / 1000);
  for (std::size_t sent = 0; sent < crl.octets.size(); sent += piece) {
    response.set_piece(crl.octets.substr(sent, piece));
    if (!writer->Write(response)) break;
    response.clear_crl();
  }
  return grpc::Status::OK;
}

void FakeDirectory::SetCrl(const std::string& ca, FakeCrl crl) {
  const std::lock_guard lock(mutex_);
  crls_[ca] = std::move(crl);
}

int FakeDirectory::fetches() {
  const std::lock_guard lock(mutex_);
  return fetches_;
}

grpc::Status FakeDirectory::ReportScepService(grpc::ServerContext*,
                                              const certifier::v1::ReportScepServiceRequest* request,
                                              certifier::v1::ReportScepServiceResponse*) {
  const std::lock_guard lock(mutex_);
  reports_.push_back(*request);
  return is_old_ ? grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "") : grpc::Status::OK;
}

std::vector<certifier::v1::ReportScepServiceRequest> FakeDirectory::reports() {
  const std::lock_guard lock(mutex_);
  return reports_;
}

void FakeDirectory::SetOld() {
  const std::lock_guard lock(mutex_);
  is_old_ = true;
}

void FakeDirectory::End() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  changed_.notify_all();
}

grpc::Status FakeEnrollment::Submit(grpc::ServerContext* context, const certifier::v1::SubmitRequest* request,
                                    certifier::v1::SubmitResponse* response) {
  std::unique_lock lock(mutex_);
  calls_.push_back(*request);
  changed_.notify_all();
  while (is_holding_ && !context->IsCancelled()) changed_.wait_for(lock, kGlance);
  const Decide decide = decide_;
  lock.unlock();
  return decide(*request, *response);
}

grpc::Status FakeEnrollment::SubmitBatch(grpc::ServerContext* context, const certifier::v1::SubmitBatchRequest* request,
                                         certifier::v1::SubmitBatchResponse* response) {
  {
    const std::lock_guard lock(mutex_);
    batches_.push_back(request->submissions_size());
    if (!batch_refusal_.ok()) return batch_refusal_;
  }
  for (const auto& submission : request->submissions()) {
    auto& result = *response->add_results();
    const grpc::Status status = Submit(context, &submission, result.mutable_response());
    if (!status.ok()) *result.mutable_error() = service::ToErrorDetail(service::FromStatus(status));
  }
  return grpc::Status::OK;
}

grpc::Status FakeEnrollment::ReportFailure(grpc::ServerContext* context,
                                           const certifier::v1::ReportFailureRequest* request,
                                           certifier::v1::ReportFailureResponse*) {
  std::unique_lock lock(mutex_);
  reports_.push_back(*request);
  while (is_holding_ && !context->IsCancelled()) changed_.wait_for(lock, kGlance);
  return grpc::Status::OK;
}

std::vector<certifier::v1::ReportFailureRequest> FakeEnrollment::reports() {
  const std::lock_guard lock(mutex_);
  return reports_;
}

void FakeEnrollment::set_batch_refusal(grpc::Status refusal) {
  const std::lock_guard lock(mutex_);
  batch_refusal_ = std::move(refusal);
}

std::vector<int> FakeEnrollment::batches() {
  const std::lock_guard lock(mutex_);
  return batches_;
}

void FakeEnrollment::set_decide(Decide decide) {
  const std::lock_guard lock(mutex_);
  decide_ = std::move(decide);
}

void FakeEnrollment::Hold() {
  const std::lock_guard lock(mutex_);
  is_holding_ = true;
}

void FakeEnrollment::Release() {
  const std::lock_guard lock(mutex_);
  is_holding_ = false;
  changed_.notify_all();
}

bool FakeEnrollment::WaitForCalls(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return calls_.size() >= count; });
}

std::vector<certifier::v1::SubmitRequest> FakeEnrollment::calls() {
  const std::lock_guard lock(mutex_);
  return calls_;
}

FakeEngineServer::FakeEngineServer(const service::TlsFiles& tls, std::string listen)
    : server_(SettingsOf(tls, std::move(listen))) {
  server_.Add(directory_, certifier::v1::CaDirectoryService::service_full_name(), {service::Role::kGateway});
  server_.Add(enrollment_, certifier::v1::EnrollmentService::service_full_name(), {service::Role::kGateway});
  if (const auto started = server_.Start(); !started) throw std::runtime_error(started.error().detail);
}

void FakeEngineServer::Stop() {
  if (is_stopped_) return;
  is_stopped_ = true;
  directory_.End();
  server_.Shutdown(std::chrono::milliseconds(0));
}

}  // namespace gateway
