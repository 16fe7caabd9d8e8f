#include <catch2/catch.hpp>

#include "fixture.h"
#include "policy/renewal.h"

namespace {

using engine_test::Ask;
using engine_test::Device;
using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::kDay;
using engine_test::kNow;
using engine_test::Predecessor;
using engine_test::Situation;
using engine_test::VerdictOf;

constexpr char kModule[] = R"({"require_signer": {}})";

// What the module saw of a renewal by `predecessor`.
std::string SawOf(const std::string& module, const Predecessor& predecessor, const Ask& ask = {}) {
  return Judge(module, Situation(ask).SignedBy(predecessor)).finding.saw;
}

TEST_CASE("a certificate of ours in its window passes and vouches", "[policy][require_signer]") {
  const auto judged = Judge(kModule, Situation().SignedBy({}));
  CHECK(judged.verdict == "pass");
  CHECK(judged.is_vouched_for);
}

TEST_CASE("a message that no certificate of ours signed is denied and vouched for by nobody",
          "[policy][require_signer]") {
  const auto judged = Judge(kModule, Situation());
  CHECK(judged.verdict == "deny");
  CHECK_FALSE(judged.is_vouched_for);
}

TEST_CASE("require_signer says what it was told to say", "[policy][require_signer]") {
  const std::string module =
      R"({"require_signer": {"then": "VERDICT_ACCEPT", "otherwise": "VERDICT_PASS", "unfit": "VERDICT_HOLD"}})";
  CHECK(VerdictOf(module, Situation().SignedBy({})) == "accept");
  CHECK(VerdictOf(module, Situation()) == "pass");
  CHECK(VerdictOf(module, Situation().SignedBy({.renewal_count = 3})) == "hold");
}

TEST_CASE("a certificate that does not entitle to a successor vouches for nobody, whatever is said of it",
          "[policy][require_signer]") {
  const auto judged = Judge(R"({"require_signer": {"unfit": "VERDICT_ACCEPT"}})",
                            Situation().SignedBy({.subject = "CN=device-2,O=Example"}));
  CHECK(judged.verdict == "accept");
  CHECK_FALSE(judged.is_vouched_for);
}

TEST_CASE("a certificate renews in the last part of its life", "[policy][require_signer]") {
  // A quarter of its life is left.
  CHECK(SawOf(R"({"require_signer": {"window_percent": 24}})", {}) == "renewal_too_early");
  CHECK(VerdictOf(R"({"require_signer": {"window_percent": 25}})", Situation().SignedBy({})) == "pass");
  const Predecessor young = {.not_before = kNow - kDay * 49, .not_after = kNow + kDay * 51};
  CHECK(SawOf(kModule, young) == "renewal_too_early");
  CHECK(VerdictOf(R"({"require_signer": {"window_percent": 100}})", Situation().SignedBy(young)) == "pass");
}

TEST_CASE("a certificate that has ended renews for the days of grace", "[policy][require_signer]") {
  const Predecessor ended = {.not_before = kNow - kDay * 100, .not_after = kNow - kDay};
  CHECK(SawOf(kModule, ended) == "renewal_too_late");
  CHECK(VerdictOf(R"({"require_signer": {"grace_days": 1}})", Situation().SignedBy(ended)) == "pass");
}

TEST_CASE("a renewal keeps the subject and the alternative names", "[policy][require_signer]") {
  const Ask ask = {.alternative_names = {"dns:a.example", "dns:b.example"}};
  CHECK(SawOf(kModule, {.subject = "CN=device-1"}) == "renewal_of_another_subject");
  CHECK(SawOf(kModule, {.alternative_names = {"dns:a.example"}}, ask) == "renewal_of_other_alternative_names");
  CHECK(SawOf(kModule, {.alternative_names = {"dns:a.example"}}) == "renewal_of_other_alternative_names");
  const Predecessor same = {.subject = "CN=Device-1,O=EXAMPLE",
                            .alternative_names = {"dns:B.example", "dns:a.example"}};
  CHECK(VerdictOf(kModule, Situation(ask).SignedBy(same)) == "pass");
}

TEST_CASE("a renewal keeps its key only where it may", "[policy][require_signer]") {
  const Predecessor same_key = {.key_number = 0};
  CHECK(SawOf(kModule, same_key) == "renewal_for_the_same_key");
  CHECK(VerdictOf(R"({"require_signer": {"key_may_stay": true}})", Situation().SignedBy(same_key)) == "pass");
}

TEST_CASE("one certificate is renewed three times, or as often as the module says", "[policy][require_signer]") {
  CHECK(VerdictOf(kModule, Situation().SignedBy({.renewal_count = 2})) == "pass");
  CHECK(SawOf(kModule, {.renewal_count = 3}) == "renewed_too_often");
  CHECK(SawOf(R"({"require_signer": {"max_renewals": 1}})", {.renewal_count = 1}) == "renewed_too_often");
  CHECK(VerdictOf(R"({"require_signer": {"max_renewals": 9}})", Situation().SignedBy({.renewal_count = 8})) == "pass");
}

TEST_CASE("bounds of renewals out of bounds are faults", "[policy][require_signer]") {
  CHECK(FaultsOf(R"({"require_signer": {"window_percent": 100, "grace_days": 365, "max_renewals": 1000}})").empty());
  CHECK(FaultsOf(R"({"require_signer": {"window_percent": 101, "grace_days": 366, "max_renewals": 1001}})") ==
        "window_percent is above 100; grace_days is above 365; max_renewals is above 1000");
  const std::string faults = FaultsOf(R"({"require_signer": {"then": 9, "otherwise": 9, "unfit": 9}})");
  for (const auto* parameter : {"then", "otherwise", "unfit"}) {
    CHECK_THAT(faults, Catch::Contains(std::string(parameter) + " is no verdict"));
  }
}

TEST_CASE("a certificate entitles to nothing at another CA, revoked, or of an inactive entity",
          "[policy][require_signer]") {
  engine::store::RenewableCertificate record;
  record.ca_id = 7;
  record.entity = engine::store::EntityStanding{};
  record.entity->is_active = true;
  CHECK_FALSE(engine::policy::StandingFault(record, 7).has_value());
  CHECK(engine::policy::StandingFault(record, 8) == "renewal_of_another_ca");
  record.entity->is_active = false;
  CHECK(engine::policy::StandingFault(record, 7) == "entity_inactive");
  record.is_revoked = true;
  CHECK(engine::policy::StandingFault(record, 7) == "renewal_certificate_revoked");
}

}  // namespace
