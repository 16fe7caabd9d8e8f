// What only a database can get wrong: schema, constraints, lost connections, bounds.
#include <future>
#include <pqxx/pqxx>
#include <thread>

#include "store/postgres/directory_watcher.h"
#include "store/postgres/migrations.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using engine_test::Cluster;
using PostgresBench = Bench<PostgresStores>;

TEST_CASE("an issued certificate can be neither changed nor removed", "[store][schema]") {
  PostgresBench bench;
  REQUIRE(bench.Record(bench.Issued("tx")));
  const auto& connection = bench.stores.settings().connection;
  CHECK_THROWS_AS(Execute(connection, "UPDATE certificates SET certificate = ''"), pqxx::sql_error);
  CHECK_THROWS_AS(Execute(connection, "DELETE FROM certificates"), pqxx::sql_error);
  CHECK(bench.Certificates() == 1);
}

TEST_CASE("a key's uses cannot pass its limit, whoever counts them", "[store][schema]") {
  PostgresBench bench;
  bench.MakeKey(1);
  CHECK_THROWS_AS(Execute(bench.stores.settings().connection, "UPDATE pre_shared_keys SET use_count = 2"),
                  pqxx::check_violation);
}

TEST_CASE("a serial number is issued once by a CA", "[store][schema]") {
  PostgresBench bench;
  const auto first = bench.Issued("one");
  auto second = bench.Issued("two");
  second.certificate->serial_number = first.certificate->serial_number;
  REQUIRE(bench.Record(first));
  CHECK_FALSE(bench.Record(second));
  CHECK(bench.Requests() == 1);
}

TEST_CASE("one bad row of a batch fails alone and leaves nothing", "[store][batch]") {
  PostgresSettings gathering;
  gathering.batch_interval = std::chrono::milliseconds(200);
  PostgresBench bench(gathering);
  const auto key = bench.MakeKey(100);
  Execute(bench.stores.settings().connection, R"(
      CREATE FUNCTION fail_for_one() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
          IF NEW.subject = 'CN=bad' THEN RAISE EXCEPTION 'as the test wants it'; END IF;
          RETURN NEW;
      END $$;
      CREATE TRIGGER fail_for_one BEFORE INSERT ON requests FOR EACH ROW EXECUTE FUNCTION fail_for_one())");
  REQUIRE(bench.Record(bench.Issued("first", key)));
  std::vector<NewRequest> requests;
  for (int i = 0; i < 10; i++) requests.push_back(bench.Issued("tx" + std::to_string(i), key));
  requests[4].subject = "CN=bad";
  const auto outcomes = bench.RecordAll(requests);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 9);
  CHECK(outcomes[4].error().reason == Reason::kInternal);
  CHECK(bench.Requests() == 10);
  CHECK(bench.Certificates() == 10);
  CHECK(bench.UseCount(key) == 10);
}

TEST_CASE("two engines agree on one row and on the uses of a key", "[store][concurrency]") {
  PostgresBench one;
  PostgresStores two(On(one.stores.settings().connection));
  const auto key = one.MakeKey(5);
  std::vector<std::future<Result<RecordOutcome>>> answers;
  for (int i = 0; i < 20; i++) {
    // Ten requests, each sent to both.
    const auto request = one.Issued("tx" + std::to_string(i / 2), key);
    auto answer = std::make_shared<std::promise<Result<RecordOutcome>>>();
    answers.push_back(answer->get_future());
    EnrollmentStore& store = i % 2 == 0 ? one.stores.enrollment() : two.enrollment();
    store.Record(request, [answer](auto outcome) { answer->set_value(std::move(outcome)); });
  }
  std::size_t recorded = 0;
  for (auto& answer : answers) {
    REQUIRE(answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    const auto outcome = answer.get();
    REQUIRE(outcome);
    recorded += outcome->kind == Kind::kRecorded ? 1u : 0u;
  }
  CHECK(recorded == 5);
  CHECK(one.UseCount(key) == 5);
  CHECK(one.Certificates() == 5);
}

TEST_CASE("without the database every call is unavailable, and works again when it is back", "[store][outage]") {
  PostgresBench bench;
  REQUIRE(bench.Record(bench.Issued("before")));
  Cluster::Get().Stop();
  const auto begun = std::chrono::steady_clock::now();
  CHECK(bench.Record(bench.Issued("during")).error().reason == Reason::kUnavailable);
  CHECK(bench.Find(bench.Identity("during")).error().reason == Reason::kUnavailable);
  CHECK(bench.stores.administration().LoadDirectory().error().reason == Reason::kUnavailable);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(15));
  Cluster::Get().Start();
  const auto during = bench.Issued("during");
  REQUIRE(support::Eventually([&] { return bench.Record(during).has_value(); }));
  REQUIRE(support::Eventually([&] { return bench.stores.administration().LoadDirectory().has_value(); }));
  CHECK(bench.Requests() == 2);
  CHECK(bench.Certificates() == 2);
}

