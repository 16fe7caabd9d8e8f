// What a CA's options change of the gateway's answers.

#include <catch2/catch.hpp>

#include "pki/cms.h"
#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

using certifier::v1::CaOptions;

// FailInfoText is the attribute of a CertRep; nothing where it has none.
std::optional<std::string> FailInfoText(const HttpResponse& response) {
  const auto signed_data = pki::ParseSignedData(response.body).value();
  for (const auto& attribute : signed_data.attributes) {
    if (attribute.oid != scep::kFailInfoTextOid) continue;
    REQUIRE(attribute.values.size() == 1);
    CHECK(attribute.values[0].tag == pki::der::kUtf8String);
    return std::string(attribute.values[0].value);
  }
  return std::nullopt;
}

TEST_CASE("a FAILURE has a failInfoText where the CA says so: the id under which the reason is kept",
          "[scep][options]") {
  const bool is_on = GENERATE(false, true);
  CaOptions options;
  options.set_fail_info_text(is_on);
  ScepFixture scep({}, options);
  scep::Client device = scep.Device();
  const auto unread = scep.Operate(device.MakeMessage("18", "x").value());
  CHECK(unread.fail_info == "badRequest");
  CHECK(unread.incident.size() == 36);
  CHECK(FailInfoText(unread.response) == (is_on ? std::optional(unread.incident) : std::nullopt));
}

TEST_CASE("where the engine keeps no reason, the log has it under an id of its own", "[scep][options]") {
  const bool is_on = GENERATE(false, true);
  CaOptions options;
  options.set_fail_info_text(is_on);
  ScepFixture scep({}, options);
  scep.engine.decision = Rejected{};
  scep::Client device = scep.Device();
  const auto refused = scep.Operate(scep.PkcsReq(device));
  const auto again = scep.Operate(scep.PkcsReq(device));
  for (const auto& answer : {refused, again}) {
    CHECK(answer.incident.size() == (is_on ? 16u : 0u));
    CHECK(FailInfoText(answer.response) == (is_on ? std::optional(answer.incident) : std::nullopt));
  }
  if (is_on) CHECK(refused.incident != again.incident);
}

TEST_CASE("what the engine decided is told by the decision's id, and logged by it also where it is not told",
          "[scep][options]") {
  const bool is_on = GENERATE(false, true);
  CaOptions options;
  options.set_fail_info_text(is_on);
  ScepFixture scep({}, options);
  const std::string decision_id = "61f8f3ca-b265-8d2e-8d70-8d48ed766b5c";
  scep.engine.decision = Rejected{scep::FailInfo::kBadRequest, decision_id};
  scep::Client device = scep.Device();
  const auto refused = scep.Operate(scep.PkcsReq(device));
  CHECK(refused.incident == decision_id);
  CHECK(FailInfoText(refused.response) == (is_on ? std::optional(decision_id) : std::nullopt));
}

TEST_CASE("a SUCCESS and a PENDING never have a failInfoText", "[scep][options]") {
  CaOptions options;
  options.set_fail_info_text(true);
  ScepFixture scep({}, options);
  scep::Client device = scep.Device();
  CHECK_FALSE(FailInfoText(scep.Operate(scep.PkcsReq(device)).response));
  scep.engine.decision = Issued{scep.Certificate()};
  CHECK_FALSE(FailInfoText(scep.Operate(scep.PkcsReq(device)).response));
}

TEST_CASE("the issued certificate stands before its issuer where the CA gives that", "[scep][options]") {
  CaOptions options;
  options.set_reply_chain(certifier::v1::REPLY_CHAIN_FULL);
  ScepFixture scep({}, options);
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  const auto reply = device.ReadReply(scep.Operate(scep.PkcsReq(device)).response.body).value();
  REQUIRE(reply.certificates.size() == 2);
  CHECK(reply.certificates[0].subject_name()->ToString() == "CN=device");
  CHECK(reply.certificates[1].der() == scep.demo.certificate.der());
}

TEST_CASE("GetCert brings the one certificate where the CA gives chains", "[scep][options]") {
  CaOptions options;
  options.set_reply_chain(certifier::v1::REPLY_CHAIN_FULL);
  ScepFixture scep({}, options);
  const pki::Bytes certificate = scep.Certificate();
  scep.engine.decision = Issued{certificate};
  scep::Client device = scep.Device();
  const auto wanted = pki::der::Encode(pki::der::kSequence,
                                       {scep.demo.certificate.subject(), pki::der::Encode(pki::der::kInteger, "*")});
  const auto answer = scep.Operate(device.MakeMessage("21", wanted).value());
  CHECK(answer.message_type == "GetCert");
  const auto reply = device.ReadReply(answer.response.body).value();
  REQUIRE(reply.certificates.size() == 1);
  CHECK(reply.certificates[0].der() == certificate);
}

TEST_CASE("renewal that is switched off is not advertised", "[scep][options]") {
  CaOptions options;
  options.set_renewal(false);
  ScepFixture scep({}, options);
  CHECK(scep.Get("/scep/demo?operation=GetCACaps").body.find("Renewal") == std::string::npos);
  CHECK(scep.Get("/scep/other?operation=GetCACaps").body.find("Renewal") != std::string::npos);
}

}  // namespace
}  // namespace gateway
