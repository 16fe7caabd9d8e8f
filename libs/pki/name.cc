#include "pki/name.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "pki/rdn.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

result::Result<Rdn> ReadRdn(ByteView set_contents) {
  Rdn rdn;
  for (der::Reader members(set_contents); !members.empty();) {
    ASSIGN_OR_RETURN(const der::Tlv member, members.Next(der::kSequence));
    der::Reader parts(member.value);
    ASSIGN_OR_RETURN(const der::Tlv oid, parts.Next(der::kObjectIdentifier));
    ASSIGN_OR_RETURN(const der::Tlv value, parts.Next());
    RETURN_IF_ERROR(parts.Finish());
    rdn.push_back({der::OidToString(oid.value), value});
  }
  if (rdn.empty()) return Fail(Reason::kMalformed, "an RDN without attributes");
  return rdn;
}

// The value as RFC 5280 section 7.1 compares it.
std::string Folded(const der::Tlv& value) {
  const auto text = DirectoryStringToUtf8(value.tag, value.value);
  if (!text) return "\xff" + Bytes(value.encoding);  // No text begins so.
  std::string folded;
  for (const char c : *text) {
    if (c == ' ' && (folded.empty() || folded.back() == ' ')) continue;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

// An RDN's attributes have no order. Sorted, since a stranger chooses how many there are.
std::vector<std::pair<std::string, std::string>> Folded(const Rdn& rdn) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const RdnAttribute& attribute : rdn) attributes.emplace_back(attribute.oid, Folded(attribute.value));
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

}  // namespace

result::Result<std::vector<Rdn>> ReadRdns(ByteView name) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(name, der::kSequence));
  std::vector<Rdn> rdns;
  for (der::Reader reader(sequence.value); !reader.empty();) {
    ASSIGN_OR_RETURN(const der::Tlv set, reader.Next(der::kSet));
    ASSIGN_OR_RETURN(Rdn rdn, ReadRdn(set.value));
    rdns.push_back(std::move(rdn));
  }
  return rdns;
}

result::Result<Name> Name::Parse(ByteView der) {
  RETURN_IF_ERROR(ReadRdns(der));
  Name name;
  name.der_ = der;
  return name;
}

bool Name::is_empty() const {
  const auto sequence = der::ReadOnly(der_, der::kSequence);
  return !sequence || sequence->value.empty();
}

std::optional<std::string> Name::CommonName() const {
  const auto rdns = ReadRdns(der_);
  std::optional<std::string> found;
  if (!rdns) return found;
  for (const Rdn& rdn : *rdns) {
    for (const RdnAttribute& attribute : rdn) {
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
  return std::equal(mine->begin(), mine->end(), theirs->begin(), theirs->end(),
                    [](const Rdn& a, const Rdn& b) { return a.size() == b.size() && Folded(a) == Folded(b); });
}

}  // namespace pki
