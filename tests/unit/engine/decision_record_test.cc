#include "enrollment/decision_record.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "enrollment/find_decisions.h"
#include "enrollment/transaction_id.h"
#include "enrollment_fixture.h"
#include "policy/text.h"
#include "support/policy_documents.h"

namespace {

namespace v1 = certifier::v1;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using Records = std::vector<v1::DecisionRecord>;

Message Carrying(const std::string& challenge, const std::string& subject = "CN=device-1") {
  Message message;
  message.ask.subject = subject;
  message.ask.challenge = challenge;
  return message;
}

// Fixed sends the same octets each time.
Message Fixed(Message message) {
  message.request = Device().Request(message.ask);
  return message;
}

Records Of(EnrollmentFixture& engine, const std::string& text = "tx-1") {
  auto found = engine::enrollment::FindDecisions(engine.store, text);
  INFO((found ? "" : found.error().detail));
  REQUIRE(found);
  return *found;
}

v1::DecisionRecord OnlyOf(EnrollmentFixture& engine, const std::string& text = "tx-1") {
  const auto found = Of(engine, text);
  REQUIRE(found.size() == 1);
  return found[0];
}

TEST_CASE_METHOD(EnrollmentFixture, "what is issued has a record of each module that let it through", "[decision]") {
  auto message = Carrying(Mint());
  message.received_ago = std::chrono::seconds(60);
  REQUIRE(Submit(Device(), message).outcome == "issued");
  const auto record = OnlyOf(*this);
  CHECK(record.outcome() == v1::DECISION_OUTCOME_ISSUED);
  CHECK(record.classification() == v1::CLASSIFICATION_INITIAL);
  CHECK(record.reference_number() == store.ListKeys("", {})->front().reference_number);
  CHECK(record.entity() == "device-1");
  CHECK(record.policy() == "default");
  CHECK(record.policy_version() == 1);
  CHECK(record.request_id() == std::to_string(store.ListRequests({}, {})->front().request_id));
  CHECK(record.message().subject() == "CN=device-1");
  CHECK(record.message().key_algorithm() == "ecdsa-p256");
  CHECK(record.message().has_challenge());
  CHECK(record.message().is_signer_self_issued());
  CHECK(record.message().message_type() == 19);
  CHECK(record.message().source_address() == "192.0.2.7");
  CHECK(record.message().ca() == "demo");
  CHECK(record.message().received_at().seconds() == std::chrono::system_clock::to_time_t(now()) - 60);
  CHECK_FALSE(record.engine_version().empty());
  CHECK(record.message_count() == 1);
  std::vector<std::string> chains;
  for (const auto& step : record.steps()) chains.push_back(step.chain());
  CHECK(std::ranges::count(chains, "receive_request") > 0);
  CHECK(chains.back() == "accept_request");
  const auto& last = record.steps(record.steps_size() - 1);
  CHECK(last.verdict() == v1::VERDICT_ACCEPT);
  CHECK(std::ranges::any_of(record.steps(), [](const auto& step) { return step.changes_size() > 0; }));
}

TEST_CASE_METHOD(EnrollmentFixture, "a refusal names the module, and its id is the device's to show", "[decision]") {
  ApplyPolicy("default", VERDICT_DENY, VERDICT_DENY);
  const auto reply = Submit(Device(), Carrying(Mint()));
  REQUIRE(reply.outcome == "badRequest");
  const auto record = OnlyOf(*this, reply.decision_id);
  CHECK(record.decision_id() == reply.decision_id);
  CHECK(record.outcome() == v1::DECISION_OUTCOME_REJECTED);
  CHECK(record.reason().find("require_key: ") == 0);
  CHECK(record.steps(record.steps_size() - 1).module() == "require_key");
  CHECK(record.steps(record.steps_size() - 1).verdict() == v1::VERDICT_DENY);
  CHECK(record.request_id().empty());
}

TEST_CASE_METHOD(EnrollmentFixture, "what the checks before every chain refuse has no step of a chain", "[decision]") {
  const auto reply = Submit(Device(), Carrying("no-key-of-ours"));
  REQUIRE(reply.outcome == "badRequest");
  const auto record = OnlyOf(*this, reply.decision_id);
  CHECK(record.reason() == "key_unknown");
  REQUIRE(record.steps_size() == 1);
  CHECK(record.steps(0).chain().empty());
  CHECK(record.steps(0).module() == "pre_shared_key");
  CHECK(record.steps(0).verdict() == v1::VERDICT_DENY);
  CHECK(record.reference_number().empty());
  CHECK(record.policy().empty());
}

TEST_CASE_METHOD(EnrollmentFixture, "a key that vouches for nothing is named, and its entity", "[decision]") {
  engine::enrollment::KeySpecification once;
  const std::string key = Mint(once);
  REQUIRE(Submit(Device(), Carrying(key)).outcome == "issued");
  auto again = Carrying(key, "CN=device-1,O=Other");
  again.transaction_id = "tx-2";
  REQUIRE(Submit(Device(), again).outcome == "badRequest");
  const auto record = OnlyOf(*this, "tx-2");
  CHECK(record.reason() == "key_used_up");
  CHECK(record.reference_number() == store.ListKeys("", {})->front().reference_number);
  CHECK(record.entity() == "device-1");
}

TEST_CASE_METHOD(EnrollmentFixture, "the checks say until when a key was good, and what it is bound to", "[decision]") {
  engine::enrollment::KeySpecification bound;
  bound.subject = "CN=bound";
  bound.alternative_names = {"dns:bound.example"};
  bound.expires_at = now() + std::chrono::hours(1);
  const std::string key = Mint(bound);
  REQUIRE(Submit(Device(), Carrying(key)).outcome == "badRequest");
  const auto names = OnlyOf(*this);
  CHECK(names.reason() == "names_are_not_the_keys");
  REQUIRE(names.steps_size() == 2);
  CHECK(names.steps(0).verdict() == v1::VERDICT_PASS);
  CHECK(names.steps(1).module() == "key_names");
  CHECK(names.steps(1).verdict() == v1::VERDICT_DENY);
  CHECK(names.steps(1).saw() ==
        "bound to the subject CN=bound and the alternative names dns:bound.example; the request asks for the subject "
        "CN=device-1 and no alternative name");
  Pass(std::chrono::hours(2));
  auto late = Carrying(key);
  late.transaction_id = "tx-2";
  REQUIRE(Submit(Device(), late).outcome == "badRequest");
  const auto expired = OnlyOf(*this, "tx-2");
  CHECK(expired.reason() == "key_expired");
  CHECK(expired.steps(0).verdict() == v1::VERDICT_DENY);
  CHECK(expired.steps(0).saw().find(" until " + engine::policy::TimeText(*bound.expires_at)) != std::string::npos);
}

TEST_CASE_METHOD(EnrollmentFixture, "no record holds a challenge", "[decision]") {
  const std::string key = Mint();
  REQUIRE(Submit(Device(), Carrying(key)).outcome == "issued");
  auto wrong = Carrying("a-typed-secret-of-somebody");
  wrong.transaction_id = "tx-2";
  REQUIRE(Submit(Device(), wrong).outcome == "badRequest");
  for (const auto* transaction_id : {"tx-1", "tx-2"}) {
    const auto octets = OnlyOf(*this, transaction_id).SerializeAsString();
    CHECK(octets.find(key) == std::string::npos);
    CHECK(octets.find("typed-secret") == std::string::npos);
  }
}

// ToNoon passes time until all that follows within hours is of one day.
void ToNoon(EnrollmentFixture& engine) {
  const auto noon = std::chrono::floor<std::chrono::days>(engine.now()) + std::chrono::hours(36);
  engine.Pass(std::chrono::duration_cast<std::chrono::seconds>(noon - engine.now()));
}

TEST_CASE_METHOD(EnrollmentFixture, "who repeats himself is one record with a count, until the next day",
                 "[decision]") {
  ApplyPolicy("default", VERDICT_DENY, VERDICT_DENY);
  ToNoon(*this);
  const auto message = Fixed({});
  const auto first = Submit(Device(), message).decision_id;
  Pass(std::chrono::hours(1));
  CHECK(Submit(Device(), message).decision_id == first);
  const auto record = OnlyOf(*this);
  CHECK(record.message_count() == 2);
  CHECK(record.last_at().seconds() - record.decided_at().seconds() == 3600);
  Pass(std::chrono::hours(24));
  CHECK(Submit(Device(), message).decision_id != first);
  CHECK(Of(*this).size() == 2);
}

TEST_CASE_METHOD(EnrollmentFixture, "another key, PKCS#10 or reason is another record", "[decision]") {
  ApplyPolicy("default", VERDICT_DENY, VERDICT_DENY);
  const auto message = Fixed({});
  const auto first = Submit(Device(), message).decision_id;
  CHECK(Submit(Device("ecdsa-p256", 1), message).decision_id != first);
  CHECK(Submit(Device(), Fixed(Carrying("", "CN=device-2"))).decision_id != first);
  v1::Policy policy = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY, {}});
  policy.mutable_receive_request()->mutable_modules()->Clear();
  policy.mutable_receive_request()->add_modules()->mutable_deny()->set_reason("another");
  ApplyPolicy(policy);
  CHECK(Submit(Device(), message).decision_id != first);
}

