#ifndef CERTIFIER_SERVICE_CALLER_H
#define CERTIFIER_SERVICE_CALLER_H

#include <optional>
#include <string>
#include <string_view>

#include "pki/certificate.h"

namespace service {

// Role is who a certificate of the internal CA says its holder is, by a URI alternative name "urn:certifier:role:NAME".
enum class Role { kGateway, kEngine, kAdmin, kOperator };

// "gateway", "engine", "admin", "operator".
std::string_view ToString(Role role);
std::optional<Role> RoleFromString(std::string_view name);
// RoleUri is the URI for a role; RoleFromUri reads it, and nothing else.
std::string RoleUri(Role role);
std::optional<Role> RoleFromUri(std::string_view uri);

// RoleOf reads a certificate's role: exactly one role URI, else nothing.
std::optional<Role> RoleOf(const pki::Certificate& certificate);

// IsOperatorGroup tells whether a group of operators may have this name: 1 to 64 octets without control characters.
bool IsOperatorGroup(std::string_view name);

// Caller is the authenticated peer of one call.
struct Caller {
  Role role;
  // commonName of its certificate: the service's host, or what an operator's certificate was made for.
  std::string name;
  // Of the operator for whom it acts, once that is known.
  std::string login = {};
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_CALLER_H
