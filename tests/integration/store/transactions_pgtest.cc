// What waits: under how many names, how much of it, and for how long (requirements P-30, P-34, S-40).

#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

using std::chrono::hours;

constexpr hours kDay(24);

// Waiting is a bench whose requests differ: each number has its own key and subject.
template <class Stores>
class Waiting : public Bench<Stores> {
 public:
  using Bench<Stores>::Bench;

  NewRequest Of(const std::string& transaction, int device, const std::string& csr = "csr") {
    NewRequest request = this->Pending(transaction, csr);
    request.identity.requester_key = this->DigestOf("requester " + std::to_string(device));
    request.subject = "CN=device " + std::to_string(device);
    return request;
  }
  Kind KindOf(const NewRequest& request) {
    const auto outcome = this->Record(request);
    REQUIRE(outcome);
    return outcome->kind;
  }
  std::optional<PriorRequest> Polled(const NewRequest& request) {
    RequestIdentity identity = request.identity;
    identity.csr_sha256.clear();
    return Wait<std::optional<PriorRequest>>([&](auto done) { this->stores.enrollment().FindForPoll(identity, done); })
        .value();
  }
  // Facts of the request's own identity.
  EnrollmentFacts FactsOf(const NewRequest& request) { return this->Find(request.identity).value(); }
  Result<std::int64_t> Expire(TimePoint now) {
    return this->stores.administration().Expire(now, {kDay * 30, kDay * 30});
  }
};

TEMPLATE_TEST_CASE("the same key and subject under another transactionID is a further name of what waits",
                   "[store][transactions]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto first = bench.Record(bench.Of("tx-1", 1));
  REQUIRE(first);
  for (const char* csr : {"csr", "another csr"}) {
    const auto second = bench.Record(bench.Of(std::string("tx of ") + csr, 1, csr));
    REQUIRE(second);
    CHECK(second->kind == Kind::kPrior);
    CHECK(second->request_id == first->request_id);
    CHECK(second->prior->state == RequestState::kPending);
  }
  CHECK(bench.Requests() == 1);
  CHECK(bench.Polled(bench.Of("tx of csr", 1))->request_id == first->request_id);
  CHECK(bench.Polled(bench.Of("tx-1", 1))->request_id == first->request_id);
  CHECK_FALSE(bench.Polled(bench.Of("tx of csr", 2)));
  CHECK_FALSE(bench.Polled(bench.Of("tx-3", 1)));

  REQUIRE(bench.stores.administration().Approve({first->request_id,
                                                 bench.Of("tx-1", 1).identity.csr_sha256,
                                                 bench.Certificate(),
                                                 bench.policy_version_id,
                                                 ApprovedBy("alice"),
                                                 {},
                                                 bench.Decision(first->request_id)}));
  CHECK(bench.Polled(bench.Of("tx of csr", 1))->state == RequestState::kIssued);
  CHECK_FALSE(bench.Polled(bench.Of("tx of csr", 1))->certificate.empty());
}

TEMPLATE_TEST_CASE("another subject or another key waits for itself", "[store][transactions]", MemoryStores,
                   PostgresStores) {
  Waiting<TestType> bench;
  REQUIRE(bench.KindOf(bench.Of("tx-1", 1)) == Kind::kRecorded);
  auto other_subject = bench.Of("tx-2", 1);
  other_subject.subject = "CN=another";
  CHECK(bench.KindOf(other_subject) == Kind::kRecorded);
  auto other_key = bench.Of("tx-3", 2);
  other_key.subject = bench.Of("tx-1", 1).subject;
  CHECK(bench.KindOf(other_key) == Kind::kRecorded);
}

TEMPLATE_TEST_CASE("a name that was of a request that is over becomes one of the open request", "[store][transactions]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto first = bench.Record(bench.Of("tx-1", 1));
  REQUIRE(bench.KindOf(bench.Of("tx-2", 1)) == Kind::kPrior);
  REQUIRE(bench.stores.administration().Reject(first->request_id, "no", "alice"));
  const auto next = bench.Record(bench.Of("tx-3", 1, "next"));
  REQUIRE(next->kind == Kind::kRecorded);
  REQUIRE(bench.KindOf(bench.Of("tx-2", 1, "next")) == Kind::kPrior);
  CHECK(bench.Polled(bench.Of("tx-2", 1))->request_id == next->request_id);
}

