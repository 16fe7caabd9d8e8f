#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

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

CaRecord CaOf(const pqxx::row& row) {
  CaRecord ca;
  ca.ca_id = row["ca_id"].as<std::int64_t>();
  ca.ca_generation_id = row["ca_generation_id"].as<std::int64_t>();
  ca.name = row["name"].as<std::string>();
  ca.is_active = row["is_active"].as<bool>();
  ca.is_default = row["is_default"].as<bool>();
  ca.policy_id = row["policy_id"].as<std::int64_t>();
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

}  // namespace

Result<DirectoryRecord> PostgresAdministrationStore::LoadDirectory() {
  return Transact(pool_, [](pqxx::work& work) -> Result<DirectoryRecord> {
    DirectoryRecord directory;
    for (const auto& row : work.exec_prepared(kListCas.name)) directory.cas.push_back(CaOf(row));
    for (const auto& row : work.exec_prepared(kListRegistrationAuthorities.name)) {
      const auto generation = row["ca_generation_id"].as<std::int64_t>();
      for (CaRecord& ca : directory.cas) {
        if (ca.ca_generation_id != generation) continue;
        ca.registration_authorities.push_back(
            {row["is_current"].as<bool>(), BlobOf(row["certificate"]), BlobOf(row["sealed_key"])});
      }
    }
    for (const auto& row : work.exec_prepared(kListPolicies.name)) directory.policies.push_back(PolicyOf(row));
    return directory;
  });
}

Result<void> PostgresAdministrationStore::CreateCa(const NewCa& ca) {
  auto created = Transact(pool_, [&](pqxx::work& work) -> Result<void> {
    const auto added = work.exec_prepared(kAddCa.name, ca.name, ca.policy, ca.created_by);
    if (added.empty()) return Fail(Reason::kNotFound, "no policy is named " + ca.policy);
    const auto generation =
        work.exec_prepared1(kAddCaGeneration.name, added[0][0].as<std::int64_t>(), ca.key_algorithm,
                            Blob(ca.certificate), Blob(ca.sealed_key), Epoch(ca.not_before), Epoch(ca.not_after));
    work.exec_prepared0(kAddRegistrationAuthority.name, generation[0].as<std::int64_t>(),
                        Blob(ca.registration_authority_certificate), Blob(ca.registration_authority_sealed_key),
                        Epoch(ca.registration_authority_not_after));
    work.exec0(kNotify);
    return {};
  });
  if (!created && created.error().reason == Reason::kConflict) {
    return Fail(Reason::kConflict, "a CA is named " + ca.name + " already");
  }
  return created;
}

Result<PolicyRecord> PostgresAdministrationStore::ApplyPolicy(const std::string& name, const std::string& document,
                                                              const std::string& applied_by) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<PolicyRecord> {
    work.exec_prepared0(kAddPolicy.name, name);
    const auto policy_id = work.exec_prepared1(kLockPolicy.name, name)[0].as<std::int64_t>();
    const auto version_id =
        work.exec_prepared1(kAddPolicyVersion.name, policy_id, document, applied_by)[0].as<std::int64_t>();
    work.exec0(kNotify);
    return PolicyOf(work.exec_prepared1(kGetPolicyVersion.name, version_id));
  });
}

Result<PolicyRecord> PostgresAdministrationStore::GetPolicyVersion(std::int64_t policy_version_id) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<PolicyRecord> {
    const auto found = work.exec_prepared(kGetPolicyVersion.name, policy_version_id);
    if (found.empty()) return Fail(Reason::kNotFound, "no such policy version");
    return PolicyOf(found[0]);
  });
}

}  // namespace engine::store
