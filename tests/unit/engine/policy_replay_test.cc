#include "enrollment/policy_replay.h"

#include <catch2/catch.hpp>

#include "authority/ca_update.h"
#include "enrollment_fixture.h"

namespace {

using certifier::v1::Policy;
using certifier::v1::ReplayPolicyRequest;
using certifier::v1::ReplayPolicyResponse;
using engine::TimePoint;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using result::Reason;

// ReplayFixture has two requests of policy "default": 1 was issued for a key, 2 waits.
class ReplayFixture : public EnrollmentFixture {
 public:
  ReplayFixture() {
    Message message;
    message.ask.challenge = Mint();
    certificate = Submit(device, message).certificate;
    REQUIRE_FALSE(certificate.empty());
    REQUIRE(Submit(device, {.transaction_id = "tx-2"}).outcome == "pending");
  }

  ReplayPolicyResponse Replay(const ReplayPolicyRequest& request, engine::store::Page page = {}) const {
    const auto response = replay.Run(request, since, page);
    INFO((response ? "" : response.error().detail));
    REQUIRE(response);
    return *response;
  }
  ReplayPolicyResponse Replay(const Policy& policy, engine::store::Page page = {}) const {
    ReplayPolicyRequest request;
    *request.mutable_policy() = policy;
    return Replay(request, page);
  }

  const Device device;
  TimePoint since = now() - std::chrono::hours(1);
  pki::Bytes certificate;
  const engine::enrollment::PolicyReplay replay{{directory, store, request_sealer}};
};

TEST_CASE_METHOD(ReplayFixture, "the policy that decided changes no outcome", "[enrollment][replay]") {
  const auto response = Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD}));
  CHECK(response.run() == 2);
  CHECK(response.changes().empty());
  CHECK(response.unreadable() == 0);
  CHECK(response.next_page_token().empty());
}

TEST_CASE_METHOD(ReplayFixture, "what would come to something else is listed with the module that says so",
                 "[enrollment][replay]") {
  const auto closed = Replay(support::PolicyDocument({"default", VERDICT_DENY, VERDICT_HOLD}));
  REQUIRE(closed.changes_size() == 1);
  const auto& change = closed.changes(0);
  CHECK(change.request_id() == "1");
  CHECK(change.ca() == "demo");
  CHECK(change.entity() == "device-1");
  CHECK(change.before() == certifier::v1::DECISION_OUTCOME_ISSUED);
  CHECK(change.after() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(change.reason().starts_with("require_key: key "));
  CHECK(change.policy() == "default");
  CHECK(change.policy_version() == 1);
  const auto open = Replay(support::PolicyDocument({"default", VERDICT_HOLD, VERDICT_DENY}));
  REQUIRE(open.changes_size() == 2);
  CHECK(open.changes(0).request_id() == "2");
  CHECK(open.changes(0).before() == certifier::v1::DECISION_OUTCOME_PENDING);
  CHECK(open.changes(0).after() == certifier::v1::DECISION_OUTCOME_REJECTED);
  CHECK(open.changes(1).after() == certifier::v1::DECISION_OUTCOME_PENDING);
}

TEST_CASE_METHOD(ReplayFixture, "a replay changes nothing", "[enrollment][replay]") {
  const auto uses = UseCount();
  Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_DENY}));
  CHECK(UseCount() == uses);
  CHECK(store.ListRequests({}, {})->size() == 2);
  CHECK(store.GetRequest(2)->state == engine::store::RequestState::kPending);
  CHECK(store.ListCertificates({}, {})->size() == 1);
}

TEST_CASE_METHOD(ReplayFixture, "what an operator decided had waited for him", "[enrollment][replay]") {
  REQUIRE(approval.Reject(2, "not ours", "alice"));
  CHECK(Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD})).changes().empty());
}

TEST_CASE_METHOD(ReplayFixture, "what an operator approved had waited for him", "[enrollment][replay]") {
  REQUIRE(approval.Approve(2, pki::HexLower(store.GetRequest(2)->csr_sha256), {"alice"}));
  CHECK(Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD})).changes().empty());
  const auto closed = Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_DENY}));
  REQUIRE(closed.changes_size() == 1);
  CHECK(closed.changes(0).before() == certifier::v1::DECISION_OUTCOME_PENDING);
  CHECK(closed.changes(0).after() == certifier::v1::DECISION_OUTCOME_REJECTED);
}

TEST_CASE_METHOD(ReplayFixture, "a change says what it is of", "[enrollment][replay]") {
  const auto closed = Replay(support::PolicyDocument({"default", VERDICT_DENY, VERDICT_HOLD}));
  REQUIRE(closed.changes_size() == 1);
  CHECK(closed.changes(0).subject() == "CN=device-1,O=Example");
  CHECK(closed.changes(0).received_at().seconds() == std::chrono::system_clock::to_time_t(now()));
}

TEST_CASE_METHOD(ReplayFixture, "a replay knows the entity and the attributes of whom it judges",
                 "[enrollment][replay]") {
  auto known = support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD});
  known.mutable_receive_request()->mutable_modules(0)->mutable_require_entity()->add_attributes("site=hall-*");
  CHECK(Replay(known).changes_size() == 2);
  engine::store::EntityChange change{"device-1"};
  change.attributes = R"({"site": "hall-2"})";
  REQUIRE(store.UpdateEntity(change));
  const auto of_nobody = Replay(known);
  REQUIRE(of_nobody.changes_size() == 1);
  CHECK(of_nobody.changes(0).request_id() == "2");
  CHECK(of_nobody.changes(0).after() == certifier::v1::DECISION_OUTCOME_REJECTED);
}

