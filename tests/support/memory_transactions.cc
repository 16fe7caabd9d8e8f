#include <algorithm>

#include "authority/ca_options.h"
#include "service/address.h"
#include "support/memory_store.h"

// What MemoryStore knows of requests that wait: how many may, under which names, and for how long.
namespace engine::store {

// Whether another key has an open request of the same transactionID.
bool MemoryStore::Collides(const NewRequest& request) const {
  return std::ranges::any_of(requests_, [&](const Request& other) {
    return IsOpen(other.record.state) && other.record.ca_id == request.identity.ca_id &&
           other.record.transaction_id == request.identity.transaction_id &&
           other.requester_key != request.identity.requester_key;
  });
}

bool MemoryStore::IsTooMuch(const NewRequest& request) const {
  if (request.state != RequestState::kPending) return false;
  std::uint64_t of_source = 1, of_ca = 1, of_key = 1;
  for (const Request& other : requests_) {
    if (!IsOpen(other.record.state)) continue;
    const bool is_same_ca = other.record.ca_id == request.identity.ca_id;
    of_source +=
        service::SourceKey(other.record.source_address) == service::SourceKey(request.source_address) ? 1u : 0u;
    of_ca += is_same_ca ? 1u : 0u;
    of_key += is_same_ca && other.requester_key == request.identity.requester_key ? 1u : 0u;
  }
  return of_source > limits_.per_source || of_ca > limits_.per_ca || of_key > limits_.per_requester_key;
}

std::optional<RecordOutcome> MemoryStore::AttachAlias(const NewRequest& request) {
  if (request.state != RequestState::kPending || request.renewal) return std::nullopt;
  const auto open = std::ranges::find_if(requests_, [&](const Request& other) {
    return IsOpen(other.record.state) && other.record.ca_id == request.identity.ca_id &&
           other.requester_key == request.identity.requester_key && other.record.subject == request.subject &&
           !other.renewed_certificate_id;
  });
  if (open == requests_.end()) return std::nullopt;
  const std::int64_t request_id = open->record.request_id;
  const auto is_same_name = [&](const Alias& alias) {
    return alias.identity.ca_id == request.identity.ca_id &&
           alias.identity.transaction_id == request.identity.transaction_id &&
           alias.identity.requester_key == request.identity.requester_key;
  };
  const auto others = std::ranges::count_if(
      aliases_, [&](const Alias& alias) { return alias.request_id == request_id && !is_same_name(alias); });
  if (static_cast<std::uint64_t>(others) >= limits_.aliases) {
    return RecordOutcome{RecordOutcome::Kind::kTooMuch, 0, std::nullopt};
  }
  std::erase_if(aliases_, is_same_name);
  aliases_.push_back({request.identity, request_id});
  for (Request& other : requests_) {
    other.record.aliases.clear();
    for (const Alias& alias : aliases_) {
      if (alias.request_id == other.record.request_id) other.record.aliases.push_back(alias.identity.transaction_id);
    }
    std::ranges::sort(other.record.aliases);
  }
  return RecordOutcome{RecordOutcome::Kind::kPrior, request_id, PriorOf(*open)};
}

Result<std::int64_t> MemoryStore::Expire(TimePoint now, const Lifetimes& defaults) {
  const std::lock_guard lock(mutex_);
  const auto lifetime = [](std::uint32_t days, std::chrono::seconds otherwise) {
    return days == 0 ? otherwise : std::chrono::seconds(std::chrono::hours(24) * days);
  };
  std::int64_t count = 0;
  for (auto& request : requests_) {
    RequestRecord& record = request.record;
    ASSIGN_OR_RETURN(const auto options, authority::ReadOptions(CaWithId(record.ca_id).options));
    const bool waits = record.state == RequestState::kPending || record.state == RequestState::kPostponed;
    if (waits && record.received_at < now - lifetime(options.pending_ttl_days(), defaults.pending)) {
      if (request.reserves_use) Settle(request, request.releases_use);
      record.state = RequestState::kExpired;
      ++count;
    }
    const bool is_rejected = record.state == RequestState::kRejected && !request.is_forgotten;
    if (is_rejected && *record.decided_at < now - lifetime(options.retention_days(), defaults.retention)) {
      request.is_forgotten = true;
      ++count;
    }
  }
  return count;
}

}  // namespace engine::store
