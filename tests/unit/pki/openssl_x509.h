#ifndef CERTIFIER_TESTS_UNIT_PKI_OPENSSL_X509_H
#define CERTIFIER_TESTS_UNIT_PKI_OPENSSL_X509_H

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "identity.h"

// OpenSSL's own ASN.1 and X.509, against which ours is held. Every failure to make something throws
// std::runtime_error.
namespace testing::reference {

// Der of one value.
pki::Bytes OctetString(pki::ByteView contents);
pki::Bytes Integer(pki::ByteView magnitude);
pki::Bytes Time(std::time_t time);
pki::Bytes ObjectIdentifier(const std::string& dotted);

// A distinguished name: its DER from (type, UTF-8 value) in the order of the sequence, and its text as RFC 2253.
pki::Bytes Name(const std::vector<std::pair<std::string, std::string>>& attributes);
std::string NameText(pki::ByteView name);

// ExtensionValue is the DER inside extnValue for a line of openssl.cnf ("subjectAltName", "DNS:a.example").
// `sections` are those of openssl.cnf that it names ("[policy]\nCPS=...").
pki::Bytes ExtensionValue(const std::string& name, const std::string& value, const std::string& sections = "");

// Pkcs8 is a fresh key: "rsa-512", "rsa-1024", "P-521", "P-224", "ED25519".
pki::Bytes Pkcs8(const std::string& kind);

// Request is a PKCS#10 with a challenge of type V_ASN1_... and alternative names; either may be empty.
struct RequestOptions {
  int challenge_type = 12;  // V_ASN1_UTF8STRING.
  pki::Bytes challenge = {};
  std::string alternative_names = {};
};
pki::Bytes Request(const pki::PrivateKey& key, const RequestOptions& options);
// VerifiesRequest tells whether the self-signature holds.
bool VerifiesRequest(pki::ByteView request);

// CertificateFacts is what OpenSSL reads in a certificate.
struct CertificateFacts {
  long version = 0;  // 2 for version 3.
  bool is_serial_negative = false;
  pki::Bytes serial_number;
  pki::Bytes key_identifier;
  pki::Bytes authority_key_identifier;
  std::uint32_t key_usage = 0;  // KU_...
  bool is_ca = false;
  std::vector<std::string> critical;  // Dotted OIDs.
  bool is_signed_by_itself = false;
};
std::optional<CertificateFacts> ReadCertificate(pki::ByteView certificate);
// IsSignedBy tells whether the key of `issuer` made the signature.
bool IsSignedBy(pki::ByteView certificate, pki::ByteView issuer);

}  // namespace testing::reference

#endif  // CERTIFIER_TESTS_UNIT_PKI_OPENSSL_X509_H
