#include "http_head.h"

#include <algorithm>

#include "ascii.h"

namespace gateway {
namespace {

// RFC 9112 section 2.2 lets clients send stray empty lines before a request; more than a few are an attack.
constexpr std::size_t kMaxLeadingOctets = 8;
// Room for method and version beside the target on the request line.
constexpr std::size_t kMaxMethodOctets = 32;
constexpr std::size_t kRequestLineRoom = kMaxMethodOctets + 16;

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// CutAuthority reduces the absolute form (RFC 9112 section 3.2.2) to path and query.
std::string_view CutAuthority(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos || target.front() == '/') return target;
  if (!EqualsIgnoringCase(target.substr(0, scheme), "http") && !EqualsIgnoringCase(target.substr(0, scheme), "https")) {
    return target;
  }
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

bool IsTarget(std::string_view target) {
  if (target.empty() || std::any_of(target.begin(), target.end(), IsControl)) return false;
  if (target == "*") return true;
  if (target.front() != '/' && target.front() != '?') return false;
  return target.substr(0, target.find('?')).find(' ') == std::string_view::npos;
}

// Refusal is the status to refuse with, or 0.
using Refusal = int;

Refusal ReadVersion(std::string_view version, RequestHead& head) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") {
    head.minor_version = version.back() - '0';
    return 0;
  }
  return version.starts_with("HTTP/") ? 505 : 400;
}

Refusal ReadRequestLine(std::string_view line, const HeadLimits& limits, RequestHead& head) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return 400;
  head.method = line.substr(0, first);
  if (!IsToken(head.method) || head.method.size() > kMaxMethodOctets) return 400;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.size() > limits.target_octets) return 414;
  if (target.empty()) return 400;
  head.target = CutAuthority(target);
  if (!IsTarget(head.target)) return 400;
  return ReadVersion(line.substr(last + 1), head);
}

Refusal ReadContentLength(std::string_view value, RequestHead& head) {
  // A repeated field is refused even where both agree: nobody but a smuggler sends it.
  if (head.content_length || value.empty() || value.size() > 18) return 400;
  std::uint64_t length = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return 400;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  head.content_length = length;
  return 0;
}

Refusal ReadTransferEncoding(std::string_view value, RequestHead& head) {
  if (head.is_chunked) return 400;
  if (!EqualsIgnoringCase(value, "chunked")) return 501;
  head.is_chunked = true;
  return 0;
}

void ReadConnection(std::string_view value, RequestHead& head) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    if (EqualsIgnoringCase(Trim(value.substr(0, comma)), "close")) head.wants_close = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

Refusal ReadField(std::string_view line, RequestHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return 400;
  const std::string_view name = line.substr(0, colon), value = Trim(line.substr(colon + 1));
  if (!IsToken(name)) return 400;
  if (std::any_of(value.begin(), value.end(), [](char c) { return IsControl(c) && c != '\t'; })) return 400;
  if (EqualsIgnoringCase(name, "Content-Length")) return ReadContentLength(value, head);
  if (EqualsIgnoringCase(name, "Transfer-Encoding")) return ReadTransferEncoding(value, head);
  if (EqualsIgnoringCase(name, "Connection")) ReadConnection(value, head);
  if (EqualsIgnoringCase(name, "X-Forwarded-For")) {
    head.forwarded_for.append(head.forwarded_for.empty() ? "" : ",").append(value);
  }
  if (EqualsIgnoringCase(name, "If-None-Match")) head.if_none_match = value;
  if (EqualsIgnoringCase(name, "If-Modified-Since")) head.if_modified_since = value;
  if (EqualsIgnoringCase(name, "Expect")) {
    if (!EqualsIgnoringCase(value, "100-continue")) return 417;
    head.expects_continue = true;
  }
  return 0;
}

Refusal CheckFraming(RequestHead& head) {
  if (head.is_chunked && (head.content_length || head.minor_version == 0)) return 400;
  if (head.minor_version == 0) {
    head.wants_close = true;
    head.expects_continue = false;
  }
  return 0;
}

// TakeLine cuts the first line with its CRLF from `text`.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 2, text.size()));
  return line;
}

}  // namespace

int HeadScanner::OverLimit(std::size_t seen) const {
  if (lines_ == 0) return seen - request_line_ > limits_.target_octets + kRequestLineRoom ? 414 : 0;
  if (seen - fields_ > limits_.header_octets || lines_ - 1 > limits_.header_count) return 431;
  return 0;
}

tl::expected<std::size_t, int> HeadScanner::Scan(std::string_view input) {
  while (true) {
    const std::size_t end = input.find('\n', position_);
    if (end == std::string_view::npos) {
      position_ = input.size();
      if (const int status = OverLimit(input.size())) return tl::unexpected(status);
      return 0;
    }
    if (end == line_ || input[end - 1] != '\r') return tl::unexpected(400);
    const bool is_empty = end - line_ == 1;
    position_ = line_ = end + 1;
    if (is_empty && lines_ > 0) return position_;
    if (is_empty) {
      request_line_ = position_;
      if (position_ > kMaxLeadingOctets) return tl::unexpected(400);
      continue;
    }
    if (lines_ == 0 && OverLimit(position_) != 0) return tl::unexpected(414);
    if (++lines_ == 1) fields_ = position_;
    if (const int status = OverLimit(position_)) return tl::unexpected(status);
  }
}

tl::expected<RequestHead, int> ParseHead(std::string_view head, const HeadLimits& limits) {
  while (head.starts_with("\r\n")) head.remove_prefix(2);
  RequestHead parsed;
  if (const Refusal status = ReadRequestLine(TakeLine(head), limits, parsed)) return tl::unexpected(status);
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    if (line.empty()) break;
    if (const Refusal status = ReadField(line, parsed)) return tl::unexpected(status);
  }
  if (const Refusal status = CheckFraming(parsed)) return tl::unexpected(status);
  return parsed;
}

}  // namespace gateway
