#include <map>
#include <set>

#include "store/postgres/fields.h"
#include "store/postgres/key_batch_queries.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

constexpr char kEnded[] = "the batch has ended: its keys cannot be shown again, and no more are made under its token";

struct Names {
  std::optional<std::int64_t> entity_id, ca_id, policy_id;
};

std::optional<std::int64_t> IdOf(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : std::optional(field.as<std::int64_t>());
}

Names FindNames(Work& work, const NewKey& key) {
  const auto row = work.exec_prepared1(kFindNames.name, key.entity, key.ca, key.policy);
  return {IdOf(row["entity_id"]), IdOf(row["ca_id"]), IdOf(row["policy_id"])};
}

// KeyBatchMinting is one call's transaction.
class KeyBatchMinting {
 public:
  KeyBatchMinting(Work& work, const KeyBatchOrder& order) : work_(work), order_(order) {}

  // Run fails as malformed where there are faults, so that the transaction is rolled back.
  Result<KeyBatchOutcome> Run();
  std::vector<KeyFault> TakeFaults() { return std::move(faults_); }

 private:
  void FindMade();
  void Recall(const BatchKey& key, const pqxx::row& row);
  void Resolve();
  void CreateEntities();
  void Add(const BatchKey& key, const Names& names);
  void Blame(const BatchKey& key, std::string field, Reason reason, std::string message) {
    faults_.push_back({key.item, std::move(field), {reason, std::move(message)}});
  }

  Work& work_;
  const KeyBatchOrder& order_;
  std::map<std::uint32_t, StoredBatchKey> made_;  // Before this call.
  std::map<std::uint32_t, Names> names_;          // Of those that are to be made.
  std::vector<KeyFault> faults_;
};

void KeyBatchMinting::Recall(const BatchKey& key, const pqxx::row& row) {
  if (BlobOf(row["specification_digest"]) != key.specification_digest) {
    return Blame(key, "", Reason::kConflict, "the batch has a key for this item that was specified otherwise");
  }
  const auto number = row["reference_number"].as<std::string>();
  if (row["is_used"].as<bool>()) {
    return Blame(key, "", Reason::kConflict, "key " + number + " was used: its value is not shown again");
  }
  if (row["is_disabled"].as<bool>() || BlobOf(row["digest"]) != key.key.digest) {
    return Blame(key, "", Reason::kConflict, "key " + number + " was disabled or has another value since");
  }
  made_[key.item] = {number, row["use_limit"].as<std::uint32_t>(), TimeOf(row["not_before"]),
                     TimeOf(row["expires_at"])};
}

void KeyBatchMinting::FindMade() {
  const std::uint32_t first = order_.keys.front().item;
  for (const auto& row :
       work_.exec_prepared(kFindBatchKeys.name, order_.key_batch_id, first, order_.keys.back().item)) {
    Recall(order_.keys[row["item"].as<std::uint32_t>() - first], row);
  }
}

void KeyBatchMinting::Resolve() {
  for (const BatchKey& key : order_.keys) {
    if (made_.contains(key.item)) continue;
    const Names names = FindNames(work_, key.key);
    if (!names.entity_id && !order_.creates_entities) {
      Blame(key, "entity", Reason::kNotFound, "no entity is named " + key.key.entity);
    }
    if (!names.ca_id) Blame(key, "ca", Reason::kNotFound, "no CA is named " + key.key.ca);
    if (!names.policy_id && !key.key.policy.empty()) {
      Blame(key, "policy", Reason::kNotFound, "no policy is named " + key.key.policy);
    }
    names_[key.item] = names;
  }
}

// In the order of their names, so that two batches with the same entities do not wait for each other.
void KeyBatchMinting::CreateEntities() {
  std::map<std::string, std::string> missing;  // To who makes it.
  for (const BatchKey& key : order_.keys) {
    const auto names = names_.find(key.item);
    if (names != names_.end() && !names->second.entity_id) missing.emplace(key.key.entity, key.key.created_by);
  }
  for (const auto& [name, created_by] : missing) work_.exec_prepared0(kAddEntityOnce.name, name, created_by);
  for (const BatchKey& key : order_.keys) {
    const auto names = names_.find(key.item);
    if (names != names_.end() && !names->second.entity_id) names->second = FindNames(work_, key.key);
  }
}

void KeyBatchMinting::Add(const BatchKey& batch_key, const Names& names) {
  const NewKey& key = batch_key.key;
  const std::string policy_id = names.policy_id ? std::to_string(*names.policy_id) : "";
  work_.exec_prepared0(kAddBatchKey.name, key.reference_number, names.entity_id.value(), names.ca_id.value(),
                       names.policy_id ? policy_id.c_str() : nullptr, Blob(key.digest), key.use_limit,
                       Epoch(key.not_before), Epoch(key.expires_at), key.bound_subject,
                       JoinedText(key.bound_alternative_names), key.attributes, key.created_by, order_.key_batch_id,
                       batch_key.item, Blob(batch_key.specification_digest));
}

Result<KeyBatchOutcome> KeyBatchMinting::Run() {
  if (work_.exec_prepared1(kLockKeyBatch.name, order_.key_batch_id)["has_ended"].as<bool>()) {
    return Fail(Reason::kConflict, kEnded);
  }
  FindMade();
  if (faults_.empty()) Resolve();
  if (!faults_.empty()) return Fail(Reason::kMalformed, "faults");
  CreateEntities();
  KeyBatchOutcome outcome;
  for (const BatchKey& key : order_.keys) {
    const auto made = made_.find(key.item);
    if (made != made_.end()) {
      outcome.keys.push_back(made->second);
      continue;
    }
    Add(key, names_.at(key.item));
    outcome.keys.push_back({key.key.reference_number, key.key.use_limit, key.key.not_before, key.key.expires_at});
    outcome.made++;
  }
  return outcome;
}

}  // namespace

Result<KeyBatchRecord> PostgresAdministrationStore::OpenKeyBatch(const NewKeyBatch& batch) {
  return Transact(pool_, [&](Work& work) -> Result<KeyBatchRecord> {
    work.exec_prepared0(kAddKeyBatch.name, Blob(batch.token_digest), Blob(batch.salt), batch.created_by,
                        std::chrono::seconds(batch.window).count());
    const auto row = work.exec_prepared1(kFindKeyBatch.name, Blob(batch.token_digest), batch.created_by);
    if (!row["is_own"].as<bool>()) return Fail(Reason::kConflict, "the batch is another operator's");
    if (row["has_ended"].as<bool>()) return Fail(Reason::kConflict, kEnded);
    return KeyBatchRecord{row["key_batch_id"].as<std::int64_t>(), BlobOf(row["salt"])};
  });
}

Result<KeyBatchOutcome> PostgresAdministrationStore::MintKeys(const KeyBatchOrder& order) {
  std::vector<KeyFault> faults;
  auto minted = Transact(pool_, [&](Work& work) -> Result<KeyBatchOutcome> {
    KeyBatchMinting minting(work, order);
    auto outcome = minting.Run();
    faults = minting.TakeFaults();
    return outcome;
  });
  if (!faults.empty()) return KeyBatchOutcome{.faults = std::move(faults)};
  return minted;
}

Result<std::int64_t> PostgresAdministrationStore::EndKeyBatches() {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    return work.exec_prepared1(kEndKeyBatches.name)["ended"].as<std::int64_t>();
  });
}

}  // namespace engine::store
