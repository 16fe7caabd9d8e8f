#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_AUTHORITY_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_AUTHORITY_H

#include <optional>
#include <string>
#include <vector>

#include "pki/certificate.h"

namespace doctor {

// CaCertificate is one certificate of GetCACert, with what clients choose by.
struct CaCertificate {
  // Read is lenient: extensions that do not parse count as absent.
  static CaCertificate Read(pki::Certificate certificate);

  // CanReceive and CanSign: the key is RSA, or any; and keyUsage allows it, or is absent.
  bool CanReceive() const;
  bool CanSign() const;
  bool is_self_issued() const { return certificate.is_self_issued(); }

  pki::Certificate certificate;
  std::string subject;                // For people; an excerpt.
  std::string key;                    // "rsa-2048", or why it cannot be used.
  bool is_ca = false;                 // By basicConstraints.
  std::optional<unsigned> key_usage;  // pki::KeyUsageBit; nothing: no such extension.
};

// Authority is what GetCACert says: whom to write to, and who may sign replies.
struct Authority {
  // Choose picks the recipient as clients do: the first certificate of no CA that may encipher keys, else the first of
  // a CA that may, else the first with an RSA key. Nothing: there is none.
  static std::optional<Authority> Choose(std::vector<CaCertificate> certificates);

  const CaCertificate& recipient() const { return certificates[recipient_index]; }
  // Who issued the recipient, which is the recipient itself where there is no RA; it too where nobody did.
  const CaCertificate& issuer() const { return certificates[issuer_index]; }
  bool has_registration_authority() const { return recipient_index != issuer_index; }
  // Contains tells whether a certificate is one of these, octet for octet.
  bool Contains(const pki::Certificate& certificate) const;
  // HasFingerprint tells whether `digest` is the MD5, SHA-1 or SHA-256 of one of these.
  bool HasFingerprint(const pki::Bytes& digest) const;

  std::vector<CaCertificate> certificates;  // In the order in which they came.
  std::size_t recipient_index = 0, issuer_index = 0;
};

// VerifySignature checks that `issuer`'s key signed `certificate` and that the names chain; it looks at no date and no
// extension, unlike pki::VerifyIssuedBy. Malformed, bad algorithm or bad message check.
result::Result<void> VerifySignature(const pki::Certificate& certificate, const pki::Certificate& issuer);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_AUTHORITY_H