TEMPLATE_TEST_CASE("the same PKCS#10 gets what it got, also under another transactionID", "[store][transactions]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto issued = bench.Issued("tx-1", {}, "csr");
  REQUIRE(bench.KindOf(issued) == Kind::kRecorded);
  const auto facts = bench.FactsOf(bench.Pending("tx-2", "csr"));
  REQUIRE(facts.identical);
  CHECK(facts.identical->certificate == issued.certificate->certificate);
  CHECK_FALSE(facts.open);
  CHECK_FALSE(bench.FactsOf(bench.Pending("tx-2", "another csr")).identical);
  auto other_key = bench.Pending("tx-2", "csr");
  other_key.identity.requester_key = bench.DigestOf("other");
  CHECK_FALSE(bench.FactsOf(other_key).identical);
  // What was rejected in one transaction is judged anew in another.
  const auto rejected = bench.RecordPending("tx-3", "rejected csr");
  REQUIRE(bench.stores.administration().Reject(rejected, "no", "alice"));
  CHECK(bench.FactsOf(bench.Pending("tx-3", "rejected csr")).identical);
  CHECK_FALSE(bench.FactsOf(bench.Pending("tx-4", "rejected csr")).identical);
}

TEMPLATE_TEST_CASE("an open transaction of another key is noted, or in the way where the CA has it so",
                   "[store][transactions]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto first = bench.Record(bench.Of("tx", 1))->request_id;
  auto refusing = bench.Of("tx", 2);
  refusing.refuses_collision = true;
  CHECK(bench.KindOf(refusing) == Kind::kCollision);
  auto issued = bench.Issued("tx");
  issued.refuses_collision = true;
  CHECK(bench.KindOf(issued) == Kind::kCollision);
  CHECK(bench.Certificates() == 0);

  const auto second = bench.Record(bench.Of("tx", 2));
  REQUIRE(second->kind == Kind::kRecorded);
  auto& administration = bench.stores.administration();
  CHECK(administration.GetRequest(second->request_id)->has_collision);
  CHECK_FALSE(administration.GetRequest(first)->has_collision);
  // The flag stays when the other one is decided; what comes after that has none.
  REQUIRE(administration.Reject(first, "no", "alice"));
  REQUIRE(administration.Reject(second->request_id, "no", "alice"));
  CHECK(administration.GetRequest(second->request_id)->has_collision);
  auto later = bench.Of("tx", 3);
  later.received_at = bench.Now() + kDay;
  CHECK_FALSE(administration.GetRequest(bench.Record(later)->request_id)->has_collision);
}

TEMPLATE_TEST_CASE("a request has so many further names", "[store][transactions]", MemoryStores, PostgresStores) {
  PendingLimits limits;
  limits.aliases = 2;
  Waiting<TestType> bench(limits);
  const auto request_id = bench.Record(bench.Of("tx-0", 1))->request_id;
  const auto aliases = [&] { return bench.stores.administration().GetRequest(request_id)->aliases; };
  CHECK(aliases().empty());
  CHECK(bench.KindOf(bench.Of("tx-2", 1)) == Kind::kPrior);
  CHECK(bench.KindOf(bench.Of("tx-1", 1)) == Kind::kPrior);
  CHECK(bench.KindOf(bench.Of("tx-3", 1)) == Kind::kTooMuch);
  CHECK(bench.KindOf(bench.Of("tx-2", 1)) == Kind::kPrior);
  CHECK_FALSE(bench.Polled(bench.Of("tx-3", 1)));
  CHECK(aliases() == std::vector<Bytes>{"tx-1", "tx-2"});
}

TEMPLATE_TEST_CASE("so much of one source, of one CA and of one key may wait, and a decision makes room",
                   "[store][transactions]", MemoryStores, PostgresStores) {
  const int which = GENERATE(0, 1, 2);
  PendingLimits limits;
  (which == 0 ? limits.per_source : which == 1 ? limits.per_ca : limits.per_requester_key) = 3;
  Waiting<TestType> bench(limits);
  const auto make = [&](int number) {
    NewRequest request = bench.Of("tx-" + std::to_string(number), which == 2 ? 0 : number);
    request.subject = "CN=" + std::to_string(number);
    if (which != 0) request.source_address = "192.0.2." + std::to_string(number);
    return request;
  };
  // All at once, so that batches and engines' turns are counted too.
  std::vector<NewRequest> requests;
  for (int number = 0; number < 10; number++) requests.push_back(make(number));
  const auto outcomes = bench.RecordAll(requests);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 3);
  CHECK(CountOf(outcomes, Kind::kTooMuch) == 7);
  CHECK(bench.Requests() == 3);
  // A repeat of what waits is no more of it, and what is issued waits for nobody.
  for (std::size_t i = 0; i < outcomes.size(); i++) {
    if (outcomes[i]->kind == Kind::kRecorded) CHECK(bench.KindOf(requests[i]) == Kind::kPrior);
  }
  CHECK(bench.KindOf(bench.Issued("tx-issued")) == Kind::kRecorded);
  for (std::size_t i = 0; i < outcomes.size(); i++) {
    if (outcomes[i]->kind != Kind::kRecorded) continue;
    REQUIRE(bench.stores.administration().Reject(outcomes[i]->request_id, "no", "alice"));
    break;
  }
  CHECK(bench.KindOf(make(20)) == Kind::kRecorded);
  CHECK(bench.KindOf(make(21)) == Kind::kTooMuch);
}

