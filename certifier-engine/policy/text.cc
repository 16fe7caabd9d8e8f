#include "policy/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace engine::policy {

std::string TimeText(TimePoint time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - days));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kAccept:
      return "accept";
    case Verdict::kHold:
      return "hold";
    case Verdict::kDeny:
      return "deny";
  }
  return "unknown";
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const auto& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

std::string Excerpt(std::string_view text, std::size_t most_octets) {
  std::size_t length = std::min(text.size(), most_octets);
  while (length > 0 && length < text.size() && (text[length] & 0xc0) == 0x80) --length;
  std::string excerpt(text.substr(0, length));
  const auto is_control = [](char octet) { return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f; };
  std::ranges::replace_if(excerpt, is_control, ' ');
  return excerpt;
}

}  // namespace engine::policy
