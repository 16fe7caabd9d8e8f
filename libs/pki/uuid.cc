#include "pki/uuid.h"

#include <array>

#include "pki/digest.h"

namespace pki {

namespace {

constexpr std::size_t kOctets = 16;
// Hexadecimal digits before each hyphen.
constexpr std::array<std::size_t, 4> kHyphens = {8, 12, 16, 20};

}  // namespace

std::string DigestUuid(const std::vector<ByteView>& parts) {
  // Each part with its length before it, so that no two lists of parts are one text.
  Bytes all;
  for (const ByteView part : parts) {
    all += std::to_string(part.size());
    all += ':';
    all += part;
  }
  Bytes octets = Digest(DigestAlgorithm::kSha256, all).substr(0, kOctets);
  octets[6] = static_cast<char>((static_cast<unsigned char>(octets[6]) & 0x0fu) | 0x80u);
  octets[8] = static_cast<char>((static_cast<unsigned char>(octets[8]) & 0x3fu) | 0x80u);
  std::string text = HexLower(octets);
  for (std::size_t i = 0; i < kHyphens.size(); i++) text.insert(kHyphens[i] + i, 1, '-');
  return text;
}

result::Result<Bytes> ParseUuid(std::string_view text) {
  std::string digits(text);
  for (const std::size_t hyphen : kHyphens) {
    if (digits.size() <= hyphen || digits[hyphen] != '-') {
      return result::Fail(result::Reason::kMalformed, "a UUID has hyphens behind 8, 12, 16 and 20 digits");
    }
    digits.erase(hyphen, 1);
  }
  auto octets = FromHex(digits);
  if (!octets || octets->size() != kOctets) {
    return result::Fail(result::Reason::kMalformed, "a UUID has 32 hexadecimal digits");
  }
  return octets;
}

}  // namespace pki
