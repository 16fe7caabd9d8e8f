#include <algorithm>

#include "policy/modules.h"
#include "policy/pattern.h"

namespace engine::policy {

namespace {

constexpr std::size_t kMostDnsOctets = 253;

// A dNSName in the preferred syntax (RFC 5280 section 4.2.1.6), with the underscore and wildcard that are in use.
bool IsDnsName(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*";
  return !name.empty() && name.size() <= kMostDnsOctets && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string FaultOf(const AlternativeNameRule& rule, const pki::GeneralName& name) {
  if (std::ranges::find(rule.allowed_kinds, name.kind) == rule.allowed_kinds.end()) {
    return "alternative names of kind " + name.kind + " are not allowed";
  }
  if (name.value.empty()) return "an alternative name is empty";
  if (name.kind != "dns") return "";
  if (!IsDnsName(name.value)) return "a dNSName is none";
  const auto matches = [&](const auto& pattern) { return MatchesPattern(name.value, pattern); };
  if (!rule.dns_patterns.empty() && std::ranges::none_of(rule.dns_patterns, matches)) {
    return "a dNSName matches no pattern";
  }
  return "";
}

}  // namespace

Finding JudgeAlternativeNames(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) {
  const auto& names = facts.request.alternative_names();
  if (names.size() > policy.alternative_names.max_count) return Refuse("there are too many alternative names");
  for (const auto& name : names) {
    if (auto fault = FaultOf(policy.alternative_names, name); !fault.empty()) return Refuse(std::move(fault));
  }
  draft.alternative_names = names;
  return Continue();
}

}  // namespace engine::policy
