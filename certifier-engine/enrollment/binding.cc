#include "enrollment/binding.h"

#include "policy/name_set.h"

namespace engine::enrollment {

bool MatchesBinding(const store::Binding& binding, const pki::CertificateRequest& request) {
  if (!binding.subject.empty()) {
    const auto subject = pki::Name::FromString(binding.subject);
    if (!subject || !subject->Matches(request.subject())) return false;
  }
  if (binding.alternative_names.empty()) return true;
  std::vector<pki::GeneralName> names;
  for (const auto& text : binding.alternative_names) {
    auto name = pki::ParseGeneralName(text);
    if (!name) return false;
    names.push_back(*std::move(name));
  }
  return policy::IsSameNameSet(names, request.alternative_names());
}

}  // namespace engine::enrollment
