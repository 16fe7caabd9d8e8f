#include <algorithm>

#include "store/postgres/ca_queries.h"
#include "store/postgres/fields.h"
#include "store/postgres/generation_states.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

// AddAuthorities adds current ones, or with a time those that were staged then.
void AddAuthorities(Work& work, std::int64_t generation_id, const std::vector<NewRegistrationAuthority>& authorities,
                    std::optional<TimePoint> staged_at = std::nullopt) {
  const auto state = staged_at ? RegistrationAuthorityState::kNext : RegistrationAuthorityState::kCurrent;
  const auto staged = staged_at ? std::optional(Epoch(*staged_at)) : std::nullopt;
  for (const auto& authority : authorities) {
    work.exec_prepared0(kAddRegistrationAuthority.name, generation_id, std::string(ToText(state)),
                        std::string(ToText(authority.usage)), Blob(authority.certificate), Blob(authority.sealed_key),
                        Epoch(authority.not_after), staged);
  }
}

struct Placement {
  std::int64_t ca_id = 0;
  GenerationState state = GenerationState::kActive;
};

void AddGeneration(Work& work, Placement placement, const NewGeneration& generation,
                   const Bytes& next_ca_certificates) {
  const auto added = work.exec_prepared1(
      kAddCaGeneration.name, placement.ca_id, std::string(ToText(placement.state)), generation.key_algorithm,
      Blob(generation.certificate), Blob(generation.chain), Blob(generation.sealed_key), Epoch(generation.not_before),
      Epoch(generation.not_after), std::string(ToText(generation.mode)), Blob(next_ca_certificates));
  AddAuthorities(work, added[0].as<std::int64_t>(), generation.registration_authorities);
}

struct LockedCa {
  std::int64_t ca_id = 0;
  std::string options;
};

Result<LockedCa> LockCa(Work& work, const std::string& name) {
  const auto found = work.exec_prepared(kLockCa.name, name);
  if (found.empty()) return Fail(Reason::kNotFound, "no CA is named " + name);
  return LockedCa{found[0]["ca_id"].as<std::int64_t>(), found[0]["options"].as<std::string>()};
}

std::optional<std::int64_t> FindGeneration(Work& work, std::int64_t ca_id, GenerationState state) {
  const auto found = work.exec_prepared(kFindGeneration.name, ca_id, std::string(ToText(state)));
  if (found.empty()) return std::nullopt;
  return found[0][0].as<std::int64_t>();
}

Result<std::int64_t> FindStaged(Work& work, const LockedCa& ca) {
  const auto next = FindGeneration(work, ca.ca_id, GenerationState::kNext);
  if (!next) return Fail(Reason::kConflict, "the CA has no staged generation");
  return *next;
}

void Retire(Work& work, std::int64_t generation_id, TimePoint now) {
  work.exec_prepared(kRetireGeneration.name, generation_id, Epoch(now));
  work.exec_prepared(kRetireRegistrationAuthorities.name, generation_id, Epoch(now));
}

Result<std::string> PolicyIdText(Work& work, const std::string& policy) {
  if (policy.empty()) return std::string();
  const auto found = work.exec_prepared(kFindPolicy.name, policy);
  if (found.empty()) return Fail(Reason::kNotFound, "no policy is named " + policy);
  return found[0][0].as<std::string>();
}

std::string StatusText(const CaChange& change) {
  if (!change.is_active) return {};
  return *change.is_active ? "active" : "disabled";
}

}  // namespace

Result<void> PostgresAdministrationStore::CreateCa(const NewCa& ca) {
  auto created = Transact(pool_, [&](Work& work) -> Result<void> {
    const auto added = work.exec_prepared(kAddCa.name, ca.name, ca.policy, ca.created_by);
    if (added.empty()) return Fail(Reason::kNotFound, "no policy is named " + ca.policy);
    AddGeneration(work, {added[0][0].as<std::int64_t>(), GenerationState::kActive}, ca.generation, {});
    work.exec0(kNotify);
    return {};
  });
  if (!created && created.error().reason == Reason::kConflict) {
    return Fail(Reason::kConflict, "a CA is named " + ca.name + " already");
  }
  return created;
}

