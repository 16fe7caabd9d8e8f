#ifndef CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_ISSUER_H
#define CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_ISSUER_H

#include "authority/certification_authority.h"
#include "issuance/authorization.h"
#include "store/enrollment_store.h"

namespace engine::issuance {

// CertificateIssuer signs end entity certificates. It is the only caller of a CA's key for them. Immutable.
class CertificateIssuer {
 public:
  // `backdating` is how long before the moment of issue a certificate becomes valid, for devices whose clocks are late.
  explicit CertificateIssuer(std::chrono::seconds backdating) : backdating_(backdating) {}

  // Issue writes and signs what `authorization` allows: random serial of 16 octets, SKI, AKI, critical key usage,
  // critical basicConstraints CA:FALSE, extended key usage, alternative names (critical where the subject is empty),
  // and where the CA has a public URL CRL distribution point and caIssuers. The times lie within the CA's own. Internal
  // if the authorization is for another CA or the template asks for a CA's rights; bad time if nothing of the CA's time
  // is left; unavailable as pki::SigningKey.
  result::Result<store::NewCertificate> Issue(authority::CertificationAuthority const& ca,
                                              Authorization&& authorization, TimePoint now) const;

 private:
  std::chrono::seconds backdating_;
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_ISSUER_H
