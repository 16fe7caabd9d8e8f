#include <utility>

#include "pki/cms.h"
#include "pki/cms_algorithms.h"
#include "pki/cms_framing.h"
#include "pki/content_cipher.h"

namespace pki {

namespace {

using der::Part;

constexpr std::string_view kContentTypeOid = "1.2.840.113549.1.9.3", kMessageDigestOid = "1.2.840.113549.1.9.4",
                           kSigningTimeOid = "1.2.840.113549.1.9.5";
// INTEGER 0 and 1.
constexpr ByteView kVersion0("\x02\x01\x00", 3), kVersion1("\x02\x01\x01", 3);

result::Result<Bytes> EncodeAttribute(std::string_view oid, ByteView value) {
  ASSIGN_OR_RETURN(const Bytes type, der::EncodeOid(oid));
  return der::Encode(der::kSequence, {type, der::Encode(der::kSet, value)});
}

// EncodeAttributes writes the attributes as SET OF, the form that is signed.
result::Result<Bytes> EncodeAttributes(const std::vector<AttributeToSign>& attributes) {
  std::vector<Bytes> members;
  members.reserve(attributes.size());
  for (const AttributeToSign& attribute : attributes) {
    ASSIGN_OR_RETURN(Bytes member, EncodeAttribute(attribute.oid, attribute.value));
    members.push_back(std::move(member));
  }
  return der::EncodeSetOf(std::move(members));
}

// RSA signatures are named rsaEncryption alone: some clients do not know the combined names (requirements M-43).
Bytes SignerAlgorithmIdentifier(const PublicKey& key, DigestAlgorithm digest) {
  if (key.type() == KeyType::kRsa) return KeyTransportIdentifier(KeyTransport::kPkcs1);
  return SignatureAlgorithmIdentifier(key, digest);
}

Part Around(std::uint8_t tag, ByteView value) {
  return Part::Element(tag, {Part::Borrow(value)});
}

// EncapsulatedContent is EncapsulatedContentInfo with id-data; it borrows `content`.
Part EncapsulatedContent(std::optional<ByteView> content) {
  std::vector<Part> members = {Around(der::kObjectIdentifier, kDataType)};
  if (content.has_value()) {
    members.push_back(Part::Element(der::Context(0, true), {Around(der::kOctetString, *content)}));
  }
  return Part::Element(der::kSequence, std::move(members));
}

// Degenerate is a SignedData without digest, content and signer, with `material`: certificates or CRLs.
Bytes Degenerate(Part material) {
  const Part empty_set = Part::Element(der::kSet, {});
  return WriteContentInfo(kSignedDataType, Part::Element(der::kSequence, {Part::Borrow(kVersion1), empty_set,
                                                                          EncapsulatedContent(std::nullopt),
                                                                          std::move(material), empty_set}));
}

Bytes RecipientInfo(const Certificate& recipient, KeyTransport transport, ByteView encrypted_key) {
  return der::Encode(der::kSequence,
                     {kVersion0, recipient.issuer_and_serial_number(), KeyTransportIdentifier(transport),
                      der::Encode(der::kOctetString, encrypted_key)});
}

// EncryptedContentInfo borrows `encrypted_content`.
Part EncryptedContentInfo(ContentCipher cipher, ByteView iv, ByteView encrypted_content) {
  return Part::Element(der::kSequence,
                       {Around(der::kObjectIdentifier, kDataType), ContentEncryptionIdentifier(cipher, iv),
                        Around(der::Context(0, false), encrypted_content)});
}

}  // namespace

result::Result<Bytes> EnvelopFor(ByteView content, const Certificate& recipient, ContentCipher cipher,
                                 KeyTransport transport) {
  ASSIGN_OR_RETURN(const PublicKey key, recipient.public_key());
  ASSIGN_OR_RETURN(const Secret content_key, RandomSecret(ContentKeyLength(cipher)));
  ASSIGN_OR_RETURN(const Bytes iv, RandomBytes(BlockLength(cipher)));
  ASSIGN_OR_RETURN(const Bytes encrypted_key, key.Encrypt(transport, content_key.Reveal()));
  ASSIGN_OR_RETURN(const Bytes encrypted_content, EncryptCbc(cipher, content_key, iv, content));
  return WriteContentInfo(
      kEnvelopedDataType,
      Part::Element(der::kSequence, {Part::Borrow(kVersion0),
                                     der::Encode(der::kSet, RecipientInfo(recipient, transport, encrypted_key)),
                                     EncryptedContentInfo(cipher, iv, encrypted_content)}));
}

Bytes CertsOnly(const std::vector<ByteView>& certificates) {
  std::vector<Part> members;
  members.reserve(certificates.size());
  for (const ByteView certificate : certificates) members.push_back(Part::Borrow(certificate));
  return Degenerate(Part::Element(der::Context(0, true), std::move(members)));
}

Bytes CrlOnly(ByteView crl) {
  return Degenerate(Around(der::Context(1, true), crl));
}

result::Result<Bytes> SignContent(std::optional<ByteView> content, const std::vector<AttributeToSign>& attributes,
                                  const Certificate& certificate, const SigningKey& key, DigestAlgorithm digest,
                                  TimePoint signing_time) {
  std::vector<AttributeToSign> all = attributes;
  all.push_back({kContentTypeOid, der::Encode(der::kObjectIdentifier, kDataType)});
  all.push_back({kMessageDigestOid, der::Encode(der::kOctetString, Digest(digest, content.value_or(ByteView())))});
  all.push_back({kSigningTimeOid, der::EncodeTime(signing_time)});
  ASSIGN_OR_RETURN(Bytes signed_attributes, EncodeAttributes(all));
  ASSIGN_OR_RETURN(const Bytes signature, key.Sign(digest, signed_attributes));
  // What was signed is a SET OF; in the message its tag is [0] (RFC 5652 section 5.4).
  signed_attributes.front() = static_cast<char>(der::Context(0, true));
  const Bytes digest_algorithm = DigestIdentifier(digest);
  const Bytes signer_info = der::Encode(
      der::kSequence, {kVersion1, certificate.issuer_and_serial_number(), digest_algorithm, signed_attributes,
                       SignerAlgorithmIdentifier(key.public_key(), digest), der::Encode(der::kOctetString, signature)});
  return WriteContentInfo(
      kSignedDataType,
      Part::Element(der::kSequence,
                    {Part::Borrow(kVersion1), der::Encode(der::kSet, digest_algorithm), EncapsulatedContent(content),
                     Around(der::Context(0, true), certificate.der()), der::Encode(der::kSet, signer_info)}));
}

}  // namespace pki
