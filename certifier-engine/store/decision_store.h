#ifndef CERTIFIER_ENGINE_STORE_DECISION_STORE_H
#define CERTIFIER_ENGINE_STORE_DECISION_STORE_H

#include <optional>
#include <vector>

#include "store/types.h"

namespace engine::store {

// Refusal is what the audit log says of a decision that refused what was asked for.
struct Refusal {
  std::string actor;           // Login, of an approval that was refused; empty: a device asked.
  std::string source_address;  // Of either; empty where it is not known.
  std::string reason;
  std::string subject;
  std::string reference_number, entity;  // Empty where they are not known.
  std::string gateway = {};              // Of a device; empty where it is not known.
};

// NewDecision is what a message came to that wrote no row of its own.
struct NewDecision {
  Bytes decision_id;  // 16 octets of a UUID: the same for the same message with the same outcome on one day.
  std::int64_t ca_id = 0;
  std::optional<std::int64_t> request_id;  // What it repeats, polls for or approves.
  Bytes transaction_id;                    // At most 255 octets.
  Bytes csr_sha256;                        // 32 octets, or empty.
  TimePoint decided_at;
  std::uint64_t message_count = 1;
  Bytes record;             // certifier.v1.DecisionRecord.
  bool is_failure = false;  // Whether a device got nothing for its message, and was not told to wait for an operator.
  std::optional<Refusal> refusal = std::nullopt;
};

// DecisionJournal keeps decisions. Safe from any thread.
class DecisionJournal {
 public:
  virtual ~DecisionJournal() = default;
  // Note takes a decision to write soon, beside the answer, and returns false if too many wait to be written. What was
  // taken is lost only with the process or the database. A decision that stands already is counted once more; one that
  // is new and a refusal is also an event of the audit log, in the same transaction.
  [[nodiscard]] virtual bool Note(NewDecision decision) = 0;
};

// DecisionQuery asks for decisions by one of these; the others are empty.
struct DecisionQuery {
  Bytes decision_id;
  std::optional<std::int64_t> request_id;
  Bytes transaction_id;
  Bytes csr_sha256;
};

// StoredDecision is a decision as it stands, of the journal or of a request's row.
struct StoredDecision {
  Bytes record;                            // certifier.v1.DecisionRecord of the first message.
  std::optional<std::int64_t> request_id;  // As NewDecision, or the row's.
  std::uint64_t message_count = 1;
  TimePoint last_at;  // When the last of them came.
};

// DecisionStore is where operators read what the journal and the requests' rows hold. The database's failures are as in
// types.h.
class DecisionStore {
 public:
  virtual ~DecisionStore() = default;
  // FindDecisions finds at most `size`, the newest, the newest first.
  virtual Result<std::vector<StoredDecision>> FindDecisions(const DecisionQuery& query, std::uint32_t size) = 0;
  // ForgetDecisions deletes some of the journal's that are older than `retention`, how many; 0: none is. Those of
  // requests' rows stay with them.
  virtual Result<std::int64_t> ForgetDecisions(TimePoint now, std::chrono::seconds retention) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_DECISION_STORE_H
