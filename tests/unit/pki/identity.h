#ifndef CERTIFIER_TESTS_UNIT_PKI_IDENTITY_H
#define CERTIFIER_TESTS_UNIT_PKI_IDENTITY_H

#include <memory>
#include <stdexcept>
#include <string>

#include "pki/certificate.h"
#include "pki/der.h"
#include "pki/key.h"

namespace testing {

// Must unwraps a Result that cannot fail in a sound test.
template <class T>
T Must(result::Result<T> result) {
  if (!result.has_value()) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

// Key is made once for each pair of name and algorithm and kept: RSA keys are slow to make.
std::shared_ptr<const pki::PrivateKey> Key(const std::string& name, const std::string& algorithm = "rsa-2048");

// CertificateShape is a certificate written by hand, so that it can be as odd as those of real devices (M-05).
struct CertificateShape {
  std::string common_name = "device";
  pki::Bytes serial_number = std::string("\x2a");  // Contents octets, written as they are.
  pki::Bytes not_before = "240101000000Z";
  pki::Bytes not_after = "440101000000Z";
  pki::Bytes extensions = {};      // DER of [3], or empty.
  pki::Bytes key_identifier = {};  // Becomes a subjectKeyIdentifier extension if it is not empty.
};

// Identity is a key and its self-signed certificate.
struct Identity {
  std::shared_ptr<const pki::PrivateKey> key;
  pki::Certificate certificate;
};
Identity MakeIdentity(std::shared_ptr<const pki::PrivateKey> key, const CertificateShape& shape = {});

// CommonName is the DER of a Name with one CN.
pki::Bytes CommonName(const std::string& text);

// CertificationRequest is a PKCS#10 for `key`, self-signed.
pki::Bytes CertificationRequest(const pki::PrivateKey& key, const std::string& common_name = "device");

// Element and Oid are der::Encode and der::EncodeOid in few letters.
pki::Bytes Element(std::uint8_t tag, std::initializer_list<pki::ByteView> parts);
pki::Bytes Oid(std::string_view dotted);

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_PKI_IDENTITY_H
