// Modules that look at whom a request is for: require_entity, active_certificate_limit and request_rate_limit.

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::kNow;
using engine_test::Situation;
using engine_test::VerdictOf;
using std::chrono::minutes;

Situation WithActive(std::vector<std::int64_t> certificates) {
  Situation situation;
  situation.For("device-1").entity->active_certificates = std::move(certificates);
  return situation;
}

// Requests so many minutes ago each.
Situation WithRequests(const std::vector<int>& ago) {
  Situation situation;
  situation.For("device-1");
  for (const int count : ago) situation.entity->recent_requests.push_back(kNow - minutes(count));
  return situation;
}

TEST_CASE("require_entity passes for any entity and denies without one", "[policy][require_entity]") {
  CHECK(VerdictOf(R"({"require_entity": {}})", Situation().For("device-1")) == "pass");
  CHECK(VerdictOf(R"({"require_entity": {}})", Situation().WithKey()) == "deny");
}

TEST_CASE("require_entity says what it was told to say", "[policy][require_entity]") {
  const std::string module = R"({"require_entity": {"then": "VERDICT_HOLD", "otherwise": "VERDICT_PASS"}})";
  CHECK(VerdictOf(module, Situation().For("device-1")) == "hold");
  CHECK(VerdictOf(module, Situation()) == "pass");
}

TEST_CASE("an entity's name must match one of the patterns", "[policy][require_entity]") {
  const std::string module = R"({"require_entity": {"name_patterns": ["router-*", "gw"]}})";
  CHECK(VerdictOf(module, Situation().For("router-7")) == "pass");
  CHECK(VerdictOf(module, Situation().For("GW")) == "pass");
  CHECK(VerdictOf(module, Situation().For("gw-2")) == "deny");
}

TEST_CASE("an entity must have every attribute that is asked for", "[policy][require_entity]") {
  const std::string module = R"({"require_entity": {"attributes": ["site=hall-*", "role=vpn"]}})";
  CHECK(VerdictOf(module, Situation().For("a", {{"site", "hall-2"}, {"role", "vpn"}})) == "pass");
  CHECK(VerdictOf(module, Situation().For("a", {{"site", "hall-2"}, {"role", "phone"}})) == "deny");
  CHECK(VerdictOf(module, Situation().For("a", {{"site", "hall-2"}})) == "deny");
  CHECK(VerdictOf(module, Situation().WithKey({{"site", "hall-2"}, {"role", "vpn"}})) == "deny");
}

TEST_CASE("an attribute that must be there may be required to be anything", "[policy][require_entity]") {
  const std::string module = R"({"require_entity": {"attributes": ["zone=*"]}})";
  CHECK(VerdictOf(module, Situation().For("a", {{"zone", "*.example"}})) == "pass");
  CHECK(VerdictOf(module, Situation().For("a")) == "deny");
}

TEST_CASE("what is wrong with require_entity is named", "[policy][require_entity]") {
  CHECK(FaultsOf(R"({"require_entity": {"name_patterns": [""]}})") == "name_patterns: an entry has 1 to 255 octets");
  CHECK(FaultsOf(R"({"require_entity": {"attributes": ["site"]}})") == "attributes: \"site\" is not NAME=PATTERN");
  CHECK(FaultsOf(R"({"require_entity": {"attributes": ["=hall"]}})") == "attributes: \"=hall\" is not NAME=PATTERN");
  CHECK(FaultsOf(R"({"require_entity": {"then": 9, "otherwise": 9}})") ==
        "then is no verdict; otherwise is no verdict");
}

TEST_CASE("an entity below the limit of certificates gets another", "[policy][active_certificate_limit]") {
  const std::string module = R"({"active_certificate_limit": {"max": 2}})";
  CHECK(VerdictOf(module, WithActive({})) == "pass");
  CHECK(VerdictOf(module, WithActive({11})) == "pass");
  CHECK(VerdictOf(module, WithActive({11, 12})) == "deny");
  CHECK(VerdictOf(module, WithActive({11, 12, 13})) == "deny");
}

