#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_FACT_FINDER_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_FACT_FINDER_H

#include <variant>
#include <vector>

#include "store/enrollment_store.h"
#include "store/postgres/session_keeper.h"

namespace engine::store {

// Lookup is one waiting call of EnrollmentStore::Find, FindForPoll, FindCertificates or FindActivity.
struct FactLookup {
  EnrollmentQuery query;
  Callback<EnrollmentFacts> done;
};
struct PollLookup {
  RequestIdentity identity;
  Callback<std::optional<PriorRequest>> done;
};
struct CertificateLookup {
  CertificateQuery query;
  Callback<CertificateFacts> done;
};
struct ActivityLookup {
  ActivityQuery query;
  Callback<Activity> done;
};
using Lookup = std::variant<FactLookup, PollLookup, CertificateLookup, ActivityLookup>;

// FactFinder answers batches of lookups, each kind in one round trip, and one more where a signer may be
// ours.
class FactFinder {
 public:
  explicit FactFinder(const PostgresSettings& settings);
  // Process answers every lookup.
  void Process(std::vector<Lookup> lookups);
  // FindFacts looks up without callbacks: facts in the order of the queries.
  result::Result<std::vector<EnrollmentFacts>> FindFacts(const std::vector<const EnrollmentQuery*>& queries);

 private:
  result::Result<std::vector<std::optional<PriorRequest>>> FindForPoll(const std::vector<const PollLookup*>& lookups);
  result::Result<std::vector<CertificateFacts>> FindCertificates(const std::vector<const CertificateLookup*>& lookups);
  result::Result<std::vector<Activity>> FindActivity(const std::vector<const ActivityLookup*>& lookups);
  SessionKeeper keeper_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_FACT_FINDER_H
