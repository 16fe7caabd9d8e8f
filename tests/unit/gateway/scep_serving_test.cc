// What administrators allow and disable of the whole service.

#include <catch2/catch.hpp>

#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

using namespace certifier::v1;

const std::vector<ScepOperation> kAll = {
    SCEP_OPERATION_GET_CA_CAPS, SCEP_OPERATION_GET_CA_CERT, SCEP_OPERATION_GET_NEXT_CA_CERT, SCEP_OPERATION_ENROLLMENT,
    SCEP_OPERATION_RENEWAL,     SCEP_OPERATION_POLL,        SCEP_OPERATION_GET_CERT,         SCEP_OPERATION_GET_CRL};

// ServingFixture has a directory with settings of the service, and a next generation of "demo".
class ServingFixture : public ScepFixture {
 public:
  ServingFixture() { Set(kAll); }
  void Set(const std::vector<ScepOperation>& allowed, bool is_active = true) {
    ScepServiceSettings settings;
    settings.set_version(2);
    settings.set_is_active(is_active);
    settings.mutable_allowed_operations();
    for (const auto operation : allowed) settings.mutable_allowed_operations()->add_operations(operation);
    SetSettings(&settings);
  }
  void SetAllBut(ScepOperation refused) {
    auto allowed = kAll;
    std::erase(allowed, refused);
    Set(allowed);
  }
  void SetSettings(const ScepServiceSettings* settings) {
    auto bundle = demo_bundle;
    *bundle.mutable_next() = other_bundle.active();
    bundle.mutable_next()->set_number(2);
    bundle.set_next_ca_certificates("next");
    auto directory = Directory({bundle, other_bundle});
    if (settings != nullptr) *directory.mutable_scep_service() = *settings;
    snapshot = BuildSnapshot(directory, Days(0), NoEngineKey()).snapshot;
  }
  bool Offers(const std::string& capability) {
    return ("\n" + Get("/scep/demo?operation=GetCACaps").body).find("\n" + capability + "\n") != std::string::npos;
  }
  int StatusOf(const std::string& operation) { return Get("/scep/demo?operation=" + operation).status; }
  // In words: "success", "failure badRequest", ...
  std::string InWords(pki::Bytes message) {
    const auto answer = Operate(std::move(message));
    return std::string(ToString(answer.outcome)) + (answer.fail_info.empty() ? "" : " " + answer.fail_info);
  }
  std::string Request(bool is_renewal_type, bool has_certificate) {
    auto device = Device();
    if (has_certificate) device.Adopt(pki::Certificate::Parse(Certificate()).value());
    const auto request = MakeRequest(device_key(), "CN=device", "secret");
    return InWords(is_renewal_type ? device.MakeRenewalReq(request).value() : device.MakePkcsReq(request).value());
  }
};

TEST_CASE_METHOD(ServingFixture, "a gateway that knows of no settings serves everything", "[scep][service]") {
  SetSettings(nullptr);
  CHECK(StatusOf("GetCACaps") == 200);
  CHECK(StatusOf("GetNextCACert") == 200);
  CHECK(Offers("Renewal"));
  CHECK(Offers("GetNextCACert"));
  CHECK(Request(false, false) == "pending");
}

TEST_CASE_METHOD(ServingFixture, "where the service is disabled every operation is told to come back later",
                 "[scep][service]") {
  Set(kAll, false);
  for (const char* operation : {"GetCACaps", "GetCACert", "GetCACertChain", "GetNextCACert"}) {
    const auto response = Get("/scep/demo?operation=" + std::string(operation));
    CHECK(response.status == 503);
    CHECK(response.retry_after == std::chrono::seconds(300));
  }
  auto device = Device();
  const auto answer = Operate(PkcsReq(device));
  CHECK(answer.response.status == 503);
  CHECK(answer.outcome == ScepOutcome::kUnavailable);
  CHECK(engine.submissions.empty());
  CHECK(engine.reports.empty());
}

TEST_CASE_METHOD(ServingFixture, "an operation that is not allowed is answered as an unknown one is",
                 "[scep][service]") {
  REQUIRE(StatusOf("GetCACertificateNow") == 400);
  SetAllBut(SCEP_OPERATION_GET_CA_CAPS);
  CHECK(StatusOf("GetCACaps") == 400);
  CHECK(StatusOf("GetCACert") == 200);
  SetAllBut(SCEP_OPERATION_GET_CA_CERT);
  CHECK(StatusOf("GetCACert") == 400);
  CHECK(StatusOf("GetCACertChain") == 400);
  CHECK(StatusOf("GetCACaps") == 200);
  SetAllBut(SCEP_OPERATION_GET_NEXT_CA_CERT);
  CHECK(StatusOf("GetNextCACert") == 400);
  CHECK(StatusOf("GetCACert") == 200);
}

