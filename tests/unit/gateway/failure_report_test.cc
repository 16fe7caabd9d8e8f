#include "failure_report.h"

#include <catch2/catch.hpp>

#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

using Catch::Matchers::Contains;

// Addressing is a device that encrypts to whatever certificate it was given.
class Addressing : public ScepFixture {
 public:
  Addressing() {
    snapshot = BuildSnapshot(Directory({Bundle(issuer, {Ra(issuer, RaWish(issuer, 0))}, true)}), Days(0), NoEngineKey())
                   .snapshot;
  }
  FailureReport Reported(const pki::Certificate& addressee) {
    const pki::Name subject = pki::Name::FromString("CN=device").value();
    auto device = scep::Client::Create(device_key(), subject, addressee).value();
    CHECK(Operate(PkcsReq(device)).fail_info == "badRequest");
    REQUIRE(engine.reports.size() == 1);
    CHECK(engine.submissions.empty());
    return engine.reports[0];
  }
  const TestIssuer issuer = MakeIssuer("demo", "rsa-2048");
};

TEST_CASE_METHOD(Addressing, "an envelope for the CA itself is reported as such", "[scep][report]") {
  const auto report = Reported(issuer.certificate);
  CHECK_THAT(report.reason, Contains("addressed_to_ca: ") && Contains("demo"));
  CHECK(report.ca == "demo");
  CHECK(report.source_address == "192.0.2.1");
  CHECK(report.received_at > Days(-1));
  CHECK_FALSE(report.transaction_id.octets().empty());
}

TEST_CASE_METHOD(Addressing, "an envelope for somebody else is reported with that one's name", "[scep][report]") {
  const TestIssuer stranger = MakeIssuer("stranger", "rsa-2048");
  CHECK_THAT(Reported(stranger.certificate).reason, Contains("addressed_to_stranger: ") && Contains("CN=stranger"));
}

TEST_CASE("an envelope for us that does not open is reported without saying why", "[scep][report]") {
  ScepFixture scep;
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(device.MakeMessage("19", "no PKCS#10").value());
  CHECK(answer.fail_info == "badRequest");
  REQUIRE(scep.engine.reports.size() == 1);
  CHECK(scep.engine.reports[0].reason == "malformed: the envelope holds nothing for us");
  CHECK(scep.engine.reports[0].decision_id == answer.incident);
}

TEST_CASE("what the engine decided is not reported to it", "[scep][report]") {
  ScepFixture scep;
  scep.engine.decision = Rejected{scep::FailInfo::kBadRequest, "61f8f3ca-b265-8d2e-8d70-8d48ed766b5c"};
  scep::Client device = scep.Device();
  REQUIRE(scep.Operate(scep.PkcsReq(device)).fail_info == "badRequest");
  CHECK(scep.engine.reports.empty());
}

TEST_CASE("a refused digest is reported with its name", "[scep][report]") {
  certifier::v1::CaOptions options;
  options.set_sha1(false);
  ScepFixture scep({}, options);
  scep::Client device = scep.Device({.digest = pki::DigestAlgorithm::kSha1});
  REQUIRE(scep.Operate(scep.PkcsReq(device)).fail_info == "badAlg");
  REQUIRE(scep.engine.reports.size() == 1);
  CHECK_THAT(scep.engine.reports[0].reason, Contains("digest sha1 is switched off"));
}

TEST_CASE("a failure has one id for its message, source and reason on one day", "[scep][report]") {
  FailureReport report;
  report.ca = "demo";
  report.reason = "why";
  report.source_address = "192.0.2.1";
  report.received_at = Days(0);
  const auto named = [&](const auto& change) {
    FailureReport other = report;
    change(other);
    NameFailure(other);
    return other.decision_id;
  };
  const auto same = named([](auto&) {});
  CHECK(same.size() == 36);
  CHECK(named([](auto&) {}) == same);
  CHECK(named([](auto& other) { other.ca = "other"; }) != same);
  CHECK(named([](auto& other) { other.reason = "else"; }) != same);
  CHECK(named([](auto& other) { other.source_address = "192.0.2.2"; }) != same);
  CHECK(named([](auto& other) { other.message_type = 19; }) != same);
  CHECK(named([](auto& other) { other.received_at = Days(1); }) != same);
  CHECK(named([](auto& other) { other.digest = "sha1"; }) == same);
}

}  // namespace
}  // namespace gateway
