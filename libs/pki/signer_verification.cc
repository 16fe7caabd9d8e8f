#include <algorithm>

#include "pki/cms.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::string_view kContentTypeOid = "1.2.840.113549.1.9.3", kMessageDigestOid = "1.2.840.113549.1.9.4";

// SingleValue is the one value of the one attribute of that type, with the tag that it must have.
result::Result<ByteView> SingleValue(const SignedData& signed_data, std::string_view oid, std::uint8_t tag) {
  const SignedAttribute* found = nullptr;
  for (const SignedAttribute& attribute : signed_data.attributes) {
    if (attribute.oid != oid) continue;
    if (found != nullptr) return Fail(Reason::kBadMessageCheck, "a signed attribute stands twice");
    found = &attribute;
  }
  if (found == nullptr || found->values.size() != 1 || found->values.front().tag != tag) {
    return Fail(Reason::kBadMessageCheck, "contentType or messageDigest is absent or has no single value");
  }
  return found->values.front().value;
}

result::Result<std::vector<Bytes>> Members(ByteView set_contents) {
  std::vector<Bytes> members;
  for (der::Reader reader(set_contents); !reader.empty();) {
    ASSIGN_OR_RETURN(const der::Tlv member, reader.Next());
    members.emplace_back(member.encoding);
  }
  return members;
}

result::Result<void> VerifySignature(const SignedData::Signer& signer) {
  ASSIGN_OR_RETURN(const PublicKey key, signer.certificate.public_key());
  const bool is_ecdsa = signer.signature_algorithm.padding == SignaturePadding::kNone;
  if (is_ecdsa == (key.type() == KeyType::kRsa)) {
    return Fail(Reason::kBadMessageCheck, "signatureAlgorithm is not for the signer's key");
  }
  const Bytes received = der::Encode(der::kSet, signer.signed_attributes);
  auto verified = key.Verify(signer.signature_algorithm, received, signer.signature);
  if (verified.has_value()) return verified;
  ASSIGN_OR_RETURN(std::vector<Bytes> members, Members(signer.signed_attributes));
  const Bytes sorted = der::EncodeSetOf(std::move(members));
  if (sorted == received) return verified;
  return key.Verify(signer.signature_algorithm, sorted, signer.signature);
}

}  // namespace

result::Result<void> VerifySigner(const SignedData& signed_data) {
  if (!signed_data.signer.has_value()) return tl::unexpected<result::Error>(signed_data.signer_error);
  const SignedData::Signer& signer = *signed_data.signer;
  ASSIGN_OR_RETURN(const ByteView content_type, SingleValue(signed_data, kContentTypeOid, der::kObjectIdentifier));
  if (content_type != signed_data.content_type) {
    return Fail(Reason::kBadMessageCheck, "contentType is not eContentType");
  }
  ASSIGN_OR_RETURN(const ByteView message_digest, SingleValue(signed_data, kMessageDigestOid, der::kOctetString));
  if (message_digest != Digest(signer.digest, signed_data.digested)) {
    return Fail(Reason::kBadMessageCheck, "messageDigest is not the content's");
  }
  auto verified = VerifySignature(signer);
  if (verified.has_value() || verified.error().reason == Reason::kBadAlgorithm) return verified;
  return Fail(Reason::kBadMessageCheck, std::move(verified).error().detail);
}

}  // namespace pki
