#include "rpc/ca_directory_service.h"

#include <utility>

#include "rpc/crl_sender.h"
#include "service/status_mapping.h"

namespace engine::rpc {

namespace {

using certifier::v1::CaBundle;

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
    published.set_state(authority.is_current ? certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT
                                             : certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED);
    published.set_usage(ToProto(authority.usage));
  }
}

CaBundle* FindBundle(certifier::v1::WatchResponse& response, const std::string& name) {
  for (auto& bundle : *response.mutable_cas()) {
    if (bundle.name() == name) return &bundle;
  }
  return nullptr;
}

void Fill(const authority::Snapshot& snapshot, certifier::v1::WatchResponse& response) {
  response.set_version(snapshot.version);
  for (const auto& ca : snapshot.cas) {
    CaBundle& bundle = *response.add_cas();
    bundle.set_name(ca->name);
    bundle.set_is_default(ca->is_default);
    *bundle.mutable_options() = ca->options;
    Fill(*ca, *bundle.mutable_active());
  }
  for (const auto& ca : snapshot.other_generations) {
    // Without an active generation a CA answers nobody.
    CaBundle* const bundle = FindBundle(response, ca->name);
    if (bundle == nullptr) continue;
    const bool is_next = ca->state == store::GenerationState::kNext;
    Fill(*ca, is_next ? *bundle->mutable_next() : *bundle->add_retired());
    if (is_next) bundle->set_next_ca_certificates(ca->next_ca_certificates);
  }
}

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
    const auto snapshot = directory_.snapshot();
    if (snapshot->version == sent_version_) return;
    sent_version_ = snapshot->version;
    Clear(response_);
    Fill(*snapshot, response_);
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
  const auto ca = directory_.snapshot()->FindGeneration(request->ca(), request->generation());
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
