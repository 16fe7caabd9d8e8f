#include "policy/text.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

namespace engine::policy {

using google::protobuf::util::TimeUtil;

std::string TimeText(TimePoint time) {
  return TimeUtil::ToString(
      TimeUtil::SecondsToTimestamp(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
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
