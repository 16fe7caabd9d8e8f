#include "authority/rollover.h"

#include <algorithm>

#include "pki/cms.h"
#include "service/log.h"

namespace engine::authority {

namespace {

using result::Fail;
using result::Reason;

constexpr std::uint32_t kDefaultRegistrationAuthorityKeyBits = 2048;

std::uint32_t RegistrationAuthorityKeyBits(const CertificationAuthority& ca) {
  for (const auto& authority : ca.registration_authorities) {
    const auto key = authority.certificate.public_key();
    if (authority.is_current() && key) return static_cast<std::uint32_t>(key->bits());
  }
  return kDefaultRegistrationAuthorityKeyBits;
}

// The answer to GetNextCACert: the next bundle as certs-only, signed by the CA that devices trust (requirements N-01).
result::Result<pki::Bytes> SignNextCaCertificates(const CertificationAuthority& active,
                                                  const store::NewGeneration& next, TimePoint now) {
  std::vector<pki::ByteView> certificates;
  for (const auto& authority : next.registration_authorities) certificates.emplace_back(authority.certificate);
  certificates.emplace_back(next.certificate);
  if (!next.chain.empty()) certificates.emplace_back(next.chain);
  return pki::SignContent(pki::CertsOnly(certificates), {}, active.certificate, *active.key, active.digest, now);
}

// IssuerOf is the active generation of the CA of which one signed an intermediate CA; null if there is none. Several
// CAs may have one subject, and one signed.
std::shared_ptr<const CertificationAuthority> IssuerOf(const CertificationAuthority& intermediate,
                                                       const Snapshot& snapshot) {
  const auto is_signer = [&](const auto& ca) { return ca->certificate.der() == intermediate.chain.front().der(); };
  for (const auto* generations : {&snapshot.cas, &snapshot.other_generations}) {
    const auto signer = std::ranges::find_if(*generations, is_signer);
    if (signer != generations->end()) return snapshot.FindCa((*signer)->ca_id);
  }
  return nullptr;
}

}  // namespace

Rollover::Rollover(store::AdministrationStore& store, Directory& directory, const GenerationMaker& maker, Clock clock)
    : store_(store), directory_(directory), maker_(maker), clock_(std::move(clock)) {}

result::Result<GenerationSpecification> Rollover::SpecificationOf(const CertificationAuthority& active,
                                                                  const Wanted& wanted) const {
  GenerationSpecification next;
  next.ca_name = active.name;
  ASSIGN_OR_RETURN(next.subject, active.certificate.subject_name());
  next.key_algorithm = wanted.key_algorithm.empty() ? active.key_algorithm : wanted.key_algorithm;
  const auto days = std::chrono::ceil<std::chrono::days>(active.not_after - active.not_before).count() - 1;
  next.validity_days = wanted.validity_days != 0 ? wanted.validity_days : static_cast<std::uint32_t>(days);
  next.validity_days = std::max(next.validity_days, 1u);
  next.mode = active.mode;
  next.registration_authority_key_bits = RegistrationAuthorityKeyBits(active);
  if (active.chain.empty()) return next;
  next.issuer = IssuerOf(active, *directory_.snapshot());
  if (!next.issuer) return Fail(Reason::kConflict, "the CA that signed this one is not active");
  return next;
}

result::Result<void> Rollover::Stage(const std::string& ca, const Wanted& wanted, const std::string& login,
                                     const MaySign& may_sign) {
  const auto snapshot = directory_.snapshot();
  const auto active = snapshot->FindCa(ca);
  if (!active) return Fail(Reason::kNotFound, "no active CA is named " + ca);
  if (snapshot->FindNext(active->ca_id)) return Fail(Reason::kConflict, "the CA has a staged generation already");
  ASSIGN_OR_RETURN(const auto specification, SpecificationOf(*active, wanted));
  if (specification.issuer) RETURN_IF_ERROR(may_sign(specification.issuer->name));
  store::NextGeneration next;
  next.ca = active->name;
  next.active_generation_id = active->ca_generation_id;
  ASSIGN_OR_RETURN(next.generation, maker_.Make(specification));
  ASSIGN_OR_RETURN(next.next_ca_certificates, SignNextCaCertificates(*active, next.generation, clock_()));
  RETURN_IF_ERROR(store_.StageGeneration(next));
  service::LogInfo("ca_staged", {{"ca", ca}, {"login", login}});
  return directory_.Reload();
}

result::Result<void> Rollover::Activate(const std::string& ca, const std::string& login) {
  RETURN_IF_ERROR(store_.ActivateGeneration(ca, clock_()));
  service::LogInfo("ca_activated", {{"ca", ca}, {"login", login}});
  return directory_.Reload();
}

result::Result<void> Rollover::Unstage(const std::string& ca, const std::string& login) {
  RETURN_IF_ERROR(store_.UnstageGeneration(ca, clock_()));
  service::LogInfo("ca_unstaged", {{"ca", ca}, {"login", login}});
  return directory_.Reload();
}

}  // namespace engine::authority