TEST_CASE_METHOD(EnrollmentFixture, "what waits is explained by its arrival, its polls and its approval",
                 "[decision]") {
  const auto reply = Submit(Device());
  REQUIRE(reply.outcome == "pending");
  Pass(std::chrono::minutes(1));
  REQUIRE(Poll(Device()).outcome == "pending");
  REQUIRE(Poll(Device()).outcome == "pending");
  Pass(std::chrono::minutes(1));
  const auto fingerprint = pki::HexLower(store.GetRequest(reply.request_id)->csr_sha256);
  REQUIRE(approval.Approve(reply.request_id, fingerprint, {"alice"}));
  const auto records = Of(*this, std::to_string(reply.request_id));
  REQUIRE(records.size() == 3);
  CHECK(records[0].classification() == v1::CLASSIFICATION_APPROVAL);
  CHECK(records[0].decided_by() == "alice");
  CHECK(records[0].outcome() == v1::DECISION_OUTCOME_ISSUED);
  CHECK(records[0].steps_size() > 0);
  CHECK(records[1].classification() == v1::CLASSIFICATION_POLL);
  CHECK(records[1].reason() == "waits");
  CHECK(records[1].message().has_received_at());
  CHECK(records[0].message().received_at().seconds() == records[2].message().received_at().seconds());
  CHECK(records[1].message_count() == 2);
  CHECK(records[2].classification() == v1::CLASSIFICATION_INITIAL);
  CHECK(records[2].outcome() == v1::DECISION_OUTCOME_PENDING);
  CHECK(Of(*this, fingerprint).size() == 3);
}

