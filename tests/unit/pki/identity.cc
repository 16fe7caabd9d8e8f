#include "identity.h"

#include <map>
#include <utility>

namespace testing {

using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

Bytes Element(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  return der::Encode(tag, parts);
}

Bytes Oid(std::string_view dotted) {
  return Must(der::EncodeOid(dotted));
}

std::shared_ptr<const pki::PrivateKey> Key(const std::string& name, const std::string& algorithm) {
  static std::map<std::pair<std::string, std::string>, std::shared_ptr<const pki::PrivateKey>> keys;
  auto& key = keys[{name, algorithm}];
  if (key == nullptr) key = Must(pki::PrivateKey::Generate(algorithm));
  return key;
}

Bytes CommonName(const std::string& text) {
  const Bytes value = Element(der::kUtf8String, {text});
  return Element(der::kSequence, {Element(der::kSet, {Element(der::kSequence, {Oid("2.5.4.3"), value})})});
}

namespace {

Bytes BitString(ByteView octets) {
  return Element(der::kBitString, {ByteView("\0", 1), octets});
}

Bytes SignedStructure(const Bytes& to_be_signed, const pki::PrivateKey& key) {
  const auto digest = pki::DigestAlgorithm::kSha256;
  const Bytes algorithm = pki::SignatureAlgorithmIdentifier(key.public_key(), digest);
  return Element(der::kSequence, {to_be_signed, algorithm, BitString(Must(key.Sign(digest, to_be_signed)))});
}

Bytes ExtensionsOf(const CertificateShape& shape) {
  if (shape.key_identifier.empty()) return shape.extensions;
  const Bytes value = Element(der::kOctetString, {Element(der::kOctetString, {shape.key_identifier})});
  const Bytes extension = Element(der::kSequence, {Oid("2.5.29.14"), value});
  return Element(der::Context(3, true), {Element(der::kSequence, {extension})});
}

}  // namespace

Identity MakeIdentity(std::shared_ptr<const pki::PrivateKey> key, const CertificateShape& shape) {
  const Bytes name = CommonName(shape.common_name);
  const Bytes version = Element(der::Context(0, true), {Element(der::kInteger, {"\x02"})});
  const Bytes validity =
      Element(der::kSequence, {Element(der::kUtcTime, {shape.not_before}), Element(der::kUtcTime, {shape.not_after})});
  const Bytes algorithm = pki::SignatureAlgorithmIdentifier(key->public_key(), pki::DigestAlgorithm::kSha256);
  const Bytes tbs = Element(der::kSequence, {version, Element(der::kInteger, {shape.serial_number}), algorithm, name,
                                             validity, name, key->public_key().spki(), ExtensionsOf(shape)});
  auto certificate = Must(pki::Certificate::Parse(SignedStructure(tbs, *key)));
  return Identity{std::move(key), std::move(certificate)};
}

Bytes CertificationRequest(const pki::PrivateKey& key, const std::string& common_name) {
  const Bytes info = Element(der::kSequence, {Element(der::kInteger, {ByteView("\0", 1)}), CommonName(common_name),
                                              key.public_key().spki(), Element(der::Context(0, true), {ByteView()})});
  return SignedStructure(info, key);
}

}  // namespace testing
