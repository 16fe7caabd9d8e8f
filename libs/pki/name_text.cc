#include <algorithm>
#include <array>

#include "pki/der.h"
#include "pki/name.h"
#include "pki/rdn.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

struct KnownType {
  std::string_view name;
  std::string_view oid;
  std::uint8_t tag;
};
constexpr std::array kTypes = {
    KnownType{"CN", kCommonNameOid, der::kUtf8String},
    KnownType{"SN", "2.5.4.4", der::kUtf8String},
    KnownType{"SERIALNUMBER", "2.5.4.5", der::kPrintableString},
    KnownType{"C", "2.5.4.6", der::kPrintableString},
    KnownType{"L", "2.5.4.7", der::kUtf8String},
    KnownType{"ST", "2.5.4.8", der::kUtf8String},
    KnownType{"STREET", "2.5.4.9", der::kUtf8String},
    KnownType{"O", "2.5.4.10", der::kUtf8String},
    KnownType{"OU", "2.5.4.11", der::kUtf8String},
    KnownType{"TITLE", "2.5.4.12", der::kUtf8String},
    KnownType{"GN", "2.5.4.42", der::kUtf8String},
    KnownType{"UID", "0.9.2342.19200300.100.1.1", der::kUtf8String},
    KnownType{"DC", "0.9.2342.19200300.100.1.25", der::kIa5String},
    KnownType{"emailAddress", "1.2.840.113549.1.9.1", der::kIa5String},
    KnownType{"unstructuredName", "1.2.840.113549.1.9.2", der::kUtf8String},
    KnownType{"unstructuredAddress", "1.2.840.113549.1.9.8", der::kUtf8String},
};

// What RFC 4514 section 2.4 wants escaped wherever it stands.
constexpr std::string_view kSpecial = ",+\"\\<>;";
constexpr std::string_view kPrintableExtra = " '()+,-./:=?";

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kPrintableExtra.find(c) != std::string_view::npos;
  });
}

// Octets of the control character at the front of UTF-8 `text`; 0 if there is none. U+0080 to U+009F are some, too.
std::size_t ControlLength(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x20 || first == 0x7f) return 1;
  return first == 0xc2 && text.size() > 1 && static_cast<std::uint8_t>(text[1]) < 0xa0 ? 2 : 0;
}

// Null if no known type has that OID, or that name in any case.
const KnownType* TypeOfOid(std::string_view oid) {
  const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const KnownType& type) { return type.oid == oid; });
  return known == kTypes.end() ? nullptr : &*known;
}
const KnownType* TypeOfName(std::string_view name) {
  const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const KnownType& type) {
    return std::equal(name.begin(), name.end(), type.name.begin(), type.name.end(),
                      [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  });
  return known == kTypes.end() ? nullptr : &*known;
}

std::string AttributeToString(const RdnAttribute& attribute) {
  const KnownType* known = TypeOfOid(attribute.oid);
  const std::string hexadecimal = "#" + HexLower(attribute.value.encoding);
  if (known == nullptr) return attribute.oid + "=" + hexadecimal;
  const auto text = DirectoryStringToUtf8(attribute.value.tag, attribute.value.value);
  return std::string(known->name) + "=" + (text ? EscapeNameValue(*text) : hexadecimal);
}

