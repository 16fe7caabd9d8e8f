#ifndef CERTIFIER_PKI_EXTENSIONS_H
#define CERTIFIER_PKI_EXTENSIONS_H

#include <string>
#include <vector>

#include "pki/bytes.h"

namespace pki {

// Extension is one X.509 extension (RFC 5280 section 4.2): dotted OID, criticality, and the DER inside extnValue.
struct Extension {
  std::string oid;
  bool is_critical = false;
  Bytes value;
};

inline constexpr std::string_view kSubjectKeyIdentifierOid = "2.5.29.14", kKeyUsageOid = "2.5.29.15",
                                  kSubjectAlternativeNameOid = "2.5.29.17", kBasicConstraintsOid = "2.5.29.19",
                                  kAuthorityKeyIdentifierOid = "2.5.29.35", kExtendedKeyUsageOid = "2.5.29.37",
                                  kCrlDistributionPointsOid = "2.5.29.31", kCertificatePoliciesOid = "2.5.29.32",
                                  kAuthorityInfoAccessOid = "1.3.6.1.5.5.7.1.1";

// ParseExtensions reads Extensions ::= SEQUENCE OF Extension, at most 64.
result::Result<std::vector<Extension>> ParseExtensions(ByteView der);
// EncodeExtensions writes the same, in the order given.
result::Result<Bytes> EncodeExtensions(const std::vector<Extension>& extensions);

// GeneralName is one alternative name. Kinds: "dns", "email", "uri" (text), "ip" (text, IPv4 or IPv6), and
// "other" (the DER of any further form, in hexadecimal).
struct GeneralName {
  std::string kind;
  std::string value;
  friend bool operator==(const GeneralName&, const GeneralName&) = default;
};
// ToString writes "dns:a.example"; control characters are escaped as \XX.
std::string ToString(const GeneralName& name);
// ParseGeneralName reads what ToString writes, for the kinds dns, email, uri and ip.
result::Result<GeneralName> ParseGeneralName(std::string_view text);
// ParseGeneralNames reads GeneralNames DER, at most 256; malformed also: text that is not printable ASCII.
result::Result<std::vector<GeneralName>> ParseGeneralNames(ByteView der);
result::Result<Bytes> EncodeGeneralNames(const std::vector<GeneralName>& names);

// Bits of keyUsage (RFC 5280 section 4.2.1.3).
enum KeyUsageBit : unsigned {
  kDigitalSignature = 1u << 0,
  kNonRepudiation = 1u << 1,
  kKeyEncipherment = 1u << 2,
  kDataEncipherment = 1u << 3,
  kKeyAgreement = 1u << 4,
  kKeyCertSign = 1u << 5,
  kCrlSign = 1u << 6,
};

Extension KeyUsageExtension(unsigned bits);                                                 // Critical.
Extension BasicConstraintsExtension(bool is_ca);                                            // Critical.
Extension SubjectKeyIdentifierExtension(ByteView subject_public_key);                       // SHA-1 of the key bits.
Extension AuthorityKeyIdentifierExtension(ByteView issuer_key_identifier);                  // keyIdentifier only.
result::Result<Extension> ExtendedKeyUsageExtension(const std::vector<std::string>& oids);  // Dotted OIDs.
// One distribution point, whose CRL is at each of the URIs, and one access to the issuer's certificate by each (RFC
// 5280 sections 4.2.1.13 and 4.2.2.1). `uris` are ASCII, at least one.
Extension CrlDistributionPointExtension(const std::vector<std::string>& uris);
Extension CaIssuersExtension(const std::vector<std::string>& uris);

// CertificatePolicy is a policy that a certificate is issued under, and where its practice statement is.
struct CertificatePolicy {
  std::string oid;      // Dotted.
  std::string cps_uri;  // Empty: none.
};
// CertificatePoliciesExtension is not critical (RFC 5280 section 4.2.1.4). Malformed: no policy at all, one named
// twice, a bad OID, or a URI that is not printable ASCII without spaces.
result::Result<Extension> CertificatePoliciesExtension(const std::vector<CertificatePolicy>& policies);

}  // namespace pki

#endif  // CERTIFIER_PKI_EXTENSIONS_H