TEST_CASE("a full queue refuses at once and records nothing", "[store][bounds]") {
  PostgresSettings small;
  small.max_queued = 1;
  small.batch_interval = std::chrono::seconds(60);
  PostgresBench bench(small);
  // The first goes to the database; the second waits a minute for the next batch; the third finds no place.
  REQUIRE(bench.Record(bench.Issued("first")));
  bench.stores.enrollment().Record(bench.Issued("second"), [](const auto&) {});
  CHECK(bench.Record(bench.Issued("third")).error().reason == Reason::kUnavailable);
  CHECK(bench.Requests() == 1);
}

TEST_CASE("a whole batch does not wait for the interval", "[store][bounds]") {
  PostgresSettings patient;
  patient.max_batch = 2;
  patient.batch_interval = std::chrono::hours(1);
  PostgresBench bench(patient);
  REQUIRE(bench.Record(bench.Issued("first")));
  std::promise<bool> recorded;
  bench.stores.enrollment().Record(bench.Issued("second"),
                                   [&](const auto& outcome) { recorded.set_value(outcome.has_value()); });
  CHECK(bench.Record(bench.Issued("third")));
  CHECK(recorded.get_future().get());
  CHECK(bench.Requests() == 3);
}

TEST_CASE("a pool without a free connection is unavailable when the wait is over", "[store][bounds]") {
  auto settings = On(Cluster::Get().MakeDatabase());
  settings.connections = 1;
  settings.acquire_timeout = std::chrono::milliseconds(100);
  ConnectionPool pool(settings);
  auto lent = pool.Acquire();
  REQUIRE(lent);
  CHECK(pool.Acquire().error().reason == Reason::kUnavailable);
  { const auto back = std::move(*lent); }
  CHECK(pool.Acquire());
}

TEST_CASE("a lock that is held too long fails the call and leaves nothing", "[store][bounds]") {
  PostgresSettings impatient;
  impatient.lock_timeout = std::chrono::milliseconds(100);
  PostgresBench bench(impatient);
  const auto key = bench.MakeKey(5);
  pqxx::connection session(bench.stores.settings().connection);
  pqxx::work holder(session);
  holder.exec("SELECT 1 FROM pre_shared_keys FOR UPDATE");
  CHECK(bench.Record(bench.Issued("tx", key)).error().reason == Reason::kUnavailable);
  holder.abort();
  CHECK(bench.UseCount(key) == 0);
  CHECK(bench.Requests() == 0);
  CHECK(bench.Record(bench.Issued("tx", key))->kind == Kind::kRecorded);
}

TEST_CASE("a key and a certificate bring what their entity is bound to, and its attributes", "[store]") {
  PostgresBench bench;
  Execute(bench.stores.settings().connection, R"sql(
      UPDATE entities SET attributes = '{"site": "hall 2"}', bound_subject = 'CN=device',
             bound_alternative_names = ARRAY['dns:a.example', 'ip:192.0.2.1'])sql");
  const auto key = bench.MakeKey();
  Execute(bench.stores.settings().connection,
          R"sql(UPDATE pre_shared_keys SET policy_attributes = '{"days": "7"}')sql");
  const auto found = bench.Find(bench.Identity("tx"), PostgresBench::DigestOf("key1"))->key;
  REQUIRE(found);
  CHECK(found->attributes == R"({"days": "7"})");
  const auto request = bench.Issued("tx", key);
  const auto recorded = bench.Record(request);
  REQUIRE(recorded->kind == Kind::kRecorded);
  const auto shown = bench.stores.administration().GetRequest(recorded->request_id);
  CHECK(shown->key_attributes == found->attributes);
  CHECK(shown->entity_attributes == found->entity.attributes);
  const SignerCertificate signer = {request.certificate->serial_number, request.certificate->certificate};
  const auto facts = Wait<EnrollmentFacts>([&](auto done) {
    bench.stores.enrollment().Find({bench.Identity("renewal"), {}, signer}, done);
  });
  REQUIRE((facts && facts->renewable && facts->renewable->entity));
  for (const auto& entity : {found->entity, *facts->renewable->entity}) {
    CHECK(entity.attributes == R"({"site": "hall 2"})");
    CHECK(entity.binding.subject == "CN=device");
    CHECK(entity.binding.alternative_names == std::vector<std::string>{"dns:a.example", "ip:192.0.2.1"});
  }
}

TEST_CASE("a change of the directory reaches every engine's watcher", "[store][watcher]") {
  PostgresBench bench;
  std::atomic<int> calls{0};
  auto settings = bench.stores.settings();
  settings.watch_interval = std::chrono::minutes(5);
  const DirectoryWatcher watcher(settings, [&] { calls++; });
  REQUIRE(support::Eventually([&] { return calls > 0; }));  // Once connected.
  const int before = calls;
  REQUIRE(bench.stores.administration().CreateCa(bench.NamedCa("new")));
  CHECK(support::Eventually([&] { return calls > before; }));
}

}  // namespace
}  // namespace store_test