// TextReader takes RFC 4514 text apart.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) {}

  // One RDN and the comma behind it, which promises another; the DER of the SET.
  result::Result<Bytes> NextRdn() {
    std::vector<Bytes> attributes;
    do {
      ASSIGN_OR_RETURN(Bytes attribute, NextAttribute());
      attributes.push_back(std::move(attribute));
    } while (TakeIf('+'));
    has_more_ = TakeIf(',');
    if (!has_more_ && !rest_.empty()) return Fail(Reason::kMalformed, "a name's parts are separated by commas");
    return der::EncodeSetOf(std::move(attributes));
  }
  bool has_more() const { return has_more_; }

 private:
  bool TakeIf(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void SkipSpaces() {
    while (TakeIf(' ')) continue;
  }

  result::Result<Bytes> NextAttribute() {
    SkipSpaces();
    const auto equals = rest_.find('=');
    if (equals == std::string_view::npos) return Fail(Reason::kMalformed, "a name is made of TYPE=VALUE");
    std::string_view type = rest_.substr(0, equals);
    rest_.remove_prefix(equals + 1);
    while (type.ends_with(' ')) type.remove_suffix(1);
    const KnownType* known = TypeOfName(type);
    ASSIGN_OR_RETURN(const Bytes oid, der::EncodeOid(known != nullptr ? known->oid : type));
    SkipSpaces();
    ASSIGN_OR_RETURN(const Bytes value,
                     TakeIf('#') ? NextHexadecimal() : NextText(known != nullptr ? known->tag : der::kUtf8String));
    return der::Encode(der::kSequence, {oid, value});
  }

  // "#" and the hexadecimal of a whole element.
  result::Result<Bytes> NextHexadecimal() {
    std::string_view digits = rest_.substr(0, rest_.find_first_of(",+"));
    rest_.remove_prefix(digits.size());
    while (digits.ends_with(' ')) digits.remove_suffix(1);
    ASSIGN_OR_RETURN(Bytes value, FromHex(digits));
    der::Reader reader(value);
    RETURN_IF_ERROR(reader.Next());
    RETURN_IF_ERROR(reader.Finish());
    return value;
  }

  result::Result<Bytes> NextText(std::uint8_t tag) {
    std::string value;
    std::size_t kept = 0;  // Trailing spaces that were not escaped go.
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
      const bool is_escaped = rest_.front() == '\\';
      ASSIGN_OR_RETURN(const char c, is_escaped ? NextEscaped() : NextPlain());
      value += c;
      if (is_escaped || c != ' ') kept = value.size();
    }
    value.resize(kept);
    if (value.empty()) return Fail(Reason::kMalformed, "a name with an empty value");
    RETURN_IF_ERROR(DirectoryStringToUtf8(tag, value));
    if (tag == der::kPrintableString && !IsPrintable(value)) {
      return Fail(Reason::kMalformed, "a character that no PrintableString has");
    }
    return der::Encode(tag, value);
  }

  result::Result<char> NextPlain() {
    const char c = rest_.front();
    if (c == '\0' || kSpecial.find(c) != std::string_view::npos) {
      return Fail(Reason::kMalformed, "a special character that is not escaped");
    }
    rest_.remove_prefix(1);
    return c;
  }

  result::Result<char> NextEscaped() {
    rest_.remove_prefix(1);
    if (const auto octet = FromHex(rest_.substr(0, 2)); octet && octet->size() == 1) {
      rest_.remove_prefix(2);
      return octet->front();
    }
    if (rest_.empty() || (kSpecial.find(rest_.front()) == std::string_view::npos && rest_.front() != ' ' &&
                          rest_.front() != '#' && rest_.front() != '=')) {
      return Fail(Reason::kMalformed, "a backslash before what needs none");
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
  bool has_more_ = false;
};

}  // namespace

result::Result<Name> Name::FromString(std::string_view text) {
  std::vector<Bytes> rdns;
  if (text.find_first_not_of(' ') != std::string_view::npos) {
    TextReader reader(text);
    do {
      ASSIGN_OR_RETURN(Bytes rdn, reader.NextRdn());
      rdns.push_back(std::move(rdn));
    } while (reader.has_more());
  }
  Bytes all;
  for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) all += *rdn;
  Name name;
  name.der_ = der::Encode(der::kSequence, all);
  return name;
}

std::string Name::ToString() const {
  const auto rdns = ReadRdns(der_);
  std::string text;
  if (!rdns) return text;
  for (auto rdn = rdns->rbegin(); rdn != rdns->rend(); ++rdn) {
    if (rdn != rdns->rbegin()) text += ',';
    for (std::size_t i = 0; i < rdn->size(); i++) {
      if (i > 0) text += '+';
      text += AttributeToString((*rdn)[i]);
    }
  }
  return text;
}

result::Result<std::vector<NameAttribute>> Name::Attributes() const {
  std::vector<NameAttribute> attributes;
  if (is_empty()) return attributes;
  ASSIGN_OR_RETURN(const std::vector<Rdn> rdns, ReadRdns(der_));
  for (const Rdn& rdn : rdns) {
    for (const RdnAttribute& attribute : rdn) {
      const KnownType* known = TypeOfOid(attribute.oid);
      std::string type = known != nullptr ? std::string(known->name) : attribute.oid;
      auto text = DirectoryStringToUtf8(attribute.value.tag, attribute.value.value);
      if (!text) return result::Wrap(type, std::move(text).error());
      attributes.push_back({std::move(type), *std::move(text)});
    }
  }
  return attributes;
}

std::string EscapeNameValue(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); i++) {
    const char c = value[i];
    if (const std::size_t length = ControlLength(value.substr(i)); length > 0) {
      for (std::size_t j = 0; j < length; j++) out += "\\" + HexLower(value.substr(i + j, 1));
      i += length - 1;
      continue;
    }
    const bool is_edge_space = c == ' ' && (i == 0 || i + 1 == value.size());
    if (is_edge_space || (c == '#' && i == 0) || kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::optional<std::string> NameTypeOid(std::string_view type) {
  if (const KnownType* known = TypeOfName(type); known != nullptr) return std::string(known->oid);
  const auto oid = der::EncodeOid(type);
  if (!oid) return std::nullopt;
  return der::OidToString(der::ReadOnly(*oid, der::kObjectIdentifier).value().value);
}

}  // namespace pki
