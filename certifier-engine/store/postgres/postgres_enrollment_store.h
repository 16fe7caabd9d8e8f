#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_ENROLLMENT_STORE_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_ENROLLMENT_STORE_H

#include "service/batcher.h"
#include "store/enrollment_store.h"
#include "store/postgres/fact_finder.h"
#include "store/postgres/outcome_writer.h"

namespace engine::store {

// PostgresEnrollmentStore has one thread and connection that looks up and one that writes (and one more connection for
// what the writer must read again). It connects when it is first asked.
class PostgresEnrollmentStore final : public EnrollmentStore {
 public:
  explicit PostgresEnrollmentStore(const PostgresSettings& settings);

  void Find(EnrollmentQuery query, Callback<EnrollmentFacts> done) override;
  void FindForPoll(RequestIdentity identity, Callback<std::optional<PriorRequest>> done) override;
  void FindCertificates(CertificateQuery query, Callback<CertificateFacts> done) override;
  void FindActivity(ActivityQuery query, Callback<Activity> done) override;
  void Record(NewRequest request, Callback<RecordOutcome> done) override;

 private:
  FactFinder finder_;
  OutcomeWriter writer_;
  // Below what they use, so that their threads end first.
  service::Batcher<Lookup> lookups_;
  service::Batcher<Recording> recordings_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_ENROLLMENT_STORE_H
