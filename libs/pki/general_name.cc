#include <arpa/inet.h>

#include <array>

#include "pki/der.h"
#include "pki/extensions.h"
#include "pki/network.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMaxNames = 256;
constexpr std::uint8_t kEmail = der::Context(1, false), kDns = der::Context(2, false), kUri = der::Context(6, false),
                       kIp = der::Context(7, false);

bool IsControl(char c) {
  return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f;
}

// IA5String without its control characters: a NUL in a name has fooled many a relying party.
bool IsPlainAscii(ByteView text) {
  for (const char c : text) {
    if ((c & 0x80) != 0 || IsControl(c)) return false;
  }
  return true;
}

result::Result<std::string> IpToText(ByteView octets) {
  if (octets.size() != 4 && octets.size() != 16) {
    return Fail(Reason::kMalformed, "an address of neither 4 nor 16 octets");
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size());
  return std::string(text.data());
}

result::Result<GeneralName> ReadName(const der::Tlv& name) {
  if (name.tag == kIp) {
    ASSIGN_OR_RETURN(std::string text, IpToText(name.value));
    return GeneralName{"ip", std::move(text)};
  }
  const char* kind = name.tag == kDns ? "dns" : name.tag == kEmail ? "email" : name.tag == kUri ? "uri" : nullptr;
  if (kind == nullptr) return GeneralName{"other", HexLower(name.encoding)};
  if (!IsPlainAscii(name.value)) return Fail(Reason::kMalformed, "an alternative name that is no plain ASCII");
  return GeneralName{kind, std::string(name.value)};
}

result::Result<Bytes> WriteName(const GeneralName& name) {
  if (name.kind == "dns") return der::Encode(kDns, name.value);
  if (name.kind == "email") return der::Encode(kEmail, name.value);
  if (name.kind == "uri") return der::Encode(kUri, name.value);
  if (name.kind == "other") return FromHex(name.value);
  if (name.kind != "ip") return Fail(Reason::kMalformed, "an alternative name of unknown kind: " + name.kind);
  ASSIGN_OR_RETURN(const Bytes octets, ParseIpAddress(name.value));
  return der::Encode(kIp, octets);
}

}  // namespace

std::string ToString(const GeneralName& name) {
  std::string text = name.kind + ":";
  for (const char c : name.value) {
    if (IsControl(c)) {
      text += "\\" + HexLower(ByteView(&c, 1));
    } else {
      text += c;
    }
  }
  return text;
}

result::Result<GeneralName> ParseGeneralName(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return Fail(Reason::kMalformed, "an alternative name is KIND:VALUE");
  GeneralName name{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  if (name.kind == "ip") {
    // One spelling for one address.
    ASSIGN_OR_RETURN(const Bytes octets, ParseIpAddress(name.value));
    ASSIGN_OR_RETURN(name.value, IpToText(octets));
    return name;
  }
  const bool is_text = name.kind == "dns" || name.kind == "email" || name.kind == "uri";
  if (!is_text || name.value.empty() || !IsPlainAscii(name.value)) {
    return Fail(Reason::kMalformed, "an alternative name is dns:, ip:, email: or uri: and ASCII text");
  }
  return name;
}

result::Result<std::vector<GeneralName>> ParseGeneralNames(ByteView der) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(der, der::kSequence));
  std::vector<GeneralName> names;
  for (der::Reader reader(sequence.value); !reader.empty();) {
    if (names.size() == kMaxNames) return Fail(Reason::kMalformed, "too many alternative names");
    ASSIGN_OR_RETURN(const der::Tlv element, reader.Next());
    ASSIGN_OR_RETURN(GeneralName name, ReadName(element));
    names.push_back(std::move(name));
  }
  return names;
}

result::Result<Bytes> EncodeGeneralNames(const std::vector<GeneralName>& names) {
  Bytes all;
  for (const GeneralName& name : names) {
    ASSIGN_OR_RETURN(const Bytes encoded, WriteName(name));
    all += encoded;
  }
  return der::Encode(der::kSequence, all);
}

}  // namespace pki
