#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "service/address.h"
#include "support/memory_rows.h"
#include "support/memory_store.h"

// What MemoryStore knows of entities and of their keys.
namespace engine::store {

namespace {

using nlohmann::json;
using result::Fail;
using result::Reason;

json ObjectOf(const std::string& attributes) {
  return attributes.empty() ? json::object() : json::parse(attributes);
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

tl::unexpected<result::Error> NoEntity(const std::string& name) {
  return Fail(Reason::kNotFound, "no entity is named " + name);
}

}  // namespace

EntityRecord* MemoryStore::FindEntity(const std::string& name) {
  const auto found = std::ranges::find_if(entities_, [&](const auto& entity) { return IsSameName(entity.name, name); });
  return found == entities_.end() ? nullptr : &*found;
}

Result<EntityRecord> MemoryStore::CreateEntity(const NewEntity& entity) {
  const std::lock_guard lock(mutex_);
  if (FindEntity(entity.name) != nullptr) {
    return Fail(Reason::kConflict, "an entity is named " + entity.name + " already");
  }
  EntityRecord record;
  record.entity_id = Next<std::int64_t>(entities_.size());
  record.name = entity.name;
  record.description = entity.description;
  record.created_at = now_();
  record.created_by = entity.created_by;
  record.binding = entity.binding;
  record.attributes = entity.attributes;
  entities_.push_back(record);
  return record;
}

Result<std::vector<EntityRecord>> MemoryStore::ListEntities(const Terms& terms, Page page) {
  if (!terms.empty()) return Fail(Reason::kInternal, kNoSearch);
  const std::lock_guard lock(mutex_);
  return PageOf<EntityRecord>(
      entities_, page, [](const auto& row) { return row.entity_id; }, [](const auto&) { return true; },
      [](const auto& row) { return row; });
}

Result<EntityStanding> MemoryStore::FindEntityStanding(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const EntityRecord* const entity = FindEntity(name);
  if (entity == nullptr) return NoEntity(name);
  return StandingOf(*entity);
}

Result<EntityOverview> MemoryStore::GetEntity(const std::string& name, std::uint32_t newest, const CaIds& ca_ids) {
  using Status = EntityOverview::Certificate::Status;
  const std::lock_guard lock(mutex_);
  const EntityRecord* const entity = FindEntity(name);
  if (entity == nullptr) return NoEntity(name);
  EntityOverview overview;
  overview.entity = *entity;
  overview.key_count = static_cast<std::uint64_t>(std::ranges::count_if(
      keys_, [&](const Key& key) { return key.listing.entity == entity->name && IsAmong(key.ca_id, ca_ids); }));
  for (auto request = requests_.rbegin(); request != requests_.rend(); ++request) {
    if (request->entity_id != entity->entity_id || !IsAmong(request->record.ca_id, ca_ids)) continue;
    const RequestRecord& record = request->record;
    if (overview.request_count++ < newest) {
      overview.requests.push_back({record.request_id, record.state, record.ca, record.subject, record.received_at});
    }
    for (const CertificateRecord& certificate : certificates_) {
      if (certificate.request_id != record.request_id || overview.certificate_count++ >= newest) continue;
      Status status = Status::kGood;
      if (certificate.revocation) {
        status = certificate.revocation->is_suspension() ? Status::kSuspended : Status::kRevoked;
      }
      overview.certificates.push_back({certificate.serial_number, record.ca, record.subject, status,
                                       certificate.issued_at,
                                       expiries_.at(static_cast<std::size_t>(certificate.certificate_id - 1))});
    }
  }
  return overview;
}

Result<std::vector<std::string>> MemoryStore::CasOfEntity(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const EntityRecord* const entity = FindEntity(name);
  if (entity == nullptr) return NoEntity(name);
  std::set<std::string> cas;
  for (const Key& key : keys_) {
    if (key.listing.entity == entity->name) cas.insert(key.listing.ca);
  }
  for (const CertificateRecord& certificate : certificates_) {
    if (certificate.entity == entity->name) cas.insert(certificate.ca);
  }
  return std::vector<std::string>(cas.begin(), cas.end());
}

bool MemoryStore::IsChangeAllowed(const EntityRecord& entity, const EntityChange& change) const {
  if (!change.ca_ids) return true;
  bool has_ca = false, has_others = false;
  const auto note = [&](std::int64_t ca_id) {
    has_ca = true;
    has_others = has_others || !IsAmong(ca_id, change.ca_ids);
  };
  for (const Key& key : keys_) {
    if (key.listing.entity == entity.name) note(key.ca_id);
  }
  for (const Request& request : requests_) {
    const auto is_its = [&](const auto& certificate) { return certificate.request_id == request.record.request_id; };
    if (request.entity_id == entity.entity_id && std::ranges::any_of(certificates_, is_its)) note(request.record.ca_id);
  }
  return has_ca ? !has_others : entity.created_by == change.changed_by;
}

Result<EntityRecord> MemoryStore::UpdateEntity(const EntityChange& change) {
  const std::lock_guard lock(mutex_);
  EntityRecord* const entity = FindEntity(change.name);
  if (entity == nullptr) return NoEntity(change.name);
  if (!IsChangeAllowed(*entity, change)) return Fail(Reason::kUnauthorized, "the entity is of other CAs");
  json attributes = ObjectOf(entity->attributes);
  for (const std::string& name : change.removed_attributes) attributes.erase(name);
  attributes.update(ObjectOf(change.attributes));
  if (attributes.size() > change.most_attributes) return Fail(Reason::kConflict, "too many attributes");
  entity->attributes = attributes.empty() ? "" : attributes.dump();
  if (change.is_active) entity->is_active = *change.is_active;
  if (change.description) entity->description = *change.description;
  if (change.subject) entity->binding.subject = *change.subject;
  if (change.alternative_names) entity->binding.alternative_names = *change.alternative_names;
  return *entity;
}

MemoryStore::Key* MemoryStore::FindKey(std::optional<std::int64_t> id) {
  return id ? &keys_.at(static_cast<std::size_t>(*id - 1)) : nullptr;
}

bool MemoryStore::HasUse(const Key& key) {
  return key.listing.use_count + key.listing.reserved_count < key.listing.use_limit;
}

// What a request reserved is released or consumed when it waits no longer.
void MemoryStore::Settle(const Request& request, bool is_released) {
  KeyListing& key = FindKey(request.pre_shared_key_id)->listing;
  --key.reserved_count;
  if (!is_released) ++key.use_count;
}

// The newest request of a key is its last use.
void MemoryStore::NoteUse(Key& key, const RequestRecord& request) {
  key.listing.last_used_at = request.received_at;
  key.listing.last_used_from = request.source_address;
  key.listing.last_request_id = request.request_id;
}

Result<void> MemoryStore::TryKeys() {
  if (key_failures_ == 0) return {};
  --key_failures_;
  return Fail(key_failure_, "failed");
}

Result<void> MemoryStore::CreateKey(const NewKey& key) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TryKeys());
  const EntityRecord* const entity = FindEntity(key.entity);
  const CaRecord* const ca = FindCa(key.ca);
  const PolicyRecord* const policy = key.policy.empty() ? nullptr : LatestPolicy(key.policy);
  if (entity == nullptr) return NoEntity(key.entity);
  if (ca == nullptr) return Fail(Reason::kNotFound, "no CA is named " + key.ca);
  if (!key.policy.empty() && policy == nullptr) return Fail(Reason::kNotFound, "no policy is named " + key.policy);
  const bool is_known = std::ranges::any_of(keys_, [&](const auto& other) {
    return other.digest == key.digest || other.listing.reference_number == key.reference_number;
  });
  if (is_known) return Fail(Reason::kConflict, "the key exists already");
  KeyListing listing;
  listing.pre_shared_key_id = Next<std::int64_t>(keys_.size());
  listing.reference_number = key.reference_number;
  listing.entity = entity->name;
  listing.ca = ca->name;
  if (policy != nullptr) listing.policy = policy->name;
  listing.bound_subject = key.bound_subject;
  listing.created_by = key.created_by;
  listing.bound_alternative_names = key.bound_alternative_names;
  listing.attributes = key.attributes;
  listing.is_typed = key.is_typed;
  listing.use_limit = key.use_limit;
  listing.not_before = key.not_before;
  listing.expires_at = key.expires_at;
  listing.created_at = now_();
  keys_.push_back(
      {std::move(listing), key.digest, ca->ca_id, policy == nullptr ? std::nullopt : std::optional(policy->policy_id)});
  return {};
}

