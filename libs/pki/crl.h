#ifndef CERTIFIER_PKI_CRL_H
#define CERTIFIER_PKI_CRL_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pki/bytes.h"
#include "pki/key.h"

namespace pki {

// CrlReason is CRLReason (RFC 5280 section 5.3.1) with its numbers. removeFromCRL is left out: it belongs to delta
// CRLs, which we do not make.
enum class CrlReason : std::uint8_t {
  kUnspecified = 0,
  kKeyCompromise = 1,
  kCaCompromise = 2,
  kAffiliationChanged = 3,
  kSuperseded = 4,
  kCessationOfOperation = 5,
  kCertificateHold = 6,
  kPrivilegeWithdrawn = 9,
  kAaCompromise = 10,
};

// ToString is the RFC's own identifier: "keyCompromise", "cACompromise" ...
std::string_view ToString(CrlReason reason);
// CrlReasonFromString reads exactly those; nothing for any other text.
std::optional<CrlReason> CrlReasonFromString(std::string_view identifier);

// RevokedCertificate is one entry of a CRL.
struct RevokedCertificate {
  Bytes serial_number;  // Magnitude, big-endian, 1 to 20 octets with its sign.
  std::chrono::system_clock::time_point revoked_at;
  CrlReason reason = CrlReason::kUnspecified;
  std::optional<std::chrono::system_clock::time_point> invalidity_date;
};

// TbsCrl is what a CRL will say of one CA: full and direct, so that no issuing distribution point is needed.
struct TbsCrl {
  Bytes issuer;                 // Name DER, as in the CA's certificate.
  Bytes issuer_key_identifier;  // The CA's subjectKeyIdentifier; becomes the authorityKeyIdentifier.
  std::chrono::system_clock::time_point this_update;
  std::chrono::system_clock::time_point next_update;
  std::uint64_t number = 1;  // cRLNumber (RFC 5280 section 5.2.3).
  std::vector<RevokedCertificate> revoked;
};

// SignCrl writes a version 2 CertificateList (RFC 5280 section 5) and signs it with `key`. Entries stand in the order
// given, in about 50 octets each; reasonCode is left out where it is unspecified (section 5.3.1), times are whole
// seconds. Bad algorithm if `key` cannot sign with `digest`; internal for a serial number of another length and for a
// next update that is not after this one; internal or unavailable as SigningKey::Sign.
result::Result<Bytes> SignCrl(const TbsCrl& crl, const SigningKey& key, DigestAlgorithm digest);

}  // namespace pki

#endif  // CERTIFIER_PKI_CRL_H
