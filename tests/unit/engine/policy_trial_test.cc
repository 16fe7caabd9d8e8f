// What policy test says is what a real request then comes to, and it leaves nothing.

#include "enrollment/policy_trial.h"

#include <catch2/catch.hpp>

#include "enrollment_fixture.h"
#include "policy/fake_webhook.h"

namespace {

using certifier::v1::DecisionRecord;
using certifier::v1::Policy;
using certifier::v1::TestPolicyRequest;
using engine_test::Ask;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::Reply;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using result::Reason;

class TrialFixture : public EnrollmentFixture {
 public:
  TestPolicyRequest Asking(const Ask& ask = {}) const {
    TestPolicyRequest request;
    request.set_ca("demo");
    request.set_certification_request(device.Request(ask));
    return request;
  }
  DecisionRecord Test(const TestPolicyRequest& request) const {
    const auto record = trial.Run(request, kTester);
    INFO((record ? "" : record.error().detail));
    REQUIRE(record);
    return *record;
  }
  Reason FaultOf(const TestPolicyRequest& request) const {
    const auto record = trial.Run(request, kTester);
    REQUIRE_FALSE(record);
    return record.error().reason;
  }
  std::string Outcome(const TestPolicyRequest& request) const {
    return certifier::v1::DecisionOutcome_Name(Test(request).outcome()).substr(sizeof("DECISION_OUTCOME_") - 1);
  }
  std::string ReferenceNumber() { return store.ListKeys("", {})->front().reference_number; }

  static engine::enrollment::ChallengeGuard::Settings TwoGuesses() {
    engine::enrollment::ChallengeGuard::Settings settings;
    settings.per_source = 2;
    return settings;
  }

