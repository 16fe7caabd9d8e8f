#ifndef CERTIFIER_TESTS_UNIT_PKI_REQUEST_SHAPE_H
#define CERTIFIER_TESTS_UNIT_PKI_REQUEST_SHAPE_H

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "identity.h"

namespace testing {

// RequestShape is a PKCS#10 written by hand, so that it can be as odd as those of real devices (P-10 to P-13).
struct RequestShape {
  pki::Bytes subject = CommonName("device");
  std::optional<std::vector<pki::Bytes>> attributes = std::vector<pki::Bytes>();  // Nothing: no [0] at all.
  pki::Bytes spki = {};                                                           // Empty: that of the key that signs.
  pki::Bytes algorithm = {};                                                      // Empty: the one that is used.
};
pki::Bytes SignedRequest(const pki::PrivateKey& key, const RequestShape& shape);

// Attribute is one attribute with its values, each a whole element.
pki::Bytes Attribute(std::string_view oid, std::initializer_list<pki::ByteView> values);
// Challenge is a challengePassword of the string type with that tag.
pki::Bytes Challenge(pki::ByteView value, std::uint8_t tag = pki::der::kUtf8String);

inline constexpr std::string_view kPkcs9Extensions = "1.2.840.113549.1.9.14",
                                  kMicrosoftExtensions = "1.3.6.1.4.1.311.2.1.14";
// ExtensionRequest asks, in the attribute named, for a subjectAltName with one DNS name.
pki::Bytes ExtensionRequest(std::string_view attribute, const std::string& dns_name);

// RsaSpki is a SubjectPublicKeyInfo of these numbers; EcSpki of this curve and point.
pki::Bytes RsaSpki(pki::ByteView modulus, pki::ByteView exponent);
pki::Bytes EcSpki(std::string_view curve, pki::ByteView point);

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_PKI_REQUEST_SHAPE_H
