// Connections that end in the middle of a transaction, and commits whose confirmation is lost.
#include <pqxx/pqxx>
#include <thread>

#include "postgres_proxy.h"
#include "store/postgres/connection_pool.h"
#include "store/postgres/directory_watcher.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using engine_test::Cluster;
using PostgresBench = Bench<PostgresStores>;

// Doubt is a bench whose database can also be reached through a PostgresProxy, by `remote`.
class Doubt : public PostgresBench {
 public:
  PostgresProxy proxy{stores.settings().connection};
  PostgresStores remote{proxy.Settings()};

  Result<RecordOutcome> RecordRemotely(const NewRequest& request) {
    return Wait<RecordOutcome>([&](auto done) { remote.enrollment().Record(request, done); });
  }
};

TEST_CASE_METHOD(Doubt, "a retry after a lost confirmation gets the certificate that was issued", "[store][doubt]") {
  const auto key = MakeKey(5);
  REQUIRE(RecordRemotely(Issued("before", key)));
  const auto request = Issued("tx", key);
  proxy.Arm();
  CHECK(RecordRemotely(request).error().reason == Reason::kUnavailable);
  REQUIRE(proxy.has_cut());
  // A retry signs anew; what was recorded stands.
  const auto retried = RecordRemotely(Issued("tx", key));
  REQUIRE(retried);
  CHECK(retried->kind == Kind::kPrior);
  CHECK(retried->prior->certificate == request.certificate->certificate);
  CHECK(UseCount(key) == 2);
  CHECK(Certificates() == 2);
}

TEST_CASE_METHOD(Doubt, "a batch whose confirmation is lost is recorded once, however it is retried",
                 "[store][doubt]") {
  const auto key = MakeKey(50);
  std::vector<NewRequest> requests;
  for (int i = 0; i < 20; i++) requests.push_back(Issued("tx" + std::to_string(i), key));
  REQUIRE(RecordRemotely(Issued("before")));
  proxy.Arm();
  for (int attempt = 0; attempt < 2; attempt++) {
    std::vector<std::future<Result<RecordOutcome>>> answers;
    for (const auto& request : requests) {
      auto answer = std::make_shared<std::promise<Result<RecordOutcome>>>();
      answers.push_back(answer->get_future());
      remote.enrollment().Record(request, [answer](auto outcome) { answer->set_value(std::move(outcome)); });
    }
    for (auto& answer : answers) {
      REQUIRE(answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
      const auto outcome = answer.get();
      CHECK((outcome || (attempt == 0 && outcome.error().reason == Reason::kUnavailable)));
    }
    CHECK(proxy.has_cut());
  }
  CHECK(UseCount(key) == 20);
  CHECK(Certificates() == 21);
}

TEST_CASE_METHOD(Doubt, "an approval whose confirmation is lost is unavailable, stands, and cannot be repeated",
                 "[store][doubt]") {
  const auto id = RecordPending("tx");
  const auto digest = Identity("tx").csr_sha256;
  REQUIRE(remote.administration().GetRequest(id));
  proxy.Arm();
  const auto certificate = Certificate();
  CHECK(remote.administration()
            .Approve({id, digest, certificate, policy_version_id, ApprovedBy("alice"), {}, Decision(id)})
            .error()
            .reason == Reason::kUnavailable);
  REQUIRE(proxy.has_cut());
  CHECK(remote.administration()
            .Approve({id, digest, Certificate(), policy_version_id, ApprovedBy("alice"), {}, Decision(id)})
            .error()
            .reason == Reason::kConflict);
  CHECK(Poll("tx")->certificate == certificate.certificate);
  CHECK(Certificates() == 1);
}

TEST_CASE_METHOD(PostgresBench, "a session that is ended in the middle of a transaction leaves nothing",
                 "[store][doubt]") {
  const auto key = MakeKey(5);
  REQUIRE(Record(Issued("before")));
  pqxx::connection session(stores.settings().connection);
  std::promise<Result<RecordOutcome>> answer;
  auto answered = answer.get_future();
  {
    pqxx::work holder(session);
    holder.exec("SELECT use_count FROM pre_shared_keys FOR UPDATE");
    stores.enrollment().Record(Issued("tx", key), [&](auto outcome) { answer.set_value(std::move(outcome)); });
    pqxx::connection other(stores.settings().connection);
    REQUIRE(support::Eventually([&] {
      return !pqxx::nontransaction(other)
                  .exec(
                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND application_name = 'certifier-engine' AND wait_event_type = 'Lock'")
                  .empty();
    }));
    REQUIRE(answered.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    CHECK(answered.get().error().reason == Reason::kUnavailable);
  }
  CHECK(UseCount(key) == 0);
  CHECK_FALSE(Poll("tx"));
  CHECK(Record(Issued("tx", key))->kind == Kind::kRecorded);
}

TEST_CASE_METHOD(PostgresBench, "a certificate that the database refuses takes its request and its key's use along",
                 "[store][doubt]") {
  const auto key = MakeKey(5);
  pqxx::connection session(stores.settings().connection);
  pqxx::nontransaction(session).exec(R"(
      CREATE FUNCTION refuse_serial() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
          IF NEW.serial_number = 'bad' THEN RAISE EXCEPTION 'as the test wants it'; END IF;
          RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER refuse_serial AFTER INSERT ON certificates DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION refuse_serial())");
  // Deferred, so that it is COMMIT that fails.
  auto bad = Issued("tx", key);
  bad.certificate->serial_number = "bad";
  CHECK(Record(bad).error().reason == Reason::kInternal);
  const auto held = RecordPending("held");
  const auto approved = stores.administration().Approve(
      {held, Identity("held").csr_sha256, *bad.certificate, policy_version_id, ApprovedBy("alice"), {}});
  CHECK(approved.error().reason == Reason::kInternal);
  CHECK(Poll("held")->state == RequestState::kPending);
  CHECK(UseCount(key) == 0);
  CHECK(Certificates() == 0);
  CHECK(Record(Issued("tx", key))->kind == Kind::kRecorded);
}

TEST_CASE_METHOD(PostgresBench, "after an outage one call at most finds a dead connection", "[store][outage]") {
  // All of the pool's connections at once, so that each is open and idle afterwards.
  pqxx::connection session(stores.settings().connection);
  {
    pqxx::work holder(session);
    holder.exec("LOCK TABLE entities IN ACCESS EXCLUSIVE MODE");
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < stores.settings().connections; i++) {
      threads.emplace_back([&] { (void)stores.administration().ListEntities({}, {}); });
    }
    pqxx::connection other(stores.settings().connection);
    CHECK(support::Eventually([&] {
      return pqxx::nontransaction(other)
                 .exec("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                 .size() == stores.settings().connections;
    }));
    holder.abort();
    for (auto& thread : threads) thread.join();
  }
  Cluster::Get().Stop();
  Cluster::Get().Start();
  std::size_t failures = 0;
  for (int i = 0; i < 10; i++) failures += stores.administration().ListEntities({}, {}) ? 0u : 1u;
  CHECK(failures <= 1);
}

TEST_CASE_METHOD(PostgresBench, "a watcher calls again when the database is back", "[store][watcher]") {
  std::atomic<int> calls{0};
  auto settings = stores.settings();
  settings.watch_interval = std::chrono::minutes(5);
  const DirectoryWatcher watcher(settings, [&] { calls++; });
  REQUIRE(support::Eventually([&] { return calls > 0; }));
  const int before = calls;
  Cluster::Get().Stop();
  Cluster::Get().Start();
  CHECK(support::Eventually([&] { return calls > before; }));
}

}  // namespace
}  // namespace store_test