  static inline const engine::enrollment::PolicyTrial::Tester kTester = {
      7, "alice", "192.0.2.1", engine::enrollment::PolicyTrial::Keys::kOfAllCas};
  const Device device;
  mutable engine::enrollment::ChallengeGuard guesses{TwoGuesses()};
  mutable engine::enrollment::LatelyWrong lately_wrong;
  const engine::enrollment::PolicyTrial trial{
      {directory, store, store, decider, key_index, clock, guesses, lately_wrong}};
};

TEST_CASE_METHOD(TrialFixture, "a test says what the same request then comes to, and leaves nothing",
                 "[enrollment][policy-test]") {
  Ask ask;
  ask.challenge = Mint();
  const auto record = Test(Asking(ask));
  CHECK(record.outcome() == certifier::v1::DECISION_OUTCOME_ISSUED);
  CHECK(record.classification() == certifier::v1::CLASSIFICATION_TEST);
  CHECK(record.decision_id().empty());
  CHECK(record.reference_number() == ReferenceNumber());
  CHECK(record.entity() == "device-1");
  CHECK(record.policy() == "default");
  CHECK(record.policy_version() == 1);
  CHECK(record.message().subject() == ask.subject);
  CHECK(record.steps(record.steps_size() - 1).module() == "accept_all");
  CHECK(UseCount() == 0);
  CHECK(store.ListRequests({}, {})->empty());
  CHECK(store.ListCertificates({}, {})->empty());

  Message message;
  message.ask = ask;
  REQUIRE(Submit(device, message).outcome == "issued");
  CHECK(Outcome(Asking()) == "PENDING");
  CHECK(Submit(device, {.transaction_id = "tx-2"}).outcome == "pending");
  const auto used_up = Test(Asking(ask));
  CHECK(used_up.outcome() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(used_up.reason() == "key_used_up");
}

TEST_CASE_METHOD(TrialFixture, "a key is tested by its reference number as if its value had been sent",
                 "[enrollment][policy-test]") {
  const std::string value = Mint();
  auto request = Asking();
  request.set_reference_number(ReferenceNumber());
  const auto named = Test(request);
  const auto sent = Test(Asking({.challenge = value}));
  CHECK(named.outcome() == certifier::v1::DECISION_OUTCOME_ISSUED);
  CHECK(named.message().has_challenge());
  REQUIRE(named.steps_size() == sent.steps_size());
  for (int i = 0; i < named.steps_size(); ++i) CHECK(named.steps(i).saw() == sent.steps(i).saw());
  Pass(std::chrono::hours(24 * 31));
  CHECK(Test(request).reason() == "key_expired");
  request.set_reference_number("NOSUCHKY");
  CHECK(FaultOf(request) == Reason::kNotFound);
}

TEST_CASE_METHOD(TrialFixture, "a wrong challenge is refused as such, and makes who brings many wait, and no device",
                 "[enrollment][policy-test]") {
  for (int i = 0; i < 20; ++i) CHECK(Test(Asking({.challenge = "guess-0"})).reason() == "key_unknown");
  for (int i = 0; i < 3; ++i) {
    CHECK(Test(Asking({.challenge = "guess-" + std::to_string(i)})).reason() == "key_unknown");
  }
  CHECK(FaultOf(Asking({.challenge = "guess"})) == Reason::kUnavailable);
  CHECK(FaultOf(Asking({.challenge = Mint()})) == Reason::kUnavailable);
  auto other = kTester;
  other.operator_id = 8;
  CHECK(trial.Run(Asking({.challenge = "guess"}), other));
  auto named = Asking();
  named.set_reference_number(ReferenceNumber());
  CHECK(Outcome(named) == "ISSUED");
  CHECK(Outcome(Asking()) == "PENDING");
  Pass(std::chrono::minutes(11));
  CHECK(Test(Asking({.challenge = "guess"})).reason() == "key_unknown");
  Message message;
  message.ask.challenge = Mint();
  CHECK(Submit(device, message).outcome == "issued");
}

TEST_CASE_METHOD(TrialFixture, "an entity is tested as if it had a new key", "[enrollment][policy-test]") {
  auto request = Asking();
  request.set_entity("DEVICE-1");
  const auto record = Test(request);
  CHECK(record.outcome() == certifier::v1::DECISION_OUTCOME_ISSUED);
  CHECK(record.entity() == "device-1");
  CHECK(record.reference_number() == "(a new key)");
  engine::store::EntityChange change{"device-1"};
  change.subject = "CN=somebody";
  REQUIRE(store.UpdateEntity(change));
  CHECK(Test(request).reason() == "names_are_not_the_entitys");
  request.set_entity("nobody");
  CHECK(FaultOf(request) == Reason::kNotFound);
}

TEST_CASE_METHOD(TrialFixture, "a key that is named is the one, whatever entity is named beside it",
                 "[enrollment][policy-test]") {
  REQUIRE(store.CreateEntity({"device-2", "", "test"}));
  Mint();
  auto request = Asking();
  request.set_reference_number(ReferenceNumber());
  request.set_entity("device-2");
  const auto record = Test(request);
  CHECK(record.reference_number() == ReferenceNumber());
  CHECK(record.entity() == "device-1");
}

TEST_CASE_METHOD(TrialFixture, "what the device sent before does not answer a test", "[enrollment][policy-test]") {
  const auto request = Asking({.challenge = Mint()});
  Message message;
  message.request = request.certification_request();
  REQUIRE(Submit(device, message).outcome == "issued");
  auto signed_by_device = request;
  signed_by_device.set_signer_certificate(device.SignerCertificate());
  CHECK(Test(signed_by_device).reason() == "key_used_up");
  message.request = device.Request({.subject = "CN=waits"});
  message.transaction_id = "policy test";
  REQUIRE(Submit(device, message).outcome == "pending");
  CHECK(Outcome(signed_by_device) == "REJECTED");
}

TEST_CASE_METHOD(TrialFixture, "a further name of what waits is tested as one", "[enrollment][policy-test]") {
  const Ask ask{.challenge = Mint()};
  ApplyPolicy("default", VERDICT_HOLD, VERDICT_HOLD);
  Message message;
  message.ask = ask;
  REQUIRE(Submit(device, message).outcome == "pending");
  ApplyPolicy("default", VERDICT_ACCEPT, VERDICT_HOLD);
  auto request = Asking(ask);
  CHECK(Test(request).reason() == "key_used_up");
  request.set_signer_certificate(device.SignerCertificate());
  CHECK(Outcome(request) == "PENDING");
}

TEST_CASE_METHOD(TrialFixture, "a record tells of the message that was tested", "[enrollment][policy-test]") {
  auto request = Asking();
  const auto initial = Test(request).message();
  CHECK(initial.message_type() == 19);
  CHECK(initial.is_signer_self_issued());
  CHECK(initial.request_sha256() ==
        pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, request.certification_request())));
  Message message;
  message.ask.challenge = Mint();
  request.set_signer_certificate(Submit(Device("ecdsa-p256", 1), message).certificate);
  request.set_is_renewal_req(true);
  const auto renewal = Test(request).message();
  CHECK(renewal.message_type() == 17);
  CHECK_FALSE(renewal.is_signer_self_issued());
}

