#ifndef CERTIFIER_ADMIN_SERVICE_CTL_URL_H
#define CERTIFIER_ADMIN_SERVICE_CTL_URL_H

#include <cstdint>
#include <string>
#include <string_view>

#include "result/result.h"

namespace ctl {

// Url is an http or https URL, taken apart.
struct Url {
  // Parse is malformed for another scheme, user information, a fragment, and anything that is not printable ASCII.
  static result::Result<Url> Parse(std::string_view text);

  // host is without brackets, HostAndPort with them where it is an IPv6 address.
  std::string HostAndPort() const;
  // TargetWith is the path with its query, which `query` is added to.
  std::string TargetWith(std::string_view query) const;

  bool is_tls = false;
  std::string host;
  std::uint16_t port = 0;
  std::string target;  // Path and query; begins with a slash.
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_URL_H
