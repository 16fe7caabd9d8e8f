#include "service/caller.h"

#include <algorithm>
#include <array>

namespace service {

namespace {
constexpr std::string_view kRolePrefix = "urn:certifier:role:";
constexpr std::array kRoles = {Role::kGateway, Role::kEngine, Role::kAdmin, Role::kOperator};
}  // namespace

std::string_view ToString(Role role) {
  switch (role) {
    case Role::kGateway:
      return "gateway";
    case Role::kEngine:
      return "engine";
    case Role::kAdmin:
      return "admin";
    case Role::kOperator:
      return "operator";
  }
  return "unknown";
}

std::optional<Role> RoleFromString(std::string_view name) {
  for (const Role role : kRoles) {
    if (ToString(role) == name) return role;
  }
  return std::nullopt;
}

std::string RoleUri(Role role) {
  return std::string(kRolePrefix) + std::string(ToString(role));
}

std::optional<Role> RoleFromUri(std::string_view uri) {
  if (!uri.starts_with(kRolePrefix)) return std::nullopt;
  return RoleFromString(uri.substr(kRolePrefix.size()));
}

bool IsOperatorGroup(std::string_view name) {
  constexpr std::size_t kMostOctets = 64;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  return !name.empty() && name.size() <= kMostOctets && std::ranges::none_of(name, is_control);
}

std::optional<Role> RoleOf(const pki::Certificate& certificate) {
  const auto extensions = certificate.extensions();
  if (!extensions) return std::nullopt;
  std::optional<Role> found;
  for (const auto& extension : *extensions) {
    if (extension.oid != pki::kSubjectAlternativeNameOid) continue;
    const auto names = pki::ParseGeneralNames(extension.value);
    if (!names) return std::nullopt;
    for (const auto& name : *names) {
      if (name.kind != "uri" || !name.value.starts_with(kRolePrefix)) continue;
      const auto role = RoleFromUri(name.value);
      if (found || !role) return std::nullopt;
      found = role;
    }
  }
  return found;
}

}  // namespace service
