#include "message_builder.h"

#include <algorithm>
#include <utility>

namespace testing {

using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

const char* DigestOid(pki::DigestAlgorithm digest) {
  switch (digest) {
    case pki::DigestAlgorithm::kMd5:
      return "1.2.840.113549.2.5";
    case pki::DigestAlgorithm::kSha1:
      return "1.3.14.3.2.26";
    case pki::DigestAlgorithm::kSha224:
      return "2.16.840.1.101.3.4.2.4";
    case pki::DigestAlgorithm::kSha256:
      return "2.16.840.1.101.3.4.2.1";
    case pki::DigestAlgorithm::kSha384:
      return "2.16.840.1.101.3.4.2.2";
    case pki::DigestAlgorithm::kSha512:
      return "2.16.840.1.101.3.4.2.3";
  }
  return "";
}

Bytes Join(const std::vector<Bytes>& parts) {
  Bytes joined;
  for (const Bytes& part : parts) joined += part;
  return joined;
}

}  // namespace

Message& Message::SignedBy(const Identity& signer) {
  signer_ = signer;
  return *this;
}

Message& Message::Set(std::string_view oid, std::vector<Bytes> values) {
  return Without(oid).With(oid, std::move(values));
}

Message& Message::WithType(std::string_view type, std::uint8_t tag) {
  return Set(scep::kMessageTypeOid, {Element(tag, {type})});
}

Message& Message::WithTransactionId(ByteView id, std::uint8_t tag) {
  return Set(scep::kTransactionIdOid, {Element(tag, {id})});
}

Message& Message::WithNonce(ByteView nonce, std::uint8_t tag) {
  return Set(scep::kSenderNonceOid, {Element(tag, {nonce})});
}

Message& Message::With(std::string_view oid, std::vector<Bytes> values) {
  attributes_.push_back({std::string(oid), std::move(values)});
  return *this;
}

Message& Message::Without(std::string_view oid) {
  std::erase_if(attributes_, [oid](const Attribute& attribute) { return attribute.oid == oid; });
  return *this;
}

Message& Message::InOrder() {
  in_order_ = true;
  return *this;
}

Message& Message::SignedSorted() {
  signed_sorted_ = true;
  return *this;
}

Message& Message::WithDigest(pki::DigestAlgorithm digest) {
  digest_ = digest;
  return *this;
}

Message& Message::WithDigestIdentifier(Bytes algorithm_identifier) {
  digest_identifier_ = std::move(algorithm_identifier);
  return *this;
}

Message& Message::WithSignatureIdentifier(Bytes algorithm_identifier) {
  signature_identifier_ = std::move(algorithm_identifier);
  return *this;
}

Message& Message::WithoutCertificate() {
  without_certificate_ = true;
  return *this;
}

Message& Message::WithExtraCertificate(const pki::Certificate& certificate) {
  extra_certificates_.push_back(certificate.der());
  return *this;
}

Message& Message::WithSid(Bytes sid) {
  sid_ = std::move(sid);
  return *this;
}

Message& Message::WithExtraSignerInfo(Bytes signer_info) {
  extra_signer_infos_ += signer_info;
  return *this;
}

Message& Message::WithCrls(Bytes contents) {
  crls_ = Element(der::Context(1, true), {contents});
  return *this;
}

Message& Message::WithContentElement(Bytes element, std::string_view content_type) {
  content_element_ = std::move(element);
  content_type_ = content_type;
  return *this;
}

Message& Message::WithVersion(char version) {
  version_ = version;
  return *this;
}

Message& Message::TamperSignature() {
  tamper_signature_ = true;
  return *this;
}

Message& Message::TamperContent() {
  tamper_content_ = true;
  return *this;
}

Bytes Message::DigestIdentifier() const {
  return digest_identifier_.value_or(AlgorithmIdentifier(DigestOid(digest_), Element(der::kNull, {})));
}

std::vector<Bytes> Message::EncodedAttributes(ByteView digested) const {
  std::vector<Attribute> all = attributes_;
  const auto has = [&all](std::string_view oid) {
    return std::any_of(all.begin(), all.end(), [oid](const Attribute& attribute) { return attribute.oid == oid; });
  };
  if (!has(kContentTypeOid)) all.push_back({std::string(kContentTypeOid), {Oid(content_type_)}});
  if (!has(kMessageDigestOid)) {
    const Bytes digest = Element(der::kOctetString, {pki::Digest(digest_, digested)});
    all.push_back({std::string(kMessageDigestOid), {digest}});
  }
  std::vector<Bytes> encoded;
  for (const Attribute& attribute : all) {
    if (attribute.values.empty()) continue;
    encoded.push_back(Element(der::kSequence, {Oid(attribute.oid), Element(der::kSet, {Join(attribute.values)})}));
  }
  if (!in_order_) std::sort(encoded.begin(), encoded.end());
  return encoded;
}

Bytes Message::SignerInfo(ByteView digested) const {
  std::vector<Bytes> attributes = EncodedAttributes(digested);
  const Bytes contents = Join(attributes);
  if (signed_sorted_) std::sort(attributes.begin(), attributes.end());
  Bytes signature = Must(signer_->key->Sign(digest_, Element(der::kSet, {Join(attributes)})));
  if (tamper_signature_) signature[signature.size() / 2] ^= 1;
  const bool is_rsa = signer_->key->public_key().type() == pki::KeyType::kRsa;
  const Bytes algorithm = is_rsa ? AlgorithmIdentifier("1.2.840.113549.1.1.1", Element(der::kNull, {}))
                                 : pki::SignatureAlgorithmIdentifier(signer_->key->public_key(), digest_);
  return Element(der::kSequence,
                 {Element(der::kInteger, {"\x01"}), sid_.value_or(signer_->certificate.issuer_and_serial_number()),
                  DigestIdentifier(), Element(der::Context(0, true), {contents}),
                  signature_identifier_.value_or(algorithm), Element(der::kOctetString, {signature})});
}

Bytes Message::OwnSignerInfo() const {
  const Bytes element = content_element_.value_or(Element(der::kOctetString, {content_}));
  der::Reader reader(element);
  const auto definite = reader.Next();
  return SignerInfo(definite ? definite->value : ByteView(element));
}

Bytes Message::Build() const {
  Bytes content = content_element_.value_or(Element(der::kOctetString, {content_}));
  if (tamper_content_) content.back() ^= 1;
  const Bytes certificates =
      Join(extra_certificates_) + (without_certificate_ ? Bytes() : Bytes(signer_->certificate.der()));
  const Bytes encapsulated = Element(der::kSequence, {Oid(content_type_), Element(der::Context(0, true), {content})});
  const Bytes signed_data = Element(
      der::kSequence, {Element(der::kInteger, {ByteView(&version_, 1)}), Element(der::kSet, {DigestIdentifier()}),
                       encapsulated, Element(der::Context(0, true), {certificates}), crls_,
                       Element(der::kSet, {extra_signer_infos_, OwnSignerInfo()})});
  return Element(der::kSequence, {Oid("1.2.840.113549.1.7.2"), Element(der::Context(0, true), {signed_data})});
}

Bytes TruncateTo(ByteView octets, std::size_t count) {
  return Bytes(octets.substr(0, count));
}

Bytes FlipBit(ByteView octets, std::size_t octet, unsigned bit) {
  Bytes flipped(octets);
  flipped[octet] = static_cast<char>(static_cast<unsigned char>(flipped[octet]) ^ 1u << bit);
  return flipped;
}

}  // namespace testing