TEST_CASE_METHOD(EnrollmentFixture, "an approval that the policy refuses leaves a record too", "[decision]") {
  const auto reply = Submit(Device());
  REQUIRE(reply.outcome == "pending");
  v1::Policy strict = support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD, {}});
  strict.mutable_accept_request()->mutable_modules()->Clear();
  strict.mutable_accept_request()->add_modules()->mutable_deny()->set_reason("a freeze");
  ApplyPolicy(strict);
  const auto fingerprint = pki::HexLower(store.GetRequest(reply.request_id)->csr_sha256);
  REQUIRE_FALSE(approval.Approve(reply.request_id, fingerprint, {"alice"}));
  const auto records = Of(*this, std::to_string(reply.request_id));
  REQUIRE(records.size() == 2);
  const auto refused = std::ranges::find(records, v1::CLASSIFICATION_APPROVAL, &v1::DecisionRecord::classification);
  REQUIRE(refused != records.end());
  CHECK(refused->outcome() == v1::DECISION_OUTCOME_REJECTED);
  CHECK(refused->reason().find("a freeze") != std::string::npos);
  CHECK(refused->policy_version() == 2);
}

TEST_CASE_METHOD(EnrollmentFixture, "a repetition says which request answered", "[decision]") {
  const auto message = Fixed(Carrying(Mint()));
  REQUIRE(Submit(Device(), message).outcome == "issued");
  Pass(std::chrono::minutes(1));
  REQUIRE(Submit(Device(), message).outcome == "issued");
  const auto records = Of(*this);
  REQUIRE(records.size() == 2);
  CHECK(records[0].classification() == v1::CLASSIFICATION_REPLAY);
  CHECK(records[0].outcome() == v1::DECISION_OUTCOME_ISSUED);
  CHECK(records[0].request_id() == records[1].request_id());
}

