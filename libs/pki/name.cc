#include "pki/name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "pki/der.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::string_view kCommonNameOid = "2.5.4.3";

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
    KnownType{"unstructuredAddress", "1.2.840.113549.1.9.8", der::kPrintableString},
};

struct Attribute {
  std::string oid;
  der::Tlv value;
};
using Rdn = std::vector<Attribute>;

result::Result<std::vector<Rdn>> ReadRdns(ByteView name) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(name, der::kSequence));
  std::vector<Rdn> rdns;
  for (der::Reader reader(sequence.value); !reader.empty();) {
    ASSIGN_OR_RETURN(const der::Tlv set, reader.Next(der::kSet));
    Rdn rdn;
    for (der::Reader members(set.value); !members.empty();) {
      ASSIGN_OR_RETURN(const der::Tlv member, members.Next(der::kSequence));
      der::Reader parts(member.value);
      ASSIGN_OR_RETURN(const der::Tlv oid, parts.Next(der::kObjectIdentifier));
      ASSIGN_OR_RETURN(const der::Tlv value, parts.Next());
      RETURN_IF_ERROR(parts.Finish());
      rdn.push_back({der::OidToString(oid.value), value});
    }
    if (rdn.empty()) return Fail(Reason::kMalformed, "an RDN without attributes");
    rdns.push_back(std::move(rdn));
  }
  return rdns;
}

std::string Escape(std::string_view text) {
  static constexpr std::string_view kSpecial = ",+\"\\<>;";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    const bool is_edge_space = c == ' ' && (i == 0 || i + 1 == text.size());
    if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f) {
      out += "\\" + HexLower(ByteView(&c, 1));
      continue;
    }
    if (is_edge_space || (c == '#' && i == 0) || kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string AttributeToString(const Attribute& attribute) {
  const auto known =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const KnownType& type) { return type.oid == attribute.oid; });
  const auto text = DirectoryStringToUtf8(attribute.value.tag, attribute.value.value);
  const std::string value = text ? Escape(*text) : "#" + HexLower(attribute.value.encoding);
  return (known != kTypes.end() ? std::string(known->name) : attribute.oid) + "=" + value;
}

// The value as RFC 5280 section 7.1 compares it.
std::string Folded(const der::Tlv& value) {
  const auto text = DirectoryStringToUtf8(value.tag, value.value);
  if (!text) return Bytes(value.encoding);
  std::string folded;
  for (const char c : *text) {
    if (c == ' ' && (folded.empty() || folded.back() == ' ')) continue;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

// TextReader takes RFC 4514 text apart.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) {}

  // One RDN with its separator; the DER of the SET.
  result::Result<Bytes> NextRdn() {
    std::vector<Bytes> attributes;
    do {
      ASSIGN_OR_RETURN(Bytes attribute, NextAttribute());
      attributes.push_back(std::move(attribute));
    } while (TakeIf('+'));
    if (!rest_.empty() && !TakeIf(',')) return Fail(Reason::kMalformed, "a name's parts are separated by commas");
    return der::EncodeSetOf(std::move(attributes));
  }
  bool empty() const { return rest_.empty(); }

 private:
  bool TakeIf(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  result::Result<Bytes> NextAttribute() {
    while (TakeIf(' ')) continue;
    const auto equals = rest_.find('=');
    if (equals == std::string_view::npos) return Fail(Reason::kMalformed, "a name is made of TYPE=VALUE");
    const std::string_view type = rest_.substr(0, equals);
    rest_.remove_prefix(equals + 1);
    const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const KnownType& candidate) {
      return std::equal(type.begin(), type.end(), candidate.name.begin(), candidate.name.end(),
                        [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    });
    ASSIGN_OR_RETURN(const Bytes oid, der::EncodeOid(known != kTypes.end() ? known->oid : type));
    ASSIGN_OR_RETURN(const Bytes value, NextValue(known != kTypes.end() ? known->tag : der::kUtf8String));
    return der::Encode(der::kSequence, {oid, value});
  }

  result::Result<Bytes> NextValue(std::uint8_t tag) {
    const bool is_hexadecimal = TakeIf('#');
    std::string value;
    std::size_t kept = 0;  // Trailing spaces that were not escaped go.
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
      const bool is_escaped = rest_.front() == '\\';
      ASSIGN_OR_RETURN(const char c, NextCharacter());
      value += c;
      if (is_escaped || c != ' ') kept = value.size();
    }
    value.resize(kept);
    if (is_hexadecimal) return FromHex(value);
    if (value.empty()) return Fail(Reason::kMalformed, "a name with an empty value");
    RETURN_IF_ERROR(DirectoryStringToUtf8(tag, value));
    return der::Encode(tag, value);
  }

  result::Result<char> NextCharacter() {
    if (!TakeIf('\\')) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      return c;
    }
    if (rest_.size() >= 2) {
      if (const auto octet = FromHex(rest_.substr(0, 2))) {
        rest_.remove_prefix(2);
        return (*octet)[0];
      }
    }
    if (rest_.empty()) return Fail(Reason::kMalformed, "a name that ends in a backslash");
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
};

}  // namespace

result::Result<Name> Name::Parse(ByteView der) {
  RETURN_IF_ERROR(ReadRdns(der));
  Name name;
  name.der_ = der;
  return name;
}

result::Result<Name> Name::FromString(std::string_view text) {
  std::vector<Bytes> rdns;
  for (TextReader reader(text); !reader.empty();) {
    ASSIGN_OR_RETURN(Bytes rdn, reader.NextRdn());
    rdns.push_back(std::move(rdn));
  }
  Bytes all;
  for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) all += *rdn;
  Name name;
  name.der_ = der::Encode(der::kSequence, all);
  return name;
}

bool Name::is_empty() const {
  return der_.size() <= 2;
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

std::optional<std::string> Name::CommonName() const {
  const auto rdns = ReadRdns(der_);
  std::optional<std::string> found;
  if (!rdns) return found;
  for (const Rdn& rdn : *rdns) {
    for (const Attribute& attribute : rdn) {
      if (attribute.oid != kCommonNameOid) continue;
      const auto text = DirectoryStringToUtf8(attribute.value.tag, attribute.value.value);
      if (text) found = *text;
    }
  }
  return found;
}

bool Name::Matches(const Name& other) const {
  if (der_ == other.der_) return true;
  const auto mine = ReadRdns(der_);
  const auto theirs = ReadRdns(other.der_);
  if (!mine || !theirs) return false;
  const auto same_attribute = [](const Attribute& a, const Attribute& b) {
    return a.oid == b.oid && Folded(a.value) == Folded(b.value);
  };
  return std::equal(mine->begin(), mine->end(), theirs->begin(), theirs->end(), [&](const Rdn& a, const Rdn& b) {
    return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin(), same_attribute);
  });
}

}  // namespace pki
