#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_OUTCOME_WRITER_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_OUTCOME_WRITER_H

#include <vector>

#include "store/enrollment_store.h"
#include "store/postgres/fact_finder.h"
#include "store/postgres/session_keeper.h"

namespace engine::store {

// Recording is one waiting call of EnrollmentStore::Record.
struct Recording {
  NewRequest request;
  Callback<RecordOutcome> done;
};

// OutcomeWriter records batches of outcomes, each batch in one transaction.
class OutcomeWriter {
 public:
  explicit OutcomeWriter(const PostgresSettings& settings);
  // Process answers every recording after its row, or the row that stands in its way, is durable.
  void Process(std::vector<Recording> recordings);

 private:
  using Written = std::vector<std::optional<std::int64_t>>;  // request_id of each row that was written.
  result::Result<Written> Write(const std::vector<const NewRequest*>& requests);
  void Answer(const Recording& recording, const result::Result<std::optional<std::int64_t>>& written, bool is_alone);
  void RecordAlone(const Recording& recording);

  SessionKeeper keeper_;
  FactFinder finder_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_OUTCOME_WRITER_H
