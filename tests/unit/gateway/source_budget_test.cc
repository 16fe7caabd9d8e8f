#include "source_budget.h"

#include <catch2/catch.hpp>

#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

using Verdict = SourceBudget::Verdict;
using std::chrono::seconds;

const SourceBudget::TimePoint kNow{std::chrono::hours(1)};

void Fail(SourceBudget& budget, const std::string& source, int times, SourceBudget::TimePoint now = kNow) {
  for (int i = 0; i < times; i++) budget.Charge(source, now);
}

TEST_CASE("a source may fail so often at once, and again as its minute passes", "[scep][budget]") {
  SourceBudget budget({.per_source = 60, .in_all = 0});
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
  SourceBudget budget({.per_source = 2, .in_all = 10});
  for (int i = 0; i < 10; i++) Fail(budget, "192.0.2." + std::to_string(i), 1);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kAllSpent);
  CHECK(budget.Check("192.0.2.1", kNow + seconds(7)) == Verdict::kOk);
}

TEST_CASE("who did not fail within the minute is not shut out by a crowd that did", "[scep][budget]") {
  const std::uint64_t per_source = GENERATE(0, 2);
  SourceBudget budget({.per_source = per_source, .in_all = 10});
  Fail(budget, "198.51.100.2", 1);
  const auto later = kNow + seconds(60);
  for (int i = 0; i < 20; i++) budget.Charge("192.0.2." + std::to_string(i), later);
  CHECK(budget.Check("198.51.100.1", later) == Verdict::kOk);
  CHECK(budget.Check("198.51.100.2", later) == Verdict::kOk);
  budget.Charge("198.51.100.1", later);
  CHECK(budget.Check("198.51.100.1", later) == Verdict::kAllSpent);
}

TEST_CASE("an IPv6 site is one source, an IPv4 address another", "[scep][budget]") {
  SourceBudget budget({.per_source = 1, .in_all = 0});
  Fail(budget, "2001:db8:0:1::1", 1);
  CHECK(budget.Check("2001:db8:0:1:ffff::2", kNow) == Verdict::kSourceSpent);
  CHECK(budget.Check("2001:db8:0:2::1", kNow) == Verdict::kOk);
  Fail(budget, "192.0.2.1", 1);
  CHECK(budget.Check("192.0.2.2", kNow) == Verdict::kOk);
}

TEST_CASE("no budget means no bound", "[scep][budget]") {
  SourceBudget budget({.per_source = 0, .in_all = 0});
  Fail(budget, "192.0.2.1", 10000);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kOk);
  CHECK(budget.sources() == 0);
}

TEST_CASE("so many sources are remembered; who failed longest ago is forgotten", "[scep][budget][bounds]") {
  SourceBudget budget({.per_source = 1, .in_all = 0, .max_sources = 2});
  for (const char* source : {"192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"}) Fail(budget, source, 1);
  CHECK(budget.sources() == 2);
  CHECK(budget.Check("192.0.2.1", kNow) == Verdict::kSourceSpent);
  CHECK(budget.Check("192.0.2.2", kNow) == Verdict::kOk);
}

TEST_CASE("what is taken past the budget costs nothing", "[scep][budget]") {
  SourceBudget budget({.per_source = 2, .in_all = 3});
  CHECK(budget.Take("192.0.2.1", kNow) == Verdict::kOk);
  CHECK(budget.Take("192.0.2.1", kNow) == Verdict::kOk);
  for (int i = 0; i < 10; i++) CHECK(budget.Take("192.0.2.1", kNow) == Verdict::kSourceSpent);
  CHECK(budget.Take("192.0.2.2", kNow) == Verdict::kOk);
  CHECK(budget.Take("192.0.2.3", kNow) == Verdict::kAllSpent);
  CHECK(budget.Check("192.0.2.3", kNow + seconds(21)) == Verdict::kOk);
}

