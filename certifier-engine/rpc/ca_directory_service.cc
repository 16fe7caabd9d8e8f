#include "rpc/ca_directory_service.h"

#include <utility>

#include "authority/scep_settings.h"
#include "rpc/crl_sender.h"
#include "rpc/scep_service_view.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using certifier::v1::CaBundle;

// Of one message, before the CA that passes it: far below what gRPC carries, whatever the CAs are.
constexpr std::size_t kMostMessageOctets = 128 * 1024;

certifier::v1::RegistrationAuthorityUsage ToProto(store::RegistrationAuthorityUsage usage) {
  switch (usage) {
    case store::RegistrationAuthorityUsage::kSigning:
      return certifier::v1::REGISTRATION_AUTHORITY_USAGE_SIGNING;
    case store::RegistrationAuthorityUsage::kEncryption:
      return certifier::v1::REGISTRATION_AUTHORITY_USAGE_ENCRYPTION;
    case store::RegistrationAuthorityUsage::kCombined:
      break;
  }
  return certifier::v1::REGISTRATION_AUTHORITY_USAGE_COMBINED;
}

certifier::v1::RegistrationAuthorityState ToProto(store::RegistrationAuthorityState state) {
  switch (state) {
    case store::RegistrationAuthorityState::kNext:
      return certifier::v1::REGISTRATION_AUTHORITY_STATE_NEXT;
    case store::RegistrationAuthorityState::kCurrent:
      return certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT;
    case store::RegistrationAuthorityState::kRetired:
      break;
  }
  return certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED;
}

void Fill(const authority::CertificationAuthority& ca, CaBundle::CaGeneration& generation) {
  generation.set_number(ca.generation_number);
  generation.set_certificate(ca.certificate.der());
  for (const auto& certificate : ca.chain) generation.add_chain(certificate.der());
  generation.set_crl_number(ca.crl ? ca.crl->number : 0);
  generation.set_is_crl_only(ca.is_crl_only);
  for (const auto& authority : ca.registration_authorities) {
    auto& published = *generation.add_registration_authorities();
    published.set_certificate(authority.certificate.der());
    published.set_private_key(std::string(authority.private_key.Reveal()));
    published.set_state(ToProto(authority.state));
    published.set_usage(ToProto(authority.usage));
  }
}

// Fill writes a CA from its active generation and those beside it.
void Fill(const authority::CertificationAuthority& active, bool is_disabled,
          const std::vector<std::shared_ptr<const authority::CertificationAuthority>>& others, CaBundle& bundle) {
  bundle.set_name(active.name);
  bundle.set_is_default(active.is_default);
  bundle.set_is_disabled(is_disabled);
  *bundle.mutable_options() = active.options;
  Fill(active, *bundle.mutable_active());
  for (const auto& other : others) {
    if (other->ca_id != active.ca_id || other->ca_generation_id == active.ca_generation_id) continue;
    const bool is_next = other->state == store::GenerationState::kNext;
    if (is_next && is_disabled) continue;
    Fill(*other, is_next ? *bundle.mutable_next() : *bundle.add_retired());
    if (is_next) bundle.set_next_ca_certificates(other->next_ca_certificates);
  }
}

// DirectorySender writes one snapshot in as many messages as it needs. Without an active generation a CA is left out.
class DirectorySender {
 public:
  explicit DirectorySender(std::shared_ptr<const authority::Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

  // FillNext writes the next message; true if it is the last.
  bool FillNext(certifier::v1::WatchResponse& response) {
    const auto& active = snapshot_->cas;
    const auto& disabled = snapshot_->disabled_generations;
    const std::size_t count = active.size() + disabled.size();
    response.set_version(snapshot_->version);
    if (next_ == 0 && snapshot_->scep_service.version != 0) {
      rpc::Fill(snapshot_->scep_service, *response.mutable_scep_service());
    }
    for (std::size_t octets = 0; next_ < count && octets < kMostMessageOctets; next_++) {
      const bool is_disabled = next_ >= active.size();
      const auto& ca = is_disabled ? *disabled[next_ - active.size()] : *active[next_];
      if (ca.state != store::GenerationState::kActive) continue;
      CaBundle& bundle = *response.add_cas();
      Fill(ca, is_disabled, is_disabled ? disabled : snapshot_->other_generations, bundle);
      octets += bundle.ByteSizeLong();
    }
    response.set_has_more(next_ < count);
    return next_ == count;
  }

 private:
  const std::shared_ptr<const authority::Snapshot> snapshot_;
  std::size_t next_ = 0;
};

void WipeKeys(CaBundle::CaGeneration& generation) {
  for (auto& authority : *generation.mutable_registration_authorities()) pki::Wipe(*authority.mutable_private_key());
}

// Clear wipes the RA keys before the memory goes back.
void Clear(certifier::v1::WatchResponse& response) {
  for (auto& ca : *response.mutable_cas()) {
    if (ca.has_active()) WipeKeys(*ca.mutable_active());
    if (ca.has_next()) WipeKeys(*ca.mutable_next());
    for (auto& retired : *ca.mutable_retired()) WipeKeys(retired);
  }
  response.Clear();
}

grpc::Status ShuttingDown() {
  return service::ToStatus({result::Reason::kUnavailable, "the engine is shutting down"});
}

}  // namespace

