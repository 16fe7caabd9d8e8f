#include "enrollment/check_steps.h"

#include "policy/text.h"

namespace engine::enrollment {

namespace {

using policy::Step;
using policy::Verdict;

constexpr std::size_t kMostOctets = 1000;

Step StepOf(std::string_view check, bool is_fault, const std::string& saw) {
  Step step;
  step.module = check;
  step.verdict = is_fault ? Verdict::kDeny : Verdict::kPass;
  step.saw = policy::Excerpt(saw, kMostOctets);
  return step;
}

Step KeyStep(const std::optional<store::KeyRecord>& key, std::string_view fault) {
  const bool is_fault = fault.starts_with("key_") || fault == "entity_inactive";
  if (!key) return StepOf("pre_shared_key", is_fault, "the challenge is the value of no key");
  std::string reserved;
  if (key->reserved_count > 0) reserved = ", " + std::to_string(key->reserved_count) + " reserved by what waits";
  return StepOf("pre_shared_key", is_fault,
                std::string(key->is_disabled ? "disabled " : "") + "key " + key->reference_number + " of " +
                    (key->entity.is_active ? "" : "the inactive ") + "entity " + key->entity.name + ", good from " +
                    policy::TimeText(key->not_before) + " until " + policy::TimeText(key->expires_at) + ", used " +
                    std::to_string(key->use_count) + " of " + std::to_string(key->use_limit) + " times" + reserved);
}

std::string BindingText(const store::Binding& binding) {
  std::string text = "bound to";
  if (!binding.subject.empty()) text += " the subject " + binding.subject;
  if (!binding.alternative_names.empty()) {
    text += std::string(binding.subject.empty() ? "" : " and") + " the alternative names " +
            policy::Joined(binding.alternative_names);
  }
  return text;
}

void AddBinding(std::string_view check, const store::Binding& binding, const pki::CertificateRequest& request,
                bool is_fault, std::vector<Step>& steps) {
  if (binding.subject.empty() && binding.alternative_names.empty()) return;
  std::vector<std::string> names;
  for (const auto& name : request.alternative_names()) names.push_back(pki::ToString(name));
  steps.push_back(StepOf(check, is_fault,
                         BindingText(binding) + "; the request asks for the subject " + request.subject().ToString() +
                             " and " + (names.empty() ? "no alternative name" : policy::Joined(names))));
}

Step SignerStep(const store::RenewableCertificate& signer, std::string_view fault) {
  std::string saw = "signed by a certificate of ours";
  if (signer.entity)
    saw += std::string(signer.entity->is_active ? " of" : " of the inactive") + " entity " + signer.entity->name;
  saw += signer.is_revoked ? ", revoked or suspended" : ", good";
  saw += ", renewed " + std::to_string(signer.renewal_count) + " times";
  return StepOf("signer_certificate", fault.starts_with("renewal_") || fault == "entity_inactive", saw);
}

}  // namespace

std::vector<Step> CheckSteps(const pki::CertificateRequest& request, bool has_challenge,
                             const store::EnrollmentFacts& facts, std::string_view fault) {
  std::vector<Step> steps;
  if (facts.renewable) {
    steps.push_back(SignerStep(*facts.renewable, fault));
    if (facts.renewable->entity) {
      AddBinding("entity_names", facts.renewable->entity->binding, request, fault == "names_are_not_the_entitys",
                 steps);
    }
  }
  if (!has_challenge) return steps;
  steps.push_back(KeyStep(facts.key, fault));
  if (!facts.key) return steps;
  AddBinding("key_names", facts.key->binding, request, fault == "names_are_not_the_keys", steps);
  if (!facts.renewable) {
    AddBinding("entity_names", facts.key->entity.binding, request, fault == "names_are_not_the_entitys", steps);
  }
  return steps;
}

}  // namespace engine::enrollment
