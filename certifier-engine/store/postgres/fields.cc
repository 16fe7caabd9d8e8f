#include "store/postgres/fields.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "store/postgres/work.h"

namespace engine::store {

std::string Epoch(TimePoint time) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6f", static_cast<double>(microseconds) / 1e6);
  return text.data();
}

TimePoint TimeOf(const pqxx::field& field) {
  const double seconds = field.as<double>();
  return TimePoint(std::chrono::microseconds(std::llround(seconds * 1e6)));
}

std::optional<TimePoint> OptionalTimeOf(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : std::optional(TimeOf(field));
}

Result<pki::CrlReason> CrlReasonOf(const pqxx::field& field) {
  const auto text = field.as<std::string>();
  if (const auto reason = pki::CrlReasonFromString(text)) return *reason;
  return result::Fail(result::Reason::kInternal, "unknown reason of a revocation in the database: " + text);
}

std::string JoinedText(const std::vector<std::string>& parts) {
  std::string joined;
  for (std::size_t i = 0; i < parts.size(); ++i) joined += (i == 0 ? "" : "\x1f") + parts[i];
  return joined;
}

std::vector<std::string> SplitText(std::string_view joined) {
  std::vector<std::string> parts;
  while (!joined.empty()) {
    const auto end = joined.find('\x1f');
    parts.emplace_back(joined.substr(0, end));
    joined = end == std::string_view::npos ? std::string_view() : joined.substr(end + 1);
  }
  return parts;
}

std::optional<std::string> ArrayOf(const std::optional<std::vector<std::int64_t>>& numbers) {
  if (!numbers) return std::nullopt;
  std::string text;
  for (const auto number : *numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
  return "{" + text + "}";
}

const char* TextOrNull(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  CheckText(*text);
  return text->c_str();
}

std::int64_t BeforeId(const Page& page) {
  return page.before == 0 ? std::numeric_limits<std::int64_t>::max() : page.before;
}

}  // namespace engine::store