TEST_CASE_METHOD(TrialFixture, "a webhook is called in a test where the operator asks for it",
                 "[enrollment][policy-test]") {
  engine_test::FakeWebhook webhook({R"({"verdict": "pass"})"});
  const engine::enrollment::PolicyTrial calling{
      {directory, store, store, decider, key_index, clock, guesses, lately_wrong, &webhook}};
  auto request = Asking({.challenge = Mint()});
  *request.mutable_policy() = support::PolicyDocument({});
  auto& module = *request.mutable_policy()->mutable_receive_request()->mutable_modules(0)->mutable_webhook();
  module.set_url("https://a.example/");
  module.set_secret("hook");
  CHECK(calling.Run(request, kTester)->outcome() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(webhook.calls.empty());
  request.set_calls_webhooks(true);
  CHECK(calling.Run(request, kTester)->outcome() == certifier::v1::DECISION_OUTCOME_ISSUED);
  CHECK(webhook.calls.size() == 1);
}

TEST_CASE_METHOD(TrialFixture, "a document is tested in place of the policy that would decide",
                 "[enrollment][policy-test]") {
  auto request = Asking({.challenge = Mint()});
  *request.mutable_policy() = support::PolicyDocument({"closed", VERDICT_DENY, VERDICT_DENY});
  const auto record = Test(request);
  CHECK(record.outcome() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(record.reason().starts_with("require_key: "));
  CHECK(record.policy() == "closed");
  CHECK(record.policy_version() == 0);
  CHECK(Outcome(Asking({.challenge = Mint()})) == "ISSUED");
  request.mutable_policy()->clear_name();
  CHECK(FaultOf(request) == Reason::kMalformed);
}

TEST_CASE_METHOD(TrialFixture, "a document that counts counts what is stored by now", "[enrollment][policy-test]") {
  auto request = Asking();
  request.set_entity("device-1");
  *request.mutable_policy() = support::PolicyDocument({});
  auto& limit =
      *request.mutable_policy()->mutable_accept_request()->mutable_modules(3)->mutable_active_certificate_limit();
  limit.set_max(1);
  request.mutable_policy()->mutable_accept_request()->add_modules()->mutable_accept_all();
  CHECK(Test(request).outcome() == certifier::v1::DECISION_OUTCOME_ISSUED);
  engine_test::Message message;
  message.ask.challenge = Mint();
  REQUIRE(Submit(Device(), message).outcome == "issued");
  const auto record = Test(request);
  CHECK(record.outcome() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(record.reason() == "active_certificate_limit: entity device-1 has 1 of 1 active certificates");
}

TEST_CASE_METHOD(TrialFixture, "a webhook is not called in a test", "[enrollment][policy-test]") {
  auto request = Asking({.challenge = Mint()});
  auto& policy = *request.mutable_policy();
  policy = support::PolicyDocument({});
  auto& modules = *policy.mutable_receive_request()->mutable_modules();
  auto& webhook = *modules.Add()->mutable_webhook();
  webhook.set_url("https://a.example/");
  webhook.set_secret("hook");
  for (int i = modules.size() - 1; i > 0; --i) modules.SwapElements(i, i - 1);
  const auto record = Test(request);
  CHECK(record.outcome() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(record.reason() == "webhook: the webhook did not answer: no webhook is called here");
  request.set_calls_webhooks(true);
  CHECK(FaultOf(request) == Reason::kMalformed);
}

TEST_CASE_METHOD(TrialFixture, "a renewal is tested with the certificate that would sign",
                 "[enrollment][policy-test]") {
  Message message;
  message.ask.challenge = Mint();
  const Reply issued = Submit(Device("ecdsa-p256", 1), message);
  REQUIRE(issued.outcome == "issued");
  auto request = Asking();
  request.set_signer_certificate(issued.certificate);
  const auto early = Test(request);
  CHECK(early.outcome() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(early.reason() == "require_signer: renewal_too_early");
  Pass(std::chrono::hours(24 * 80));
  CHECK(Outcome(request) == "ISSUED");
  request.set_is_renewal_req(true);
  CHECK(Outcome(request) == "ISSUED");
  // A key vouches for the requester's own key only.
  auto with_key = request;
  with_key.set_is_renewal_req(false);
  Pass(-std::chrono::hours(24 * 80));
  with_key.set_certification_request(device.Request({.challenge = Mint()}));
  CHECK(Test(with_key).reason() == "signer_key_is_not_request_key");
  Pass(std::chrono::hours(24 * 80));
  // What a document says of renewals counts, not what the policy does.
  *request.mutable_policy() = support::PolicyDocument({});
  request.mutable_policy()->mutable_receive_request()->mutable_modules(3)->mutable_require_signer()->set_window_percent(
      1);
  CHECK(Outcome(request) == "REJECTED");
}

TEST_CASE_METHOD(TrialFixture, "what a submission refuses before it looks anything up a test refuses too",
                 "[enrollment][policy-test]") {
  auto request = Asking();
  request.set_is_renewal_req(true);
  CHECK(Test(request).reason() == "renewal_signer_is_self_issued");
  CHECK(Test(request).classification() == certifier::v1::CLASSIFICATION_TEST);
  request = Asking();
  request.set_signer_certificate(Device("ecdsa-p256", 1).SignerCertificate());
  CHECK(Test(request).reason() == "signer_key_is_not_request_key");
}

TEST_CASE_METHOD(TrialFixture, "what cannot be read is malformed, and an unknown CA is not found",
                 "[enrollment][policy-test]") {
  auto request = Asking();
  request.set_ca("nowhere");
  CHECK(FaultOf(request) == Reason::kNotFound);
  request = Asking();
  request.set_certification_request("no PKCS#10");
  CHECK(FaultOf(request) == Reason::kMalformed);
  request = Asking();
  request.set_signer_certificate("no certificate");
  CHECK(FaultOf(request) == Reason::kMalformed);
}

}  // namespace
