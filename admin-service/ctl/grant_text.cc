#include "ctl/grant_text.h"

#include <algorithm>
#include <array>

namespace ctl {

namespace v1 = certifier::v1;

namespace {

struct Level {
  const char* name;
  v1::AccessLevel level;
};
constexpr std::array<Level, 5> kLevels = {{{"read", v1::ACCESS_LEVEL_READ},
                                           {"revocation", v1::ACCESS_LEVEL_REVOCATION},
                                           {"entity-write", v1::ACCESS_LEVEL_ENTITY_WRITE},
                                           {"write", v1::ACCESS_LEVEL_WRITE},
                                           {"super-user", v1::ACCESS_LEVEL_SUPER_USER}}};

}  // namespace

std::vector<std::string> LevelNames() {
  std::vector<std::string> names;
  for (const Level& level : kLevels) names.emplace_back(level.name);
  return names;
}

std::string GrantText(const v1::Grant& grant) {
  const auto found = std::ranges::find(kLevels, grant.level(), &Level::level);
  const std::string level = found == kLevels.end() ? std::to_string(grant.level()) : found->name;
  return grant.ca().empty() ? level : level + ":" + grant.ca();
}

result::Result<v1::Grant> ParseGrant(const std::string& text) {
  const auto colon = std::min(text.find(':'), text.size());
  const auto found = std::ranges::find(kLevels, text.substr(0, colon), &Level::name);
  if (found == kLevels.end() || colon + 1 == text.size()) {
    return result::Fail(result::Reason::kMalformed, "\"" + text +
                                                        "\" is no LEVEL or LEVEL:CA; the levels are read, revocation, "
                                                        "entity-write, write and super-user");
  }
  v1::Grant grant;
  grant.set_level(found->level);
  if (colon < text.size()) grant.set_ca(text.substr(colon + 1));
  return grant;
}

}  // namespace ctl
