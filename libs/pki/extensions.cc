#include "pki/extensions.h"

#include <algorithm>
#include <bit>
#include <set>

#include "pki/der.h"
#include "pki/digest.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMaxExtensions = 64;

result::Result<Extension> ReadExtension(ByteView contents) {
  der::Reader reader(contents);
  Extension extension;
  ASSIGN_OR_RETURN(const der::Tlv oid, reader.Next(der::kObjectIdentifier));
  extension.oid = der::OidToString(oid.value);
  ASSIGN_OR_RETURN(const auto critical, reader.NextIf(der::kBoolean));
  extension.is_critical = critical && critical->value != ByteView("\0", 1);
  ASSIGN_OR_RETURN(const der::Tlv value, reader.Next(der::kOctetString));
  extension.value = value.value;
  RETURN_IF_ERROR(reader.Finish());
  return extension;
}

}  // namespace

result::Result<std::vector<Extension>> ParseExtensions(ByteView der) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(der, der::kSequence));
  std::vector<Extension> extensions;
  for (der::Reader reader(sequence.value); !reader.empty();) {
    if (extensions.size() == kMaxExtensions) return Fail(Reason::kMalformed, "too many extensions");
    ASSIGN_OR_RETURN(const der::Tlv element, reader.Next(der::kSequence));
    ASSIGN_OR_RETURN(Extension extension, ReadExtension(element.value));
    extensions.push_back(std::move(extension));
  }
  return extensions;
}

result::Result<Bytes> EncodeExtensions(const std::vector<Extension>& extensions) {
  Bytes all;
  for (const Extension& extension : extensions) {
    ASSIGN_OR_RETURN(const Bytes oid, der::EncodeOid(extension.oid));
    const ByteView critical = extension.is_critical ? ByteView("\x01\x01\xff", 3) : ByteView();
    all += der::Encode(der::kSequence, {oid, critical, der::Encode(der::kOctetString, extension.value)});
  }
  return der::Encode(der::kSequence, all);
}

Extension KeyUsageExtension(unsigned bits) {
  // KeyUsage counts bits from the left of the octet; the last octet's zeros are not encoded (X.690 section 11.2.2).
  unsigned char octet = 0;
  for (unsigned i = 0; i < 8; i++) octet = static_cast<unsigned char>(octet | ((bits >> i & 1u) << (7 - i)));
  const char unused = octet == 0 ? '\0' : static_cast<char>(std::countr_zero(octet));
  const Bytes value = octet == 0 ? Bytes(1, '\0') : Bytes{unused, static_cast<char>(octet)};
  return {std::string(kKeyUsageOid), true, der::Encode(der::kBitString, value)};
}

Extension BasicConstraintsExtension(bool is_ca) {
  return {std::string(kBasicConstraintsOid), true,
          der::Encode(der::kSequence, is_ca ? ByteView("\x01\x01\xff", 3) : ByteView())};
}

Extension SubjectKeyIdentifierExtension(ByteView subject_public_key) {
  return {std::string(kSubjectKeyIdentifierOid), false,
          der::Encode(der::kOctetString, Digest(DigestAlgorithm::kSha1, subject_public_key))};
}

Extension AuthorityKeyIdentifierExtension(ByteView issuer_key_identifier) {
  const Bytes identifier = der::Encode(der::Context(0, false), issuer_key_identifier);
  return {std::string(kAuthorityKeyIdentifierOid), false, der::Encode(der::kSequence, identifier)};
}

result::Result<Extension> ExtendedKeyUsageExtension(const std::vector<std::string>& oids) {
  Bytes all;
  for (const std::string& oid : oids) {
    ASSIGN_OR_RETURN(const Bytes encoded, der::EncodeOid(oid));
    all += encoded;
  }
  return Extension{std::string(kExtendedKeyUsageOid), false, der::Encode(der::kSequence, all)};
}

namespace {

// GeneralName ::= CHOICE { ... uniformResourceIdentifier [6] IA5String ... }
Bytes UriName(std::string_view uri) {
  return der::Encode(der::Context(6, false), uri);
}

result::Result<Bytes> PolicyQualifiers(std::string_view cps_uri) {
  // id-qt-cps, 1.3.6.1.5.5.7.2.1.
  constexpr ByteView kCps("\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x01", 10);
  if (!std::all_of(cps_uri.begin(), cps_uri.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    return Fail(Reason::kMalformed, "a practice statement's URI that is not printable ASCII");
  }
  return der::Encode(der::kSequence, der::Encode(der::kSequence, {kCps, der::Encode(der::kIa5String, cps_uri)}));
}

}  // namespace

Extension CrlDistributionPointExtension(const std::vector<std::string>& uris) {
  Bytes names;
  for (const std::string& uri : uris) names += UriName(uri);
  const Bytes full_name = der::Encode(der::Context(0, true), names);
  const Bytes point = der::Encode(der::kSequence, der::Encode(der::Context(0, true), full_name));
  return {std::string(kCrlDistributionPointsOid), false, der::Encode(der::kSequence, point)};
}

Extension CaIssuersExtension(const std::vector<std::string>& uris) {
  // id-ad-caIssuers, 1.3.6.1.5.5.7.48.2.
  constexpr ByteView kCaIssuers("\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02", 10);
  Bytes descriptions;
  for (const std::string& uri : uris) descriptions += der::Encode(der::kSequence, {kCaIssuers, UriName(uri)});
  return {std::string(kAuthorityInfoAccessOid), false, der::Encode(der::kSequence, descriptions)};
}

result::Result<Extension> CertificatePoliciesExtension(const std::vector<CertificatePolicy>& policies) {
  if (policies.empty()) return Fail(Reason::kMalformed, "no certificate policy");
  Bytes all;
  std::set<Bytes> oids;
  for (const CertificatePolicy& policy : policies) {
    ASSIGN_OR_RETURN(const Bytes oid, der::EncodeOid(policy.oid));
    if (!oids.insert(oid).second) return Fail(Reason::kMalformed, "a certificate policy named twice: " + policy.oid);
    Bytes qualifiers;
    if (!policy.cps_uri.empty()) {
      ASSIGN_OR_RETURN(qualifiers, PolicyQualifiers(policy.cps_uri));
    }
    all += der::Encode(der::kSequence, {oid, qualifiers});
  }
  return Extension{std::string(kCertificatePoliciesOid), false, der::Encode(der::kSequence, all)};
}

}  // namespace pki
