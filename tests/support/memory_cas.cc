#include <algorithm>

#include "support/memory_store.h"

// What MemoryStore knows of CAs and their generations.
namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

auto OrderOf(const CaRecord& ca) {
  return std::pair(Lower(ca.name), ca.generation_number);
}

RegistrationAuthorityRecord RecordOf(const NewRegistrationAuthority& authority) {
  return {RegistrationAuthorityState::kCurrent, authority.usage, authority.certificate, authority.sealed_key};
}

}  // namespace

Result<DirectoryRecord> MemoryStore::LoadDirectory() {
  const std::lock_guard lock(mutex_);
  DirectoryRecord directory;
  directory.cas = cas_;
  for (auto& ca : directory.cas) {
    if (const Crl* const newest = NewestCrl(ca.ca_generation_id)) ca.crl = newest->record;
    ca.is_crl_complete = IsCrlComplete(ca.ca_generation_id);
    std::erase_if(ca.registration_authorities, [](const auto& authority) { return authority.sealed_key.empty(); });
    std::ranges::stable_sort(ca.registration_authorities, {}, [](const auto& authority) {
      if (authority.is_current()) return 0;
      return authority.state == RegistrationAuthorityState::kNext ? 1 : 2;
    });
  }
  std::ranges::sort(directory.cas, {}, OrderOf);
  for (const auto& version : policy_versions_) {
    if (LatestPolicy(version.name) == &version) directory.policies.push_back(version);
  }
  return directory;
}

CaRecord& MemoryStore::AddGeneration(CaRecord common, const NewGeneration& generation) {
  CaRecord record = std::move(common);
  record.ca_generation_id = static_cast<std::int64_t>(cas_.size()) + 1;
  record.mode = generation.mode;
  record.key_algorithm = generation.key_algorithm;
  record.certificate = generation.certificate;
  record.chain = generation.chain;
  record.sealed_key = generation.sealed_key;
  ends_[record.ca_generation_id] = generation.not_after;
  record.registration_authorities.clear();
  for (const auto& authority : generation.registration_authorities) {
    record.registration_authorities.push_back(RecordOf(authority));
  }
  cas_.push_back(std::move(record));
  return cas_.back();
}

Result<void> MemoryStore::CreateCa(const NewCa& ca) {
  const std::lock_guard lock(mutex_);
  const PolicyRecord* const policy = LatestPolicy(ca.policy);
  if (policy == nullptr) return Fail(Reason::kNotFound, "no policy is named " + ca.policy);
  if (FindCa(ca.name) != nullptr) return Fail(Reason::kConflict, "a CA is named " + ca.name + " already");
  CaRecord common;
  for (const auto& known : cas_) common.ca_id = std::max(common.ca_id, known.ca_id);
  common.ca_id++;
  common.name = ca.name;
  common.is_default = cas_.empty();
  common.policy_id = policy->policy_id;
  AddGeneration(std::move(common), ca.generation);
  return {};
}

Result<void> MemoryStore::UpdateCa(const CaChange& change) {
  const std::lock_guard lock(mutex_);
  const CaRecord* const found = FindCa(change.name);
  if (found == nullptr) return Fail(Reason::kNotFound, "no CA is named " + change.name);
  if (found->options != change.known_options) return Fail(Reason::kConflict, "the CA was changed meanwhile");
  const PolicyRecord* const policy = change.policy.empty() ? nullptr : LatestPolicy(change.policy);
  if (!change.policy.empty() && policy == nullptr)
    return Fail(Reason::kNotFound, "no policy is named " + change.policy);
  const std::int64_t ca_id = found->ca_id;
  for (CaRecord& ca : cas_) {
    if (change.make_default) ca.is_default = ca.ca_id == ca_id;
    if (ca.ca_id != ca_id) continue;
    ca.options = change.options;
    if (policy != nullptr) ca.policy_id = policy->policy_id;
    if (change.is_active) ca.is_active = *change.is_active;
  }
  return {};
}

CaRecord* MemoryStore::FindGeneration(std::int64_t ca_id, GenerationState state) {
  const auto found = std::ranges::find_if(cas_, [&](const auto& ca) { return ca.ca_id == ca_id && ca.state == state; });
  return found == cas_.end() ? nullptr : &*found;
}

