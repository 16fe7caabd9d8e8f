#include "pki/bytes.h"

#include <array>
#include <cstdint>

namespace pki {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::array<std::int8_t, 256> Base64Values() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (std::size_t i = 0; i < kBase64Alphabet.size(); i++) {
    values[static_cast<unsigned char>(kBase64Alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

}  // namespace

std::string HexLower(ByteView octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text += kHexDigits[octet >> 4];
    text += kHexDigits[octet & 15];
  }
  return text;
}

result::Result<Bytes> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return result::Fail(result::Reason::kMalformed, "odd number of hexadecimal digits");
  Bytes octets;
  octets.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    if (high < 0 || low < 0) return result::Fail(result::Reason::kMalformed, "not a hexadecimal digit");
    octets += static_cast<char>(high << 4 | low);
  }
  return octets;
}

std::string Base64(ByteView octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; j++) {
      group = group << 8 | (i + j < octets.size() ? static_cast<unsigned char>(octets[i + j]) : 0u);
    }
    text += kBase64Alphabet[group >> 18];
    text += kBase64Alphabet[group >> 12 & 63];
    text += i + 1 < octets.size() ? kBase64Alphabet[group >> 6 & 63] : '=';
    text += i + 2 < octets.size() ? kBase64Alphabet[group & 63] : '=';
  }
  return text;
}

result::Result<Bytes> FromBase64(std::string_view text) {
  static constexpr auto kValues = Base64Values();
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return result::Fail(result::Reason::kMalformed, "base64 of an impossible length");
  Bytes octets;
  octets.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return result::Fail(result::Reason::kMalformed, "not a base64 character");
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      octets += static_cast<char>(group >> bits & 0xff);
    }
  }
  return octets;
}

}  // namespace pki
