#ifndef CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_TEMPLATE_H
#define CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_TEMPLATE_H

#include <string>
#include <vector>

#include "clock.h"
#include "pki/extensions.h"
#include "pki/key.h"
#include "pki/name.h"

namespace engine::issuance {

// CertificateTemplate is what a certificate will say about its holder, as policy decided. There is no field by which it
// could become a CA.
struct CertificateTemplate {
  pki::Name subject;
  std::vector<pki::GeneralName> alternative_names;
  pki::Bytes spki;                              // SubjectPublicKeyInfo DER, copied octet for octet (requirements M-47).
  pki::Bytes subject_public_key;                // Contents of its bit string, for the SKI.
  unsigned key_usage = 0;                       // pki::KeyUsageBit.
  std::vector<std::string> extended_key_usage;  // Dotted OIDs; empty: no extension.
  TimePoint not_after;
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_TEMPLATE_H
