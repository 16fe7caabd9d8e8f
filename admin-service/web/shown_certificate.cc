#include "web/shown_certificate.h"

#include "pki/certificate.h"
#include "pki/digest.h"
#include "service/caller.h"

namespace web {

std::optional<ShownCertificate> ShownCertificateOf(const Request& request) {
  if (!request.certificate) return std::nullopt;
  const auto certificate = pki::Certificate::Parse(request.certificate->der);
  if (!certificate) return std::nullopt;
  ShownCertificate shown;
  shown.sha256 = pki::Digest(pki::DigestAlgorithm::kSha256, certificate->der());
  if (const auto subject = certificate->subject_name()) {
    shown.name = subject->CommonName().value_or(subject->ToString());
  }
  shown.problem = request.certificate->problem;
  // As the port of gRPC wants it.
  if (shown.problem.empty() && service::RoleOf(*certificate) != service::Role::kOperator) {
    shown.problem = "it is not of the role operator";
  }
  return shown;
}

}  // namespace web
