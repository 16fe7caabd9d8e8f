#include "failure_budget.h"

#include <catch2/catch.hpp>

#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

using Verdict = FailureBudget::Verdict;
using std::chrono::seconds;

const FailureBudget::TimePoint kNow{std::chrono::hours(1)};

void Fail(FailureBudget& budget, const std::string& source, int times, FailureBudget::TimePoint now = kNow) {
  for (int i = 0; i < times; i++) budget.Charge(source, now);
}

TEST_CASE("a source may fail so often at once, and again as its minute passes", "[scep][budget]") {
  FailureBudget budget({.per_source = 60, .in_all = 0});
  Fail(budget, "192.0.2.1", 59);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kOk);
  Fail(budget, "192.0.2.1", 1);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kSourceSpent);
  CHECK(budget.Check("192.0.2.2", kNow) == Verdict::kOk);
  CHECK(budget.Check("192.0.2.1", kNow + std::chrono::milliseconds(900)) == Verdict::kSourceSpent);
  CHECK(budget.Check("192.0.2.1", kNow + std::chrono::milliseconds(1100)) == Verdict::kOk);
  // What failed past the budget is not held against the next minute.
  Fail(budget, "192.0.2.1", 500);
  CHECK(budget.Check("192.0.2.1", kNow + std::chrono::milliseconds(1100)) == Verdict::kOk);
}

TEST_CASE("all sources together have a budget too", "[scep][budget]") {
  FailureBudget budget({.per_source = 2, .in_all = 10});
  for (int i = 0; i < 10; i++) Fail(budget, "192.0.2." + std::to_string(i), 1);
  CHECK(budget.Check("198.51.100.1", kNow) == Verdict::kAllSpent);
  CHECK(budget.Check("198.51.100.1", kNow + seconds(7)) == Verdict::kOk);
}

TEST_CASE("an IPv6 site is one source, an IPv4 address another", "[scep][budget]") {
  FailureBudget budget({.per_source = 1, .in_all = 0});
  Fail(budget, "2001:db8:0:1::1", 1);
  CHECK(budget.Check("2001:db8:0:1:ffff::2", kNow) == Verdict::kSourceSpent);
  CHECK(budget.Check("2001:db8:0:2::1", kNow) == Verdict::kOk);
  Fail(budget, "192.0.2.1", 1);
  CHECK(budget.Check("192.0.2.2", kNow) == Verdict::kOk);
}

TEST_CASE("no budget means no bound", "[scep][budget]") {
  FailureBudget budget({.per_source = 0, .in_all = 0});
  Fail(budget, "192.0.2.1", 10000);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kOk);
  CHECK(budget.sources() == 0);
}

TEST_CASE("so many sources are remembered; who failed longest ago is forgotten", "[scep][budget][bounds]") {
  FailureBudget budget({.per_source = 1, .in_all = 0, .max_sources = 2});
  for (const char* source : {"192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"}) Fail(budget, source, 1);
  CHECK(budget.sources() == 2);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kSourceSpent);
  CHECK(budget.Check("192.0.2.2", kNow) == Verdict::kOk);
}

TEST_CASE("past its budget a source is 429 with Retry-After, whatever it sends, and others are served",
          "[scep][budget][endpoint]") {
  ScepEndpoint::Settings settings;
  settings.failures.per_source = 5;
  ScepFixture scep(settings);
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  for (int i = 0; i < 5; i++) CHECK(scep.Operate("garbage").response.status == 400);
  const auto answer = scep.Operate(scep.PkcsReq(device));
  CHECK(answer.response.status == 429);
  CHECK(answer.response.retry_after.count() == 60);
  CHECK(scep.engine.submissions.empty());
  const pki::Bytes message = scep.PkcsReq(device);
  const auto from = [&](const std::string& peer) { return scep.HttpFrom(peer, message).status; };
  CHECK(from("192.0.2.1") == 429);
  CHECK(from("198.51.100.7") == 200);
}

TEST_CASE("a refusal of the engine counts as a failure, a certificate and a wait do not", "[scep][budget][endpoint]") {
  ScepEndpoint::Settings settings;
  settings.failures.per_source = 2;
  ScepFixture scep(settings);
  scep::Client device = scep.Device();
  const auto statuses = [&](result::Result<Decision> decision) {
    scep.engine.decision = std::move(decision);
    std::vector<int> found;
    for (int i = 0; i < 4; i++) found.push_back(scep.Operate(scep.PkcsReq(device)).response.status);
    return found;
  };
  CHECK(statuses(Issued{scep.Certificate()}) == std::vector<int>{200, 200, 200, 200});
  CHECK(statuses(Pending{"1"}) == std::vector<int>{200, 200, 200, 200});
  CHECK(statuses(result::Fail(result::Reason::kUnavailable, "")) == std::vector<int>{503, 503, 503, 503});
  CHECK(statuses(Rejected{}) == std::vector<int>{200, 200, 429, 429});
}

}  // namespace
}  // namespace gateway
