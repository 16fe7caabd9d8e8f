#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_JOURNAL_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_JOURNAL_H

#include "service/batcher.h"
#include "store/decision_store.h"
#include "store/postgres/session_keeper.h"

namespace engine::store {

// PostgresDecisionJournal has one thread and connection, which write what was noted in batches: the same decision many
// times is one row of one. It connects when it first has something to write.
class PostgresDecisionJournal final : public DecisionJournal {
 public:
  explicit PostgresDecisionJournal(const PostgresSettings& settings);
  bool Note(NewDecision decision) override;

 private:
  void Write(std::vector<NewDecision> decisions);
  result::Result<void> WriteRows(const std::vector<NewDecision>& decisions);

  SessionKeeper keeper_;
  service::Batcher<NewDecision> notes_;  // Below what it uses, so that its thread ends first.
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_JOURNAL_H
