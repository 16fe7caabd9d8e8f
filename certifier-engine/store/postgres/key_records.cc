#include "store/postgres/fields.h"
#include "store/postgres/key_queries.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

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
  key.attributes = row["attributes"].as<std::string>();
  key.is_typed = row["type"].as<std::string>() == "typed";
  key.use_limit = row["use_limit"].as<std::uint32_t>();
  key.use_count = row["use_count"].as<std::uint32_t>();
  key.reserved_count = row["reserved_count"].as<std::uint32_t>();
  key.not_before = TimeOf(row["not_before"]);
  key.expires_at = TimeOf(row["expires_at"]);
  key.created_at = TimeOf(row["created_at"]);
  key.last_used_at = OptionalTimeOf(row["last_used_at"]);
  key.last_used_from = row["last_used_from"].as<std::string>();
  key.last_request_id = row["last_request_id"].as<std::int64_t>();
  key.rekeyed_at = OptionalTimeOf(row["rekeyed_at"]);
  key.rekeyed_by = row["rekeyed_by"].as<std::string>();
  key.disabled_at = OptionalTimeOf(row["disabled_at"]);
  key.disabled_by = row["disabled_by"].as<std::string>();
  return key;
}

const char* TypeOf(bool is_typed) {
  return is_typed ? "typed" : "generated";
}

tl::unexpected<result::Error> NoKey(const std::string& reference_number) {
  return Fail(Reason::kNotFound, "no key has the reference number " + reference_number);
}

Result<KeyListing> Find(Work& work, const std::string& reference_number) {
  const auto found = work.exec_prepared(kGetKey.name, reference_number);
  if (found.empty()) return NoKey(reference_number);
  return KeyOf(found[0]);
}

}  // namespace

Result<void> PostgresAdministrationStore::CreateKey(const NewKey& key) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
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
                        JoinedText(key.bound_alternative_names), key.created_by, key.attributes, TypeOf(key.is_typed));
    return {};
  });
}

Result<std::vector<KeyListing>> PostgresAdministrationStore::ListKeys(const std::string& entity, Page page) {
  const auto cas = ArrayOf(page.ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<std::vector<KeyListing>> {
    std::vector<KeyListing> keys;
    const auto find = [&] {
      if (entity.empty()) return work.exec_prepared(kListKeys.name, TextOrNull(cas), BeforeId(page), page.size);
      return work.exec_prepared(kListKeysOfEntity.name, TextOrNull(cas), BeforeId(page), page.size, entity);
    };
    for (const auto& row : find()) {
      keys.push_back(KeyOf(row));
    }
    return keys;
  });
}

Result<KeyListing> PostgresAdministrationStore::GetKey(const std::string& reference_number) {
  return Transact(pool_, [&](Work& work) { return Find(work, reference_number); });
}

Result<Bytes> PostgresAdministrationStore::FindKeyDigest(const std::string& reference_number) {
  return Transact(pool_, [&](Work& work) -> Result<Bytes> {
    const auto found = work.exec_prepared(kFindKeyDigest.name, reference_number);
    if (found.empty()) return NoKey(reference_number);
    return BlobOf(found[0]["digest"]);
  });
}

Result<KeyListing> PostgresAdministrationStore::Rekey(const NewKeyValue& value) {
  return Transact(pool_, [&](Work& work) -> Result<KeyListing> {
    const auto rekeyed = work.exec_prepared(kRekey.name, value.reference_number, Blob(value.digest),
                                            TypeOf(value.is_typed), value.rekeyed_by);
    ASSIGN_OR_RETURN(auto key, Find(work, value.reference_number));
    if (rekeyed.empty()) return Fail(Reason::kConflict, "the key is disabled");
    return key;
  });
}

Result<KeyListing> PostgresAdministrationStore::DisableKey(const std::string& reference_number,
                                                           const std::string& disabled_by) {
  return Transact(pool_, [&](Work& work) -> Result<KeyListing> {
    work.exec_prepared(kDisableKey.name, reference_number, disabled_by);
    return Find(work, reference_number);
  });
}

}  // namespace engine::store
