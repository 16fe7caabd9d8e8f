#include <algorithm>

#include "support/memory_store.h"

// What MemoryStore keeps of decisions.
namespace engine::store {

namespace {

bool Answers(const DecisionQuery& query, const NewDecision& decision) {
  if (!query.decision_id.empty()) return decision.decision_id == query.decision_id;
  if (query.request_id) return decision.request_id == query.request_id;
  if (!query.transaction_id.empty()) return decision.transaction_id == query.transaction_id;
  return !query.csr_sha256.empty() && decision.csr_sha256 == query.csr_sha256;
}

}  // namespace

bool MemoryStore::Note(NewDecision decision) {
  const std::lock_guard lock(mutex_);
  return !is_journal_full_ && NoteNow(std::move(decision));
}

bool MemoryStore::NoteNow(NewDecision decision) {
  const auto standing =
      std::ranges::find_if(decisions_, [&](const auto& other) { return other.decision_id == decision.decision_id; });
  if (standing == decisions_.end()) {
    decisions_.push_back(std::move(decision));
    return true;
  }
  standing->message_count += decision.message_count;
  standing->decided_at = std::max(standing->decided_at, decision.decided_at);
  return true;
}

Result<std::vector<StoredDecision>> MemoryStore::FindDecisions(const DecisionQuery& query, std::uint32_t size) {
  const std::lock_guard lock(mutex_);
  std::vector<StoredDecision> found;
  for (const Request& request : requests_) {
    const RequestRecord& record = request.record;
    NewDecision own;
    own.request_id = record.request_id;
    own.transaction_id = record.transaction_id;
    own.csr_sha256 = record.csr_sha256;
    if (request.decision.empty() || !Answers(query, own)) continue;
    found.push_back({request.decision, record.request_id, 1, record.received_at});
  }
  for (const auto& decision : decisions_) {
    if (!Answers(query, decision)) continue;
    found.push_back({decision.record, decision.request_id, decision.message_count, decision.decided_at});
  }
  std::ranges::stable_sort(found, [](const auto& one, const auto& other) { return one.last_at > other.last_at; });
  if (found.size() > size) found.resize(size);
  return found;
}

Result<std::int64_t> MemoryStore::ForgetDecisions(TimePoint now, std::chrono::seconds retention) {
  const std::lock_guard lock(mutex_);
  const auto first_kept = std::chrono::floor<std::chrono::days>(now) - std::chrono::ceil<std::chrono::days>(retention);
  return static_cast<std::int64_t>(std::erase_if(decisions_, [&](const auto& decision) {
    return std::chrono::floor<std::chrono::days>(decision.decided_at) < first_kept;
  }));
}

}  // namespace engine::store