Result<std::vector<KeyListing>> MemoryStore::ListKeys(const std::string& entity, Page page) {
  const std::lock_guard lock(mutex_);
  return PageOf<KeyListing>(
      keys_, page, [](const auto& row) { return row.listing.pre_shared_key_id; },
      [&](const auto& row) {
        return (entity.empty() || IsSameName(row.listing.entity, entity)) && IsAmong(row.ca_id, page.ca_ids);
      },
      [](const auto& row) { return row.listing; });
}

Result<MemoryStore::Key*> MemoryStore::FindKeyByNumber(const std::string& reference_number) {
  const auto found = std::ranges::find_if(
      keys_, [&](const Key& key) { return key.listing.reference_number == Upper(reference_number); });
  if (found == keys_.end()) return Fail(Reason::kNotFound, "no key has the reference number " + reference_number);
  return &*found;
}

Result<KeyListing> MemoryStore::GetKey(const std::string& reference_number) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const Key* const key, FindKeyByNumber(reference_number));
  return key->listing;
}

Result<Bytes> MemoryStore::FindKeyDigest(const std::string& reference_number) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const Key* const key, FindKeyByNumber(reference_number));
  return key->digest;
}

Result<KeyListing> MemoryStore::Rekey(const NewKeyValue& value) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TryKeys());
  ASSIGN_OR_RETURN(Key* const key, FindKeyByNumber(value.reference_number));
  const bool is_taken = std::ranges::find(keys_, value.digest, &Key::digest) != keys_.end();
  if (key->listing.disabled_at || is_taken) return Fail(Reason::kConflict, "the key is disabled, or the value taken");
  key->digest = value.digest;
  key->listing.is_typed = value.is_typed;
  key->listing.rekeyed_at = now_();
  key->listing.rekeyed_by = value.rekeyed_by;
  return key->listing;
}

Result<KeyListing> MemoryStore::DisableKey(const std::string& reference_number, const std::string& disabled_by) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Key* const key, FindKeyByNumber(reference_number));
  if (!key->listing.disabled_at) {
    key->listing.disabled_at = now_();
    key->listing.disabled_by = disabled_by;
  }
  return key->listing;
}

}  // namespace engine::store
