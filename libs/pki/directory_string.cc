#include <cstdint>

#include "pki/der.h"
#include "pki/name.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

void AppendUtf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

bool IsScalar(std::uint32_t point) {
  return point < 0xd800 || (point > 0xdfff && point < 0x110000);
}

// Characters of `width` octets each, big-endian.
result::Result<std::string> FromWide(ByteView value, std::size_t width) {
  if (value.size() % width != 0) return Fail(Reason::kMalformed, "a string that ends within a character");
  std::string out;
  for (std::size_t i = 0; i < value.size(); i += width) {
    std::uint32_t point = 0;
    for (std::size_t j = 0; j < width; j++) point = point << 8 | static_cast<std::uint8_t>(value[i + j]);
    if (!IsScalar(point)) return Fail(Reason::kMalformed, "a string with a character that is none");
    AppendUtf8(out, point);
  }
  return out;
}

// Length of the well-formed UTF-8 sequence at the front of `text`, 0 if there is none.
std::size_t Utf8Length(ByteView text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t point = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; i++) {
    const auto octet = static_cast<std::uint8_t>(text[i]);
    if ((octet & 0xc0) != 0x80) return 0;
    point = point << 6 | (octet & 0x3f);
  }
  const std::uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  return point >= least && IsScalar(point) ? length : 0;
}

}  // namespace

result::Result<std::string> DirectoryStringToUtf8(std::uint8_t tag, ByteView value) {
  switch (tag) {
    case der::kBmpString:
      return FromWide(value, 2);
    case der::kUniversalString:
      return FromWide(value, 4);
    case der::kT61String:
      return FromWide(value, 1);
    case der::kUtf8String:
      for (ByteView rest = value; !rest.empty();) {
        const std::size_t length = Utf8Length(rest);
        if (length == 0) return Fail(Reason::kMalformed, "a UTF8String that is no UTF-8");
        rest.remove_prefix(length);
      }
      return std::string(value);
    case der::kPrintableString:
    case der::kIa5String:
      for (const char c : value) {
        if ((c & 0x80) != 0) return Fail(Reason::kMalformed, "a string with octets beyond ASCII");
      }
      return std::string(value);
    default:
      return Fail(Reason::kMalformed, "not a DirectoryString");
  }
}

}  // namespace pki