// Watcher is one stream. It owns itself until gRPC is done with it.
class CaDirectoryService::Watcher final : public grpc::ServerWriteReactor<certifier::v1::WatchResponse>,
                                          public std::enable_shared_from_this<Watcher> {
 public:
  explicit Watcher(authority::Directory& directory) : directory_(directory) {}
  ~Watcher() override { Clear(response_); }

  void Begin() {
    self_ = shared_from_this();
    subscription_ = directory_.Subscribe([weak = weak_from_this()] {
      if (const auto watcher = weak.lock()) watcher->Push();
    });
    Push();
  }

  // Push sends the current snapshot unless it was sent, or one is on its way.
  void Push() {
    const std::lock_guard lock(mutex_);
    if (is_finished_ || is_writing_) return;
    if (!sender_) {
      auto snapshot = directory_.snapshot();
      if (snapshot->version == sent_version_) return;
      sent_version_ = snapshot->version;
      sender_.emplace(std::move(snapshot));
    }
    Clear(response_);
    if (sender_->FillNext(response_)) sender_.reset();
    is_writing_ = true;
    StartWrite(&response_);
  }

  void End(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_finished_, true)) return;
    Finish(status);
  }

  void OnWriteDone(bool is_ok) override {
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;
    }
    if (is_ok) return Push();
    End(grpc::Status::CANCELLED);
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override {
    subscription_.reset();
    const auto released = std::move(self_);
  }

 private:
  authority::Directory& directory_;
  std::shared_ptr<Watcher> self_;
  authority::Directory::Subscription subscription_;
  std::mutex mutex_;  // Guards what follows.
  certifier::v1::WatchResponse response_;
  std::optional<DirectorySender> sender_;  // Of what is half sent.
  std::uint64_t sent_version_ = 0;
  bool is_writing_ = false;
  bool is_finished_ = false;
};

grpc::ServerWriteReactor<certifier::v1::WatchResponse>* CaDirectoryService::Watch(grpc::CallbackServerContext*,
                                                                                  const certifier::v1::WatchRequest*) {
  const auto watcher = std::make_shared<Watcher>(directory_);
  watcher->Begin();
  const std::lock_guard lock(mutex_);
  std::erase_if(watchers_, [](const auto& known) { return known.expired(); });
  watchers_.push_back(watcher);
  if (is_ending_) watcher->End(ShuttingDown());
  return watcher.get();
}

grpc::ServerWriteReactor<certifier::v1::FetchCrlResponse>* CaDirectoryService::FetchCrl(
    grpc::CallbackServerContext*, const certifier::v1::FetchCrlRequest* request) {
  const auto ca = directory_.snapshot()->FindForCrl(request->ca(), request->generation());
  if (!ca) return RefuseCrl(service::ToStatus({result::Reason::kNotFound, "no such CA"}));
  if (!ca->crl) return RefuseCrl(service::ToStatus({result::Reason::kUnavailable, "the CA has no CRL yet"}));
  return SendCrl(ca->crl);
}

grpc::ServerUnaryReactor* CaDirectoryService::ReportScepService(grpc::CallbackServerContext* context,
                                                                const certifier::v1::ReportScepServiceRequest* request,
                                                                certifier::v1::ReportScepServiceResponse*) {
  return service::HandleRpc(context, "ReportScepService", parts_.report_workers,
                            [this, request](const service::Caller& caller) -> result::Result<void> {
                              const auto report = FromProto(*request, caller.name, parts_.clock());
                              RETURN_IF_ERROR(authority::CheckGatewayReport(report));
                              if (request->is_ending()) {
                                return parts_.store.ForgetGatewayReport(report.gateway, report.instance);
                              }
                              return parts_.store.PutGatewayReport(report, parts_.most_reports);
                            });
}

void CaDirectoryService::EndWatches() {
  const std::lock_guard lock(mutex_);
  is_ending_ = true;
  for (const auto& known : watchers_) {
    if (const auto watcher = known.lock()) watcher->End(ShuttingDown());
  }
}

}  // namespace engine::rpc
