#include <array>
#include <cctype>

#include "pki/digest.h"

namespace pki {

namespace {

constexpr std::array<std::string_view, 6> kPrefixes = {"MD5:", "SHA1:", "SHA-1:", "SHA256:", "SHA-256:", "0X"};

bool IsSeparator(char c) {
  return c == ' ' || c == ':' || c == '.' || c == '-' || c == '\r' || c == '\n' || c == '\t';
}

std::string Upper(std::string_view text) {
  std::string upper;
  for (const char c : text) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

}  // namespace

FingerprintNotations NotationsOf(ByteView digest) {
  FingerprintNotations notations;
  notations.lower = HexLower(digest);
  notations.upper = Upper(notations.lower);
  for (std::size_t i = 0; i < notations.upper.size(); i++) {
    if (i > 0 && i % 8 == 0) notations.grouped += ' ';
    if (i > 0 && i % 2 == 0) notations.colon += ':';
    notations.grouped += notations.upper[i];
    notations.colon += notations.upper[i];
  }
  return notations;
}

result::Result<Bytes> ParseFingerprint(std::string_view typed) {
  while (!typed.empty() && IsSeparator(typed.front())) typed.remove_prefix(1);
  const std::string upper = Upper(typed);
  std::string_view rest = upper;
  for (const std::string_view prefix : kPrefixes) {
    if (rest.starts_with(prefix)) {
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  std::string digits;
  for (const char c : rest) {
    if (!IsSeparator(c)) digits += c;
  }
  ASSIGN_OR_RETURN(Bytes octets, FromHex(digits));
  if (octets.size() != 16 && octets.size() != 20 && octets.size() != 32) {
    return result::Fail(result::Reason::kMalformed, "a fingerprint has 32, 40 or 64 hexadecimal digits");
  }
  return octets;
}

}  // namespace pki