TEST_CASE_METHOD(ServingFixture, "GetCACaps offers nothing that is not allowed", "[scep][service]") {
  SetAllBut(SCEP_OPERATION_RENEWAL);
  CHECK_FALSE(Offers("Renewal"));
  CHECK(Offers("GetNextCACert"));
  SetAllBut(SCEP_OPERATION_GET_NEXT_CA_CERT);
  CHECK_FALSE(Offers("GetNextCACert"));
  CHECK(Offers("Renewal"));
}

TEST_CASE_METHOD(ServingFixture, "where nobody may enrol, who has a certificate of the CA still renews",
                 "[scep][service]") {
  SetAllBut(SCEP_OPERATION_ENROLLMENT);
  CHECK(Request(false, false) == "failure badRequest");
  CHECK(engine.submissions.empty());
  REQUIRE(engine.reports.size() == 1);
  CHECK(engine.reports[0].reason == "the SCEP service does not allow enrolment");
  CHECK(Request(false, true) == "pending");
  CHECK(Request(true, true) == "pending");
}

TEST_CASE_METHOD(ServingFixture, "a certificate of the CA that is over is one of the CA", "[scep][service]") {
  SetAllBut(SCEP_OPERATION_ENROLLMENT);
  auto device = Device();
  device.Adopt(
      demo.Issue({.subject = "CN=device", .key = device_key(), .not_before = Days(-20), .not_after = Days(-10)}));
  CHECK(InWords(PkcsReq(device)) == "failure badRequest");  // The CA is younger than that certificate.
  device.Adopt(demo.Issue({.subject = "CN=device",
                           .key = device_key(),
                           .not_before = demo.certificate.not_before().value(),
                           .not_after = demo.certificate.not_before().value() + std::chrono::seconds(60)}));
  CHECK(InWords(PkcsReq(device)) == "pending");
}

TEST_CASE_METHOD(ServingFixture, "a certificate that only says to be of the CA makes nobody one who renews",
                 "[scep][service]") {
  SetAllBut(SCEP_OPERATION_ENROLLMENT);
  auto device = Device();
  const auto forged = MakeIssuer("demo").Issue({.subject = "CN=device", .key = device_key()});
  REQUIRE(forged.issuer() == demo.certificate.subject());
  device.Adopt(forged);
  CHECK(InWords(PkcsReq(device)) == "failure badRequest");
}

TEST_CASE_METHOD(ServingFixture, "where nobody may renew, who has no certificate still enrols", "[scep][service]") {
  SetAllBut(SCEP_OPERATION_RENEWAL);
  CHECK(Request(false, false) == "pending");
  CHECK(Request(false, true) == "failure badRequest");
  CHECK(Request(true, true) == "failure badRequest");
}

TEST_CASE_METHOD(ServingFixture, "polls, GetCert and GetCRL are allowed one by one", "[scep][service]") {
  auto device = Device();
  const scep::IssuerAndSerialNumber wanted{pki::Bytes(demo.certificate.issuer()), "\x01"};
  const auto poll = [&] { return InWords(device.MakeCertPoll(demo.certificate.subject_name().value()).value()); };
  const auto get_cert = [&] { return InWords(device.MakeGetCert(wanted).value()); };
  REQUIRE(poll() == "pending");
  engine.decision = Issued{Certificate()};
  REQUIRE(get_cert() == "success");
  SetAllBut(SCEP_OPERATION_POLL);
  CHECK(poll() == "failure badRequest");
  CHECK(get_cert() == "success");
  SetAllBut(SCEP_OPERATION_GET_CERT);
  CHECK(get_cert() == "failure badRequest");
  SetAllBut(SCEP_OPERATION_GET_CRL);
  const auto answer = Operate(device.MakeMessage("22", demo.certificate.issuer_and_serial_number()).value());
  CHECK(answer.fail_info == "badRequest");
  CHECK(answer.reason == "the SCEP service does not allow GetCRL");
}

TEST_CASE_METHOD(ServingFixture, "where no kind of PKIOperation is allowed no message is read", "[scep][service]") {
  Set({SCEP_OPERATION_GET_CA_CAPS, SCEP_OPERATION_GET_CA_CERT});
  CHECK(Http("POST", "/scep/demo?operation=PKIOperation", "nonsense").status == 400);
  auto device = Device();
  const auto answer = Operate(PkcsReq(device));
  CHECK(answer.response.status == 400);
  CHECK(answer.reason == "the SCEP service does not allow PKIOperation");
}

}  // namespace
}  // namespace gateway