TEST_CASE("a limit of certificates says nothing of a request for no entity", "[policy][active_certificate_limit]") {
  CHECK(VerdictOf(R"({"active_certificate_limit": {"max": 1}})", Situation().WithKey()) == "pass");
}

TEST_CASE("past the limit of certificates a request is held where the module says so",
          "[policy][active_certificate_limit]") {
  const std::string module = R"({"active_certificate_limit": {"max": 1, "exceeded": "EXCEEDED_HOLD"}})";
  CHECK(VerdictOf(module, WithActive({11})) == "hold");
  CHECK(VerdictOf(R"({"active_certificate_limit": {"max": 1, "exceeded": "EXCEEDED_DENY"}})", WithActive({11})) ==
        "deny");
}

TEST_CASE("the oldest certificates go until there is room for the new one", "[policy][active_certificate_limit]") {
  const std::string module = R"({"active_certificate_limit": {"max": 2, "exceeded": "EXCEEDED_REVOKE_OLDEST"}})";
  CHECK(Judge(module, WithActive({11})).finding.revokes.empty());
  const auto judged = Judge(module, WithActive({11, 12, 13}));
  CHECK(judged.verdict == "pass");
  CHECK(judged.finding.revokes == std::vector<std::int64_t>{11, 12});
}

TEST_CASE("limits of certificates out of bounds are faults", "[policy][active_certificate_limit]") {
  CHECK(FaultsOf(R"({"active_certificate_limit": {}})") == "max is not 1 to 1000");
  CHECK(FaultsOf(R"({"active_certificate_limit": {"max": 1000}})").empty());
  CHECK(FaultsOf(R"({"active_certificate_limit": {"max": 1001}})") == "max is not 1 to 1000");
  CHECK(FaultsOf(R"({"active_certificate_limit": {"max": 1, "exceeded": 9}})") == "exceeded is none of its values");
}

TEST_CASE("an entity that asks too often is denied", "[policy][request_rate_limit]") {
  const std::string module = R"({"request_rate_limit": {"max": 2}})";
  CHECK(VerdictOf(module, WithRequests({1})) == "pass");
  CHECK(VerdictOf(module, WithRequests({1, 59})) == "deny");
  CHECK(VerdictOf(module, WithRequests({1, 60})) == "pass");
  CHECK(VerdictOf(module, Situation().WithKey()) == "pass");
}

TEST_CASE("requests are counted in the period that the module says", "[policy][request_rate_limit]") {
  const std::string module = R"({"request_rate_limit": {"max": 1, "period_minutes": 1440}})";
  CHECK(VerdictOf(module, WithRequests({1439})) == "deny");
  CHECK(VerdictOf(module, WithRequests({1441})) == "pass");
}

TEST_CASE("an entity that asks too often is held where the module says so", "[policy][request_rate_limit]") {
  const std::string module = R"({"request_rate_limit": {"max": 1, "exceeded": "VERDICT_HOLD"}})";
  CHECK(VerdictOf(module, WithRequests({1})) == "hold");
}

TEST_CASE("rates out of bounds are faults", "[policy][request_rate_limit]") {
  CHECK(FaultsOf(R"({"request_rate_limit": {}})") == "max is not 1 to 10000");
  CHECK(FaultsOf(R"({"request_rate_limit": {"max": 10000, "period_minutes": 43200}})").empty());
  CHECK(FaultsOf(R"({"request_rate_limit": {"max": 10001}})") == "max is not 1 to 10000");
  CHECK(FaultsOf(R"({"request_rate_limit": {"max": 1, "period_minutes": 43201}})") == "period_minutes is above 43200");
  const std::string neither = "exceeded is neither hold nor deny";
  CHECK(FaultsOf(R"({"request_rate_limit": {"max": 1, "exceeded": "VERDICT_ACCEPT"}})") == neither);
  CHECK(FaultsOf(R"({"request_rate_limit": {"max": 1, "exceeded": "VERDICT_PASS"}})") == neither);
}

}  // namespace
