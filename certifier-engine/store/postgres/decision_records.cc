#include "store/postgres/decision_records.h"

#include "store/postgres/decision_queries.h"
#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

// So many rows go at once.
constexpr int kForgottenAtOnce = 10'000;

}  // namespace

void AddDecision(Work& work, const NewDecision& decision) {
  work.exec_prepared0(kAddDecision.name, Blob(decision.decision_id), Epoch(decision.decided_at), decision.ca_id,
                      decision.request_id, Blob(decision.transaction_id), Blob(decision.csr_sha256),
                      Blob(decision.record));
}

StoredDecision DecisionOf(const pqxx::row& row) {
  StoredDecision decision;
  decision.record = BlobOf(row["record"]);
  if (!row["request_id"].is_null()) decision.request_id = row["request_id"].as<std::int64_t>();
  decision.message_count = row["message_count"].as<std::uint64_t>();
  decision.last_at = TimeOf(row["last_at"]);
  return decision;
}

Result<std::vector<StoredDecision>> PostgresAdministrationStore::FindDecisions(const DecisionQuery& query,
                                                                               std::uint32_t size) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<StoredDecision>> {
    const auto id = query.decision_id.empty() ? std::nullopt : std::optional(pki::HexLower(query.decision_id));
    const auto rows = work.exec_prepared(kFindDecisions.name, id, query.request_id, Blob(query.transaction_id),
                                         Blob(query.csr_sha256), size);
    std::vector<StoredDecision> found;
    for (const auto& row : rows) found.push_back(DecisionOf(row));
    return found;
  });
}

Result<std::int64_t> PostgresAdministrationStore::ForgetDecisions(TimePoint now, std::chrono::seconds retention) {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    const auto forgotten = work.exec_prepared0(kForgetDecisions.name, Epoch(now), retention.count(), kForgottenAtOnce);
    return static_cast<std::int64_t>(forgotten.affected_rows());
  });
}

}  // namespace engine::store
