#ifndef CERTIFIER_SCEP_ATTRIBUTES_H
#define CERTIFIER_SCEP_ATTRIBUTES_H

#include "scep/message.h"

namespace scep {

using SignedAttributes = std::vector<pki::SignedAttribute>;

// Each Read gives the contents of the one value of the attribute, borrowed, or nothing where it is absent. Malformed:
// it stands twice, has no or several values, or a tag that does not fit. Text may be PrintableString, UTF8String or
// IA5String (requirements M-21).
result::Result<std::optional<pki::ByteView>> ReadText(const SignedAttributes& attributes, std::string_view oid);
result::Result<std::optional<pki::ByteView>> ReadOctets(const SignedAttributes& attributes, std::string_view oid);

// ReadTransactionId: malformed unless it is there with 1 to 255 octets (requirements M-24).
result::Result<TransactionId> ReadTransactionId(const SignedAttributes& attributes);
// ReadNonce: malformed unless it is absent or has 1 to 64 octets.
result::Result<std::optional<Nonce>> ReadNonce(const SignedAttributes& attributes, std::string_view oid);

// ReadSigningTime is the signingTime (RFC 5652 section 11.3); nothing where it is absent or cannot be read.
std::optional<pki::TimePoint> ReadSigningTime(const SignedAttributes& attributes);

// Text is written as PrintableString, whatever its octets: no other tag is understood by every client.
pki::AttributeToSign TextAttribute(std::string_view oid, std::string_view text);
pki::AttributeToSign Utf8Attribute(std::string_view oid, std::string_view text);
pki::AttributeToSign OctetsAttribute(std::string_view oid, pki::ByteView octets);

}  // namespace scep

#endif  // CERTIFIER_SCEP_ATTRIBUTES_H
