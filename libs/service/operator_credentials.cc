#include "service/operator_credentials.h"

#include <grpc/grpc_security_constants.h>

#include <optional>

#include "pki/certificate.h"
#include "pki/digest.h"
#include "service/address.h"
#include "service/grpc_server.h"

namespace service {

namespace {

constexpr std::size_t kOctets = 32;
constexpr std::size_t kMostSourceCharacters = 64;

tl::unexpected<result::Error> Nobody() {
  return result::Fail(result::Reason::kUnauthorized, "no operator stands behind this call");
}

// The one value of a key; nothing where there is none.
result::Result<std::optional<std::string>> OneOf(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto [first, last] = metadata.equal_range(key);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) return Nobody();
  return std::string(first->second.data(), first->second.size());
}

result::Result<void> RequireAdmin(const grpc::ServerContextBase& context) {
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(context));
  if (caller.role != Role::kAdmin) return Nobody();
  return {};
}

}  // namespace

void OperatorCredentials::Put(grpc::ClientContext& context) const {
  if (!certificate_sha256.empty()) context.AddMetadata(kOperatorCertificateMetadata, certificate_sha256);
  if (!token.empty()) context.AddMetadata(kOperatorTokenMetadata, std::string(token.Reveal()));
  if (!source.empty()) context.AddMetadata(kOperatorSourceMetadata, source);
  if (is_watching) context.AddMetadata(kOperatorWatchingMetadata, "yes");
}

result::Result<std::string> ForwardedSource(const grpc::ServerContextBase& context) {
  RETURN_IF_ERROR(RequireAdmin(context));
  ASSIGN_OR_RETURN(const auto source, OneOf(context, kOperatorSourceMetadata));
  if (source && source->size() > kMostSourceCharacters) return Nobody();
  return source.value_or("");
}

result::Result<OperatorCredentials> ForwardedCredentials(const grpc::ServerContextBase& context) {
  OperatorCredentials credentials;
  ASSIGN_OR_RETURN(credentials.source, ForwardedSource(context));
  ASSIGN_OR_RETURN(const auto watching, OneOf(context, kOperatorWatchingMetadata));
  credentials.is_watching = watching == "yes";
  ASSIGN_OR_RETURN(auto certificate, OneOf(context, kOperatorCertificateMetadata));
  ASSIGN_OR_RETURN(auto token, OneOf(context, kOperatorTokenMetadata));
  if (certificate.has_value() == token.has_value()) return Nobody();
  if ((certificate ? certificate->size() : token->size()) != kOctets) return Nobody();
  if (certificate) credentials.certificate_sha256 = *std::move(certificate);
  if (token) credentials.token = pki::Secret(*std::move(token));
  return credentials;
}

result::Result<OperatorCredentials> ShownCredentials(const grpc::ServerContextBase& context) {
  OperatorCredentials credentials;
  credentials.source = AddressOfPeer(context.peer());
  const auto peer = context.auth_context();
  const auto pem = peer ? peer->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME) : std::vector<grpc::string_ref>();
  if (!pem.empty()) {
    ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::FromPem(std::string(pem[0].data(), pem[0].size())));
    credentials.certificate_sha256 = pki::Digest(pki::DigestAlgorithm::kSha256, certificate.der());
    return credentials;
  }
  ASSIGN_OR_RETURN(auto token, OneOf(context, kOperatorTokenMetadata));
  if (!token) return credentials;
  if (token->size() != kOctets) return Nobody();
  credentials.token = pki::Secret(*std::move(token));
  return credentials;
}

}  // namespace service
