#include "rpc/key_operation_service.h"

#include "rpc/gateway_name.h"
#include "service/address.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using result::Fail;
using result::Reason;
using service::Caller;

result::Result<pki::KeyTransport> FromProto(certifier::v1::KeyTransport transport) {
  switch (transport) {
    case certifier::v1::KEY_TRANSPORT_PKCS1:
      return pki::KeyTransport::kPkcs1;
    case certifier::v1::KEY_TRANSPORT_OAEP_SHA1:
      return pki::KeyTransport::kOaepSha1;
    case certifier::v1::KEY_TRANSPORT_OAEP_SHA256:
      return pki::KeyTransport::kOaepSha256;
    case certifier::v1::KEY_TRANSPORT_UNSPECIFIED:
    case certifier::v1::KeyTransport_INT_MIN_SENTINEL_DO_NOT_USE_:
    case certifier::v1::KeyTransport_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Fail(Reason::kMalformed, "no such key transport");
}

result::Result<pki::DigestAlgorithm> DigestNamed(const std::string& name) {
  using pki::DigestAlgorithm;
  for (const DigestAlgorithm digest : {DigestAlgorithm::kMd5, DigestAlgorithm::kSha1, DigestAlgorithm::kSha224,
                                       DigestAlgorithm::kSha256, DigestAlgorithm::kSha384, DigestAlgorithm::kSha512}) {
    if (pki::ToString(digest) == name) return digest;
  }
  return Fail(Reason::kMalformed, "no such digest");
}

template <class Request>
store::CaKeyUse UseOf(const Request& request, const char* operation, const grpc::CallbackServerContext& context) {
  return {request.ca(), request.ca_generation(), operation, GatewayName(context),
          service::AddressOfPeer(context.peer())};
}

}  // namespace

grpc::ServerUnaryReactor* KeyOperationService::UnwrapContentKey(grpc::CallbackServerContext* context,
                                                                const certifier::v1::UnwrapContentKeyRequest* request,
                                                                certifier::v1::UnwrapContentKeyResponse* response) {
  return service::HandleRpc(
      context, "UnwrapContentKey", workers_, [this, context, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto transport, FromProto(request->key_transport()));
        ASSIGN_OR_RETURN(const auto key, operations_.Unwrap({request->ca(), request->ca_generation()}, transport,
                                                            request->encrypted_key(), request->key_length()));
        uses_.Note(UseOf(*request, "unwrap", *context));
        response->set_content_key(std::string(key.Reveal()));
        return {};
      });
}

grpc::ServerUnaryReactor* KeyOperationService::SignReply(grpc::CallbackServerContext* context,
                                                         const certifier::v1::SignReplyRequest* request,
                                                         certifier::v1::SignReplyResponse* response) {
  return service::HandleRpc(
      context, "SignReply", workers_, [this, context, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto digest, DigestNamed(request->digest_algorithm()));
        ASSIGN_OR_RETURN(auto signature, operations_.SignReply({request->ca(), request->ca_generation()}, digest,
                                                               request->signed_attributes()));
        uses_.Note(UseOf(*request, "sign_reply", *context));
        response->set_signature(std::move(signature));
        return {};
      });
}

}  // namespace engine::rpc