TEST_CASE("past its decrypts a source is 429, what needs none is served, and to be put off is no failure",
          "[scep][budget][endpoint]") {
  ScepEndpoint::Settings settings;
  settings.failures.per_source = 1;
  settings.decrypts.per_source = 3;
  ScepFixture scep(settings);
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  const pki::Bytes request = scep.PkcsReq(device);
  const pki::Bytes poll = device.MakeCertPoll(scep.demo.certificate.subject_name().value()).value();
  const auto from = [&](const std::string& peer, const pki::Bytes& message) {
    return scep.HttpFrom(peer, message).status;
  };
  for (int i = 0; i < 3; i++) CHECK(from("192.0.2.1", request) == 200);
  for (int i = 0; i < 10; i++) CHECK(from("192.0.2.1", request) == 429);
  CHECK(scep.engine.submissions.size() == 3);
  CHECK(from("192.0.2.2", request) == 200);
  scep.engine.decision = Pending{"1"};
  CHECK(from("192.0.2.1", poll) == 200);
  CHECK(scep.engine.inquiries.size() == 1);
  // Its one failure was still to be spent.
  CHECK(from("192.0.2.1", "garbage") == 400);
  CHECK(from("192.0.2.1", poll) == 429);
}

TEST_CASE("all sources together have a budget of decrypts, which a message that needs none leaves alone",
          "[scep][budget][endpoint]") {
  ScepEndpoint::Settings settings;
  settings.failures = {};
  settings.decrypts = {.per_source = 0, .in_all = 2};
  ScepFixture scep(settings);
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  for (int i = 0; i < 10; i++) CHECK(scep.Operate("garbage").response.status == 400);
  CHECK(scep.HttpFrom("192.0.2.1", scep.PkcsReq(device)).status == 200);
  CHECK(scep.HttpFrom("192.0.2.2", scep.PkcsReq(device)).status == 200);
  const auto answer = scep.HttpFrom("192.0.2.3", scep.PkcsReq(device));
  CHECK(answer.status == 429);
  CHECK(answer.retry_after.count() == 60);
}

TEST_CASE("past its polls a source is 429, what is no sound poll costs none, and to be put off is no failure",
          "[scep][budget][endpoint]") {
  ScepEndpoint::Settings settings;
  settings.failures.per_source = 3;
  settings.polls = {.per_source = 2, .in_all = 3};
  ScepFixture scep(settings);
  scep::Client device = scep.Device();
  const pki::Bytes poll = device.MakeCertPoll(scep.demo.certificate.subject_name().value()).value();
  pki::Bytes broken = poll;
  broken.back() = static_cast<char>(broken.back() ^ 1);  // The end of the signature.
  const auto from = [&](const std::string& peer, const pki::Bytes& message) { return scep.HttpFrom(peer, message); };
  CHECK(from("192.0.2.1", broken).status == 200);
  CHECK(from("192.0.2.1", "garbage").status == 400);
  for (int i = 0; i < 2; i++) CHECK(from("192.0.2.1", poll).status == 200);
  for (int i = 0; i < 10; i++) CHECK(from("192.0.2.1", poll).status == 429);
  CHECK(scep.engine.inquiries.size() == 2);
  CHECK(from("192.0.2.1", scep.PkcsReq(device)).status == 200);
  CHECK(from("192.0.2.2", poll).status == 200);
  const auto refused = from("192.0.2.3", poll);
  CHECK(refused.status == 429);
  CHECK(refused.retry_after.count() == 60);
  CHECK(scep.engine.inquiries.size() == 3);
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

TEST_CASE("who must wait with a challenge is 429 for as long as the engine says, and that is no failure",
          "[scep][budget][endpoint]") {
  ScepEndpoint::Settings settings;
  settings.failures.per_source = 1;
  ScepFixture scep(settings);
  scep::Client device = scep.Device();
  scep.engine.decision = Delayed{seconds(32)};
  for (int i = 0; i < 3; i++) {
    const auto answer = scep.Operate(scep.PkcsReq(device));
    CHECK(answer.response.status == 429);
    CHECK(answer.response.retry_after == seconds(32));
  }
  CHECK(scep.engine.submissions.size() == 3);
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
