#include "policy/renewal.h"

#include "pki/extensions.h"
#include "policy/name_set.h"

namespace engine::policy {

namespace {

constexpr std::uint32_t kMostGraceDays = 365, kMostRenewals = 1000;

std::optional<std::string_view> TimeFault(const pki::Certificate& certificate, TimePoint now, const RenewalRule& rule) {
  const auto begin = certificate.not_before();
  const auto end = certificate.not_after();
  if (!begin || !end) return "renewal_certificate_unreadable";
  const auto window = (*end - *begin) / 100 * static_cast<int>(rule.window_percent);
  if (now < *end - window) return "renewal_too_early";
  if (now > *end + rule.grace) return "renewal_too_late";
  return std::nullopt;
}

result::Result<std::vector<pki::GeneralName>> AlternativeNamesOf(const pki::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto extensions, certificate.extensions());
  for (const auto& extension : extensions) {
    if (extension.oid == pki::kSubjectAlternativeNameOid) return pki::ParseGeneralNames(extension.value);
  }
  return std::vector<pki::GeneralName>();
}

std::optional<std::string_view> NameFault(const pki::Certificate& certificate, const pki::CertificateRequest& request) {
  const auto subject = certificate.subject_name();
  const auto names = AlternativeNamesOf(certificate);
  if (!subject || !names) return "renewal_certificate_unreadable";
  if (!subject->Matches(request.subject())) return "renewal_of_another_subject";
  if (!IsSameNameSet(*names, request.alternative_names())) return "renewal_of_other_alternative_names";
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> StandingFault(const store::RenewableCertificate& record, std::int64_t ca_id) {
  if (record.ca_id != ca_id) return "renewal_of_another_ca";
  if (record.is_revoked) return "renewal_certificate_revoked";
  if (record.entity && !record.entity->is_active) return "entity_inactive";
  return std::nullopt;
}

std::optional<std::string_view> RenewalFault(const SignerFacts& signer, const pki::CertificateRequest& request,
                                             TimePoint now, const RenewalRule& rule) {
  if (const auto fault = TimeFault(signer.certificate, now, rule)) return fault;
  if (const auto fault = NameFault(signer.certificate, request)) return fault;
  const auto key = signer.certificate.public_key();
  if (!key) return "renewal_certificate_unreadable";
  const bool key_stays = key->subject_public_key() == request.public_key().subject_public_key();
  if (key_stays && !rule.key_may_stay) return "renewal_for_the_same_key";
  if (signer.record.renewal_count >= rule.max_renewals) return "renewed_too_often";
  return std::nullopt;
}

RenewalRule ReadRenewalRule(const certifier::v1::RequireSigner& parameters, Faults& faults) {
  RenewalRule rule;
  faults.Require(parameters.window_percent() <= 100, "window_percent is above 100");
  if (parameters.window_percent() != 0) rule.window_percent = parameters.window_percent();
  faults.Require(parameters.grace_days() <= kMostGraceDays, "grace_days is above 365");
  rule.grace = std::chrono::hours(24) * parameters.grace_days();
  rule.key_may_stay = parameters.key_may_stay();
  faults.Require(parameters.max_renewals() <= kMostRenewals, "max_renewals is above 1000");
  if (parameters.max_renewals() != 0) rule.max_renewals = parameters.max_renewals();
  return rule;
}

}  // namespace engine::policy