Result<void> MemoryStore::StageGeneration(const NextGeneration& next) {
  const std::lock_guard lock(mutex_);
  const CaRecord* const active = FindCa(next.ca);
  if (active == nullptr) return Fail(Reason::kNotFound, "no CA is named " + next.ca);
  if (active->ca_generation_id != next.active_generation_id) return Fail(Reason::kConflict, "it was rolled over");
  if (FindGeneration(active->ca_id, GenerationState::kNext) != nullptr) return Fail(Reason::kConflict, "one is staged");
  CaRecord common = *active;
  common.state = GenerationState::kNext;
  for (const auto& known : cas_) {
    if (known.ca_id == common.ca_id)
      common.generation_number = std::max(common.generation_number, known.generation_number);
  }
  common.generation_number++;
  AddGeneration(std::move(common), next.generation).next_ca_certificates = next.next_ca_certificates;
  return {};
}

void MemoryStore::RetireAuthorities(CaRecord& generation, TimePoint now) {
  for (auto& authority : generation.registration_authorities) {
    if (authority.state != RegistrationAuthorityState::kRetired) retirements_[authority.certificate] = now;
    authority.state = RegistrationAuthorityState::kRetired;
  }
}

void MemoryStore::Retire(CaRecord& generation, TimePoint now) {
  generation.state = GenerationState::kRetired;
  generation.retired_at = now;
  RetireAuthorities(generation, now);
}

Result<void> MemoryStore::ActivateGeneration(const std::string& name, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const CaRecord* const ca = FindCa(name);
  if (ca == nullptr) return Fail(Reason::kNotFound, "no CA is named " + name);
  CaRecord* const next = FindGeneration(ca->ca_id, GenerationState::kNext);
  if (next == nullptr) return Fail(Reason::kConflict, "nothing is staged");
  Retire(*FindGeneration(ca->ca_id, GenerationState::kActive), now);
  next->state = GenerationState::kActive;
  next->next_ca_certificates.clear();
  return {};
}

Result<void> MemoryStore::UnstageGeneration(const std::string& name, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const CaRecord* const ca = FindCa(name);
  if (ca == nullptr) return Fail(Reason::kNotFound, "no CA is named " + name);
  CaRecord* const next = FindGeneration(ca->ca_id, GenerationState::kNext);
  if (next == nullptr) return Fail(Reason::kConflict, "nothing is staged");
  Retire(*next, now);
  return {};
}

Result<void> MemoryStore::StageRegistrationAuthorities(const RegistrationAuthorityRenewal& renewal, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto ca = std::ranges::find(cas_, renewal.ca_generation_id, &CaRecord::ca_generation_id);
  if (ca == cas_.end()) return Fail(Reason::kConflict, "no such generation");
  std::vector<Bytes> current;
  for (const auto& authority : ca->registration_authorities) {
    if (authority.state == RegistrationAuthorityState::kNext) return Fail(Reason::kConflict, "some are staged");
    if (authority.is_current()) current.push_back(authority.certificate);
  }
  if (!std::ranges::is_permutation(current, renewal.renewed)) return Fail(Reason::kConflict, "they were renewed");
  for (const auto& authority : renewal.registration_authorities) {
    ca->registration_authorities.push_back(RecordOf(authority));
    ca->registration_authorities.back().state = RegistrationAuthorityState::kNext;
    stagings_[authority.certificate] = now;
  }
  return {};
}

Result<std::int64_t> MemoryStore::PublishRegistrationAuthorities(TimePoint staged_by, TimePoint now) {
  const std::lock_guard lock(mutex_);
  std::int64_t count = 0;
  for (CaRecord& ca : cas_) {
    std::vector<RegistrationAuthorityRecord*> due;
    for (auto& authority : ca.registration_authorities) {
      const bool is_next = authority.state == RegistrationAuthorityState::kNext;
      if (is_next && stagings_.at(authority.certificate) <= staged_by) due.push_back(&authority);
    }
    if (due.empty() || ca.state != GenerationState::kActive) continue;
    RetireAuthorities(ca, now);
    for (auto* authority : due) {
      authority->state = RegistrationAuthorityState::kCurrent;
      retirements_.erase(authority->certificate);
      count++;
    }
  }
  return count;
}

Result<std::int64_t> MemoryStore::DestroyRetiredKeys(TimePoint before) {
  const std::lock_guard lock(mutex_);
  std::int64_t count = 0;
  for (CaRecord& ca : cas_) {
    ca.is_crl_only = ca.is_crl_only || (ca.retired_at && *ca.retired_at < before);
    for (auto& authority : ca.registration_authorities) {
      const auto retired = retirements_.find(authority.certificate);
      if (authority.sealed_key.empty() || retired == retirements_.end() || retired->second >= before) continue;
      authority.sealed_key.clear();
      count++;
    }
  }
  return count;
}

}  // namespace engine::store
