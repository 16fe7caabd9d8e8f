#ifndef CERTIFIER_ENGINE_WEBHOOK_ENDPOINT_H
#define CERTIFIER_ENGINE_WEBHOOK_ENDPOINT_H

#include <cstdint>
#include <string>
#include <string_view>

#include "result/result.h"

namespace engine::webhook {

// Endpoint is a webhook's URL, taken apart.
struct Endpoint {
  // Parse reads "https://HOST[:PORT][/PATH]". Malformed for another scheme, user information, a fragment, and anything
  // that is not printable ASCII.
  static result::Result<Endpoint> Parse(std::string_view url);
  // ParseHost reads "HOST[:PORT]", an IPv6 address in brackets; 443 is the port that nobody names. The target is "/".
  static result::Result<Endpoint> ParseHost(std::string_view text);

  // Authority is "host:port", by which two endpoints are of one server.
  std::string Authority() const;
  // HostHeader leaves the port out where it is 443.
  std::string HostHeader() const;

  std::string host;  // Lower case, without brackets.
  std::uint16_t port = 443;
  std::string target = "/";  // Path and query.
};

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_ENDPOINT_H
