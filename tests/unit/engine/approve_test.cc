#include <catch2/catch.hpp>

#include "enrollment/request_fingerprints.h"
#include "enrollment/transaction_id.h"
#include "enrollment_fixture.h"
#include "pki/digest.h"

namespace {

using engine::enrollment::UnpackFingerprints;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using result::Reason;

// Queue is an engine with one request waiting for an operator.
class Queue : public EnrollmentFixture {
 public:
  Queue() {
    Message message;
    message.request = request = Device().Request({});
    id = Submit(Device(), message).request_id;
    REQUIRE(id > 0);
  }
  std::string Md5() const { return pki::HexLower(pki::FingerprintsOf(request).md5); }
  engine::store::RequestState State() { return store.GetRequest(id)->state; }

  pki::Bytes request;
  std::int64_t id = 0;
};

TEST_CASE_METHOD(Queue, "after approval the device's poll gets the certificate", "[enrollment][approve]") {
  CHECK(Poll(Device()).outcome == "pending");
  REQUIRE(approval.Approve(id, Md5(), {"alice"}));
  const auto reply = Poll(Device());
  REQUIRE(reply.outcome == "issued");
  CHECK(pki::Certificate::Parse(reply.certificate)->spki() == Device().key().public_key().spki());
  CHECK(store.GetRequest(id)->decided_by == "alice");
}

TEST_CASE_METHOD(Queue, "each digest approves in each notation", "[enrollment][approve]") {
  const auto record = *store.GetRequest(id);
  const auto digest_of = GENERATE(0, 1, 2, 3, 4, 5);
  const auto notation = GENERATE(0, 1, 2, 3, 4);
  const auto set = *UnpackFingerprints(digest_of < 3 ? record.fingerprints : record.unsigned_fingerprints);
  const auto digests = {set.md5, set.sha1, set.sha256};
  const auto notations = pki::NotationsOf(*(digests.begin() + digest_of % 3));
  const auto typed = {notations.lower, notations.upper, notations.grouped, notations.colon,
                      "  " + notations.grouped + "\r\n"};
  CHECK(approval.Approve(id, *(typed.begin() + notation), {"alice"}));
}

TEST_CASE_METHOD(Queue, "a fingerprint that is not the request's approves nothing", "[enrollment][approve]") {
  const auto other = pki::FingerprintsOf("another request");
  const auto typed =
      GENERATE_COPY(std::string(), std::string("yes"), Md5().substr(0, 30), Md5() + "00", pki::HexLower(other.md5),
                    pki::HexLower(other.sha1), pki::HexLower(other.sha256), std::string(32, '0'));
  const auto approved = approval.Approve(id, typed, {"alice"});
  CHECK(approved.error().reason == Reason::kPolicyRefused);
  CHECK_THAT(approved.error().detail, Catch::Contains("fingerprint"));
  CHECK(State() == engine::store::RequestState::kPending);
  CHECK(Poll(Device()).outcome == "pending");
}

TEST_CASE_METHOD(Queue, "a request is approved once", "[enrollment][approve]") {
  REQUIRE(approval.Approve(id, Md5(), {"alice"}));
  CHECK(approval.Approve(id, Md5(), {"alice"}).error().reason == Reason::kConflict);
  CHECK(approval.Reject(id, "too late", "alice").error().reason == Reason::kConflict);
  CHECK(store.ListCertificates({}, {})->size() == 1);
}

TEST_CASE_METHOD(Queue, "a rejected request cannot be approved, and the poll fails", "[enrollment][approve]") {
  REQUIRE(approval.Reject(id, "unknown device", "bob"));
  CHECK(approval.Approve(id, Md5(), {"alice"}).error().reason == Reason::kConflict);
  CHECK(Poll(Device()).outcome == "badRequest");
  CHECK(store.GetRequest(id)->rejection_reason == "unknown device");
}

TEST_CASE_METHOD(Queue, "a rejection needs a reason of 1 to 1000 octets", "[enrollment][approve]") {
  CHECK(approval.Reject(id, "", "bob").error().reason == Reason::kMalformed);
  CHECK(approval.Reject(id, std::string(1001, 'x'), "bob").error().reason == Reason::kMalformed);
  CHECK(approval.Reject(id, std::string(1000, 'x'), "bob"));
}

TEST_CASE_METHOD(Queue, "a request that is not there is not found", "[enrollment][approve]") {
  CHECK(approval.Approve(id + 1, Md5(), {"alice"}).error().reason == Reason::kNotFound);
  CHECK(approval.Reject(id + 1, "why", "alice").error().reason == Reason::kNotFound);
}

TEST_CASE_METHOD(Queue, "a stored request that another key-encryption key sealed is not issued",
                 "[enrollment][approve]") {
  const engine::keys::Sealer other("stored-request", pki::Secret(pki::Bytes(32, 'x')));
  const engine::enrollment::HeldRequests sealed({store, directory, other, clock, engine_test::kApprovalTtl});
  const engine::enrollment::OperatorApproval blind({store, store, sealed, issuer, clock});
  CHECK(blind.Approve(id, Md5(), {"alice"}).error().reason == Reason::kBadMessageCheck);
  CHECK(State() == engine::store::RequestState::kPending);
}

TEST_CASE_METHOD(Queue, "an approval runs the chain of the policy as it is by now", "[enrollment][approve]") {
  auto later = support::PolicyDocument({});
  later.mutable_accept_request()->mutable_modules()->DeleteSubrange(3, 1);
  later.mutable_accept_request()->add_modules()->mutable_deny()->set_reason("closed for the night");
  ApplyPolicy(later);
  const auto refused = approval.Approve(id, Md5(), {"alice"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == Reason::kPolicyRefused);
  CHECK(refused.error().detail == "deny by deny: closed for the night");
  CHECK(State() == engine::store::RequestState::kPending);
  ApplyPolicy(support::PolicyDocument({.days = 7}));
  REQUIRE(approval.Approve(id, Md5(), {"alice"}));
  const auto certificate = pki::Certificate::Parse(store.ListCertificates({}, {})->front().certificate).value();
  CHECK(*certificate.not_after() == now() + std::chrono::hours(24) * 7);
  CHECK(store.GetRequest(id)->policy_version == 3);
}

TEST_CASE_METHOD(EnrollmentFixture,
                 "an approved certificate has what the chain that held it wrote, and what attributes say",
                 "[enrollment][approve]") {
  engine::store::EntityChange change{"device-1"};
  change.attributes = R"({"days": "11", "site": "hall 2"})";
  REQUIRE(store.UpdateEntity(change));
  auto policy = support::PolicyDocument({.with_key = VERDICT_HOLD});
  auto& subject = *policy.mutable_receive_request()->mutable_modules(1)->mutable_set_subject();
  subject.set_subject("CN=${entity},OU=${attribute.site}");
  (*policy.mutable_accept_request()->mutable_modules(0)->mutable_from_attributes())["days"] = "days";
  ApplyPolicy(policy);
  const bool has_own_days = GENERATE(true, false);
  engine::enrollment::KeySpecification key;
  if (has_own_days) key.attributes = {{"days", "7"}};
  Message message;
  message.ask.challenge = Mint(key);
  message.request = Device().Request(message.ask);
  const auto reply = Submit(Device(), message);
  REQUIRE(reply.outcome == "pending");
  REQUIRE(approval.Approve(reply.request_id, pki::HexLower(pki::FingerprintsOf(message.request).md5), {"alice"}));
  const auto certificate = pki::Certificate::Parse(store.ListCertificates({}, {})->front().certificate).value();
  CHECK(certificate.subject_name()->ToString() == "CN=device-1,OU=hall 2");
  CHECK(*certificate.not_after() == now() + std::chrono::hours(24) * (has_own_days ? 7 : 11));
}

TEST_CASE_METHOD(EnrollmentFixture, "approving a request that a key vouched for counts the key's use",
                 "[enrollment][approve]") {
  ApplyPolicy("held", VERDICT_HOLD, VERDICT_HOLD);
  engine::enrollment::KeySpecification held;
  held.policy = "held";
  Message message;
  message.ask.challenge = Mint(held);
  message.request = Device().Request(message.ask);
  const auto reply = Submit(Device(), message);
  REQUIRE(reply.outcome == "pending");
  CHECK(UseCount() == 0);
  REQUIRE(approval.Approve(reply.request_id, pki::HexLower(pki::FingerprintsOf(message.request).sha256), {"alice"}));
  CHECK(UseCount() == 1);
  CHECK(Poll(Device()).outcome == "issued");
}

TEST_CASE_METHOD(Queue, "a poll by another key or for another transaction is badCertId", "[enrollment][poll]") {
  CHECK(Poll(Device("ecdsa-p256", 1)).outcome == "badCertId");
  CHECK(Poll(Device(), "tx-2").outcome == "badCertId");
  CHECK(Poll(Device()).request_id == id);
}

TEST_CASE_METHOD(Queue, "a poll by a new throw-away certificate of the same key is answered", "[enrollment][poll]") {
  CHECK(Device().SignerCertificate() != Device().SignerCertificate());
  CHECK(Poll(Device()).outcome == "pending");
  CHECK(Poll(Device()).outcome == "pending");
}

TEST_CASE("a transactionID is printed without anything that a terminal obeys", "[enrollment]") {
  using engine::enrollment::PrintableTransactionId;
  CHECK(PrintableTransactionId("A1-b_~ !") == "A1-b_~ !");
  CHECK(PrintableTransactionId(std::string("\x1b[2J\0\n\\\xff\x7f", 9)) == "\\x1b[2J\\x00\\x0a\\x5c\\xff\\x7f");
}

}  // namespace
