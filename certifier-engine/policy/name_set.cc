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

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kLabelOctets = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kSchemeOctets = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.";
constexpr std::size_t kMostDnsOctets = 253, kMostLabelOctets = 63;

bool IsMadeOf(std::string_view text, std::string_view octets) {
  return text.find_first_not_of(octets) == std::string_view::npos;
}

bool IsDnsName(std::string_view name) {
  if (name.size() > kMostDnsOctets) return false;
  if (name.starts_with("*.")) name.remove_prefix(2);
  while (true) {
    const auto dot = std::min(name.find('.'), name.size());
    if (dot == 0 || dot > kMostLabelOctets || !IsMadeOf(name.substr(0, dot), kLabelOctets)) return false;
    if (dot == name.size()) return true;
    name.remove_prefix(dot + 1);
  }
}

bool IsMailbox(std::string_view name) {
  const auto at = name.find('@');
  return at != std::string_view::npos && at != 0 && at + 1 != name.size() && at == name.rfind('@') &&
         name.find(' ') == std::string_view::npos;
}

bool IsAbsoluteUri(std::string_view name) {
  const auto colon = name.find(':');
  return colon != std::string_view::npos && colon + 1 != name.size() &&
         IsMadeOf(name.substr(0, colon), kSchemeOctets) && kLetters.find(name.front()) != std::string_view::npos &&
         name.find(' ') == std::string_view::npos;
}

}  // namespace

bool IsSameNameSet(const std::vector<pki::GeneralName>& a, const std::vector<pki::GeneralName>& b) {
  return std::ranges::all_of(a, [&](const auto& name) { return Contains(b, name); }) &&
         std::ranges::all_of(b, [&](const auto& name) { return Contains(a, name); });
}

bool IsOfItsKind(const pki::GeneralName& name) {
  if (name.value.empty()) return false;
  if (name.kind == "dns") return IsDnsName(name.value);
  if (name.kind == "email") return IsMailbox(name.value);
  return name.kind != "uri" || IsAbsoluteUri(name.value);
}

}  // namespace engine::policy
