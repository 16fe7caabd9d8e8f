#include "rpc/ca_directory_service.h"

#include <utility>

#include "rpc/crl_sender.h"
#include "service/status_mapping.h"

namespace engine::rpc {

namespace {

void Fill(const authority::CertificationAuthority& ca, certifier::v1::CaBundle& bundle) {
  bundle.set_name(ca.name);
  bundle.set_certificate(ca.certificate.der());
  bundle.set_is_default(ca.is_default);
  bundle.set_crl_number(ca.crl ? ca.crl->number : 0);
  for (const auto& authority : ca.registration_authorities) {
    auto& published = *bundle.add_registration_authorities();
    published.set_certificate(authority.certificate.der());
    published.set_private_key(std::string(authority.private_key.Reveal()));
    published.set_state(authority.is_current ? certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT
                                             : certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED);
  }
}

// Clear wipes the RA keys before the memory goes back.
void Clear(certifier::v1::WatchResponse& response) {
  for (auto& ca : *response.mutable_cas()) {
    for (auto& authority : *ca.mutable_registration_authorities()) pki::Wipe(*authority.mutable_private_key());
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
    const auto snapshot = directory_.snapshot();
    if (snapshot->version == sent_version_) return;
    sent_version_ = snapshot->version;
    Clear(response_);
    response_.set_version(snapshot->version);
    for (const auto& ca : snapshot->cas) Fill(*ca, *response_.add_cas());
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
  const auto ca = directory_.snapshot()->FindCa(request->ca());
  if (!ca) return RefuseCrl(service::ToStatus({result::Reason::kNotFound, "no such CA"}));
  if (!ca->crl) return RefuseCrl(service::ToStatus({result::Reason::kUnavailable, "the CA has no CRL yet"}));
  return SendCrl(ca->crl);
}

void CaDirectoryService::EndWatches() {
  const std::lock_guard lock(mutex_);
  is_ending_ = true;
  for (const auto& known : watchers_) {
    if (const auto watcher = known.lock()) watcher->End(ShuttingDown());
  }
}

}  // namespace engine::rpc
