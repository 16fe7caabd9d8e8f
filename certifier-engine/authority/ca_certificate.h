#ifndef CERTIFIER_ENGINE_AUTHORITY_CA_CERTIFICATE_H
#define CERTIFIER_ENGINE_AUTHORITY_CA_CERTIFICATE_H

#include "authority/certification_authority.h"
#include "clock.h"
#include "pki/certificate.h"
#include "pki/key.h"
#include "pki/name.h"
#include "store/administration_store.h"

namespace engine::authority {

// Validity is the time that a certificate is good for.
struct Validity {
  TimePoint not_before;
  TimePoint not_after;
};

// Issuer is the CA that a certificate is made by.
struct Issuer {
  const pki::Certificate& certificate;
  const pki::SigningKey& key;
};

// CaCertificateSpecification is what a CA's certificate says. The references must outlive it.
struct CaCertificateSpecification {
  const pki::Name& subject;
  const pki::PublicKey& key;
  Validity validity;
  // Whether the CA receives envelopes and signs replies itself (requirements G-04).
  bool receives_envelopes = false;
  // Of an intermediate CA: where its issuer's CRL and certificate are.
  std::vector<pki::Extension> published = {};
};
// Both sign a CA's certificate, with its own key or another CA's: critical CA:TRUE, critical keyCertSign and cRLSign,
// with digitalSignature and keyEncipherment where it receives envelopes, SKI; an intermediate one has an AKI.
result::Result<pki::Certificate> MakeRootCertificate(const CaCertificateSpecification& specification,
                                                     const pki::SigningKey& key);
result::Result<pki::Certificate> MakeIntermediateCertificate(const CaCertificateSpecification& specification,
                                                             const Issuer& issuer);

// RegistrationAuthoritySubject is the CA's organizations, as they stand in its own subject, and the common name.
result::Result<pki::Name> RegistrationAuthoritySubject(const pki::Certificate& ca, const std::string& common_name);

// PublishedUrls is where verifiers find the CRL of a CA and its certificate.
struct PublishedUrls {
  std::vector<std::string> crl, ca_issuers;
};
// UrlsOf are those of `ca`, by its option public_url; none without it.
PublishedUrls UrlsOf(const CertificationAuthority& ca);
// PublishedExtensions tell verifiers of them; none for what is empty.
std::vector<pki::Extension> PublishedExtensions(const PublishedUrls& urls);

// RegistrationAuthoritySpecification is what an RA's certificate says. The references must outlive it.
struct RegistrationAuthoritySpecification {
  const pki::Name& subject;
  const pki::PublicKey& key;
  Validity validity;
  store::RegistrationAuthorityUsage usage = store::RegistrationAuthorityUsage::kCombined;
};
// MakeRegistrationAuthorityCertificate signs an RA's certificate by the CA: critical CA:FALSE, critical
// digitalSignature or keyEncipherment or both, as it is used, extended key usage Certificate Request Agent, SKI, AKI.
result::Result<pki::Certificate> MakeRegistrationAuthorityCertificate(
    const Issuer& issuer, const RegistrationAuthoritySpecification& specification);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CA_CERTIFICATE_H
