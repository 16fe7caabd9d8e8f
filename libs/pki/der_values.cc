#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "pki/der.h"

namespace pki::der {

namespace {

using result::Fail;
using result::Reason;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr int kArcBits = 62;  // Of an object identifier's arc; with 80 added it still fits in nine groups of seven.

// Reads `count` decimal digits off the front of `text`; negative if they are none.
int Digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return -1;
  for (std::size_t i = 0; i < count; i++) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

// RFC 5280's "no well-defined expiration date" is in the year 9999, the system clock's nanoseconds end in 2262.
std::chrono::system_clock::time_point Clamped(sys_seconds time) {
  using Clock = std::chrono::system_clock;
  constexpr auto kFirst = std::chrono::ceil<std::chrono::seconds>(Clock::time_point::min());
  constexpr auto kLast = std::chrono::floor<std::chrono::seconds>(Clock::time_point::max());
  return std::clamp(time, kFirst, kLast);
}

void AppendBase128(Bytes& out, std::uint64_t arc) {
  int groups = 1;
  while (groups < 9 && arc >> (7 * groups) != 0) groups++;
  for (int i = groups - 1; i >= 0; i--) out += static_cast<char>((arc >> (7 * i) & 0x7f) | (i > 0 ? 0x80 : 0));
}

// Digits14 is "YYYYMMDDhhmmssZ".
std::string Digits14(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(seconds - days);
  std::array<char, 40> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                   static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Bytes EncodeTime(std::chrono::system_clock::time_point time) {
  const std::string text = Digits14(time);
  const bool is_utc_time = text >= "1950" && text < "2050";
  return is_utc_time ? Encode(kUtcTime, ByteView(text).substr(2)) : Encode(kGeneralizedTime, text);
}

Bytes EncodeGeneralizedTime(std::chrono::system_clock::time_point time) {
  return Encode(kGeneralizedTime, Digits14(time));
}

result::Result<std::chrono::system_clock::time_point> ParseTime(const Tlv& time) {
  std::string_view text = time.value;
  if (time.tag != kUtcTime && time.tag != kGeneralizedTime) return Fail(Reason::kMalformed, "not a time");
  int year = Digits(text, time.tag == kUtcTime ? 2 : 4);
  if (time.tag == kUtcTime && year >= 0) year += year < 50 ? 2000 : 1900;
  const int month = Digits(text, 2), day = Digits(text, 2), hour = Digits(text, 2), minute = Digits(text, 2);
  const int second = time.tag == kUtcTime && text == "Z" ? 0 : Digits(text, 2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (text != "Z" || year < 0 || month < 1 || day < 1 || !date.ok() || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 60) {
    return Fail(Reason::kMalformed, "not a time in the profile of RFC 5280");
  }
  return Clamped(sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                 std::chrono::seconds(second));
}

result::Result<Bytes> EncodeOid(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  while (true) {
    std::uint64_t arc = 0;
    const auto [end, error] = std::from_chars(dotted.data(), dotted.data() + dotted.size(), arc);
    if (error != std::errc() || arc >> kArcBits != 0) return Fail(Reason::kMalformed, "not an object identifier");
    arcs.push_back(arc);
    dotted.remove_prefix(static_cast<std::size_t>(end - dotted.data()));
    if (dotted.empty()) break;
    if (dotted[0] != '.' || arcs.size() == 32) return Fail(Reason::kMalformed, "not an object identifier");
    dotted.remove_prefix(1);
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39)) {
    return Fail(Reason::kMalformed, "not an object identifier");
  }
  Bytes contents;
  AppendBase128(contents, arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); i++) AppendBase128(contents, arcs[i]);
  return Encode(kObjectIdentifier, contents);
}

std::string OidToString(ByteView contents) {
  const auto raw = [&] { return "#" + HexLower(contents); };
  if (contents.empty() || (contents.back() & 0x80) != 0) return raw();
  std::string dotted;
  std::uint64_t arc = 0;
  for (const char c : contents) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (arc >> (kArcBits - 7) != 0 || (arc == 0 && octet == 0x80)) return raw();
    arc = arc << 7 | (octet & 0x7f);
    if ((octet & 0x80) != 0) continue;
    if (dotted.empty()) {
      const std::uint64_t first = arc < 80 ? arc / 40 : 2;
      dotted = std::to_string(first) + "." + std::to_string(arc - first * 40);
    } else {
      dotted += "." + std::to_string(arc);
    }
    arc = 0;
  }
  return dotted;
}

}  // namespace pki::der
