// Rollover where there are two gateways and two engines: what a device learns from one gateway, it uses at the other,
// and the second pair hears of each change up to a second after the first.

#include <signal.h>

#include <catch2/catch.hpp>

#include "load.h"
#include "replicas.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;

namespace {

constexpr int kBetween = 8;

// Flags of engines that bound nothing and look for changes each second if nobody tells them.
std::vector<std::string> Patient(std::vector<std::string> flags) {
  flags.insert(flags.end(), kEngineUnbounded.begin(), kEngineUnbounded.end());
  flags.insert(flags.end(), {"--directory-refresh", "1s"});
  return flags;
}

// Deaf keeps notifications from the engine that began to listen last: its PostgreSQL process stands still. That engine
// still looks for changes by itself.
class Deaf {
 public:
  explicit Deaf(const std::string& database)
      : listener_(std::stoi(engine_test::Text(database,
                                              "SELECT pid::text FROM pg_stat_activity WHERE datname = "
                                              "current_database() AND query LIKE 'LISTEN%' "
                                              "ORDER BY backend_start DESC LIMIT 1"))) {
    REQUIRE(kill(listener_, SIGSTOP) == 0);
  }
  ~Deaf() { kill(listener_, SIGCONT); }
  Deaf(const Deaf&) = delete;
  Deaf& operator=(const Deaf&) = delete;

 private:
  const pid_t listener_;
};

// Crowd is a device of each kind: two cross over with what they just fetched, one keeps what it fetched first, and one
// waits and polls.
class Crowd {
 public:
  explicit Crowd(const Replicas& replicas)
      : challenge_(replicas.product.admin.CreateKey({.uses = 1'000'000}).value),
        one_(replicas.product.gateway.port()),
        two_(replicas.gateway.port()) {}

  bool GoesOn() const { return AllGoOn(loads_, kBetween); }
  void Check() const {
    int retries = 0;
    for (const Load* load : loads_) retries += load->retries();
    INFO("asked again after a 503: " << retries);
    CHECK(FailuresOf(loads_) == std::vector<std::string>());
  }

 private:
  const std::string challenge_;
  const int one_, two_;
  const Load there_{{one_, two_, "demo", "there", challenge_}}, back_{{two_, one_, "demo", "back", challenge_}};
  const Load stale_{{one_, two_, "demo", "stale", challenge_, false}}, waiting_{{two_, one_, "demo", "waiting"}};
  const std::vector<const Load*> loads_ = {&there_, &back_, &stale_, &waiting_};
};

int InState(const Replicas& replicas, const std::string& state) {
  return engine_test::Count(replicas.product.engine.database(),
                            "registration_authorities WHERE state = '" + state + "'");
}

// IsNextServed tells whether both gateways have a next CA, or neither has.
bool IsNextServed(const Replicas& replicas, bool is_served) {
  for (const int port : {replicas.product.gateway.port(), replicas.gateway.port()}) {
    if (Get(port, "/scep/demo?operation=GetNextCACert").status != (is_served ? 200 : 404)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("RAs renewed in two steps fail no device that fetches at one gateway and enrols at the other",
          "[conformance][rollover][replica]") {
  // An RA that is always about to end, and a lead longer than the engine is late.
  const Replicas replicas({.policy = "default",
                           .flags = Patient({"--ra-validity", "1d", "--ra-renewal", "86397s", "--key-retirement", "12h",
                                             "--ra-interval", "1s", "--ra-lead", "2s"})});
  const Deaf deaf(replicas.product.engine.database());
  const Crowd crowd(replicas);
  CHECK(crowd.GoesOn());
  const int before = InState(replicas, "retired");
  CHECK(support::Eventually([&] { return InState(replicas, "next") > 0; }));
  CHECK(support::Eventually([&] { return InState(replicas, "retired") >= before + 2; }));
  CHECK(crowd.GoesOn());
  crowd.Check();
}

TEST_CASE("a CA staged and activated fails no device that fetches at one gateway and enrols at the other",
          "[conformance][rollover][replica]") {
  const Replicas replicas({.policy = "default", .flags = Patient({})});
  const Deaf deaf(replicas.product.engine.database());
  const Crowd crowd(replicas);
  CHECK(crowd.GoesOn());
  for (int i = 0; i < 2; i++) {
    replicas.product.admin.Stage("demo");
    CHECK(crowd.GoesOn());
    CHECK(support::Eventually([&] { return IsNextServed(replicas, true); }));
    replicas.product.admin.Activate("demo");
    CHECK(crowd.GoesOn());
    CHECK(support::Eventually([&] { return IsNextServed(replicas, false); }));
  }
  CHECK(crowd.GoesOn());
  crowd.Check();
}
