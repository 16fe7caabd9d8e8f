// The settings of the SCEP service, and what gateways made of them.
#include <atomic>
#include <future>
#include <thread>

#include "store/postgres/directory_watcher.h"
#include "store/postgres/postgres_scep_service_store.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using namespace std::chrono_literals;
using engine_test::Cluster;

// Service is a store on a database of its own.
struct Service {
  ScepServiceChange Change() const {
    ScepServiceChange change;
    change.changed_by = "alice";
    return change;
  }
  GatewayReport Report(const std::string& gateway, const std::string& instance, std::chrono::seconds age = 0s) const {
    return {gateway, instance, 1, "0.0.0.0:8080", std::nullopt, now - age};
  }
  // The gateways that reported in the last minute, as "NAME/INSTANCE".
  std::vector<std::string> Gateways(std::chrono::seconds age = 1min) {
    std::vector<std::string> names;
    const auto state = store.GetScepService(now - age);
    REQUIRE(state);
    for (const auto& gateway : state->gateways) names.push_back(gateway.gateway + "/" + gateway.instance);
    return names;
  }

  const PostgresSettings settings = On(Cluster::Get().MakeDatabase());
  ConnectionPool pool{settings};
  PostgresScepServiceStore store{pool};
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
};

TEST_CASE("a new database serves everything where the gateways' own configuration says", "[store][scep-service]") {
  Service service;
  const auto state = service.store.GetScepService(service.now);
  REQUIRE(state);
  CHECK(state->settings.version == 1);
  CHECK(state->settings.is_active);
  CHECK(state->settings.listen.empty());
  CHECK(state->settings.domain_name.empty());
  CHECK(state->settings.changed_by.empty());
  CHECK(state->settings.allowed_operations.size() == kScepOperations);
  CHECK(state->gateways.empty());
}

TEST_CASE("a change of the SCEP service makes the next version and leaves alone what it does not name",
          "[store][scep-service]") {
  Service service;
  auto change = service.Change();
  change.listen = "0.0.0.0:8081";
  change.allowed_operations = {ScepOperation::kPoll, ScepOperation::kGetCaCert, ScepOperation::kPoll};
  const auto changed = service.store.UpdateScepService(change);
  REQUIRE(changed);
  CHECK(changed->version == 2);
  CHECK(changed->listen == "0.0.0.0:8081");
  CHECK(changed->is_active);
  CHECK(changed->allowed_operations == std::vector{ScepOperation::kGetCaCert, ScepOperation::kPoll});
  CHECK(changed->changed_by == "alice");

  auto second = service.Change();
  second.is_active = false;
  second.description = "maintenance";
  second.domain_name = "pki.example";
  second.allowed_operations = std::vector<ScepOperation>();
  REQUIRE(service.store.UpdateScepService(second));
  const auto state = service.store.GetScepService(service.now);
  CHECK(state->settings.version == 3);
  CHECK(state->settings.listen == "0.0.0.0:8081");
  CHECK_FALSE(state->settings.is_active);
  CHECK(state->settings.description == "maintenance");
  CHECK(state->settings.domain_name == "pki.example");
  CHECK(state->settings.allowed_operations.empty());
}

TEST_CASE("of two changes to the same version of the SCEP service one is a conflict", "[store][scep-service]") {
  Service service;
  auto change = service.Change();
  change.expected_version = 1;
  change.description = "first";
  REQUIRE(service.store.UpdateScepService(change));
  change.description = "second";
  const auto refused = service.store.UpdateScepService(change);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == Reason::kConflict);
  CHECK(service.store.GetScepService(service.now)->settings.description == "first");
}

TEST_CASE("changes of the SCEP service at once have versions of their own", "[store][scep-service]") {
  Service service;
  std::vector<std::uint64_t> versions(8);
  std::vector<std::thread> changes;
  for (auto& version : versions) {
    changes.emplace_back([&service, &version] {
      auto change = service.Change();
      change.is_active = true;
      const auto changed = service.store.UpdateScepService(change);
      version = changed ? changed->version : 0;
    });
  }
  for (auto& change : changes) change.join();
  std::ranges::sort(versions);
  // A place in the pool may be refused, but no version is given twice.
  std::erase(versions, 0);
  REQUIRE_FALSE(versions.empty());
  CHECK(versions.back() == versions.size() + 1);
  CHECK(std::ranges::adjacent_find(versions) == versions.end());
}

