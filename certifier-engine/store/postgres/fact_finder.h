#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_FACT_FINDER_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_FACT_FINDER_H

#include <variant>
#include <vector>

#include "store/enrollment_store.h"
#include "store/postgres/session_keeper.h"

namespace engine::store {

// Lookup is one waiting call of EnrollmentStore::Find or FindForPoll.
struct FactLookup {
  EnrollmentQuery query;
  Callback<EnrollmentFacts> done;
};
struct PollLookup {
  RequestIdentity identity;
  Callback<std::optional<PriorRequest>> done;
};
using Lookup = std::variant<FactLookup, PollLookup>;

// FactFinder answers batches of lookups, each kind in one round trip.
class FactFinder {
 public:
  explicit FactFinder(const PostgresSettings& settings);
  // Process answers every lookup.
  void Process(std::vector<Lookup> lookups);
  // FindFacts looks up without callbacks: facts in the order of the queries.
  result::Result<std::vector<EnrollmentFacts>> FindFacts(const std::vector<const EnrollmentQuery*>& queries);

 private:
  result::Result<std::vector<std::optional<PriorRequest>>> FindForPoll(const std::vector<const PollLookup*>& lookups);
  SessionKeeper keeper_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_FACT_FINDER_H