TEST_CASE_METHOD(ReplayFixture, "a replay knows the attributes of the key", "[enrollment][replay]") {
  engine::enrollment::KeySpecification key;
  key.attributes = {{"days", "none"}};
  Message message;
  message.ask.challenge = Mint(key);
  message.transaction_id = "tx-3";
  REQUIRE(Submit(Device("ecdsa-p256", 1), message).outcome == "issued");
  auto policy = support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD});
  (*policy.mutable_accept_request()->mutable_modules(0)->mutable_from_attributes())["days"] = "days";
  const auto response = Replay(policy);
  REQUIRE(response.changes_size() == 1);
  CHECK(response.changes(0).request_id() == "3");
  CHECK(response.changes(0).reason() == "set_validity: attribute days is no days");
}

TEST_CASE_METHOD(ReplayFixture, "a request of a CA that is disabled is counted, not judged", "[enrollment][replay]") {
  engine::authority::CaUpdate update;
  update.name = "demo";
  update.status = "disabled";
  REQUIRE(engine::authority::UpdateCa(store, directory, update, "test"));
  const auto response = Replay(support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY}));
  CHECK(response.unreadable() == 2);
  CHECK(response.run() == 0);
}

TEST_CASE_METHOD(ReplayFixture, "a replay ends an hour before the time that it is told",
                 "[enrollment][replay][bounds]") {
  const auto closed = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY});
  since = now();
  CHECK(Replay(closed).run() == 2);
  since = now() + std::chrono::hours(1);
  CHECK(Replay(closed, {0, 1}).next_page_token() == "2");
  since += std::chrono::microseconds(1);
  CHECK(Replay(closed, {0, 1}).next_page_token().empty());
}

TEST_CASE_METHOD(ReplayFixture, "the next page begins after the last request of this one", "[enrollment][replay]") {
  REQUIRE(Submit(Device("ecdsa-p256", 1), {.transaction_id = "tx-3"}).outcome == "pending");
  const auto closed = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY});
  CHECK(Replay(closed, {0, 2}).next_page_token() == "2");
}

TEST_CASE_METHOD(ReplayFixture, "a replay looks at page after page, the newest first, as far as it is told",
                 "[enrollment][replay]") {
  const auto closed = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY});
  const auto first = Replay(closed, {0, 1});
  CHECK(first.run() == 1);
  CHECK(first.changes(0).request_id() == "2");
  CHECK(first.next_page_token() == "2");
  CHECK(first.has_reached_at());
  const auto second = Replay(closed, {2, 1});
  CHECK(second.changes(0).request_id() == "1");
  const auto third = Replay(closed, {1, 1});
  CHECK(third.run() == 0);
  CHECK(third.next_page_token().empty());

  since = now() + std::chrono::seconds(1);
  CHECK(Replay(closed).run() == 0);
  CHECK(Replay(closed, {0, 1}).next_page_token() == "2");
  since = now() + std::chrono::hours(2);
  CHECK(Replay(closed, {0, 1}).next_page_token().empty());
}

TEST_CASE_METHOD(ReplayFixture, "a replay keeps to a CA and to what a policy decided", "[enrollment][replay]") {
  ReplayPolicyRequest request;
  *request.mutable_policy() = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY});
  request.set_ca("DEMO");
  CHECK(Replay(request).run() == 2);
  request.set_ca("other");
  CHECK(Replay(request).run() == 0);
  request.clear_ca();
  request.set_decided_by("Default");
  CHECK(Replay(request).run() == 2);
  request.set_decided_by("other");
  CHECK(Replay(request).run() == 0);
}

TEST_CASE_METHOD(ReplayFixture, "a renewal is run as one, at its own time", "[enrollment][replay]") {
  Pass(std::chrono::hours(24 * 80));
  Message message;
  message.transaction_id = "renewal";
  message.signer = certificate;
  REQUIRE(Submit(Device("ecdsa-p256", 1), message).outcome == "issued");
  Pass(std::chrono::hours(24 * 365));
  CHECK(Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD})).changes().empty());
  certifier::v1::RequireSigner rule;
  rule.set_window_percent(5);
  const auto strict = Replay(support::PolicyDocument({"default", VERDICT_ACCEPT, VERDICT_HOLD, rule}));
  REQUIRE(strict.changes_size() == 1);
  CHECK(strict.changes(0).request_id() == "3");
  CHECK(strict.changes(0).reason() == "require_signer: renewal_too_early");
}

TEST_CASE_METHOD(ReplayFixture, "a request that cannot be unsealed is counted, not judged", "[enrollment][replay]") {
  const engine::keys::Sealer other("other", pki::Secret(std::string(32, 'k')));
  const engine::enrollment::PolicyReplay stranger{{directory, store, other}};
  ReplayPolicyRequest request;
  *request.mutable_policy() = support::PolicyDocument({"default", VERDICT_DENY, VERDICT_DENY});
  const auto response = stranger.Run(request, since, {});
  REQUIRE(response);
  CHECK(response->unreadable() == 2);
  CHECK(response->run() == 0);
  CHECK(response->changes().empty());
}

TEST_CASE_METHOD(ReplayFixture, "a faulty document is not replayed", "[enrollment][replay]") {
  ReplayPolicyRequest request;
  CHECK(replay.Run(request, since, {}).error().reason == Reason::kMalformed);
  *request.mutable_policy() = support::PolicyDocument({});
  request.mutable_policy()->mutable_receive_request()->add_modules()->mutable_request_rate_limit()->set_max(1);
  CHECK(replay.Run(request, since, {}).error().reason == Reason::kMalformed);
}

}  // namespace
