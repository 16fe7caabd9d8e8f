#include <algorithm>

#include "service/origin.h"
#include "store/postgres/ca_queries.h"
#include "store/postgres/fields.h"
#include "store/postgres/generation_states.h"
#include "store/postgres/policy_queries.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/scep_service_records.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

constexpr std::int64_t kAnyVersion = -1;
// CAs, RAs and policies are read one after another, and must be of one moment.
constexpr const char* kOneSnapshot = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

PolicyRecord PolicyOf(const pqxx::row& row) {
  PolicyRecord policy;
  policy.policy_id = row["policy_id"].as<std::int64_t>();
  policy.policy_version_id = row["policy_version_id"].as<std::int64_t>();
  policy.name = row["name"].as<std::string>();
  policy.version = row["version"].as<std::uint32_t>();
  policy.document = row["document"].as<std::string>();
  policy.applied_at = TimeOf(row["applied_at"]);
  policy.applied_by = row["applied_by"].as<std::string>();
  return policy;
}

Result<CaRecord> CaOf(const pqxx::row& row) {
  CaRecord ca;
  ca.ca_id = row["ca_id"].as<std::int64_t>();
  ca.ca_generation_id = row["ca_generation_id"].as<std::int64_t>();
  ca.name = row["name"].as<std::string>();
  ca.is_active = row["is_active"].as<bool>();
  ca.is_default = row["is_default"].as<bool>();
  ca.policy_id = row["policy_id"].as<std::int64_t>();
  ca.options = row["options"].as<std::string>();
  ASSIGN_OR_RETURN(ca.state, GenerationStateFromText(row["state"].as<std::string>()));
  ca.generation_number = row["generation_number"].as<std::uint32_t>();
  ASSIGN_OR_RETURN(ca.mode, ModeFromText(row["registration_authority"].as<std::string>()));
  ca.chain = BlobOf(row["chain"]);
  ca.next_ca_certificates = BlobOf(row["next_ca_certificates"]);
  ca.retired_at = OptionalTimeOf(row["retired_at"]);
  ca.is_crl_only = row["is_crl_only"].as<bool>();
  ca.key_algorithm = row["key_algorithm"].as<std::string>();
  ca.certificate = BlobOf(row["certificate"]);
  ca.sealed_key = BlobOf(row["sealed_key"]);
  ca.is_crl_complete = row["is_crl_complete"].as<bool>();
  ca.crl.crl_number = row["crl_number"].as<std::int64_t>();
  if (ca.crl.crl_number == 0) return ca;
  ca.crl.this_update = TimeOf(row["this_update"]);
  ca.crl.next_update = TimeOf(row["next_update"]);
  ca.crl.revoked_count = row["revoked_count"].as<std::uint32_t>();
  return ca;
}

Result<void> AddRegistrationAuthority(const pqxx::row& row, std::vector<CaRecord>& cas) {
  const auto generation =
      std::ranges::find(cas, row["ca_generation_id"].as<std::int64_t>(), &CaRecord::ca_generation_id);
  if (generation == cas.end()) return {};
  RegistrationAuthorityRecord record;
  ASSIGN_OR_RETURN(record.state, RegistrationAuthorityStateFromText(row["state"].as<std::string>()));
  ASSIGN_OR_RETURN(record.usage, UsageFromText(row["usage"].as<std::string>()));
  record.certificate = BlobOf(row["certificate"]);
  record.sealed_key = BlobOf(row["sealed_key"]);
  generation->registration_authorities.push_back(std::move(record));
  return {};
}

}  // namespace

Result<DirectoryRecord> PostgresAdministrationStore::LoadDirectory() {
  const service::OriginScope nobody({});  // It writes no event, and nothing may come before the isolation level.
  return Transact(pool_, [](Work& work) -> Result<DirectoryRecord> {
    work.exec0(kOneSnapshot);
    DirectoryRecord directory;
    for (const auto& row : work.exec_prepared(kListCas.name)) {
      ASSIGN_OR_RETURN(CaRecord ca, CaOf(row));
      directory.cas.push_back(std::move(ca));
    }
    for (const auto& row : work.exec_prepared(kListRegistrationAuthorities.name)) {
      RETURN_IF_ERROR(AddRegistrationAuthority(row, directory.cas));
    }
    for (const auto& row : work.exec_prepared(kListPolicies.name)) directory.policies.push_back(PolicyOf(row));
    ASSIGN_OR_RETURN(directory.scep_service, ReadScepService(work));
    return directory;
  });
}

Result<PolicyRecord> PostgresAdministrationStore::ApplyPolicy(const NewPolicyVersion& next) {
  return Transact(pool_, [&](Work& work) -> Result<PolicyRecord> {
    work.exec_prepared0(kAddPolicy.name, next.name);
    const auto policy_id = work.exec_prepared1(kLockPolicy.name, next.name)[0].as<std::int64_t>();
    const std::int64_t expected = next.expected_version ? std::int64_t{*next.expected_version} : kAnyVersion;
    const auto added = work.exec_prepared(kAddPolicyVersion.name, policy_id, next.document, next.applied_by, expected);
    if (added.empty()) {
      return Fail(Reason::kConflict, expected == 0 ? "there is a policy of this name already"
                                                   : "version " + std::to_string(expected) +
                                                         " is not the latest of this policy, or not any more");
    }
    work.exec0(kNotify);
    return PolicyOf(work.exec_prepared1(kGetPolicyVersion.name, added[0][0].as<std::int64_t>()));
  });
}

Result<PolicyRecord> PostgresAdministrationStore::FindPolicy(const std::string& name, std::uint32_t version) {
  return Transact(pool_, [&](Work& work) -> Result<PolicyRecord> {
    const auto found = work.exec_prepared(kFindPolicyVersion.name, name, std::int64_t{version});
    if (!found.empty()) return PolicyOf(found[0]);
    return Fail(Reason::kNotFound,
                version == 0 ? "no such policy" : "no such policy, or it has no version " + std::to_string(version));
  });
}

Result<std::vector<PolicyVersionSummary>> PostgresAdministrationStore::ListPolicyVersions(const std::string& name,
                                                                                          Page page) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<PolicyVersionSummary>> {
    std::vector<PolicyVersionSummary> versions;
    for (const auto& row : work.exec_prepared(kListPolicyVersions.name, name, page.before, page.size)) {
      versions.push_back({row["version"].as<std::uint32_t>(), row["description"].as<std::string>(),
                          TimeOf(row["applied_at"]), row["applied_by"].as<std::string>()});
    }
    // Every name has a version.
    const bool is_unknown = versions.empty() && work.exec_prepared(kFindPolicy.name, name).empty();
    if (is_unknown) return Fail(Reason::kNotFound, "no such policy");
    return versions;
  });
}

Result<PolicyRecord> PostgresAdministrationStore::GetPolicyVersion(std::int64_t policy_version_id) {
  return Transact(pool_, [&](Work& work) -> Result<PolicyRecord> {
    const auto found = work.exec_prepared(kGetPolicyVersion.name, policy_version_id);
    if (found.empty()) return Fail(Reason::kNotFound, "no such policy version");
    return PolicyOf(found[0]);
  });
}

}  // namespace engine::store
