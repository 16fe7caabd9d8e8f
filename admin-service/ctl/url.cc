#include "ctl/url.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ctl {

namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";

bool IsPrintable(char c) {
  return c > 0x20 && c < 0x7f;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// SplitAuthority reads "host", "host:port", "[address]" or "[address]:port" into `url`; false if it is none.
bool SplitAuthority(std::string_view authority, Url& url) {
  std::string_view rest = authority;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return false;
    url.host = authority.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    const auto end = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, end);
    rest.remove_prefix(end);
  }
  if (url.host.empty() || url.host.find_first_of("[]@") != std::string::npos) return false;
  if (rest.empty()) return true;
  const auto port = rest.starts_with(':') ? ParsePort(rest.substr(1)) : std::nullopt;
  if (port.has_value()) url.port = *port;
  return port.has_value();
}

}  // namespace

result::Result<Url> Url::Parse(std::string_view text) {
  const auto malformed = [text] {
    return result::Fail(result::Reason::kMalformed, "'" + std::string(text) +
                                                        "' is no URL of a SCEP server: give one as "
                                                        "http://HOST:8080/scep/NAME");
  };
  Url url;
  url.is_tls = text.starts_with(kHttps);
  if (!url.is_tls && !text.starts_with(kHttp)) return malformed();
  const std::string_view rest = text.substr(url.is_tls ? kHttps.size() : kHttp.size());
  const bool is_sound = std::all_of(text.begin(), text.end(), IsPrintable) && text.find('#') == std::string_view::npos;
  url.port = url.is_tls ? 443 : 80;
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  if (!is_sound || !SplitAuthority(rest.substr(0, end), url)) return malformed();
  url.target = rest.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

std::string Url::HostAndPort() const {
  const bool is_address = host.find(':') != std::string::npos;
  return (is_address ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::TargetWith(std::string_view query) const {
  return target + (target.find('?') == std::string::npos ? "?" : "&") + std::string(query);
}

}  // namespace ctl
