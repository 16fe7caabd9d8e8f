#include "enrollment/renewal.h"

#include "pki/extensions.h"
#include "policy/name_set.h"

namespace engine::enrollment {

namespace {

std::optional<std::string_view> TimeFault(const RenewalClaim& claim, const policy::RenewalRule& rule) {
  const auto begin = claim.certificate.not_before();
  const auto end = claim.certificate.not_after();
  if (!begin || !end) return "renewal_certificate_unreadable";
  const auto window = (*end - *begin) / 100 * static_cast<int>(rule.window_percent);
  if (claim.now < *end - window) return "renewal_too_early";
  if (claim.now > *end + rule.grace) return "renewal_too_late";
  return std::nullopt;
}

result::Result<std::vector<pki::GeneralName>> AlternativeNamesOf(const pki::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto extensions, certificate.extensions());
  for (const auto& extension : extensions) {
    if (extension.oid == pki::kSubjectAlternativeNameOid) return pki::ParseGeneralNames(extension.value);
  }
  return std::vector<pki::GeneralName>();
}

std::optional<std::string_view> NameFault(const RenewalClaim& claim) {
  const auto subject = claim.certificate.subject_name();
  const auto names = AlternativeNamesOf(claim.certificate);
  if (!subject || !names) return "renewal_certificate_unreadable";
  if (!subject->Matches(claim.request.subject())) return "renewal_of_another_subject";
  if (!policy::IsSameNameSet(*names, claim.request.alternative_names())) return "renewal_of_other_alternative_names";
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> RenewalFault(const RenewalClaim& claim, const policy::RenewalRule& rule) {
  if (claim.record.ca_id != claim.ca_id) return "renewal_of_another_ca";
  if (claim.record.is_revoked) return "renewal_certificate_revoked";
  if (claim.record.entity_id && !claim.record.is_entity_active) return "entity_inactive";
  if (const auto fault = TimeFault(claim, rule)) return fault;
  if (const auto fault = NameFault(claim)) return fault;
  const auto key = claim.certificate.public_key();
  if (!key) return "renewal_certificate_unreadable";
  const bool key_stays = key->subject_public_key() == claim.request.public_key().subject_public_key();
  if (key_stays && !rule.key_may_stay) return "renewal_for_the_same_key";
  if (claim.record.renewal_count >= rule.max_renewals) return "renewed_too_often";
  return std::nullopt;
}

}  // namespace engine::enrollment
