// The uses of keys that waiting requests reserve, asked of the store in memory and of PostgreSQL.
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

template <class Stores>
class Reservations : public Bench<Stores> {
 public:
  using Bench<Stores>::Bench;

  Kind KindOf(const NewRequest& request) {
    const auto outcome = this->Record(request);
    INFO((outcome ? "" : outcome.error().detail));
    REQUIRE(outcome);
    return outcome->kind;
  }
  std::int64_t Hold(const NewRequest& request) {
    const auto outcome = this->Record(request);
    INFO((outcome ? "" : outcome.error().detail));
    REQUIRE(outcome);
    REQUIRE(outcome->kind == Kind::kRecorded);
    return outcome->request_id;
  }
  Result<void> Approve(std::int64_t id, const NewRequest& held) {
    return this->stores.administration().Approve({id,
                                                  held.identity.csr_sha256,
                                                  this->Certificate(),
                                                  this->policy_version_id,
                                                  ApprovedBy("alice"),
                                                  {},
                                                  this->Decision(id)});
  }
  // Uses is "consumed+reserved/limit".
  std::string Uses(std::int64_t key) {
    const auto listing = this->Listed(key);
    return std::to_string(listing.use_count) + "+" + std::to_string(listing.reserved_count) + "/" +
           std::to_string(listing.use_limit);
  }
};

TEMPLATE_TEST_CASE("a request that waits reserves a use, and its approval consumes that one", "[store][reservations]",
                   MemoryStores, PostgresStores) {
  Reservations<TestType> bench;
  const auto key = bench.MakeKey(1);
  const auto held = bench.Held("held", key);
  const auto id = bench.Hold(held);
  CHECK(bench.Uses(key) == "0+1/1");
  CHECK(bench.KindOf(bench.Issued("issued", key)) == Kind::kExhausted);
  CHECK(bench.KindOf(bench.Held("another", key)) == Kind::kExhausted);
  CHECK(bench.Uses(key) == "0+1/1");
  REQUIRE(bench.Approve(id, held));
  CHECK(bench.Uses(key) == "1+0/1");
  CHECK(bench.Approve(id, held).error().reason == Reason::kConflict);
  CHECK(bench.KindOf(bench.Held("later", key)) == Kind::kExhausted);
  CHECK(bench.Uses(key) == "1+0/1");
}

TEMPLATE_TEST_CASE("a rejection releases the reserved use where the request says so, and consumes it otherwise",
                   "[store][reservations]", MemoryStores, PostgresStores) {
  Reservations<TestType> bench;
  const auto key = bench.MakeKey(1);
  const bool releases_use = GENERATE(true, false);
  const auto id = bench.Hold(bench.Held("held", key, releases_use));
  REQUIRE(bench.stores.administration().Reject(id, "no", "alice"));
  CHECK(bench.Uses(key) == (releases_use ? "0+0/1" : "1+0/1"));
  CHECK_FALSE(bench.stores.administration().Reject(id, "no", "alice"));
  CHECK(bench.Uses(key) == (releases_use ? "0+0/1" : "1+0/1"));
  CHECK(bench.KindOf(bench.Issued("later", key)) == (releases_use ? Kind::kRecorded : Kind::kExhausted));
}

TEMPLATE_TEST_CASE("what expires settles its reservation as a rejection does", "[store][reservations]", MemoryStores,
                   PostgresStores) {
  Reservations<TestType> bench;
  const auto one = bench.MakeKey(5);
  const auto other = bench.MakeKey(5);
  for (const auto& [transaction, key, releases_use] : {std::tuple("a", one, true), std::tuple("b", one, false),
                                                       std::tuple("c", one, true), std::tuple("d", other, false)}) {
    auto held = bench.Held(transaction, key, releases_use);
    held.received_at -= std::chrono::hours(48);
    bench.Hold(held);
  }
  bench.Hold(bench.Held("young", other, true));
  bench.RecordPending("without a key");
  const auto day = std::chrono::hours(24);
  CHECK(bench.stores.administration().Expire(bench.Now(), {day, day}).value() == 4);
  CHECK(bench.Uses(one) == "1+0/5");
  CHECK(bench.Uses(other) == "1+1/5");
  CHECK(bench.stores.administration().Expire(bench.Now(), {day, day}).value() == 0);
  CHECK(bench.Uses(one) == "1+0/5");
}

TEMPLATE_TEST_CASE("a further name of what waits reserves nothing, also where the key has no use left",
                   "[store][reservations]", MemoryStores, PostgresStores) {
  Reservations<TestType> bench;
  const auto key = bench.MakeKey(1);
  const auto first = bench.Held("first", key);
  const auto id = bench.Hold(first);
  auto again = bench.Held("second", key);
  again.subject = first.subject;
  const auto outcome = bench.Record(again);
  REQUIRE(outcome);
  CHECK(outcome->kind == Kind::kPrior);
  CHECK(outcome->request_id == id);
  CHECK(bench.KindOf(first) == Kind::kPrior);
  CHECK(bench.Uses(key) == "0+1/1");
}

