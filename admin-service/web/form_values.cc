#include "web/form_values.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "ctl/times.h"

namespace web {

result::Result<std::uint32_t> NumberOf(const std::string& name, const std::string& text, std::uint32_t least,
                                       std::uint32_t most) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= least && number <= most) return number;
  return result::Fail(result::Reason::kMalformed,
                      name + " is a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
}

google::protobuf::Timestamp InDays(std::uint32_t days) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return ctl::ToTimestamp(now + std::chrono::days(days));
}

std::vector<std::string> LinesOf(const std::string& text) {
  constexpr char kSpace[] = " \t\r";
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    const std::size_t first = line.find_first_not_of(kSpace);
    if (first != std::string::npos) lines.push_back(line.substr(first, line.find_last_not_of(kSpace) - first + 1));
    at = end + 1;
  }
  return lines;
}

Model ChoicesOf(const std::vector<std::string>& names, const std::string& current) {
  Model choices = Model::array();
  for (const std::string& name : names) choices.push_back({{"name", name}, {"is_current", name == current}});
  return choices;
}

}  // namespace web