TEST_CASE("a directory brings the settings of the SCEP service, and engines learn of a change",
          "[store][scep-service]") {
  Service service;
  PostgresAdministrationStore administration(service.settings);
  REQUIRE(administration.LoadDirectory());
  CHECK(administration.LoadDirectory()->scep_service.version == 1);
  auto settings = service.settings;
  settings.watch_interval = 1h;
  std::promise<void> told;
  std::atomic<int> calls = 0;
  const DirectoryWatcher watcher(settings, [&] {
    // The first call follows the connection.
    if (++calls == 1) {
      auto change = service.Change();
      change.listen = "127.0.0.1:8081";
      CHECK(service.store.UpdateScepService(change));
    }
    if (calls == 2) told.set_value();
  });
  CHECK(told.get_future().wait_for(20s) == std::future_status::ready);
  CHECK(administration.LoadDirectory()->scep_service.listen == "127.0.0.1:8081");
}

TEST_CASE("a gateway's newest report stands, with why it does not listen", "[store][scep-service]") {
  Service service;
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "a", 30s), 10));
  auto failed = service.Report("gw", "a");
  failed.applied_version = 7;
  failed.listen = "[::]:9000,127.0.0.1:80";
  for (const auto failure : {ListenFailure::kPortTaken, ListenFailure::kNotPermitted, ListenFailure::kNoSuchAddress,
                             ListenFailure::kOther}) {
    failed.failure = failure;
    REQUIRE(service.store.PutGatewayReport(failed, 10));
    const auto state = service.store.GetScepService(service.now);
    REQUIRE(state->gateways.size() == 1);
    CHECK(state->gateways[0].failure == failure);
    CHECK(state->gateways[0].applied_version == 7);
    CHECK(state->gateways[0].listen == "[::]:9000,127.0.0.1:80");
    CHECK(state->gateways[0].reported_at == service.now);
  }
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "a"), 10));
  CHECK_FALSE(service.store.GetScepService(service.now)->gateways[0].failure);
}

TEST_CASE("replicas of one gateway name are told apart, and each name keeps its newest reports",
          "[store][scep-service]") {
  Service service;
  REQUIRE(service.store.PutGatewayReport(service.Report("other", "z", 59s), 2));
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "a", 30s), 2));
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "b", 20s), 2));
  CHECK(service.Gateways() == std::vector<std::string>{"gw/a", "gw/b", "other/z"});
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "c", 10s), 2));
  CHECK(service.Gateways() == std::vector<std::string>{"gw/b", "gw/c", "other/z"});
}

TEST_CASE("gateways that ended or fell silent are forgotten", "[store][scep-service]") {
  Service service;
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "ended"), 10));
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "alive"), 10));
  REQUIRE(service.store.PutGatewayReport(service.Report("gw", "silent", 10min), 10));
  CHECK(service.Gateways() == std::vector<std::string>{"gw/alive", "gw/ended"});
  REQUIRE(service.store.ForgetGatewayReport("gw", "ended"));
  CHECK(service.Gateways(1h) == std::vector<std::string>{"gw/alive", "gw/silent"});
  CHECK(service.store.ForgetGatewayReports(service.now - 5min) == 1);
  CHECK(service.Gateways(1h) == std::vector<std::string>{"gw/alive"});
}

TEST_CASE("the database holds one row of settings and closed sets of words", "[store][scep-service]") {
  Service service;
  const auto fails = [&](const std::string& sql) {
    CHECK_THROWS_AS(Execute(service.settings.connection, sql), pqxx::sql_error);
  };
  fails("DELETE FROM scep_service");
  fails("UPDATE scep_service SET listen = '0.0.0.0:1'");
  fails("INSERT INTO scep_service SELECT false, '', true, '', '', '{}', 1, now(), ''");
  fails("UPDATE scep_service SET version = version + 1, allowed_operations = '{fly}'");
  fails("INSERT INTO scep_gateways VALUES ('gw', 'a', 1, '', 'tired', now())");
}

}  // namespace
}  // namespace store_test
