#include "policy/name_set.h"

#include <algorithm>

#include "policy/pattern.h"

namespace engine::policy {

namespace {

bool IsSameName(const pki::GeneralName& a, const pki::GeneralName& b) {
  if (a.kind != b.kind) return false;
  return a.kind == "dns" ? EqualsIgnoringCase(a.value, b.value) : a.value == b.value;
}

bool Contains(const std::vector<pki::GeneralName>& names, const pki::GeneralName& name) {
  return std::ranges::any_of(names, [&](const auto& candidate) { return IsSameName(candidate, name); });
}

}  // namespace

bool IsSameNameSet(const std::vector<pki::GeneralName>& a, const std::vector<pki::GeneralName>& b) {
  return std::ranges::all_of(a, [&](const auto& name) { return Contains(b, name); }) &&
         std::ranges::all_of(b, [&](const auto& name) { return Contains(a, name); });
}

}  // namespace engine::policy
