#ifndef CERTIFIER_ENGINE_AUTHORITY_CA_CERTIFICATE_H
#define CERTIFIER_ENGINE_AUTHORITY_CA_CERTIFICATE_H

#include "clock.h"
#include "pki/certificate.h"
#include "pki/key.h"
#include "pki/name.h"

namespace engine::authority {

// Validity is the time that a certificate is good for.
struct Validity {
  TimePoint not_before;
  TimePoint not_after;
};

// MakeCaCertificate signs a root: critical CA:TRUE, critical keyCertSign and cRLSign, SKI.
result::Result<pki::Certificate> MakeCaCertificate(const pki::Name& subject, const pki::SigningKey& key,
                                                   Validity validity);

// RegistrationAuthoritySubject is the CA's organizations, as they stand in its own subject, and "CN=NAME RA".
result::Result<pki::Name> RegistrationAuthoritySubject(const pki::Certificate& ca, std::string_view ca_name);

// Issuer is the CA that an RA is made for.
struct Issuer {
  const pki::Certificate& certificate;
  const pki::SigningKey& key;
};

// MakeRegistrationAuthorityCertificate signs an RA's certificate by the CA: critical CA:FALSE, critical
// digitalSignature and keyEncipherment, extended key usage Certificate Request Agent, SKI, AKI.
result::Result<pki::Certificate> MakeRegistrationAuthorityCertificate(const Issuer& issuer, const pki::Name& subject,
                                                                      const pki::PublicKey& key, Validity validity);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CA_CERTIFICATE_H
