#ifndef CERTIFIER_ENGINE_STORE_ENTITY_RECORDS_H
#define CERTIFIER_ENGINE_STORE_ENTITY_RECORDS_H

#include <optional>
#include <string>
#include <vector>

#include "store/enrollment_store.h"
#include "store/page.h"

namespace engine::store {

// NewEntity is an entity to make, active.
struct NewEntity {
  std::string name;
  std::string description;
  std::string created_by;
  Binding binding = {};         // What its requests must have.
  std::string attributes = {};  // JSON object of text values; empty: none.
};

struct EntityRecord {
  std::int64_t entity_id = 0;
  std::string name;
  bool is_active = true;
  std::string description;
  TimePoint created_at;
  std::string created_by;
  Binding binding;
  std::string attributes;  // As of a new one.
};

// EntityChange changes nothing of what it leaves out.
struct EntityChange {
  std::string name;
  std::optional<bool> is_active = std::nullopt;
  std::optional<std::string> description = std::nullopt;
  std::optional<std::string> subject = std::nullopt;                         // Empty: any.
  std::optional<std::vector<std::string>> alternative_names = std::nullopt;  // None: any.
  std::vector<std::string> removed_attributes = {};                          // Names; removed before the next are set.
  std::string attributes = {};
  std::size_t most_attributes = 64;  // That the entity may have afterwards.
  // The CAs of whoever changes it: all that the entity has keys or certificates of must be among them, or where it has
  // none, it must be `changed_by` who made it. Nothing: he may change any.
  CaIds ca_ids = std::nullopt;
  std::string changed_by = {};  // Login.
};

// EntityOverview is an entity with what it has: how many keys, requests and certificates, and the newest of the latter.
struct EntityOverview {
  struct Request {
    std::int64_t request_id = 0;
    RequestState state = RequestState::kPending;
    std::string ca, subject;
    TimePoint received_at;
  };
  struct Certificate {
    enum class Status { kGood, kSuspended, kRevoked };
    Bytes serial_number;
    std::string ca, subject;
    Status status = Status::kGood;
    TimePoint issued_at, not_after;
  };
  EntityRecord entity;
  std::uint64_t key_count = 0, request_count = 0, certificate_count = 0;
  std::vector<Request> requests;          // The newest first.
  std::vector<Certificate> certificates;  // Likewise.
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_ENTITY_RECORDS_H
