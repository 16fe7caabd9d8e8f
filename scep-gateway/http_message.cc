#include "http_message.h"

#include <array>
#include <ctime>

namespace gateway {
namespace {

constexpr std::chrono::seconds kRetryAfter{5};
// After a minute a budget is whole again.
constexpr std::chrono::seconds kBudgetRetryAfter{60};

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
  }
  return "Unknown";
}

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

HttpResponse StatusResponse(int status) {
  HttpResponse response;
  response.status = status;
  response.body = std::string(ReasonPhrase(status)) + "\n";
  response.cache_control = "no-store";
  if (status == 503) response.retry_after = kRetryAfter;
  if (status == 429) response.retry_after = kBudgetRetryAfter;
  if (status == 405) response.allow = "GET, HEAD, POST";
  return response;
}

std::string WriteResponse(const HttpResponse& response, Framing framing, std::string_view date) {
  std::string out;
  out.reserve(320 + (framing.omits_body ? 0 : response.body.size()));
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(ReasonPhrase(response.status)).append("\r\n");
  AppendField(out, "Date", date);
  if (response.status != 304) {
    const std::size_t length = response.shared_body ? response.shared_body->size() : response.body.size();
    AppendField(out, "Content-Type", response.content_type);
    AppendField(out, "Content-Length", std::to_string(length));
  }
  AppendField(out, "Cache-Control", response.cache_control);
  AppendField(out, "ETag", response.etag);
  AppendField(out, "Last-Modified", response.last_modified);
  AppendField(out, "Allow", response.allow);
  if (response.retry_after.count() > 0) AppendField(out, "Retry-After", std::to_string(response.retry_after.count()));
  if (framing.closes) AppendField(out, "Connection", "close");
  out.append("\r\n");
  if (!framing.omits_body && response.status != 304 && !response.shared_body) out.append(response.body);
  return out;
}

std::string HttpDate(std::chrono::system_clock::time_point when) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  // strftime's names are those of RFC 9110 only in the C locale, which this process never leaves.
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return std::string(text.data(), length);
}

}  // namespace gateway
