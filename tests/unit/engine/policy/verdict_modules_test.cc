// Modules that look at nothing but who stands behind a request: accept_all, deny, require_key and require_approval.

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;
using engine_test::VerdictOf;

TEST_CASE("accept_all accepts and vouches for nobody", "[policy][accept_all]") {
  const auto judged = Judge(R"({"accept_all": {}})", Situation());
  CHECK(judged.verdict == "accept");
  CHECK_FALSE(judged.is_vouched_for);
  CHECK(Judge(R"({"accept_all": {}})", Situation().WithKey()).is_vouched_for);
}

TEST_CASE("accept_all without a voucher stands in for one", "[policy][accept_all]") {
  const auto judged = Judge(R"({"accept_all": {"without_voucher": true}})", Situation());
  CHECK(judged.verdict == "accept");
  CHECK(judged.is_vouched_for);
}

TEST_CASE("deny denies whoever asks, and says why", "[policy][deny]") {
  CHECK(VerdictOf(R"({"deny": {}})", Situation().WithKey().For("device-1").ApprovedBy("alice")) == "deny");
  CHECK(Judge(R"({"deny": {}})", Situation()).finding.saw == "denies all");
  CHECK(Judge(R"({"deny": {"reason": "out of service"}})", Situation()).finding.saw == "out of service");
}

TEST_CASE("a reason for denying of more than 200 octets is a fault", "[policy][deny]") {
  CHECK(FaultsOf(R"({"deny": {"reason": ")" + std::string(200, 'x') + "\"}}").empty());
  CHECK(FaultsOf(R"({"deny": {"reason": ")" + std::string(201, 'x') + "\"}}") == "reason has more than 200 octets");
}

TEST_CASE("require_key passes with a key and denies without one", "[policy][require_key]") {
  CHECK(VerdictOf(R"({"require_key": {}})", Situation().WithKey()) == "pass");
  CHECK(VerdictOf(R"({"require_key": {}})", Situation()) == "deny");
}

TEST_CASE("require_key says what it was told to say", "[policy][require_key]") {
  const std::string module = R"({"require_key": {"then": "VERDICT_ACCEPT", "otherwise": "VERDICT_HOLD"}})";
  CHECK(VerdictOf(module, Situation().WithKey()) == "accept");
  CHECK(VerdictOf(module, Situation()) == "hold");
}

TEST_CASE("require_key names the key by its reference number", "[policy][require_key]") {
  CHECK(Judge(R"({"require_key": {}})", Situation().WithKey()).finding.saw == "key reference-1 is valid");
}

TEST_CASE("a verdict of require_key that is none is a fault", "[policy][require_key]") {
  CHECK(FaultsOf(R"({"require_key": {"then": 9}})") == "then is no verdict");
  CHECK(FaultsOf(R"({"require_key": {"otherwise": 9}})") == "otherwise is no verdict");
}

TEST_CASE("require_approval holds for one operator where nothing else is said", "[policy][require_approval]") {
  const auto judged = Judge(R"({"require_approval": {}})", Situation());
  CHECK(judged.verdict == "hold");
  CHECK(judged.finding.terms.approvals == 1);
  CHECK(judged.finding.terms.groups.empty());
}

TEST_CASE("require_approval says how many operators of which groups it waits for", "[policy][require_approval]") {
  const auto judged = Judge(R"({"require_approval": {"approvals": 3, "groups": ["network", "audit"]}})", Situation());
  CHECK(judged.verdict == "hold");
  CHECK(judged.finding.terms.approvals == 3);
  CHECK(judged.finding.terms.groups == std::vector<std::string>{"network", "audit"});
}

TEST_CASE("approvals and groups out of bounds are faults", "[policy][require_approval]") {
  CHECK(FaultsOf(R"({"require_approval": {"approvals": 8}})").empty());
  CHECK(FaultsOf(R"({"require_approval": {"approvals": 9}})") == "approvals is above 8");
  CHECK(FaultsOf(R"({"require_approval": {"groups": [""]}})") == "groups: a group has no name");
  CHECK(FaultsOf(R"({"require_approval": {"groups": ["1", "2", "3", "4", "5", "6", "7", "8", "9"]}})") ==
        "groups has more than 8 entries");
}

}  // namespace
