#include "request_shape.h"

namespace testing {

using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

Bytes BitString(ByteView octets) {
  return Element(der::kBitString, {ByteView("\0", 1), octets});
}

}  // namespace

Bytes SignedRequest(const pki::PrivateKey& key, const RequestShape& shape) {
  Bytes attributes;
  if (shape.attributes) {
    Bytes all;
    for (const Bytes& attribute : *shape.attributes) all += attribute;
    attributes = Element(der::Context(0, true), {all});
  }
  const Bytes spki = shape.spki.empty() ? key.public_key().spki() : shape.spki;
  const Bytes info =
      Element(der::kSequence, {Element(der::kInteger, {ByteView("\0", 1)}), shape.subject, spki, attributes});
  const auto digest = pki::DigestAlgorithm::kSha256;
  const Bytes algorithm =
      shape.algorithm.empty() ? pki::SignatureAlgorithmIdentifier(key.public_key(), digest) : shape.algorithm;
  return Element(der::kSequence, {info, algorithm, BitString(Must(key.Sign(digest, info)))});
}

Bytes Attribute(std::string_view oid, std::initializer_list<ByteView> values) {
  return Element(der::kSequence, {Oid(oid), Element(der::kSet, values)});
}

Bytes Challenge(ByteView value, std::uint8_t tag) {
  return Attribute("1.2.840.113549.1.9.7", {Element(tag, {value})});
}

Bytes ExtensionRequest(std::string_view attribute, const std::string& dns_name) {
  const Bytes names = Must(pki::EncodeGeneralNames({{"dns", dns_name}}));
  const Bytes extensions = Must(pki::EncodeExtensions({{std::string(pki::kSubjectAlternativeNameOid), false, names}}));
  return Attribute(attribute, {extensions});
}

Bytes RsaSpki(ByteView modulus, ByteView exponent) {
  const Bytes key = Element(der::kSequence, {der::EncodeUnsigned(modulus), der::EncodeUnsigned(exponent)});
  const Bytes algorithm = Element(der::kSequence, {Oid("1.2.840.113549.1.1.1"), Element(der::kNull, {})});
  return Element(der::kSequence, {algorithm, BitString(key)});
}

Bytes EcSpki(std::string_view curve, ByteView point) {
  const Bytes algorithm = Element(der::kSequence, {Oid("1.2.840.10045.2.1"), Oid(curve)});
  return Element(der::kSequence, {algorithm, BitString(point)});
}

}  // namespace testing
