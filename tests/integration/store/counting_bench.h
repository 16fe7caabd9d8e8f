#ifndef CERTIFIER_TESTS_INTEGRATION_STORE_COUNTING_BENCH_H
#define CERTIFIER_TESTS_INTEGRATION_STORE_COUNTING_BENCH_H

#include "store_fixture.h"

namespace store_test {

// Counting is a bench whose requests are for an entity and judged on what the store knows of it.
template <class Stores>
class Counting : public Bench<Stores> {
 public:
  using Bench<Stores>::Bench;

  ActivityQuery Question(std::int64_t entity = 1, const std::string& key = "key") const {
    ActivityQuery query;
    query.ca_id = this->ca_id;
    query.entity_id = entity;
    query.subject_key = this->DigestOf(key);
    query.now = this->Now();
    query.wants_certificates = true;
    query.recent_requests = 3;
    query.wants_key_use = true;
    return query;
  }
  Activity Ask(const ActivityQuery& query) { return Ask(this->stores.enrollment(), query); }
  static Activity Ask(EnrollmentStore& store, const ActivityQuery& query) {
    const auto found = Wait<Activity>([&](auto done) { store.FindActivity(query, done); });
    REQUIRE(found);
    return *found;
  }
  // Judged is an issue to an entity, on what is known by now.
  NewRequest Judged(const std::string& transaction, std::int64_t entity = 1, const std::string& key = "key") {
    NewRequest request = IssuedFor(transaction, entity, key);
    const auto query = Question(entity, key);
    request.judged_on = JudgedActivity{query, Ask(query).digest};
    return request;
  }
  NewRequest IssuedFor(const std::string& transaction, std::int64_t entity = 1, const std::string& key = "key") {
    NewRequest request = this->Issued(transaction);
    request.entity_id = entity;
    request.identity.requester_key = this->DigestOf(key);
    return request;
  }
  std::vector<CertificateRecord> Listed() { return this->stores.administration().ListCertificates({}, {}).value(); }
  std::int64_t OtherEntity() { return this->stores.administration().CreateEntity({"other", "", "test"})->entity_id; }
};

}  // namespace store_test

#endif  // CERTIFIER_TESTS_INTEGRATION_STORE_COUNTING_BENCH_H