TEMPLATE_TEST_CASE("what waits expires, and a rejection is forgotten, as the CA's options say", "[store][transactions]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto waiting = bench.RecordPending("tx-1", "waits");
  auto other = bench.Of("tx-2", 2, "rejected");
  const auto rejected = bench.Record(other)->request_id;
  REQUIRE(administration.Reject(rejected, "no", "alice"));
  const auto now = std::chrono::system_clock::now();
  CHECK(*bench.Expire(now + kDay * 29) == 0);
  CaChange change;
  change.name = "demo";
  change.known_options = "{}";
  change.options = R"({"pending_ttl_days": 10})";
  REQUIRE(administration.UpdateCa(change));
  CHECK(*bench.Expire(now + kDay * 9) == 0);
  CHECK(*bench.Expire(now + kDay * 11) == 1);
  CHECK(administration.GetRequest(waiting)->state == RequestState::kExpired);
  CHECK(bench.FactsOf(other).identical);
  CHECK(*bench.Expire(now + kDay * 31) == 1);
  CHECK(*bench.Expire(now + kDay * 31) == 0);
  CHECK(administration.GetRequest(rejected)->state == RequestState::kRejected);
  CHECK_FALSE(bench.FactsOf(other).identical);
  CHECK_FALSE(bench.Polled(other));
  CHECK(bench.KindOf(other) == Kind::kRecorded);
}

TEMPLATE_TEST_CASE("a rejection is repeated for as long as the CA's options say", "[store][transactions]", MemoryStores,
                   PostgresStores) {
  const int days = GENERATE(10, 60);
  Waiting<TestType> bench;
  auto& administration = bench.stores.administration();
  CaChange change;
  change.name = "demo";
  change.known_options = "{}";
  change.options = R"({"retention_days": )" + std::to_string(days) + "}";
  REQUIRE(administration.UpdateCa(change));
  const auto rejected = bench.Of("tx-1", 1, "rejected");
  REQUIRE(administration.Reject(bench.Record(rejected)->request_id, "no", "alice"));
  const auto now = std::chrono::system_clock::now();
  CHECK(*bench.Expire(now + kDay * (days - 1)) == 0);
  CHECK(bench.FactsOf(rejected).identical);
  const auto waiting = bench.Of("tx-2", 2, "waits");
  const auto waiting_id = bench.Record(waiting)->request_id;
  CHECK(*bench.Expire(now + kDay * (days + 1)) >= 1);
  CHECK_FALSE(bench.FactsOf(rejected).identical);
  CHECK(bench.KindOf(rejected) == Kind::kRecorded);
  // It is not the time that a request waits.
  const bool waits = administration.GetRequest(waiting_id)->state == RequestState::kPending;
  CHECK(waits == (days + 1 < 30));
}

TEST_CASE("of two engines that race with two transactionIDs one makes the request and the other a name of it",
          "[store][transactions]") {
  Waiting<PostgresStores> bench;
  PostgresStores second(bench.stores.settings());
  for (int round = 0; round < 10; round++) {
    const auto one = bench.Of("one " + std::to_string(round), round),
               two = bench.Of("two " + std::to_string(round), round);
    auto answer = std::make_shared<std::promise<Result<RecordOutcome>>>();
    auto other = answer->get_future();
    second.enrollment().Record(two, [answer](auto outcome) { answer->set_value(std::move(outcome)); });
    const auto first = bench.Record(one);
    REQUIRE(other.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    const auto outcome = other.get();
    REQUIRE((first && outcome));
    CHECK((first->kind == Kind::kRecorded) != (outcome->kind == Kind::kRecorded));
    CHECK(first->request_id == outcome->request_id);
    CHECK(bench.Polled(one)->request_id == bench.Polled(two)->request_id);
  }
  CHECK(bench.Requests() == 10);
}

TEST_CASE("two engines expire and forget each row once", "[store][transactions]") {
  Waiting<PostgresStores> bench;
  PostgresStores second(bench.stores.settings());
  for (int i = 0; i < 20; i++) REQUIRE(bench.KindOf(bench.Of("tx " + std::to_string(i), i)) == Kind::kRecorded);
  const auto later = bench.Now() + kDay * 31;
  Result<std::int64_t> theirs = result::Fail(Reason::kInternal, "not yet");
  std::thread other([&] { theirs = second.administration().Expire(later, {kDay * 30, kDay * 30}); });
  const auto mine = bench.Expire(later);
  other.join();
  REQUIRE((mine && theirs));
  CHECK(*mine + *theirs == 20);
}

}  // namespace
}  // namespace store_test