TEST_CASE_METHOD(EnrollmentFixture, "what cannot be read has a record", "[decision]") {
  Message garbage;
  garbage.request = "no PKCS#10";
  const auto reply = Submit(Device(), garbage);
  REQUIRE(reply.outcome == "badRequest");
  const auto record = OnlyOf(*this, reply.decision_id);
  CHECK(record.classification() == v1::CLASSIFICATION_UNREADABLE);
  CHECK(record.reason().find("certification_request: ") == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "an unknown poll and a slowed source have records", "[decision]") {
  REQUIRE(Poll(Device()).outcome == "badCertId");
  CHECK(OnlyOf(*this).reason() == "unknown_transaction");
  for (int i = 0; i < 12; ++i) {
    auto wrong = Carrying("wrong " + std::to_string(i));
    wrong.transaction_id = "guess-" + std::to_string(i);
    Submit(Device(), wrong);
  }
  CHECK(OnlyOf(*this, "guess-11").outcome() == v1::DECISION_OUTCOME_DELAYED);
  CHECK(OnlyOf(*this, "guess-11").reason() == "too_many_wrong_keys");
}

TEST_CASE_METHOD(EnrollmentFixture, "what nobody could explain is not answered", "[decision]") {
  const auto reply = Submit(Device());
  REQUIRE(reply.outcome == "pending");
  store.FillJournal();
  CHECK(Poll(Device()).outcome == "unavailable");
  CHECK(Submit(Device(), Carrying("wrong")).outcome == "unavailable");
  ApplyPolicy("default", VERDICT_DENY, VERDICT_DENY);
  v1::Policy strict = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY, {}});
  strict.mutable_accept_request()->mutable_modules()->Clear();
  strict.mutable_accept_request()->add_modules()->mutable_deny()->set_reason("a freeze");
  ApplyPolicy(strict);
  const auto fingerprint = pki::HexLower(store.GetRequest(reply.request_id)->csr_sha256);
  CHECK(approval.Approve(reply.request_id, fingerprint, {"alice"}).error().reason == result::Reason::kUnavailable);
}

TEST_CASE_METHOD(EnrollmentFixture, "nothing is known of what never came, and no text is not a question",
                 "[decision]") {
  CHECK(engine::enrollment::FindDecisions(store, "tx-9").error().reason == result::Reason::kNotFound);
  CHECK(engine::enrollment::FindDecisions(store, "").error().reason == result::Reason::kMalformed);
  CHECK(engine::enrollment::FindDecisions(store, std::string(1025, 'a')).error().reason == result::Reason::kMalformed);
  CHECK(engine::enrollment::FindDecisions(store, "\\").error().reason == result::Reason::kMalformed);
}

TEST_CASE("a printed transactionID reads back to its octets", "[decision]") {
  using engine::enrollment::ParseTransactionId;
  using engine::enrollment::PrintableTransactionId;
  for (const pki::Bytes& octets : {pki::Bytes("tx-1"), pki::Bytes("\\x\\"), pki::Bytes("\0\xff\n", 3)}) {
    CHECK(ParseTransactionId(PrintableTransactionId(octets)).value() == octets);
  }
  CHECK(ParseTransactionId(std::string(255, 'a')));
  for (const std::string& wrong : {std::string("\\"), std::string("\\x1"), std::string("\\xzz"), std::string("\\y00"),
                                   std::string(), std::string(256, 'a')}) {
    CHECK_FALSE(ParseTransactionId(wrong));
  }
}

}  // namespace
