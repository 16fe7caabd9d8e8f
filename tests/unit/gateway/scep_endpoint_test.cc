#include "scep_endpoint.h"

#include <catch2/catch.hpp>

#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

using result::Reason;
using scep::FailInfo;
using scep::PkiStatus;

// UnavailableKey stands for a hardware module that does not answer.
class UnavailableKey final : public pki::DecryptionKey {
 public:
  result::Result<pki::Secret> UnwrapContentKey(pki::KeyTransport, pki::ByteView, std::size_t) const override {
    return result::Fail(Reason::kUnavailable, "module is away");
  }
};

// ReadReply reads a CertRep as the device does; the test fails if it cannot.
scep::Client::Reply ReadReply(const scep::Client& device, const ScepAnswer& answer) {
  CHECK(answer.response.status == 200);
  CHECK(answer.response.content_type == "application/x-pki-message");
  CHECK(answer.response.cache_control == "no-store");
  return device.ReadReply(answer.response.body).value();
}

TEST_CASE("an issued certificate reaches the device", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  const auto reply = ReadReply(device, answer);
  CHECK(reply.status == PkiStatus::kSuccess);
  REQUIRE(reply.certificates.size() == 1);
  CHECK(reply.certificates[0].subject() == pki::Name::FromString("CN=device").value().der());
  CHECK(answer.outcome == ScepOutcome::kSuccess);
}

TEST_CASE("the engine is told what A-01 asks for", "[scep][endpoint]") {
  ScepFixture scep;
  scep::Client device = scep.Device({.digest = pki::DigestAlgorithm::kSha512, .cipher = pki::ContentCipher::kDes3Cbc});
  const pki::Bytes request = MakeRequest(scep.device_key(), "CN=device", "secret");
  scep.Operate(device.MakePkcsReq(request).value());
  REQUIRE(scep.engine.submissions.size() == 1);
  const Submission& submission = scep.engine.submissions[0];
  CHECK(submission.ca == "demo");
  CHECK(submission.transaction_id == device.transaction_id());
  CHECK(submission.message_type == scep::MessageType::kPkcsReq);
  CHECK(submission.signer_certificate == device.certificate().der());
  CHECK(submission.certification_request.Reveal() == request);
  CHECK(submission.digest == pki::DigestAlgorithm::kSha512);
  CHECK(submission.cipher == pki::ContentCipher::kDes3Cbc);
  CHECK(submission.source_address == "192.0.2.1");
  CHECK(submission.received_at > Days(-1));
}

TEST_CASE("a recorded request is PENDING", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = Pending{"7"};
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  CHECK(ReadReply(device, answer).status == PkiStatus::kPending);
  CHECK(answer.outcome == ScepOutcome::kPending);
}

TEST_CASE("a rejection is FAILURE with the engine's failInfo", "[scep][endpoint]") {
  ScepFixture scep;
  const FailInfo fail_info = GENERATE(FailInfo::kBadAlg, FailInfo::kBadMessageCheck, FailInfo::kBadRequest,
                                      FailInfo::kBadTime, FailInfo::kBadCertId);
  scep.engine.decision = Rejected{fail_info};
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  const auto reply = ReadReply(device, answer);
  CHECK(reply.status == PkiStatus::kFailure);
  CHECK(reply.fail_info == fail_info);
  CHECK(answer.fail_info == scep::ToString(fail_info));
}

TEST_CASE("a poll asks by transaction and signer and carries the answer back", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  const pki::Name ca_subject = scep.demo.certificate.subject_name().value();
  const auto answer = scep.Operate(device.MakeCertPoll(ca_subject).value());
  CHECK(ReadReply(device, answer).status == PkiStatus::kSuccess);
  REQUIRE(scep.engine.inquiries.size() == 1);
  CHECK(scep.engine.inquiries[0].ca == "demo");
  CHECK(scep.engine.inquiries[0].transaction_id == device.transaction_id());
  CHECK(scep.engine.inquiries[0].signer_certificate == device.certificate().der());
}

