#include "enrollment/find_decisions.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "enrollment/transaction_id.h"
#include "pki/digest.h"
#include "pki/uuid.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::size_t kMostTextOctets = 1024;
constexpr std::uint32_t kMostDecisions = 100;
constexpr std::size_t kSha256Octets = 32;

std::optional<std::int64_t> NumberIn(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// Every query that the text may mean.
result::Result<std::vector<store::DecisionQuery>> QueriesFor(store::AdministrationStore& store, std::string_view text) {
  std::vector<store::DecisionQuery> queries;
  const auto add = [&](auto member, auto value) { queries.emplace_back().*member = std::move(value); };
  if (auto id = pki::ParseUuid(text)) add(&store::DecisionQuery::decision_id, *std::move(id));
  if (const auto number = NumberIn(text)) add(&store::DecisionQuery::request_id, number);
  if (auto transaction_id = ParseTransactionId(text)) {
    add(&store::DecisionQuery::transaction_id, *std::move(transaction_id));
  }
  if (auto fingerprint = pki::ParseFingerprint(text)) {
    // What waits is found by any of its six; of the rest one is kept.
    ASSIGN_OR_RETURN(const auto requests, store.ListRequests({.fingerprint = *fingerprint}, {}));
    for (const auto& request : requests) add(&store::DecisionQuery::request_id, std::optional(request.request_id));
    if (fingerprint->size() == kSha256Octets) add(&store::DecisionQuery::csr_sha256, *std::move(fingerprint));
  }
  return queries;
}

}  // namespace

result::Result<certifier::v1::DecisionRecord> ReadDecision(const store::StoredDecision& stored) {
  certifier::v1::DecisionRecord record;
  if (!record.ParseFromString(stored.record)) return result::Fail(Reason::kInternal, "a stored decision is unreadable");
  if (stored.request_id) record.set_request_id(std::to_string(*stored.request_id));
  record.set_message_count(stored.message_count);
  *record.mutable_last_at() = ToTimestamp(stored.last_at);
  return record;
}

result::Result<std::vector<certifier::v1::DecisionRecord>> FindDecisions(store::AdministrationStore& store,
                                                                         std::string_view text) {
  if (text.empty() || text.size() > kMostTextOctets) {
    return result::Fail(Reason::kMalformed, "ask with 1 to 1024 octets");
  }
  ASSIGN_OR_RETURN(const auto queries, QueriesFor(store, text));
  if (queries.empty()) {
    return result::Fail(Reason::kMalformed,
                        "that is no request's number, decision's UUID, transactionID or fingerprint");
  }
  std::map<std::string, std::pair<store::TimePoint, certifier::v1::DecisionRecord>> found;
  for (const auto& query : queries) {
    ASSIGN_OR_RETURN(const auto decisions, store.FindDecisions(query, kMostDecisions));
    for (const auto& decision : decisions) {
      ASSIGN_OR_RETURN(auto record, ReadDecision(decision));
      std::string id = record.decision_id();
      found.try_emplace(std::move(id), decision.last_at, std::move(record));
    }
  }
  if (found.empty()) {
    return result::Fail(Reason::kNotFound,
                        "nothing is known of it; records of what was not stored are kept for the "
                        "engine's --decision-retention");
  }
  std::vector<std::pair<store::TimePoint, certifier::v1::DecisionRecord>> ordered;
  for (auto& [id, decision] : found) ordered.push_back(std::move(decision));
  std::ranges::stable_sort(ordered, [](const auto& one, const auto& other) { return one.first > other.first; });
  if (ordered.size() > kMostDecisions) ordered.resize(kMostDecisions);
  std::vector<certifier::v1::DecisionRecord> records;
  for (auto& [at, record] : ordered) records.push_back(std::move(record));
  return records;
}

}  // namespace engine::enrollment