TEMPLATE_TEST_CASE("a key's facts tell who holds its reserved uses", "[store][reservations]", MemoryStores,
                   PostgresStores) {
  Reservations<TestType> bench;
  const auto key = bench.MakeKey(3);
  const auto held = bench.Held("held", key);
  const auto id = bench.Hold(held);
  const auto found = [&](const std::string& requester, const std::string& subject) {
    EnrollmentQuery query;
    query.identity = bench.Identity("another");
    query.identity.requester_key = bench.DigestOf(requester);
    query.subject = subject;
    query.key_digest = bench.DigestOf("key1");
    const auto facts = Wait<EnrollmentFacts>([&](auto done) { bench.stores.enrollment().Find(query, done); });
    REQUIRE((facts && facts->key));
    return *facts->key;
  };
  CHECK(found("requester", held.subject).reserved_count == 1);
  CHECK(found("requester", held.subject).is_reserved_for_requester);
  CHECK_FALSE(found("another requester", held.subject).is_reserved_for_requester);
  CHECK_FALSE(found("requester", "CN=another").is_reserved_for_requester);
  REQUIRE(bench.Approve(id, held));
  CHECK_FALSE(found("requester", held.subject).is_reserved_for_requester);
}

TEMPLATE_TEST_CASE("who holds a reserved use is told by CA, key and state, and by what it waits for",
                   "[store][reservations]", MemoryStores, PostgresStores) {
  Reservations<TestType> bench;
  const auto key = bench.MakeKey(5);
  const auto other_key = bench.MakeKey(5);
  auto others = bench.Held("others", key);
  others.identity.requester_key = bench.DigestOf("another requester");
  bench.Hold(others);
  const auto holds = [&](const NewRequest& held) {
    EnrollmentQuery query;
    query.identity = bench.Identity("question");
    query.subject = held.subject;
    query.key_digest = bench.DigestOf("key1");
    const auto facts = Wait<EnrollmentFacts>([&](auto done) { bench.stores.enrollment().Find(query, done); });
    REQUIRE((facts && facts->key));
    return facts->key->is_reserved_for_requester;
  };
  const auto held = bench.Held("held", key);
  const auto id = bench.Hold(held);
  CHECK(holds(held));
  REQUIRE(bench.Approve(id, held));
  CHECK_FALSE(holds(held));
  // With another key.
  const auto with_other = bench.Held("with another", other_key);
  bench.Hold(with_other);
  CHECK_FALSE(holds(with_other));
  // At another CA.
  REQUIRE(bench.stores.administration().CreateCa(bench.NamedCa("other")));
  auto elsewhere = bench.Held("elsewhere", key);
  elsewhere.identity.ca_id = bench.stores.administration().LoadDirectory()->cas.at(1).ca_id;
  bench.Hold(elsewhere);
  CHECK_FALSE(holds(elsewhere));
  // A renewal has no further names.
  auto renewal = bench.Held("renewal", key);
  renewal.renewal = NewRenewal{bench.stores.administration().ListCertificates({}, {})->front().certificate_id, 1};
  bench.Hold(renewal);
  CHECK_FALSE(holds(renewal));
}

TEMPLATE_TEST_CASE("what is issued and what waits share the uses of a key in one batch", "[store][reservations]",
                   MemoryStores, PostgresStores) {
  Reservations<TestType> bench;
  const auto key = bench.MakeKey(5);
  std::vector<NewRequest> requests;
  for (int i = 0; i < 12; i++) {
    const std::string transaction = "tx" + std::to_string(i);
    requests.push_back(i % 2 == 0 ? bench.Issued(transaction, key) : bench.Held(transaction, key));
  }
  const auto outcomes = bench.RecordAll(requests);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 5);
  CHECK(CountOf(outcomes, Kind::kExhausted) == 7);
  const auto listing = bench.Listed(key);
  CHECK(listing.use_count + listing.reserved_count == 5);
  CHECK(listing.use_count == bench.Certificates());
  CHECK(bench.Requests() == 5);
}