TEST_CASE("a renewal goes to the engine as what it is, and its answer to the old key", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  device.Adopt(pki::Certificate::Parse(scep.Certificate()).value());
  const pki::Bytes request = MakeRequest(TestKey("rsa-2048", 8), "CN=device", "");
  const auto answer = scep.Operate(device.MakeRenewalReq(request).value());
  CHECK(ReadReply(device, answer).status == PkiStatus::kSuccess);
  REQUIRE(scep.engine.submissions.size() == 1);
  CHECK(scep.engine.submissions[0].message_type == scep::MessageType::kRenewalReq);
  CHECK(scep.engine.submissions[0].signer_certificate == device.certificate().der());
  CHECK(scep.engine.submissions[0].certification_request.Reveal() == request);
}

TEST_CASE("GetCert asks by issuer and serial number and carries the answer back", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = Issued{scep.Certificate()};
  scep::Client device = scep.Device();
  const pki::Bytes issuer = pki::Name::FromString("CN=demo").value().der();
  const auto answer = scep.Operate(device.MakeGetCert({issuer, "\x01\x02"}).value());
  CHECK(ReadReply(device, answer).certificates.size() == 1);
  REQUIRE(scep.engine.retrievals.size() == 1);
  CHECK(scep.engine.retrievals[0].ca == "demo");
  CHECK(scep.engine.retrievals[0].wanted.issuer == issuer);
  CHECK(scep.engine.retrievals[0].wanted.serial_number == "\x01\x02");
  CHECK(scep.engine.retrievals[0].signer_certificate == device.certificate().der());
}

TEST_CASE("GetCert with another content is refused as any bad envelope is", "[scep][endpoint]") {
  ScepFixture scep;
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(device.MakeMessage("21", MakeRequest(scep.device_key(), "CN=device", "")).value());
  CHECK(ReadReply(device, answer).fail_info == FailInfo::kBadRequest);
  CHECK(scep.engine.retrievals.empty());
}

TEST_CASE("what is no verdict on the device is 503 without a CertRep", "[scep][endpoint]") {
  ScepFixture scep;
  const Reason reason = GENERATE(Reason::kUnavailable, Reason::kInternal, Reason::kUnauthorized, Reason::kConflict);
  scep.engine.decision = result::Fail(reason, "away");
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  CHECK(answer.response.status == 503);
  CHECK(answer.response.retry_after.count() == 5);
  CHECK(answer.response.content_type == "text/plain");
  CHECK(answer.outcome == ScepOutcome::kUnavailable);
}

