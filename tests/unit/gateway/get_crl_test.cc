// GetCRL (requirements P-51): whose CRL is meant, and what a device gets.

#include <catch2/catch.hpp>

#include "ca_selection.h"
#include "pki/cms.h"
#include "pki/crl.h"
#include "tests/unit/gateway/scep_fixture.h"
#include "tests/unit/pki/openssl_cms.h"

namespace gateway {
namespace {

using certifier::v1::CaOptions;
using result::Reason;

// Wanted is IssuerAndSerialNumber DER for a name and a serial number.
pki::Bytes Wanted(pki::ByteView issuer, pki::ByteView serial_number = "\x2a") {
  return pki::der::Encode(pki::der::kSequence, {issuer, pki::der::Encode(pki::der::kInteger, serial_number)});
}

ScepAnswer Ask(ScepFixture& scep, scep::Client& device, const pki::Bytes& wanted) {
  return scep.Operate(device.MakeMessage("22", wanted).value());
}

std::string FailInfoOf(ScepFixture& scep, const pki::Bytes& wanted) {
  scep::Client device = scep.Device();
  return Ask(scep, device, wanted).fail_info;
}

// CrlIn is what the device finds in a SUCCESS.
std::optional<pki::Bytes> CrlIn(const ScepAnswer& answer, const scep::Client& device) {
  REQUIRE(answer.response.shared_body);
  const auto signed_data = pki::ParseSignedData(*answer.response.shared_body).value();
  REQUIRE(pki::VerifySigner(signed_data));
  const auto envelope = pki::ParseEnvelopedData(signed_data.content.value()).value();
  REQUIRE(envelope.recipients.size() == 1);
  CHECK(pki::MatchesRecipient(envelope.recipients[0], device.certificate()));
  const auto content = pki::DecryptContent(envelope, envelope.recipients[0], *ScepFixture::device_key()).value();
  return testing::reference::OnlyCrl(content.Reveal());
}

// A CRL of `issuer` without entries.
pki::Bytes CrlOf(const TestIssuer& issuer) {
  pki::TbsCrl tbs;
  tbs.issuer = pki::Bytes(issuer.certificate.subject());
  tbs.issuer_key_identifier = issuer.certificate.subject_key_identifier();
  tbs.number = 1;
  tbs.this_update = Days(0);
  tbs.next_update = Days(7);
  return pki::SignCrl(tbs, *issuer.key, pki::DigestAlgorithm::kSha256).value();
}

TEST_CASE("a GetCRL brings the newest CRL and nothing else, whatever the serial number", "[scep][get-crl]") {
  ScepFixture scep;
  scep.crls["demo/1"] = CrlOf(scep.demo);
  scep::Client device = scep.Device();
  const pki::Bytes issuer(scep.demo.certificate.subject());
  for (const pki::ByteView serial : {pki::ByteView("\x2a"), scep.demo.certificate.serial_number()}) {
    const auto answer = Ask(scep, device, Wanted(issuer, serial));
    CHECK(answer.outcome == ScepOutcome::kSuccess);
    CHECK(answer.message_type == "GetCRL");
    CHECK(answer.response.content_type == "application/x-pki-message");
    CHECK(CrlIn(answer, device) == scep.crls["demo/1"]);
  }
}

TEST_CASE("a GetCRL for nobody's name, or before the first CRL, is badCertId", "[scep][get-crl]") {
  ScepFixture scep;
  const pki::Bytes issuer(scep.demo.certificate.subject());
  CHECK(FailInfoOf(scep, Wanted(issuer)) == "badCertId");
  scep.crls["demo/1"] = CrlOf(scep.demo);
  CHECK(FailInfoOf(scep, Wanted(pki::Name::FromString("CN=nobody")->der())) == "badCertId");
  CHECK(FailInfoOf(scep, "garbage") == "badRequest");
  CHECK(FailInfoOf(scep, Wanted(issuer)).empty());
}

TEST_CASE("a CA may leave GetCRL out", "[scep][get-crl]") {
  CaOptions options;
  options.set_getcrl(false);
  ScepFixture scep({}, options);
  scep.crls["demo/1"] = CrlOf(scep.demo);
  CHECK(FailInfoOf(scep, Wanted(scep.demo.certificate.subject())) == "badRequest");
}

TEST_CASE("one source has so many GetCRLs answered at once, and leaves turns to others", "[scep][get-crl]") {
  ScepEndpoint::Settings settings;
  settings.crl_replies = {.in_all = 3, .per_source = 2};
  ScepFixture scep(settings);
  scep.crls["demo/1"] = CrlOf(scep.demo);
  scep::Client device = scep.Device();
  const pki::Bytes message = device.MakeMessage("22", Wanted(scep.demo.certificate.subject())).value();
  const auto from = [&](const std::string& peer) { return scep.HttpFrom(peer, message); };
  auto first = from("2001:db8::1");
  const auto second = from("2001:db8::2");
  CHECK((first.status == 200 && second.status == 200));
  const auto refused = from("2001:db8::3");
  CHECK(refused.status == 503);
  CHECK(refused.retry_after.count() == 5);
  const auto third = from("2001:db8:0:1::1");
  CHECK(third.status == 200);
  CHECK(from("192.0.2.1").status == 503);
  first = {};
  CHECK(from("192.0.2.1").status == 200);
  CHECK(from("2001:db8::3").status == 200);
}

TEST_CASE("so many GetCRLs are answered at once, and a turn ends with the reply", "[scep][get-crl]") {
  ScepEndpoint::Settings settings;
  settings.crl_replies = {.in_all = 2, .per_source = 2};
  ScepFixture scep(settings);
  scep.crls["demo/1"] = CrlOf(scep.demo);
  scep::Client device = scep.Device();
  const auto status = [&] { return Ask(scep, device, Wanted(scep.demo.certificate.subject())).response.status; };
  auto first = Ask(scep, device, Wanted(scep.demo.certificate.subject()));
  const auto second = Ask(scep, device, Wanted(scep.demo.certificate.subject()));
  CHECK((first.response.status == 200 && second.response.status == 200));
  CHECK(status() == 503);
  first = {};
  CHECK(status() == 200);
}

TEST_CASE("of generations of one name the one is meant that has the serial number, was addressed, or is active",
          "[scep][get-crl]") {
  const TestIssuer before = MakeIssuer("demo"), active = MakeIssuer("demo"), twin = MakeIssuer("demo");
  auto bundle = Bundle(active, {Ra(active, RaWish(active, 0))});
  bundle.mutable_active()->set_number(2);
  auto& retired = *bundle.add_retired();
  retired.set_number(1);
  retired.set_certificate(before.certificate.der());
  auto namesake = Bundle(twin, {Ra(twin, RaWish(twin, 1))});
  namesake.set_name("another");
  const auto snapshot = BuildSnapshot(Directory({namesake, bundle}), Days(0), NoEngineKey()).snapshot;
  const auto select = [&](const std::string& ca, std::uint32_t generation, pki::ByteView serial) {
    scep::Recipient recipient;
    recipient.ca = ca;
    recipient.generation = generation;
    const auto name = SelectCrl(*snapshot, {pki::Bytes(active.certificate.subject()), pki::Bytes(serial)}, recipient);
    return name->ca + std::to_string(name->generation);
  };
  CHECK(select("demo", 2, "\x2a") == "demo2");
  CHECK(select("demo", 1, "\x2a") == "demo1");
  CHECK(select("demo", 2, before.certificate.serial_number()) == "demo1");
  CHECK(select("demo", 1, active.certificate.serial_number()) == "demo2");
  CHECK(select("another", 1, "\x2a") == "another1");
}

}  // namespace
}  // namespace gateway