Result<void> PostgresAdministrationStore::UpdateCa(const CaChange& change) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    ASSIGN_OR_RETURN(const LockedCa ca, LockCa(work, change.name));
    if (ca.options != change.known_options) {
      return Fail(Reason::kConflict, "another operator changed the CA meanwhile; try again");
    }
    ASSIGN_OR_RETURN(const std::string policy_id, PolicyIdText(work, change.policy));
    work.exec_prepared0(kSetCa.name, ca.ca_id, change.options, policy_id, StatusText(change));
    if (change.make_default) {
      work.exec_prepared0(kUnsetDefaultCa.name);
      work.exec_prepared0(kSetDefaultCa.name, ca.ca_id);
    }
    work.exec0(kNotify);
    return {};
  });
}

Result<void> PostgresAdministrationStore::StageGeneration(const NextGeneration& next) {
  auto staged = Transact(pool_, [&](Work& work) -> Result<void> {
    ASSIGN_OR_RETURN(const LockedCa ca, LockCa(work, next.ca));
    if (FindGeneration(work, ca.ca_id, GenerationState::kActive) != next.active_generation_id) {
      return Fail(Reason::kConflict, "the CA was rolled over meanwhile; try again");
    }
    if (FindGeneration(work, ca.ca_id, GenerationState::kNext)) {
      return Fail(Reason::kConflict, "the CA has a staged generation already");
    }
    AddGeneration(work, {ca.ca_id, GenerationState::kNext}, next.generation, next.next_ca_certificates);
    work.exec0(kNotify);
    return {};
  });
  return staged;
}

Result<void> PostgresAdministrationStore::ActivateGeneration(const std::string& name, TimePoint now) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    ASSIGN_OR_RETURN(const LockedCa ca, LockCa(work, name));
    ASSIGN_OR_RETURN(const std::int64_t next, FindStaged(work, ca));
    const auto active = FindGeneration(work, ca.ca_id, GenerationState::kActive);
    if (active) Retire(work, *active, now);
    work.exec_prepared0(kActivateGeneration.name, next);
    work.exec0(kNotify);
    return {};
  });
}

Result<void> PostgresAdministrationStore::UnstageGeneration(const std::string& name, TimePoint now) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    ASSIGN_OR_RETURN(const LockedCa ca, LockCa(work, name));
    ASSIGN_OR_RETURN(const std::int64_t next, FindStaged(work, ca));
    Retire(work, next, now);
    work.exec0(kNotify);
    return {};
  });
}

Result<void> PostgresAdministrationStore::StageRegistrationAuthorities(const RegistrationAuthorityRenewal& renewal,
                                                                       TimePoint now) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    const auto current = work.exec_prepared(kLockCurrentRegistrationAuthorities.name, renewal.ca_generation_id);
    const bool are_known = std::ranges::all_of(current, [&](const auto& row) {
      return std::ranges::find(renewal.renewed, BlobOf(row[0])) != renewal.renewed.end();
    });
    if (!are_known || static_cast<std::size_t>(current.size()) != renewal.renewed.size()) {
      return Fail(Reason::kConflict, "the RAs were renewed meanwhile");
    }
    // Of two engines the second one meets the unique index on what is staged.
    AddAuthorities(work, renewal.ca_generation_id, renewal.registration_authorities, now);
    work.exec0(kNotify);
    return {};
  });
}

Result<std::int64_t> PostgresAdministrationStore::PublishRegistrationAuthorities(TimePoint staged_by, TimePoint now) {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    work.exec_prepared0(kRetireSucceededRegistrationAuthorities.name, Epoch(staged_by), Epoch(now));
    const auto published = work.exec_prepared0(kPublishRegistrationAuthorities.name, Epoch(staged_by)).affected_rows();
    if (published > 0) work.exec0(kNotify);
    return static_cast<std::int64_t>(published);
  });
}

Result<std::int64_t> PostgresAdministrationStore::DestroyRetiredKeys(TimePoint before) {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    work.exec_prepared0(kEndRetiredGenerations.name, Epoch(before));
    return static_cast<std::int64_t>(work.exec_prepared0(kDestroyRetiredKeys.name, Epoch(before)).affected_rows());
  });
}

}  // namespace engine::store