TEMPLATE_TEST_CASE("operators who decide at once settle a reservation once", "[store][reservations]", MemoryStores,
                   PostgresStores) {
  Reservations<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto key = bench.MakeKey(20);
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; i++) {
    const auto held = bench.Held("tx" + std::to_string(i), key, true);
    const auto id = bench.Hold(held);
    const ApprovedRequest approved = {
        id, held.identity.csr_sha256, bench.Certificate(), bench.policy_version_id, ApprovedBy("alice"),
        {}, bench.Decision(id)};
    threads.emplace_back([&administration, approved] { static_cast<void>(administration.Approve(approved)); });
    threads.emplace_back([&administration, id] { static_cast<void>(administration.Reject(id, "no", "bob")); });
    threads.emplace_back([&administration, now = bench.Now()] {
      const auto day = std::chrono::hours(24);
      static_cast<void>(administration.Expire(now + 2 * day, {day, 3 * day}));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(administration.ListRequests({.state = RequestState::kPending}, {})->empty());
  const auto listing = bench.Listed(key);
  CHECK(listing.reserved_count == 0);
  CHECK(listing.use_count == bench.Certificates());
}

TEST_CASE("of two engines that race for a key's last use one gets it, whether to issue or to wait",
          "[store][reservations][concurrency]") {
  Reservations<PostgresStores> one;
  PostgresStores two(On(one.stores.settings().connection));
  for (int round = 0; round < 20; round++) {
    const auto key = one.MakeKey(1);
    const std::string number = std::to_string(round);
    const auto issued = one.Issued("issued" + number, key);
    auto held = one.Held("held" + number, key);
    held.identity.requester_key = one.DigestOf("requester " + number);
    std::promise<Result<RecordOutcome>> first, second;
    one.stores.enrollment().Record(issued, [&](auto outcome) { first.set_value(std::move(outcome)); });
    two.enrollment().Record(held, [&](auto outcome) { second.set_value(std::move(outcome)); });
    const std::vector<Result<RecordOutcome>> outcomes = {first.get_future().get(), second.get_future().get()};
    CHECK(CountOf(outcomes, Kind::kRecorded) == 1);
    CHECK(CountOf(outcomes, Kind::kExhausted) == 1);
    const auto listing = one.Listed(key);
    CHECK(listing.use_count + listing.reserved_count == 1);
  }
}

TEST_CASE("what waits from before reservations takes a use when it is approved, if there is one",
          "[store][reservations]") {
  Reservations<PostgresStores> bench;
  const auto key = bench.MakeKey(2);
  const auto held = bench.Held("held", key);
  const auto other = bench.Held("other", key);
  const auto first = bench.Hold(held);
  const auto second = bench.Hold(other);
  Execute(bench.stores.settings().connection,
          "UPDATE requests SET reserves_use = false; UPDATE pre_shared_keys SET reserved_count = 0, use_limit = 1");
  REQUIRE(bench.Approve(first, held));
  CHECK(bench.Uses(key) == "1+0/1");
  CHECK(bench.Approve(second, other).error().reason == Reason::kConflict);
  CHECK(bench.stores.administration().GetRequest(second)->state == RequestState::kPending);
  CHECK(bench.Certificates() == 1);
  REQUIRE(bench.stores.administration().Reject(second, "no", "alice"));
  CHECK(bench.Uses(key) == "1+0/1");
}

TEST_CASE("what waits from before reservations takes no use that another request holds", "[store][reservations]") {
  Reservations<PostgresStores> bench;
  const auto key = bench.MakeKey(1);
  const auto old = bench.Held("old", key);
  const auto first = bench.Hold(old);
  const auto& connection = bench.stores.settings().connection;
  Execute(connection, "UPDATE requests SET reserves_use = false; UPDATE pre_shared_keys SET reserved_count = 0");
  const auto held = bench.Held("held", key);
  const auto second = bench.Hold(held);
  CHECK(bench.Uses(key) == "0+1/1");
  const auto refused = bench.Approve(first, old);
  CHECK(refused.error().detail.find("no use left") != std::string::npos);
  EnrollmentQuery query;
  query.identity = bench.Identity("question");
  query.subject = old.subject;
  query.key_digest = bench.DigestOf("key1");
  CHECK_FALSE(Wait<EnrollmentFacts>([&](auto done) {
                bench.stores.enrollment().Find(query, done);
              })->key->is_reserved_for_requester);
  REQUIRE(bench.stores.administration().Reject(first, "no", "alice"));
  CHECK(bench.Uses(key) == "0+1/1");
  CHECK(bench.Approve(second, held));
}

TEST_CASE("only what waits reserves a use", "[store][reservations]") {
  Reservations<PostgresStores> bench;
  const auto key = bench.MakeKey(2);
  REQUIRE(bench.KindOf(bench.Issued("issued", key)) == Kind::kRecorded);
  bench.Hold(bench.Held("held", key, true));
  const auto count = [&](const std::string& condition) {
    return engine_test::Count(bench.stores.settings().connection, "requests WHERE " + condition);
  };
  CHECK(count("state = 'issued' AND NOT reserves_use") == 1);
  CHECK(count("state = 'pending' AND reserves_use AND releases_use") == 1);
}

TEST_CASE("a key's uses and reservations cannot pass its limit together, whoever counts them",
          "[store][reservations][schema]") {
  Bench<PostgresStores> bench;
  bench.MakeKey(2);
  const auto set = [&](const std::string& counts) {
    Execute(bench.stores.settings().connection, "UPDATE pre_shared_keys SET " + counts);
  };
  CHECK_NOTHROW(set("use_count = 1, reserved_count = 1"));
  CHECK_THROWS_AS(set("use_count = 1, reserved_count = 2"), pqxx::check_violation);
  CHECK_THROWS_AS(set("reserved_count = -1"), pqxx::check_violation);
}

}  // namespace
}  // namespace store_test
