#include "ctl/terminal_text.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace ctl {

namespace {

struct Decoded {
  char32_t character;
  std::size_t length;
};

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// DecodeFirst reads the first character of `text` (not empty); nothing for what RFC 3629 does not allow.
std::optional<Decoded> DecodeFirst(std::string_view text) {
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return Decoded{lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return std::nullopt;
  auto character = static_cast<char32_t>(lead & (0xFF >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return std::nullopt;
    character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  const bool is_surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < kLeast[length] || is_surrogate || character > 0x10FFFF) return std::nullopt;
  return Decoded{character, length};
}

// IsHidden finds characters that do not stand for themselves on a screen: C1 controls, soft hyphen, Arabic letter mark,
// Mongolian vowel separator, zero-width and bidirectional ones, separators, variation selectors, interlinear marks and
// the tag characters.
bool IsHidden(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  constexpr std::array<Range, 11> kRanges = {{{0x80, 0x9F},
                                              {0xAD, 0xAD},
                                              {0x61C, 0x61C},
                                              {0x180B, 0x180F},
                                              {0x200B, 0x200F},
                                              {0x2028, 0x202E},
                                              {0x2060, 0x206F},
                                              {0xFE00, 0xFE0F},
                                              {0xFEFF, 0xFEFF},
                                              {0xFFF9, 0xFFFB},
                                              {0xE0000, 0xE0FFF}}};
  for (const Range& range : kRanges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

std::string Format(const char* format, unsigned value) {
  std::array<char, 16> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

// OctetsOf is how many octets the first `count` characters have; all where there are no more.
std::size_t OctetsOf(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (IsContinuation(text[end])) continue;
    if (count == 0) break;
    --count;
  }
  return end;
}

}  // namespace

std::string TerminalText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto decoded = DecodeFirst(text);
    const std::size_t length = decoded ? decoded->length : 1;
    if (!decoded || decoded->character < 0x20 || decoded->character == 0x7F) {
      out += Format("\\x%02x", static_cast<unsigned char>(text[0]));
    } else if (IsHidden(decoded->character)) {
      out += Format("\\u{%x}", decoded->character);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    if (!IsContinuation(c)) ++width;
  }
  return width;
}

std::string Shorten(std::string_view text, std::size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  return std::string(text.substr(0, OctetsOf(text, width - 1))) + "…";
}

std::vector<std::string> Wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (DisplayWidth(text) > width) {
    const std::size_t full = OctetsOf(text, width);
    const std::size_t space = text.substr(0, full + 1).rfind(' ');
    const bool is_at_space = space != std::string_view::npos && space != 0;
    lines.emplace_back(text.substr(0, is_at_space ? space : full));
    text.remove_prefix(is_at_space ? space + 1 : full);
  }
  lines.emplace_back(text);
  return lines;
}

}  // namespace ctl
