#include "enrollment/binding.h"

#include "pki/extensions.h"
#include "pki/name.h"
#include "policy/name_set.h"

namespace engine::enrollment {

namespace {

constexpr std::size_t kMostAlternativeNames = 256;

}  // namespace

result::Result<std::vector<std::string>> ReadBoundNames(const std::vector<std::string>& texts) {
  if (texts.size() > kMostAlternativeNames) {
    return result::Fail(result::Reason::kMalformed, "there are more than 256 alternative names");
  }
  std::vector<std::string> names;
  for (const auto& text : texts) {
    auto name = pki::ParseGeneralName(text);
    if (!name) return result::Wrap("subject_alternative_names", std::move(name).error());
    names.push_back(pki::ToString(*name));
  }
  return names;
}

result::Result<store::Binding> ReadBinding(const std::string& subject,
                                           const std::vector<std::string>& alternative_names) {
  if (!subject.empty()) {
    auto name = pki::Name::FromString(subject);
    if (!name) return result::Wrap("subject", std::move(name).error());
  }
  ASSIGN_OR_RETURN(auto names, ReadBoundNames(alternative_names));
  return store::Binding{subject, std::move(names)};
}

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
