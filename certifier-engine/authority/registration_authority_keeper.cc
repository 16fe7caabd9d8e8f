#include "authority/registration_authority_keeper.h"

#include <algorithm>

#include "service/log.h"

namespace engine::authority {

namespace {

std::uint32_t KeyBits(const CertificationAuthority& ca) {
  const auto key = ca.registration_authorities.front().certificate.public_key();
  return key ? static_cast<std::uint32_t>(key->bits()) : 2048;
}

}  // namespace

RegistrationAuthorityKeeper::RegistrationAuthorityKeeper(store::AdministrationStore& store, Directory& directory,
                                                         const GenerationMaker& maker, Clock clock, Settings settings)
    : store_(store), directory_(directory), maker_(maker), clock_(std::move(clock)), settings_(settings) {}

// One that would end no later is not renewed: its CA ends then, and is to be rolled over.
bool RegistrationAuthorityKeeper::IsDue(const CertificationAuthority& ca) const {
  const auto is_next = [](const auto& authority) {
    return authority.state == store::RegistrationAuthorityState::kNext;
  };
  if (std::ranges::any_of(ca.registration_authorities, is_next)) return false;
  return std::ranges::any_of(ca.registration_authorities, [&](const auto& authority) {
    const auto not_after = authority.certificate.not_after();
    return authority.is_current() && not_after && *not_after < clock_() + settings_.renewal_before &&
           *not_after + std::chrono::hours(1) < ca.not_after;
  });
}

result::Result<void> RegistrationAuthorityKeeper::Stage(const CertificationAuthority& ca) {
  store::RegistrationAuthorityRenewal renewal;
  renewal.ca_generation_id = ca.ca_generation_id;
  for (const auto& authority : ca.registration_authorities) {
    if (authority.is_current()) renewal.renewed.push_back(authority.certificate.der());
  }
  ASSIGN_OR_RETURN(renewal.registration_authorities,
                   maker_.MakeRegistrationAuthorities({ca.certificate, *ca.key},
                                                      {ca.name, ca.mode, KeyBits(ca), ca.not_before, ca.not_after}));
  return store_.StageRegistrationAuthorities(renewal, clock_());
}

std::size_t RegistrationAuthorityKeeper::StageDue() {
  std::size_t count = 0;
  const auto snapshot = directory_.snapshot();
  for (const auto& ca : snapshot->cas) {
    if (!IsDue(*ca)) continue;
    const auto staged = Stage(*ca);
    if (staged) {
      count++;
      service::LogInfo("registration_authority_renewed", {{"ca", ca->name}});
    } else if (staged.error().reason != result::Reason::kConflict) {
      // A conflict is another engine that was faster.
      service::LogError("registration_authority_not_renewed", {{"ca", ca->name}, {"detail", staged.error().detail}});
    }
  }
  if (count > 0) (void)directory_.Reload();
  return count;
}

result::Result<void> RegistrationAuthorityKeeper::PublishStaged() {
  const auto now = clock_();
  ASSIGN_OR_RETURN(const auto count, store_.PublishRegistrationAuthorities(now - settings_.lead, now));
  if (count == 0) return {};
  service::LogInfo("registration_authorities_published", {{"count", count}});
  return directory_.Reload();
}

result::Result<void> RegistrationAuthorityKeeper::DestroyRetired() {
  ASSIGN_OR_RETURN(const auto count, store_.DestroyRetiredKeys(clock_() - settings_.retirement));
  if (count > 0) service::LogInfo("retired_keys_destroyed", {{"count", count}});
  return {};
}

}  // namespace engine::authority
