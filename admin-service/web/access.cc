#include "web/access.h"

#include <algorithm>
#include <cctype>

namespace web {

namespace {

namespace v1 = certifier::v1;

bool Includes(v1::AccessLevel granted, v1::AccessLevel wanted) {
  if (granted == v1::ACCESS_LEVEL_UNSPECIFIED) return false;
  if (granted == wanted || wanted == v1::ACCESS_LEVEL_READ || granted == v1::ACCESS_LEVEL_SUPER_USER) return true;
  return granted == v1::ACCESS_LEVEL_WRITE &&
         (wanted == v1::ACCESS_LEVEL_REVOCATION || wanted == v1::ACCESS_LEVEL_ENTITY_WRITE);
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

bool May(const v1::Operator& who, v1::AccessLevel level, std::string_view ca) {
  return std::ranges::any_of(who.grants(), [&](const v1::Grant& grant) {
    return Includes(grant.level(), level) && (grant.ca().empty() || EqualsIgnoringCase(grant.ca(), ca));
  });
}

bool MaySomewhere(const v1::Operator& who, v1::AccessLevel level) {
  return std::ranges::any_of(who.grants(), [&](const v1::Grant& grant) { return Includes(grant.level(), level); });
}

}  // namespace web
