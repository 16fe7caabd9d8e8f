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
  // Written is what became of one row.
  struct Written {
    std::optional<std::int64_t> request_id;  // Nothing: it was left out.
    bool collides = false;
    bool is_too_much = false;
    bool is_exhausted = false;
  };
  result::Result<std::vector<Written>> Write(const std::vector<const NewRequest*>& requests);
  // Attempt says whether a row was written without others, and whether it is tried no more.
  struct Attempt {
    bool is_alone = false;
    bool is_last = false;
  };
  void Answer(const Recording& recording, const Written& written, Attempt attempt);
  // Stands is the row that stands in the way of one that was left out; nothing if none does.
  result::Result<std::optional<PriorRequest>> Stands(const NewRequest& request);
  result::Result<std::optional<RecordOutcome>> AttachAlias(const NewRequest& request);
  void RecordAlone(const Recording& recording);
  void RecordTogether(const std::vector<const Recording*>& together);
  // RecordApart takes a batch that could not be written to pieces, and tells whether it did.
  bool RecordApart(const std::vector<const Recording*>& together);

  const PendingLimits limits_;
  SessionKeeper keeper_;
  FactFinder finder_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_OUTCOME_WRITER_H
