#include "enrollment/requester.h"

#include "pki/digest.h"

namespace engine::enrollment {

result::Result<Requester> ReadRequester(pki::ByteView signer_certificate) {
  ASSIGN_OR_RETURN(auto certificate, pki::Certificate::Parse(signer_certificate));
  auto key_sha256 = pki::Digest(pki::DigestAlgorithm::kSha256, certificate.spki());
  return Requester{std::move(certificate), std::move(key_sha256)};
}

bool IsSameKey(const Requester& requester, const pki::CertificateRequest& request) {
  if (requester.certificate.spki() == request.public_key().spki()) return true;
  // The same key may stand there with and without NULL parameters.
  const auto key = requester.certificate.public_key();
  return key && key->type() == request.public_key().type() &&
         key->subject_public_key() == request.public_key().subject_public_key();
}

std::optional<std::string_view> SelfSignedFault(const Requester& requester, const pki::CertificateRequest& request,
                                                const certifier::v1::CaOptions& options) {
  if (options.enforce_signer_key() && !IsSameKey(requester, request)) return "signer_key_is_not_request_key";
  if (!options.enforce_signer_subject()) return std::nullopt;
  const auto subject = requester.certificate.subject_name();
  if (!subject || !subject->Matches(request.subject())) return "signer_subject_is_not_request_subject";
  return std::nullopt;
}

}  // namespace engine::enrollment
