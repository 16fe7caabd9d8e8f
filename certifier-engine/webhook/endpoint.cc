#include "webhook/endpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace engine::webhook {

namespace {

using result::Reason;

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kMostHostOctets = 253;
constexpr std::uint16_t kHttpsPort = 443;

char Lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet - 'A' + 'a') : octet;
}

bool IsOf(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.size() <= kMostHostOctets && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::string Bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

result::Result<Endpoint> Endpoint::ParseHost(std::string_view text) {
  const auto malformed = [text] {
    return result::Fail(Reason::kMalformed, "'" + std::string(text) + "' is not HOST or HOST:PORT");
  };
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), Lower);
  const bool is_bracketed = lower.starts_with('[');
  const std::size_t end = is_bracketed ? lower.find(']') : std::min(lower.find(':'), lower.size());
  if (end == std::string::npos) return malformed();
  Endpoint endpoint;
  endpoint.host = is_bracketed ? lower.substr(1, end - 1) : lower.substr(0, end);
  if (!IsOf(endpoint.host, is_bracketed ? "0123456789abcdef:." : "abcdefghijklmnopqrstuvwxyz0123456789-_.")) {
    return malformed();
  }
  const auto rest = std::string_view(lower).substr(is_bracketed ? end + 1 : end);
  if (rest.empty()) return endpoint;
  const auto port = rest.starts_with(':') ? ParsePort(rest.substr(1)) : std::nullopt;
  if (!port) return malformed();
  endpoint.port = *port;
  return endpoint;
}

result::Result<Endpoint> Endpoint::Parse(std::string_view url) {
  const bool is_printable = std::ranges::all_of(url, [](char octet) { return octet > ' ' && octet < '\x7f'; });
  if (!is_printable || !url.starts_with(kScheme) || url.find('#') != std::string_view::npos) {
    return result::Fail(Reason::kMalformed, "the URL is not https://HOST[:PORT]/PATH");
  }
  const auto rest = url.substr(kScheme.size());
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  ASSIGN_OR_RETURN(auto endpoint, ParseHost(rest.substr(0, end)));
  endpoint.target = std::string(rest.substr(end));
  if (!endpoint.target.starts_with('/')) endpoint.target.insert(0, "/");
  return endpoint;
}

std::string Endpoint::Authority() const {
  return Bracketed(host) + ":" + std::to_string(port);
}

std::string Endpoint::HostHeader() const {
  return port == kHttpsPort ? Bracketed(host) : Authority();
}

}  // namespace engine::webhook
