#include "rpc/ca_view.h"

#include <algorithm>

#include "authority/ca_options.h"
#include "pki/certificate.h"
#include "pki/der.h"
#include "policy/pattern.h"
#include "rpc/fingerprint.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

using certifier::v1::Ca;
using certifier::v1::CaGeneration;

std::string StateText(store::GenerationState state) {
  switch (state) {
    case store::GenerationState::kNext:
      return "next";
    case store::GenerationState::kActive:
      return "active";
    case store::GenerationState::kRetired:
      break;
  }
  return "retired";
}

std::string ModeText(store::RegistrationAuthorityMode mode) {
  switch (mode) {
    case store::RegistrationAuthorityMode::kCombined:
      return "combined";
    case store::RegistrationAuthorityMode::kSplit:
      return "split";
    case store::RegistrationAuthorityMode::kNone:
      break;
  }
  return "none";
}

std::string UsageText(store::RegistrationAuthorityUsage usage) {
  switch (usage) {
    case store::RegistrationAuthorityUsage::kSigning:
      return "signing";
    case store::RegistrationAuthorityUsage::kEncryption:
      return "encryption";
    case store::RegistrationAuthorityUsage::kCombined:
      break;
  }
  return "combined";
}

result::Result<void> Fill(const store::RegistrationAuthorityRecord& record,
                          certifier::v1::RegistrationAuthorityCertificate& authority) {
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(const auto subject, certificate.subject_name());
  ASSIGN_OR_RETURN(const auto not_after, certificate.not_after());
  authority.set_subject(subject.ToString());
  *authority.mutable_not_after() = ToTimestamp(not_after);
  *authority.mutable_fingerprints() = ToProto(pki::FingerprintsOf(record.certificate));
  authority.set_certificate_pem(certificate.ToPem());
  authority.set_usage(UsageText(record.usage));
  return {};
}

result::Result<void> Fill(const store::CaRecord& record, CaGeneration& generation) {
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(const auto not_before, certificate.not_before());
  ASSIGN_OR_RETURN(const auto not_after, certificate.not_after());
  generation.set_number(record.generation_number);
  generation.set_state(StateText(record.state));
  generation.set_key_algorithm(record.key_algorithm);
  *generation.mutable_not_before() = ToTimestamp(not_before);
  *generation.mutable_not_after() = ToTimestamp(not_after);
  *generation.mutable_fingerprints() = ToProto(pki::FingerprintsOf(record.certificate));
  generation.set_certificate_pem(certificate.ToPem());
  if (record.retired_at) *generation.mutable_retired_at() = ToTimestamp(*record.retired_at);
  return {};
}

result::Result<void> FillChain(const store::CaRecord& record, Ca& ca) {
  for (pki::der::Reader reader(record.chain); !reader.empty();) {
    ASSIGN_OR_RETURN(const auto element, reader.Next(pki::der::kSequence));
    ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(element.encoding));
    ca.add_chain_pem(certificate.ToPem());
  }
  return {};
}

std::string PolicyName(const store::DirectoryRecord& directory, std::int64_t policy_id) {
  const auto found = std::ranges::find(directory.policies, policy_id, &store::PolicyRecord::policy_id);
  return found == directory.policies.end() ? std::string() : found->name;
}

// FillActive writes what of the active generation stands in the CA itself.
result::Result<void> FillActive(const store::CaRecord& record, const CaGeneration& generation, Ca& ca) {
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(const auto subject, certificate.subject_name());
  ca.set_subject(subject.ToString());
  ca.set_key_algorithm(generation.key_algorithm());
  *ca.mutable_not_before() = generation.not_before();
  *ca.mutable_not_after() = generation.not_after();
  *ca.mutable_fingerprints() = generation.fingerprints();
  ca.set_certificate_pem(generation.certificate_pem());
  ca.set_registration_authority(ModeText(record.mode));
  for (const auto& authority : record.registration_authorities) {
    if (authority.is_current()) RETURN_IF_ERROR(Fill(authority, *ca.add_registration_authorities()));
  }
  return FillChain(record, ca);
}

result::Result<void> AddGeneration(const store::CaRecord& record, Ca& ca) {
  CaGeneration& generation = *ca.add_generations();
  RETURN_IF_ERROR(Fill(record, generation));
  if (record.state != store::GenerationState::kActive) return {};
  return FillActive(record, generation, ca);
}

}  // namespace

result::Result<std::vector<Ca>> CasOf(const store::DirectoryRecord& directory) {
  std::vector<Ca> cas;
  for (const auto& record : directory.cas) {
    if (cas.empty() || cas.back().name() != record.name) {
      Ca& ca = cas.emplace_back();
      ca.set_name(record.name);
      ca.set_status(record.is_active ? "active" : "disabled");
      ca.set_policy(PolicyName(directory, record.policy_id));
      ca.set_is_default(record.is_default);
      ASSIGN_OR_RETURN(*ca.mutable_options(), authority::ReadOptions(record.options));
    }
    RETURN_IF_ERROR(AddGeneration(record, cas.back()));
  }
  return cas;
}

result::Result<Ca> CaNamed(const store::DirectoryRecord& directory, const std::string& name) {
  ASSIGN_OR_RETURN(auto cas, CasOf(directory));
  for (Ca& ca : cas) {
    if (policy::EqualsIgnoringCase(ca.name(), name)) return std::move(ca);
  }
  return result::Fail(result::Reason::kNotFound, "no such CA");
}

}  // namespace engine::rpc
