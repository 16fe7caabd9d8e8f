#include <catch2/catch.hpp>
#include <set>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::kCaEnd;
using engine_test::kDay;
using engine_test::kNow;
using engine_test::Situation;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("the validity begins with the issue and lasts as long as the module says", "[policy][set_validity]") {
  const auto judged = Judge(R"({"set_validity": {"days": 90, "hours": 5}})", Situation());
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.not_after == kNow + kDay * 90 + hours(5));
  CHECK_FALSE(judged.certificate.not_before.has_value());
  CHECK(judged.finding.changes == std::vector<std::string>{"not_after: 2025-01-02T05:00:00Z"});
}

TEST_CASE("a validity of an hour is one", "[policy][set_validity]") {
  CHECK(Judge(R"({"set_validity": {"hours": 1}})", Situation()).certificate.not_after == kNow + hours(1));
}

TEST_CASE("validity is cut at the CA's own end", "[policy][set_validity]") {
  CHECK(Judge(R"({"set_validity": {"days": 3650}})", Situation()).certificate.not_after == kCaEnd);
}

TEST_CASE("nothing is made valid by a CA that has ended", "[policy][set_validity]") {
  Situation situation;
  situation.ca_not_after = kNow;
  const auto judged = Judge(R"({"set_validity": {"days": 1}})", situation);
  CHECK(judged.verdict == "deny");
  CHECK_FALSE(judged.certificate.not_after.has_value());
}

TEST_CASE("the validity begins before the issue where the module says so", "[policy][set_validity]") {
  const auto judged = Judge(R"({"set_validity": {"days": 1, "backdate_minutes": 90}})", Situation());
  CHECK(judged.certificate.not_before == kNow - minutes(90));
  CHECK(judged.finding.changes.size() == 2);
  CHECK(Judge(R"({"set_validity": {"days": 1, "backdate_minutes": 0}})", Situation()).certificate.not_before == kNow);
}

TEST_CASE("the end is earlier by a part of the length, and not always by the same", "[policy][set_validity]") {
  std::set<engine_test::TimePoint> ends;
  for (int i = 0; i < 64; i++) {
    const auto judged = Judge(R"({"set_validity": {"days": 100, "jitter_percent": 10}})", Situation());
    REQUIRE(judged.certificate.not_after.has_value());
    ends.insert(*judged.certificate.not_after);
  }
  CHECK(*ends.begin() >= kNow + kDay * 90);
  CHECK(*ends.rbegin() <= kNow + kDay * 100);
  CHECK(ends.size() > 8);
}

TEST_CASE("the end is never later than without jitter", "[policy][set_validity]") {
  for (int i = 0; i < 64; i++) {
    const auto end = Judge(R"({"set_validity": {"days": 3650, "jitter_percent": 50}})", Situation());
    CHECK(end.certificate.not_after == kCaEnd);
  }
}

TEST_CASE("validities out of bounds are faults", "[policy][set_validity]") {
  const std::string most =
      R"({"set_validity": {"days": 3650, "hours": 23, "backdate_minutes": 1440, "jitter_percent": 50}})";
  CHECK(FaultsOf(most).empty());
  CHECK(FaultsOf(R"({"set_validity": {}})") == "days and hours are both 0");
  CHECK(FaultsOf(R"({"set_validity": {"days": 3651}})") == "days is above 3650");
  CHECK(FaultsOf(R"({"set_validity": {"hours": 24}})") == "hours is above 23");
  CHECK(FaultsOf(R"({"set_validity": {"days": 1, "backdate_minutes": 1441}})") == "backdate_minutes is above 1440");
  CHECK(FaultsOf(R"({"set_validity": {"days": 1, "jitter_percent": 51}})") == "jitter_percent is above 50");
}

}  // namespace
