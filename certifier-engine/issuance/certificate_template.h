#ifndef CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_TEMPLATE_H
#define CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_TEMPLATE_H

#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "pki/extensions.h"
#include "pki/key.h"
#include "pki/name.h"

namespace engine::issuance {

// The key usages that an end entity may have.
inline constexpr unsigned kEndEntityUsages =
    pki::kDigitalSignature | pki::kNonRepudiation | pki::kKeyEncipherment | pki::kDataEncipherment | pki::kKeyAgreement;

// CertificateTemplate is what a certificate will say about its holder. It begins as what a request asks for by name and
// key; everything else is put there by modules of a policy, or by an operator. There is no field by which it could
// become a CA.
struct CertificateTemplate {
  pki::Name subject;
  std::vector<pki::GeneralName> alternative_names;
  pki::Bytes spki;                              // SubjectPublicKeyInfo DER, copied octet for octet (requirements M-47).
  pki::Bytes subject_public_key;                // Contents of its bit string, for the SKI.
  unsigned key_usage = 0;                       // pki::KeyUsageBit; 0: nobody set it, and nothing is issued.
  std::vector<std::string> extended_key_usage;  // Dotted OIDs; empty: no extension.
  std::optional<TimePoint> not_before;          // Nothing: as the issuer backdates.
  std::optional<TimePoint> not_after;           // Nothing: nobody set it, and nothing is issued.
  std::vector<pki::Extension> copied_extensions;  // Of kinds that no other field writes.
  std::vector<std::string> ca_issuers;            // URLs, after that of the CA.
  // Instead of that of the CA's public URL; none of them: no extension.
  std::optional<std::vector<std::string>> crl_distribution_point;
  std::vector<pki::CertificatePolicy> certificate_policies;  // Empty: no extension.
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_CERTIFICATE_TEMPLATE_H
