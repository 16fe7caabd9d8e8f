#include <algorithm>

#include "policy/modules.h"
#include "policy/pattern.h"

namespace engine::policy {

namespace {

constexpr std::string_view kCommonName = "2.5.4.3";

struct TypeRule {
  std::string type;  // Dotted OID.
  std::string text;  // As the document has it, for the record.
  std::vector<std::string> patterns;
};

struct SubjectRule {
  std::vector<std::string> common_name_patterns;
  bool common_name_is_entity = false;
  bool entity_may_be_absent = false;
  std::vector<TypeRule> types;
  bool other_attributes = false;
  bool may_be_empty = false;
  Verdict otherwise = Verdict::kDeny;
};

std::string OidOf(const pki::NameAttribute& attribute) {
  return pki::NameTypeOid(attribute.type).value_or(attribute.type);
}

std::string EntityFault(const SubjectRule& rule, const EntityFacts* entity, std::string_view common_name) {
  if (!rule.common_name_is_entity) return "";
  if (entity == nullptr) return rule.entity_may_be_absent ? "" : "the request is for no entity";
  return EqualsIgnoringCase(common_name, entity->name) ? "" : "the commonName is not the entity's name";
}

// A second commonName would be judged by nobody, and some relying parties read the first one.
std::string CommonNameFault(const SubjectRule& rule, const Facts& facts,
                            const std::vector<pki::NameAttribute>& attributes) {
  const bool is_entity_asked = rule.common_name_is_entity && (facts.entity != nullptr || !rule.entity_may_be_absent);
  if (!is_entity_asked && rule.common_name_patterns.empty()) return "";
  const auto is_common_name = [](const auto& attribute) { return OidOf(attribute) == kCommonName; };
  if (std::ranges::count_if(attributes, is_common_name) != 1) return "the subject must have exactly one commonName";
  const std::string& common_name = std::ranges::find_if(attributes, is_common_name)->value;
  if (auto fault = EntityFault(rule, facts.entity, common_name); !fault.empty()) return fault;
  if (!rule.common_name_patterns.empty() && !MatchesOneOf(common_name, rule.common_name_patterns)) {
    return "the commonName matches no pattern";
  }
  return "";
}

std::string TypesFault(const SubjectRule& rule, const std::vector<pki::NameAttribute>& attributes) {
  for (const TypeRule& type : rule.types) {
    bool is_there = false;
    for (const auto& attribute : attributes) {
      if (OidOf(attribute) != type.type) continue;
      is_there = true;
      if (!MatchesOneOf(attribute.value, type.patterns)) return "the subject's " + type.text + " matches no pattern";
    }
    if (!is_there) return "the subject has no " + type.text;
  }
  if (rule.other_attributes || rule.types.empty()) return "";
  for (const auto& attribute : attributes) {
    const auto oid = OidOf(attribute);
    if (oid != kCommonName && std::ranges::find(rule.types, oid, &TypeRule::type) == rule.types.end()) {
      return "the subject may have no " + attribute.type;
    }
  }
  return "";
}

class MatchSubject final : public Module {
 public:
  explicit MatchSubject(SubjectRule rule) : rule_(std::move(rule)) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    const pki::Name& subject = draft.certificate.subject;
    std::string fault = subject.is_empty() ? EmptyFault(draft.certificate) : Fault(facts, subject);
    if (!fault.empty()) return Say(rule_.otherwise, std::move(fault));
    return Pass(subject.is_empty() ? "an empty subject is allowed" : "subject " + subject.ToString() + " is allowed");
  }

 private:
  std::string Fault(const Facts& facts, const pki::Name& subject) const {
    const auto attributes = subject.Attributes();
    if (!attributes) return "the subject cannot be read";
    auto fault = CommonNameFault(rule_, facts, *attributes);
    return fault.empty() ? TypesFault(rule_, *attributes) : fault;
  }

  std::string EmptyFault(const issuance::CertificateTemplate& certificate) const {
    if (!rule_.may_be_empty) return "the subject is empty";
    return certificate.alternative_names.empty() ? "there is neither a subject nor an alternative name" : "";
  }

  const SubjectRule rule_;
};

void ReadTypes(const certifier::v1::MatchSubject& parameters, SubjectRule& rule, Faults& faults) {
  for (const auto& text : ReadPatterns(parameters.attributes(), "attributes", faults)) {
    const auto equals = text.find('=');
    const auto type = equals == std::string::npos ? std::nullopt : pki::NameTypeOid(text.substr(0, equals));
    if (!type) {
      faults.Add("attributes: \"" + text + "\" is not TYPE=PATTERN");
      continue;
    }
    auto found = std::ranges::find(rule.types, *type, &TypeRule::type);
    if (found == rule.types.end()) found = rule.types.insert(found, {*type, text.substr(0, equals), {}});
    found->patterns.push_back(text.substr(equals + 1));
  }
}

}  // namespace

ModulePtr MakeModule(const certifier::v1::MatchSubject& parameters, Faults& faults) {
  SubjectRule rule;
  rule.common_name_patterns = ReadPatterns(parameters.common_name_patterns(), "common_name_patterns", faults);
  rule.common_name_is_entity = parameters.common_name_is_entity();
  rule.entity_may_be_absent = parameters.entity_may_be_absent();
  ReadTypes(parameters, rule, faults);
  rule.other_attributes = parameters.other_attributes();
  rule.may_be_empty = parameters.may_be_empty();
  rule.otherwise = VerdictOr(parameters.otherwise(), Verdict::kDeny, "otherwise", faults);
  return std::make_unique<MatchSubject>(std::move(rule));
}

}  // namespace engine::policy
