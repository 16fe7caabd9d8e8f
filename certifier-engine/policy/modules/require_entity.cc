#include <algorithm>

#include "policy/modules.h"
#include "policy/pattern.h"

namespace engine::policy {

namespace {

struct AttributeRule {
  std::string name;
  std::string pattern;
};

struct EntityRule {
  std::vector<std::string> name_patterns;
  std::vector<AttributeRule> attributes;
  Verdict then = Verdict::kPass;
  Verdict otherwise = Verdict::kDeny;
};

class RequireEntity final : public Module {
 public:
  explicit RequireEntity(EntityRule rule) : rule_(std::move(rule)) {}

  Finding Judge(const Facts& facts, Draft&) const override {
    if (facts.entity == nullptr) return Say(rule_.otherwise, "the request is for no entity");
    const EntityFacts& entity = *facts.entity;
    const auto matches = [&](const auto& pattern) { return MatchesPattern(entity.name, pattern); };
    if (!rule_.name_patterns.empty() && std::ranges::none_of(rule_.name_patterns, matches)) {
      return Say(rule_.otherwise, "the name of entity " + entity.name + " matches no pattern");
    }
    for (const AttributeRule& rule : rule_.attributes) {
      const auto found = entity.attributes.find(rule.name);
      if (found == entity.attributes.end()) {
        return Say(rule_.otherwise, "entity " + entity.name + " has no attribute " + rule.name);
      }
      if (!MatchesPattern(found->second, rule.pattern)) {
        return Say(rule_.otherwise, "attribute " + rule.name + " of entity " + entity.name + " does not match");
      }
    }
    return Say(rule_.then, "the request is for entity " + entity.name);
  }

 private:
  const EntityRule rule_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::RequireEntity& parameters, Faults& faults) {
  EntityRule rule;
  rule.name_patterns = ReadPatterns(parameters.name_patterns(), "name_patterns", faults);
  for (const auto& text : ReadPatterns(parameters.attributes(), "attributes", faults)) {
    const auto equals = text.find('=');
    faults.Require(equals != std::string::npos && equals != 0, "attributes: \"" + text + "\" is not NAME=PATTERN");
    if (equals != std::string::npos) rule.attributes.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  rule.then = VerdictOr(parameters.then(), Verdict::kPass, "then", faults);
  rule.otherwise = VerdictOr(parameters.otherwise(), Verdict::kDeny, "otherwise", faults);
  return std::make_unique<RequireEntity>(std::move(rule));
}

}  // namespace engine::policy
