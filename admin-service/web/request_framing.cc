#include "web/request_framing.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace web {

namespace {

constexpr std::size_t kMostFields = 64;
constexpr std::size_t kMostDigits = 9;

bool IsBadOctet(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Status is the one to refuse with, or 0.
int ReadField(std::string_view line, std::size_t& fields, bool& has_length, std::size_t& length) {
  if (++fields > kMostFields) return 431;
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || line.find_first_of(" \t") < colon) return 400;
  const std::string name = Lower(line.substr(0, colon));
  const std::string_view value = Trimmed(line.substr(colon + 1));
  if (name == "transfer-encoding") return 411;
  if (name == "content-encoding") return 415;
  if (name == "expect") return 417;
  if (name == "range") return 400;
  if (name != "content-length") return 0;
  if (has_length || value.empty()) return 400;
  if (!std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) return 400;
  if (value.size() > kMostDigits) return 413;
  has_length = true;
  std::from_chars(value.data(), value.data() + value.size(), length);
  return 0;
}

}  // namespace

tl::expected<Frame, int> FrameOf(std::string_view input, const FramingLimits& limits) {
  const std::size_t end = input.find("\r\n\r\n");
  if (std::min(end, input.size()) > limits.head_octets) return tl::unexpected(431);
  if (end == std::string_view::npos) return Frame{};
  std::string_view head = input.substr(0, end + 2);
  std::size_t fields = 0, length = 0;
  bool has_length = false, is_request_line = true;
  while (!head.empty()) {
    const std::size_t line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    head.remove_prefix(line_end + 2);
    if (line.empty() || std::ranges::any_of(line, IsBadOctet)) return tl::unexpected(400);
    const int status = is_request_line ? 0 : ReadField(line, fields, has_length, length);
    if (status != 0) return tl::unexpected(status);
    is_request_line = false;
  }
  if (length > limits.body_octets) return tl::unexpected(413);
  return Frame{end + 4, length};
}

}  // namespace web
