#include "authority/reply_attributes.h"

#include <map>
#include <string>

#include "pki/der.h"
#include "scep/message.h"

namespace engine::authority {

namespace {

using result::Fail;
using result::Reason;
namespace der = pki::der;

constexpr std::size_t kMostOctets = 4096;
constexpr char kContentTypeOid[] = "1.2.840.113549.1.9.3", kMessageDigestOid[] = "1.2.840.113549.1.9.4",
               kSigningTimeOid[] = "1.2.840.113549.1.9.5", kDataOid[] = "1.2.840.113549.1.7.1";

tl::unexpected<result::Error> NoReply(const std::string& why) {
  return Fail(Reason::kMalformed, "not the signed attributes of a CertRep: " + why);
}

// MostOctets is how long an attribute's value may be.
std::size_t MostOctets(const std::string& oid) {
  if (oid == scep::kTransactionIdOid) return 255;
  if (oid == scep::kSenderNonceOid || oid == scep::kRecipientNonceOid || oid == scep::kFailInfoTextOid ||
      oid == kMessageDigestOid) {
    return 64;
  }
  return 20;
}

// TagOf is the tag that an attribute's value has; 0 for one that no reply has.
std::uint8_t TagOf(const std::string& oid, std::uint8_t tag) {
  if (oid == kContentTypeOid) return der::kObjectIdentifier;
  if (oid == kMessageDigestOid || oid == scep::kSenderNonceOid || oid == scep::kRecipientNonceOid) {
    return der::kOctetString;
  }
  if (oid == scep::kMessageTypeOid || oid == scep::kPkiStatusOid || oid == scep::kFailInfoOid ||
      oid == scep::kTransactionIdOid) {
    return der::kPrintableString;
  }
  if (oid == scep::kFailInfoTextOid) return der::kUtf8String;
  if (oid == kSigningTimeOid) return tag == der::kGeneralizedTime ? der::kGeneralizedTime : der::kUtcTime;
  return 0;
}

using Attributes = std::map<std::string, pki::Bytes>;

result::Result<void> AddAttribute(const der::Tlv& element, Attributes& attributes) {
  der::Reader attribute(element.value);
  ASSIGN_OR_RETURN(const auto type, attribute.Next(der::kObjectIdentifier));
  ASSIGN_OR_RETURN(const auto values, attribute.Next(der::kSet));
  if (!attribute.empty()) return NoReply("an attribute has further parts");
  der::Reader reader(values.value);
  ASSIGN_OR_RETURN(const auto value, reader.Next());
  if (!reader.empty()) return NoReply("an attribute has several values");
  const std::string oid = der::OidToString(type.value);
  if (value.tag != TagOf(oid, value.tag)) return NoReply("attribute " + oid);
  if (value.value.size() > MostOctets(oid)) return NoReply("a long attribute " + oid);
  if (!attributes.emplace(oid, pki::Bytes(value.value)).second) return NoReply("an attribute stands twice");
  return {};
}

}  // namespace

result::Result<void> CheckReplyAttributes(pki::ByteView octets, pki::DigestAlgorithm digest) {
  if (octets.size() > kMostOctets) return NoReply("too long");
  ASSIGN_OR_RETURN(const auto set, der::ReadOnly(octets, der::kSet));
  Attributes attributes;
  for (der::Reader reader(set.value); !reader.empty();) {
    ASSIGN_OR_RETURN(const auto element, reader.Next(der::kSequence));
    RETURN_IF_ERROR(AddAttribute(element, attributes));
  }
  for (const auto& oid :
       {std::string(kMessageDigestOid), std::string(scep::kTransactionIdOid), std::string(scep::kPkiStatusOid)}) {
    if (!attributes.contains(oid)) return NoReply("no attribute " + oid);
  }
  if (attributes.at(kMessageDigestOid).size() != pki::DigestLength(digest)) {
    return NoReply("messageDigest has another length");
  }
  const auto content_type = attributes.find(kContentTypeOid);
  if (content_type == attributes.end() || der::OidToString(content_type->second) != kDataOid) {
    return NoReply("contentType is not id-data");
  }
  const auto type = attributes.find(std::string(scep::kMessageTypeOid));
  if (type == attributes.end() || type->second != "3") return NoReply("messageType is not CertRep");
  return {};
}

}  // namespace engine::authority
