#include "scep/attributes.h"

#include "pki/der.h"

namespace scep {

namespace {

using result::Fail;
using result::Reason;

constexpr std::string_view kSigningTimeOid = "1.2.840.113549.1.9.5";
constexpr std::size_t kMaxTransactionIdLength = 255, kMaxNonceLength = 64;

result::Result<std::optional<pki::der::Tlv>> ReadValue(const SignedAttributes& attributes, std::string_view oid) {
  std::optional<pki::der::Tlv> value;
  for (const pki::SignedAttribute& attribute : attributes) {
    if (attribute.oid != oid) continue;
    if (value.has_value() || attribute.values.size() != 1) {
      return Fail(Reason::kMalformed, "attribute " + std::string(oid) + " has no single value");
    }
    value = attribute.values.front();
  }
  return value;
}

bool IsText(std::uint8_t tag) {
  return tag == pki::der::kPrintableString || tag == pki::der::kUtf8String || tag == pki::der::kIa5String;
}

}  // namespace

result::Result<std::optional<pki::ByteView>> ReadText(const SignedAttributes& attributes, std::string_view oid) {
  ASSIGN_OR_RETURN(const auto value, ReadValue(attributes, oid));
  if (!value.has_value()) return std::nullopt;
  if (!IsText(value->tag)) return Fail(Reason::kMalformed, "attribute " + std::string(oid) + " is no text");
  return value->value;
}

result::Result<std::optional<pki::ByteView>> ReadOctets(const SignedAttributes& attributes, std::string_view oid) {
  ASSIGN_OR_RETURN(const auto value, ReadValue(attributes, oid));
  if (!value.has_value()) return std::nullopt;
  if (value->tag != pki::der::kOctetString) {
    return Fail(Reason::kMalformed, "attribute " + std::string(oid) + " is no OCTET STRING");
  }
  return value->value;
}

result::Result<TransactionId> ReadTransactionId(const SignedAttributes& attributes) {
  ASSIGN_OR_RETURN(const auto text, ReadText(attributes, kTransactionIdOid));
  if (!text.has_value()) return Fail(Reason::kMalformed, "no transactionID");
  if (text->empty() || text->size() > kMaxTransactionIdLength) {
    return Fail(Reason::kMalformed, "transactionID of an impossible length");
  }
  return TransactionId(pki::Bytes(*text));
}

result::Result<std::optional<Nonce>> ReadNonce(const SignedAttributes& attributes, std::string_view oid) {
  ASSIGN_OR_RETURN(const auto octets, ReadOctets(attributes, oid));
  if (!octets.has_value()) return std::nullopt;
  if (octets->empty() || octets->size() > kMaxNonceLength) {
    return Fail(Reason::kMalformed, "nonce of an impossible length");
  }
  return Nonce(pki::Bytes(*octets));
}

std::optional<pki::TimePoint> ReadSigningTime(const SignedAttributes& attributes) {
  const auto value = ReadValue(attributes, kSigningTimeOid);
  if (!value.has_value() || !value->has_value()) return std::nullopt;
  const auto time = pki::der::ParseTime(**value);
  return time.has_value() ? std::optional(*time) : std::nullopt;
}

pki::AttributeToSign TextAttribute(std::string_view oid, std::string_view text) {
  return {oid, pki::der::Encode(pki::der::kPrintableString, text)};
}

pki::AttributeToSign Utf8Attribute(std::string_view oid, std::string_view text) {
  return {oid, pki::der::Encode(pki::der::kUtf8String, text)};
}

pki::AttributeToSign OctetsAttribute(std::string_view oid, pki::ByteView octets) {
  return {oid, pki::der::Encode(pki::der::kOctetString, octets)};
}

}  // namespace scep
