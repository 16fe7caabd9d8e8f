#ifndef CERTIFIER_TESTS_UNIT_PKI_OPENSSL_CMS_H
#define CERTIFIER_TESTS_UNIT_PKI_OPENSSL_CMS_H

#include <optional>
#include <string>
#include <vector>

#include "identity.h"

// OpenSSL's own CMS, against which ours is held. Every failure to make a message throws std::runtime_error.
namespace testing::reference {

struct Attribute {
  std::string oid;
  int tag;  // V_ASN1_...
  pki::Bytes value;
};

struct SignOptions {
  std::string digest = "SHA256";
  std::vector<Attribute> attributes = {};
  bool streamed = false;  // BER: indefinite lengths, constructed octet strings.
  bool by_key_identifier = false;
  bool pss = false;
  bool without_certificate = false;
};
pki::Bytes Sign(pki::ByteView content, const Identity& signer, const SignOptions& options = {});

struct EncryptOptions {
  std::string cipher = "AES-256-CBC";
  bool streamed = false;
  bool by_key_identifier = false;
  std::string oaep_digest = {};  // Empty: PKCS#1 v1.5.
};
pki::Bytes Encrypt(pki::ByteView content, const std::vector<pki::Certificate>& recipients,
                   const EncryptOptions& options = {});

// Verify is the content if the signature holds for the certificate inside; the chain is not looked at.
std::optional<pki::Bytes> Verify(pki::ByteView message);
std::optional<pki::Bytes> Decrypt(pki::ByteView message, const Identity& recipient);
// CountCertificates is how many certificates a SignedData holds; -1 if it is none.
int CountCertificates(pki::ByteView message);

// OnlyCrl is the DER of the one CRL in a SignedData without certificates; nothing for any other.
std::optional<pki::Bytes> OnlyCrl(pki::ByteView message);

// EncryptBlocks runs one cipher over whole blocks without padding; "DES-CBC" too.
pki::Bytes EncryptBlocks(const std::string& cipher, pki::ByteView key, pki::ByteView iv, pki::ByteView blocks);

}  // namespace testing::reference

#endif  // CERTIFIER_TESTS_UNIT_PKI_OPENSSL_CMS_H
