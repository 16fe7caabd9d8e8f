#include <algorithm>

#include "policy/modules.h"
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

// Whether both hold the same names; order and repetition do not count.
bool IsSameSet(const std::vector<pki::GeneralName>& a, const std::vector<pki::GeneralName>& b) {
  return std::ranges::all_of(a, [&](const auto& name) { return Contains(b, name); }) &&
         std::ranges::all_of(b, [&](const auto& name) { return Contains(a, name); });
}

}  // namespace

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
  if (!IsSameSet(bound, facts.request.alternative_names())) return Refuse("the alternative names are not the key's");
  return Continue();
}

}  // namespace engine::policy
