#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

EntityRecord EntityOf(const pqxx::row& row) {
  EntityRecord entity;
  entity.entity_id = row["entity_id"].as<std::int64_t>();
  entity.name = row["name"].as<std::string>();
  entity.is_active = row["is_active"].as<bool>();
  entity.description = row["description"].as<std::string>();
  entity.created_at = TimeOf(row["created_at"]);
  return entity;
}

KeyListing KeyOf(const pqxx::row& row) {
  KeyListing key;
  key.pre_shared_key_id = row["pre_shared_key_id"].as<std::int64_t>();
  key.reference_number = row["reference_number"].as<std::string>();
  key.entity = row["entity"].as<std::string>();
  key.ca = row["ca"].as<std::string>();
  key.policy = row["policy"].as<std::string>();
  key.bound_subject = row["bound_subject"].as<std::string>();
  key.created_by = row["created_by"].as<std::string>();
  key.bound_alternative_names = SplitText(row["bound_alternative_names"].as<std::string>());
  key.use_limit = row["use_limit"].as<std::uint32_t>();
  key.use_count = row["use_count"].as<std::uint32_t>();
  key.reserved_count = row["reserved_count"].as<std::uint32_t>();
  key.not_before = TimeOf(row["not_before"]);
  key.expires_at = TimeOf(row["expires_at"]);
  key.created_at = TimeOf(row["created_at"]);
  return key;
}

}  // namespace

Result<EntityRecord> PostgresAdministrationStore::CreateEntity(const std::string& name, const std::string& description,
                                                               const std::string& created_by) {
  auto created = Transact(pool_, [&](pqxx::work& work) -> Result<EntityRecord> {
    return EntityOf(work.exec_prepared1(kAddEntity.name, name, description, created_by));
  });
  if (!created && created.error().reason == Reason::kConflict) {
    return Fail(Reason::kConflict, "an entity is named " + name + " already");
  }
  return created;
}

Result<std::vector<EntityRecord>> PostgresAdministrationStore::ListEntities(Page page) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<std::vector<EntityRecord>> {
    std::vector<EntityRecord> entities;
    for (const auto& row : work.exec_prepared(kListEntities.name, page.before, page.size)) {
      entities.push_back(EntityOf(row));
    }
    return entities;
  });
}

Result<EntityStanding> PostgresAdministrationStore::FindEntityStanding(const std::string& name) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<EntityStanding> {
    const auto found = work.exec_prepared(kFindEntityStanding.name, name);
    if (found.empty()) return Fail(Reason::kNotFound, "no entity is named " + name);
    const auto row = found[0];
    return EntityStanding{
        row["entity_id"].as<std::int64_t>(),
        row["name"].as<std::string>(),
        row["is_active"].as<bool>(),
        {row["bound_subject"].as<std::string>(), SplitText(row["bound_alternative_names"].as<std::string>())},
        row["attributes"].as<std::string>()};
  });
}

Result<Bytes> PostgresAdministrationStore::FindKeyDigest(const std::string& reference_number) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<Bytes> {
    const auto found = work.exec_prepared(kFindKeyDigest.name, reference_number);
    if (found.empty()) return Fail(Reason::kNotFound, "no key has the reference number " + reference_number);
    return BlobOf(found[0]["digest"]);
  });
}

Result<void> PostgresAdministrationStore::CreateKey(const NewKey& key) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<void> {
    const auto names = work.exec_prepared1(kFindNames.name, key.entity, key.ca, key.policy);
    if (names["entity_id"].is_null()) return Fail(Reason::kNotFound, "no entity is named " + key.entity);
    if (names["ca_id"].is_null()) return Fail(Reason::kNotFound, "no CA is named " + key.ca);
    if (!key.policy.empty() && names["policy_id"].is_null()) {
      return Fail(Reason::kNotFound, "no policy is named " + key.policy);
    }
    const char* const policy_id = names["policy_id"].is_null() ? nullptr : names["policy_id"].c_str();
    work.exec_prepared0(kAddKey.name, key.reference_number, names["entity_id"].as<std::int64_t>(),
                        names["ca_id"].as<std::int64_t>(), policy_id, Blob(key.digest), key.use_limit,
                        Epoch(key.not_before), Epoch(key.expires_at), key.bound_subject,
                        JoinedText(key.bound_alternative_names), key.created_by);
    return {};
  });
}

Result<std::vector<KeyListing>> PostgresAdministrationStore::ListKeys(const std::string& entity, Page page) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<std::vector<KeyListing>> {
    std::vector<KeyListing> keys;
    for (const auto& row : work.exec_prepared(kListKeys.name, entity, page.before, page.size)) {
      keys.push_back(KeyOf(row));
    }
    return keys;
  });
}

}  // namespace engine::store
