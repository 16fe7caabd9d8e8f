#include <algorithm>

#include "pki/der.h"
#include "policy/modules.h"
#include "policy/pattern.h"

namespace engine::policy {

namespace {

constexpr char kCommonNameOid[] = "2.5.4.3";

result::Result<int> CountCommonNames(const pki::Name& name) {
  int count = 0;
  ASSIGN_OR_RETURN(const auto sequence, pki::der::ReadOnly(name.der(), pki::der::kSequence));
  for (pki::der::Reader names(sequence.value); !names.empty();) {
    ASSIGN_OR_RETURN(const auto relative_name, names.Next(pki::der::kSet));
    for (pki::der::Reader members(relative_name.value); !members.empty();) {
      ASSIGN_OR_RETURN(const auto member, members.Next(pki::der::kSequence));
      ASSIGN_OR_RETURN(const auto type, pki::der::Reader(member.value).Next(pki::der::kObjectIdentifier));
      if (pki::der::OidToString(type.value) == kCommonNameOid) ++count;
    }
  }
  return count;
}

Finding JudgeCommonName(const SubjectRule& rule, const RequestFacts& facts) {
  const bool is_entity_asked = rule.common_name_is_entity && facts.voucher && !facts.voucher->entity.empty();
  if (!is_entity_asked && rule.common_name_patterns.empty()) return Continue();
  // A second commonName would be judged by nobody, and some relying parties read the first one.
  const auto count = CountCommonNames(facts.request.subject());
  const auto common_name = facts.request.subject().CommonName();
  if (!count || *count != 1 || !common_name) return Refuse("the subject must have exactly one commonName");
  if (is_entity_asked && !EqualsIgnoringCase(*common_name, facts.voucher->entity)) {
    return Refuse("the commonName is not the entity's name");
  }
  const auto& patterns = rule.common_name_patterns;
  const auto matches = [&](const auto& pattern) { return MatchesPattern(*common_name, pattern); };
  if (!patterns.empty() && std::ranges::none_of(patterns, matches)) return Refuse("the commonName matches no pattern");
  return Continue();
}

}  // namespace

Finding JudgeSubject(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) {
  const pki::Name& subject = facts.request.subject();
  draft.subject = subject;
  if (!subject.is_empty()) return JudgeCommonName(policy.subject, facts);
  if (!policy.subject.may_be_empty) return Refuse("the subject is empty");
  if (facts.request.alternative_names().empty()) return Refuse("there is neither a subject nor an alternative name");
  return Continue();
}

}  // namespace engine::policy
