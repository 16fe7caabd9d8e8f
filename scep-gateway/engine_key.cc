#include "engine_key.h"

#include <grpcpp/client_context.h>

#include <mutex>
#include <unordered_set>

#include "certifier/v1/key_operation.grpc.pb.h"
#include "service/status_mapping.h"

namespace gateway {
namespace {

using certifier::v1::KeyOperationService;
using certifier::v1::SignReplyRequest;
using certifier::v1::SignReplyResponse;
using certifier::v1::UnwrapContentKeyRequest;
using certifier::v1::UnwrapContentKeyResponse;
using result::Fail;
using result::Reason;

constexpr std::size_t kMostKeyBlockOctets = 1024;  // That the engine takes.

certifier::v1::KeyTransport ToProto(pki::KeyTransport transport) {
  switch (transport) {
    case pki::KeyTransport::kPkcs1:
      return certifier::v1::KEY_TRANSPORT_PKCS1;
    case pki::KeyTransport::kOaepSha1:
      return certifier::v1::KEY_TRANSPORT_OAEP_SHA1;
    case pki::KeyTransport::kOaepSha256:
      return certifier::v1::KEY_TRANSPORT_OAEP_SHA256;
  }
  return certifier::v1::KEY_TRANSPORT_UNSPECIFIED;
}

}  // namespace

// Calls are the calls under way, so that a shutdown can end them.
class EngineKeys::Calls {
 public:
  Calls(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds deadline)
      : stub_(KeyOperationService::NewStub(channel)), deadline_(deadline) {}

  // Make runs one call. Internal where the engine failed; unavailable where it did not answer, and where it refused:
  // what is not there yet, or was retired a moment ago, may be there on another engine or in a moment.
  template <class Request, class Response>
  result::Result<Response> Make(grpc::Status (KeyOperationService::Stub::*rpc)(grpc::ClientContext*, const Request&,
                                                                               Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline_);
    {
      const std::lock_guard lock(mutex_);
      if (is_closed_) return Fail(Reason::kUnavailable, "the gateway is stopping");
      running_.insert(&context);
    }
    Response response;
    const grpc::Status status = (stub_.get()->*rpc)(&context, request, &response);
    {
      const std::lock_guard lock(mutex_);
      running_.erase(&context);
    }
    if (status.ok()) return response;
    const result::Error error = service::FromStatus(status);
    return Fail(error.reason == Reason::kInternal ? Reason::kInternal : Reason::kUnavailable,
                "the engine's key: " + error.detail);
  }

  void Close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    for (grpc::ClientContext* const context : running_) context->TryCancel();
  }

 private:
  const std::unique_ptr<KeyOperationService::Stub> stub_;
  const std::chrono::milliseconds deadline_;
  std::mutex mutex_;  // Guards the two below.
  bool is_closed_ = false;
  std::unordered_set<grpc::ClientContext*> running_;
};

class EngineKeys::Key final : public pki::SigningKey, public pki::DecryptionKey {
 public:
  Key(std::shared_ptr<Calls> calls, KeyName name, const pki::PublicKey& key)
      : calls_(std::move(calls)), name_(std::move(name)), public_key_(key) {}

  result::Result<pki::Bytes> Sign(pki::DigestAlgorithm digest, pki::ByteView data) const override {
    SignReplyRequest request;
    request.set_ca(name_.ca);
    request.set_ca_generation(name_.generation);
    request.set_digest_algorithm(std::string(pki::ToString(digest)));
    request.set_signed_attributes(std::string(data));
    ASSIGN_OR_RETURN(SignReplyResponse response, calls_->Make(&KeyOperationService::Stub::SignReply, request));
    return std::move(*response.mutable_signature());
  }

  const pki::PublicKey& public_key() const override { return public_key_; }

  result::Result<pki::Secret> UnwrapContentKey(pki::KeyTransport transport, pki::ByteView encrypted_key,
                                               std::size_t length) const override {
    // No RSA key of ours has such a block. It is opened as every bad one is, with the call that shows in its time.
    if (encrypted_key.size() > kMostKeyBlockOctets) encrypted_key = encrypted_key.substr(0, kMostKeyBlockOctets);
    UnwrapContentKeyRequest request;
    request.set_ca(name_.ca);
    request.set_ca_generation(name_.generation);
    request.set_key_transport(ToProto(transport));
    request.set_encrypted_key(std::string(encrypted_key));
    request.set_key_length(static_cast<std::uint32_t>(length));
    ASSIGN_OR_RETURN(UnwrapContentKeyResponse response,
                     calls_->Make(&KeyOperationService::Stub::UnwrapContentKey, request));
    if (response.content_key().size() != length) return Fail(Reason::kInternal, "the engine gave no content key");
    return pki::Secret(std::move(*response.mutable_content_key()));
  }

 private:
  const std::shared_ptr<Calls> calls_;
  const KeyName name_;
  const pki::PublicKey public_key_;
};

EngineKeys::EngineKeys(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds deadline)
    : calls_(std::make_shared<Calls>(channel, deadline)) {}

EngineKeys::~EngineKeys() {
  Shutdown();
}

EngineKey EngineKeys::Open(const KeyName& name, const pki::PublicKey& key) const {
  const auto opened = std::make_shared<const Key>(calls_, name, key);
  return {opened, opened};
}

void EngineKeys::Shutdown() {
  calls_->Close();
}

}  // namespace gateway
