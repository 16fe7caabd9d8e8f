#include <algorithm>
#include <array>

#include "pki/network.h"
#include "policy/modules.h"
#include "policy/name_set.h"
#include "policy/pattern.h"

namespace engine::policy {

namespace {

constexpr std::array<std::string_view, 4> kKinds = {"dns", "ip", "email", "uri"};
constexpr std::uint32_t kDefaultNames = 16, kMostNames = 256;

struct NameRule {
  std::vector<std::string> allowed_kinds;
  std::vector<std::string> dns_patterns, email_patterns, uri_patterns;
  std::vector<pki::Network> networks;
  std::size_t max_count = kDefaultNames, min_count = 0;
  Verdict otherwise = Verdict::kDeny;
};

bool MatchesAny(std::string_view name, const std::vector<std::string>& patterns) {
  return patterns.empty() || MatchesOneOf(name, patterns);
}

bool IsIn(std::string_view address, const std::vector<pki::Network>& networks) {
  return networks.empty() ||
         std::ranges::any_of(networks, [&](const auto& network) { return network.Contains(address); });
}

bool MatchesItsKind(const NameRule& rule, const pki::GeneralName& name) {
  if (name.kind == "dns") return MatchesAny(name.value, rule.dns_patterns);
  if (name.kind == "ip") return IsIn(name.value, rule.networks);
  if (name.kind == "email") return MatchesAny(name.value, rule.email_patterns);
  return MatchesAny(name.value, rule.uri_patterns);
}

std::string FaultOf(const NameRule& rule, const pki::GeneralName& name) {
  if (std::ranges::find(rule.allowed_kinds, name.kind) == rule.allowed_kinds.end()) {
    return "alternative names of kind " + name.kind + " are not allowed";
  }
  if (!IsOfItsKind(name)) return "an alternative name of kind " + name.kind + " is none";
  return MatchesItsKind(rule, name) ? "" : pki::ToString(name) + " matches nothing that is allowed";
}

class MatchAlternativeNames final : public Module {
 public:
  explicit MatchAlternativeNames(NameRule rule) : rule_(std::move(rule)) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    const auto& names = draft.certificate.alternative_names;
    if (names.size() > rule_.max_count) return Say(rule_.otherwise, "there are too many alternative names");
    if (names.size() < rule_.min_count) return Say(rule_.otherwise, "there are too few alternative names");
    for (const auto& name : names) {
      if (auto fault = FaultOf(rule_, name); !fault.empty()) return Say(rule_.otherwise, std::move(fault));
    }
    if (names.empty()) return Pass("there are no alternative names");
    return Pass(std::to_string(names.size()) + (names.size() == 1 ? " alternative name is" : " alternative names are") +
                " allowed");
  }

 private:
  const NameRule rule_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::MatchAlternativeNames& parameters, Faults& faults) {
  NameRule rule;
  for (const auto& kind : parameters.allowed_kinds()) {
    faults.Require(std::ranges::find(kKinds, kind) != kKinds.end(),
                   "allowed_kinds: \"" + kind + "\" is not dns, ip, email or uri");
    rule.allowed_kinds.push_back(kind);
  }
  rule.dns_patterns = ReadPatterns(parameters.dns_patterns(), "dns_patterns", faults);
  rule.email_patterns = ReadPatterns(parameters.email_patterns(), "email_patterns", faults);
  rule.uri_patterns = ReadPatterns(parameters.uri_patterns(), "uri_patterns", faults);
  for (const auto& text : ReadPatterns(parameters.ip_networks(), "ip_networks", faults)) {
    auto network = pki::Network::Parse(text);
    if (network) {
      rule.networks.push_back(*std::move(network));
    } else {
      faults.Add("ip_networks: \"" + text + "\" is no network");
    }
  }
  faults.Require(parameters.max_count() <= kMostNames, "max_count is above 256");
  if (parameters.max_count() != 0) rule.max_count = parameters.max_count();
  faults.Require(parameters.min_count() <= rule.max_count, "min_count is above max_count");
  rule.min_count = parameters.min_count();
  rule.otherwise = VerdictOr(parameters.otherwise(), Verdict::kDeny, "otherwise", faults);
  return std::make_unique<MatchAlternativeNames>(std::move(rule));
}

}  // namespace engine::policy
