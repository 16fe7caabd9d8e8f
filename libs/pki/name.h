#ifndef CERTIFIER_PKI_NAME_H
#define CERTIFIER_PKI_NAME_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pki/bytes.h"

namespace pki {

// NameAttribute is one attribute of a name.
struct NameAttribute {
  std::string type;   // "CN", "O", ... as Name::ToString writes it, or a dotted OID.
  std::string value;  // UTF-8.
  friend bool operator==(const NameAttribute&, const NameAttribute&) = default;
};

// Name is a distinguished name (RFC 5280 section 4.1.2.4): its DER as received, never re-encoded.
class Name {
 public:
  Name() = default;
  // Parse checks the structure of an RDNSequence; malformed if it is none.
  static result::Result<Name> Parse(ByteView der);
  // FromString builds one from RFC 4514 text ("CN=a,O=b"; the first RDN of the text is the last of the sequence), with
  // UTF8String values. Types: CN, SN, SERIALNUMBER and C (PrintableString), L, ST, STREET, O, OU, TITLE, GN, UID, DC
  // and emailAddress (IA5String), unstructuredName, unstructuredAddress, or a dotted OID. "" is the empty name.
  // Malformed.
  static result::Result<Name> FromString(std::string_view text);

  const Bytes& der() const { return der_; }
  // Whether it has no RDN at all.
  bool is_empty() const;
  // ToString is RFC 4514 text in valid UTF-8; control characters are escaped as \XX.
  std::string ToString() const;
  // CommonName is the last commonName as UTF-8, if there is one.
  std::optional<std::string> CommonName() const;
  // Attributes are all attributes in the order of the DER, those of an RDN with several one after another. Malformed: a
  // value that DirectoryStringToUtf8 does not read.
  result::Result<std::vector<NameAttribute>> Attributes() const;
  // Matches compares as RFC 5280 section 7.1: types and values in order, values without regard to case, string type and
  // inner runs of space.
  bool Matches(const Name& other) const;

 private:
  Bytes der_;
};

// EscapeNameValue escapes UTF-8 as RFC 4514 section 2.4 and control characters as \XX, so that Name::FromString reads
// "CN=" and the outcome as one commonName of that value. Only "" stays what FromString refuses.
std::string EscapeNameValue(std::string_view value);

// NameTypeOid is the dotted OID of an attribute type that Name::FromString knows, in any case ("cn"), or is itself a
// dotted OID: two types are the same where it is. Nothing for any other text.
std::optional<std::string> NameTypeOid(std::string_view type);

// DirectoryStringToUtf8 converts the value of a DirectoryString or IA5String by its tag; BMP, T61 (as Latin-1) and
// Universal become UTF-8. Malformed: another tag, or octets that are no such string.
result::Result<std::string> DirectoryStringToUtf8(std::uint8_t tag, ByteView value);

}  // namespace pki

#endif  // CERTIFIER_PKI_NAME_H