TEST_CASE("an RA key that is away is 503 without a CertRep, and the engine is not asked", "[scep][endpoint]") {
  ScepFixture scep;
  // Made by BuildSnapshot, not const; no directory can describe such a key.
  auto& recipient = const_cast<scep::Recipient&>(*scep.snapshot->recipients().front());
  recipient.decryption_key = std::make_shared<const UnavailableKey>();
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  CHECK(answer.response.status == 503);
  CHECK(answer.outcome == ScepOutcome::kUnavailable);
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("a refusal of the engine is FAILURE by the outcome table", "[scep][endpoint]") {
  ScepFixture scep;
  const auto [reason, fail_info] =
      GENERATE(table<Reason, FailInfo>({{Reason::kMalformed, FailInfo::kBadRequest},
                                        {Reason::kPolicyRefused, FailInfo::kBadRequest},
                                        {Reason::kNotFound, FailInfo::kBadRequest},
                                        {Reason::kBadAlgorithm, FailInfo::kBadAlg},
                                        {Reason::kBadMessageCheck, FailInfo::kBadMessageCheck},
                                        {Reason::kBadTime, FailInfo::kBadTime},
                                        {Reason::kUnknownCertificate, FailInfo::kBadCertId}}));
  scep.engine.decision = result::Fail(reason, "refused");
  scep::Client device = scep.Device();
  CHECK(ReadReply(device, scep.Operate(scep.PkcsReq(device))).fail_info == fail_info);
}

TEST_CASE("a poll for nothing known is badCertId", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = result::Fail(Reason::kNotFound, "no such transaction");
  scep::Client device = scep.Device();
  const pki::Name ca_subject = scep.demo.certificate.subject_name().value();
  CHECK(ReadReply(device, scep.Operate(device.MakeCertPoll(ca_subject).value())).fail_info == FailInfo::kBadCertId);
}

TEST_CASE("without a directory everything is 503", "[scep][endpoint]") {
  ScepFixture scep;
  scep.snapshot.reset();
  const Operation operation = GENERATE(Operation::kGetCaCaps, Operation::kGetCaCert, Operation::kPkiOperation);
  ScepCall call;
  call.operation = operation;
  CHECK(scep.Call(std::move(call)).response.status == 503);
}

TEST_CASE("what is no PKIMessage is 400 with a fixed text and never reaches the engine", "[scep][endpoint]") {
  using namespace std::string_literals;
  ScepFixture scep;
  const pki::Bytes message =
      GENERATE(as<pki::Bytes>(), "", "garbage", "\x30\x00"s, "\x30\x80\x00\x00"s, pki::Bytes(200'000, '\x30'));
  const auto answer = scep.Operate(message);
  CHECK(answer.response.status == 400);
  CHECK(answer.response.body == "Bad Request\n");
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("a message cut short is 400 wherever the cut is", "[scep][endpoint]") {
  ScepFixture scep;
  scep::Client device = scep.Device();
  const pki::Bytes message = scep.PkcsReq(device);
  for (std::size_t length = 1; length < message.size(); length += 97) {
    REQUIRE(scep.Operate(message.substr(0, length)).response.status == 400);
  }
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("a broken signature is FAILURE badMessageCheck", "[scep][endpoint]") {
  ScepFixture scep;
  scep::Client device = scep.Device();
  pki::Bytes message = scep.PkcsReq(device);
  message.back() = static_cast<char>(message.back() ^ 1);  // The signature is the last field.
  CHECK(ReadReply(device, scep.Operate(message)).fail_info == FailInfo::kBadMessageCheck);
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("a recipient that is not ours, or not of the CA in the path, is FAILURE badRequest", "[scep][endpoint]") {
  ScepFixture scep;
  const TestIssuer stranger = MakeIssuer("stranger");
  const pki::Certificate foreign_ra = stranger.Issue(RaWish(stranger, 5));
  const pki::Name subject = pki::Name::FromString("CN=device").value();
  scep::Client device = scep::Client::Create(scep.device_key(), subject, foreign_ra).value();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  CHECK(answer.outcome == ScepOutcome::kFailure);
  CHECK(answer.fail_info == scep::ToString(FailInfo::kBadRequest));
  CHECK(answer.ca == "demo");
  scep::Client for_demo = scep.Device();
  CHECK(scep.Operate(scep.PkcsReq(for_demo), "other").fail_info == scep::ToString(FailInfo::kBadRequest));
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("the CA is the one that the envelope is addressed to", "[scep][endpoint]") {
  ScepFixture scep;
  const pki::Name subject = pki::Name::FromString("CN=device").value();
  scep::Client device = scep::Client::Create(scep.device_key(), subject, RaCertificate(scep.other_bundle)).value();
  CHECK(ReadReply(device, scep.Operate(scep.PkcsReq(device))).status == PkiStatus::kPending);
  CHECK(scep.engine.submissions.at(0).ca == "other");
}

TEST_CASE("a message type that is not served is FAILURE badRequest", "[scep][endpoint]") {
  ScepFixture scep;
  const std::string type = GENERATE(as<std::string>(), "3", "18", "23", "99", "x");
  scep::Client device = scep.Device();
  const pki::Bytes request = MakeRequest(scep.device_key(), "CN=device");
  const auto answer = scep.Operate(device.MakeMessage(type, request).value());
  CHECK(ReadReply(device, answer).fail_info == FailInfo::kBadRequest);
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("3DES switched off is not advertised and is FAILURE badAlg", "[scep][endpoint]") {
  certifier::v1::CaOptions options;
  options.set_des3(false);
  ScepFixture scep({}, options);
  scep::Client device = scep.Device({.cipher = pki::ContentCipher::kDes3Cbc});
  CHECK(ReadReply(device, scep.Operate(scep.PkcsReq(device))).fail_info == FailInfo::kBadAlg);
  CHECK(scep.Get("/scep?operation=GetCACaps").body.find("DES3") == std::string::npos);
}

TEST_CASE("single DES is FAILURE badAlg, and issued and logged where it is allowed", "[scep][endpoint]") {
  const bool is_allowed = GENERATE(false, true);
  certifier::v1::CaOptions options;
  options.set_legacy_des(is_allowed);
  ScepFixture scep({}, options);
  scep::Client device = scep.Device({.cipher = pki::ContentCipher::kDesCbc});
  const auto answer = scep.Operate(scep.PkcsReq(device));
  const auto reply = ReadReply(device, answer);
  CHECK(reply.status == (is_allowed ? PkiStatus::kPending : PkiStatus::kFailure));
  CHECK(reply.fail_info == (is_allowed ? std::nullopt : std::optional(FailInfo::kBadAlg)));
  CHECK(answer.cipher == (is_allowed ? ToString(pki::ContentCipher::kDesCbc) : ""));
}

TEST_CASE("PENDING and FAILURE have no content, or an empty one where certmonger needs it", "[scep][endpoint]") {
  const bool is_empty = GENERATE(false, true);
  certifier::v1::CaOptions options;
  options.set_empty_reply_content(is_empty);
  ScepFixture scep({}, options);
  scep::Client device = scep.Device();
  const auto content = is_empty ? std::optional(pki::ByteView("")) : std::nullopt;
  const auto pending = scep.Operate(scep.PkcsReq(device));
  CHECK(pki::ParseSignedData(pending.response.body)->content == content);
  CHECK(ReadReply(device, pending).status == PkiStatus::kPending);
  const auto failure = scep.Operate(device.MakeMessage("18", MakeRequest(scep.device_key(), "CN=device")).value());
  CHECK(pki::ParseSignedData(failure.response.body)->content == content);
  CHECK(ReadReply(device, failure).status == PkiStatus::kFailure);
}

TEST_CASE("a device whose key cannot receive the certificate gets FAILURE badAlg", "[scep][endpoint]") {
  ScepFixture scep;
  scep.engine.decision = Issued{scep.Certificate()};
  const KeyPtr key = TestKey("ecdsa-p256", 3);
  const pki::Name subject = pki::Name::FromString("CN=device").value();
  scep::Client device = scep::Client::Create(key, subject, RaCertificate(scep.demo_bundle)).value();
  const auto answer = scep.Operate(device.MakePkcsReq(MakeRequest(key, "CN=device")).value());
  CHECK(answer.outcome == ScepOutcome::kFailure);
  CHECK(answer.fail_info == scep::ToString(FailInfo::kBadAlg));
}

TEST_CASE("the log's account of a request holds no content", "[scep][endpoint]") {
  ScepFixture scep;
  scep::Client device = scep.Device();
  const auto answer = scep.Operate(scep.PkcsReq(device));
  CHECK(answer.ca == "demo");
  CHECK(answer.message_type == scep::ToString(scep::MessageType::kPkcsReq));
  CHECK(answer.transaction_id == scep::PrintableTransactionId(device.transaction_id()));
  CHECK(answer.reason.find("secret") == std::string::npos);
}

}  // namespace
}  // namespace gateway
