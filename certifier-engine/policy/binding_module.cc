#include "policy/modules.h"
#include "policy/name_set.h"

namespace engine::policy {

Finding JudgeBinding(const Policy&, const RequestFacts& facts, issuance::CertificateTemplate&) {
  if (!facts.voucher) return Continue();
  if (!facts.voucher->bound_subject.empty()) {
    const auto bound = pki::Name::FromString(facts.voucher->bound_subject);
    if (!bound || !bound->Matches(facts.request.subject())) return Refuse("the subject is not the key's");
  }
  if (facts.voucher->bound_alternative_names.empty()) return Continue();
  std::vector<pki::GeneralName> bound;
  for (const auto& text : facts.voucher->bound_alternative_names) {
    auto name = pki::ParseGeneralName(text);
    if (!name) return Refuse("the key is bound to a name that cannot be read");
    bound.push_back(*std::move(name));
  }
  if (!IsSameNameSet(bound, facts.request.alternative_names()))
    return Refuse("the alternative names are not the key's");
  return Continue();
}

}  // namespace engine::policy
