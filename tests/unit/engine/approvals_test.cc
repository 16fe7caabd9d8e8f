// Several operators who approve, and operators who look at what a request will get and edit it.
#include <catch2/catch.hpp>

#include "certifier/v1/decision.pb.h"
#include "enrollment/find_decisions.h"
#include "enrollment_fixture.h"
#include "pki/digest.h"
#include "policy/template_document.h"

namespace {

namespace v1 = certifier::v1;
using engine::enrollment::Operator;
using engine::store::RequestState;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using result::Reason;

v1::Module Approval(std::uint32_t approvals, const std::vector<std::string>& groups = {}) {
  v1::Module module;
  module.mutable_require_approval()->set_approvals(approvals);
  for (const auto& group : groups) module.mutable_require_approval()->add_groups(group);
  return module;
}

// The policy that holds what has no key, with `first` before everything else in `chain`.
void PutFirst(v1::PolicyChain& chain, const v1::Module& first) {
  *chain.add_modules() = first;
  for (int i = chain.modules_size() - 1; i > 0; --i) chain.mutable_modules()->SwapElements(i, i - 1);
}

// Office is an engine with one request waiting for operators.
class Office : public EnrollmentFixture {
 public:
  // Hold submits a request under the policy that `policy` is by then; with a key that "admin" made if asked.
  void Hold(bool has_key = false) {
    Message message;
    if (has_key) message.ask.challenge = Mint();
    message.request = request = Device().Request(message.ask);
    id = Submit(Device(), message).request_id;
    REQUIRE(id > 0);
  }
  void HoldFor(const v1::Module& module, bool has_key = false) {
    PutFirst(*policy.mutable_receive_request(), module);
    ApplyPolicy(policy);
    Hold(has_key);
  }
  result::Result<void> Approve(const Operator& by, std::uint32_t template_version = 0) {
    return approval.Approve(id, pki::HexLower(pki::FingerprintsOf(request).sha256), by, template_version);
  }
  engine::store::RequestRecord Record() { return store.GetRequest(id).value(); }
  bool IsIssued() { return Record().state == RequestState::kIssued; }
  std::string Missing() { return held_requests.Missing(Record()); }
  v1::CertificateTemplate Shown() {
    const auto view = template_edit.View(Record());
    REQUIRE(view);
    REQUIRE(view->evaluation.verdict == engine::policy::Verdict::kAccept);
    return engine::policy::ToProto(view->evaluation.certificate);
  }
  std::vector<v1::DecisionRecord> Decisions() {
    return engine::enrollment::FindDecisions(store, std::to_string(id)).value();
  }
  pki::Certificate Issued() {
    return pki::Certificate::Parse(store.ListCertificates({}, {})->front().certificate).value();
  }

  v1::Policy policy = support::PolicyDocument({});
  pki::Bytes request;
  std::int64_t id = 0;
};

TEST_CASE_METHOD(Office, "two operators must approve where the policy says so, and the second issues",
                 "[enrollment][approvals]") {
  HoldFor(Approval(2));
  CHECK(Missing() == "0 of 2 operators have approved");
  REQUIRE(Approve({"alice"}));
  CHECK(Missing() == "1 of 2 operators have approved");
  CHECK_FALSE(IsIssued());
  CHECK(Poll(Device()).outcome == "pending");
  REQUIRE(Approve({"alice"}));
  CHECK_FALSE(IsIssued());
  REQUIRE(Approve({"bob"}));
  CHECK(IsIssued());
  CHECK(Record().decided_by == "bob");
  CHECK(Record().approvals.size() == 2);
  CHECK(Record().approvals[0].fingerprint == pki::FingerprintsOf(request).sha256);
  CHECK(Poll(Device()).outcome == "issued");
  CHECK(Approve({"carol"}).error().reason == Reason::kConflict);
}

TEST_CASE_METHOD(Office, "each approval leaves a decision that says what is missing", "[enrollment][approvals]") {
  HoldFor(Approval(3));
  REQUIRE(Approve({"alice"}));
  REQUIRE(Approve({"bob"}));
  REQUIRE(Approve({"carol"}));
  const auto decisions = Decisions();
  REQUIRE(decisions.size() == 4);
  std::vector<std::string> told;
  for (const auto& decision : decisions) told.push_back(decision.decided_by() + "|" + decision.reason());
  std::ranges::sort(told);
  CHECK(told[0] == "alice|approval: 1 of 3 operators have approved");
  CHECK(told[1] == "bob|approval: 2 of 3 operators have approved");
  CHECK(told[2].starts_with("carol|accept_all"));
  const auto last = std::ranges::find(decisions, "carol", &v1::DecisionRecord::decided_by);
  CHECK(last->outcome() == v1::DECISION_OUTCOME_ISSUED);
  CHECK(last->steps(0).saw() == "alice, bob, carol have approved");
}

TEST_CASE_METHOD(Office, "a group must be among those who approve", "[enrollment][approvals]") {
  HoldFor(Approval(1, {"audit"}));
  REQUIRE(Approve({"alice", {"network"}}));
  CHECK(Missing() == "nobody of group audit has approved");
  REQUIRE(Approve({"bob"}));
  CHECK_FALSE(IsIssued());
  REQUIRE(Approve({"carol", {"network", "audit"}}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "who made the request's key does not approve it alone", "[enrollment][approvals]") {
  policy = support::PolicyDocument({.with_key = VERDICT_HOLD});
  ApplyPolicy(policy);
  Hold(true);
  const auto key_maker = Record().key_makers.at(0);
  REQUIRE(Approve({key_maker}));
  CHECK_FALSE(IsIssued());
  CHECK(Missing() ==
        "who made the pre-shared key " + Record().reference_number + " may not be the only one to approve");
  REQUIRE(Approve({"somebody else"}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "who made the key approves alone where the policy lets him", "[enrollment][approvals]") {
  auto module = Approval(1);
  module.mutable_require_approval()->set_key_maker_may_approve_alone(true);
  HoldFor(module, true);
  REQUIRE(Approve({Record().key_makers.at(0)}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "an approval counts for as long as it may", "[enrollment][approvals]") {
  HoldFor(Approval(2));
  REQUIRE(Approve({"alice"}));
  Pass(engine_test::kApprovalTtl + std::chrono::seconds(1));
  CHECK(Missing() == "0 of 2 operators have approved");
  REQUIRE(Approve({"bob"}));
  CHECK_FALSE(IsIssued());
  Pass(engine_test::kApprovalTtl);
  REQUIRE(Approve({"alice"}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "accept_request may ask for more than what held the request", "[enrollment][approvals]") {
  PutFirst(*policy.mutable_accept_request(), Approval(2, {"audit"}));
  ApplyPolicy(policy);
  Hold();
  CHECK(Missing() == "0 of 1 operator has approved");
  REQUIRE(Approve({"alice"}));
  CHECK(Missing() == "1 of 2 operators have approved");
  REQUIRE(Approve({"bob"}));
  CHECK(Missing() == "nobody of group audit has approved");
  REQUIRE(Approve({"carol", {"audit"}}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "a hold before require_approval asks for no less than it", "[enrollment][approvals]") {
  *policy.mutable_receive_request()->mutable_modules() = {};
  auto& match = *policy.mutable_receive_request()->add_modules()->mutable_match_subject();
  match.add_common_name_patterns("nobody");
  match.set_otherwise(VERDICT_HOLD);
  auto first = Approval(2, {"audit"});
  first.mutable_require_approval()->set_key_maker_may_approve_alone(true);
  *policy.mutable_receive_request()->add_modules() = first;
  *policy.mutable_receive_request()->add_modules() = Approval(1, {"network"});
  ApplyPolicy(policy);
  Hold();
  const engine::store::ApprovalTerms terms = {2, {"audit", "network"}, false};
  CHECK(Record().terms == terms);
}

TEST_CASE_METHOD(Office, "a hold by another module lets the policy say whether the key's maker suffices",
                 "[enrollment][approvals]") {
  policy = support::PolicyDocument({.with_key = VERDICT_HOLD});
  auto module = Approval(1);
  module.mutable_require_approval()->set_key_maker_may_approve_alone(true);
  PutFirst(*policy.mutable_accept_request(), module);
  ApplyPolicy(policy);
  Hold(true);
  REQUIRE(Approve({Record().key_makers.at(0)}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "what was approved in time stays approved when it is shown later", "[enrollment][approvals]") {
  HoldFor(Approval(2));
  REQUIRE(Approve({"alice"}));
  REQUIRE(Approve({"bob"}));
  Pass(engine_test::kApprovalTtl * 2);
  for (const auto& given : Record().approvals) CHECK(held_requests.IsStanding(Record(), given));
}

TEST_CASE_METHOD(Office, "what a request was held for stands, whatever a later policy asks for",
                 "[enrollment][approvals]") {
  HoldFor(Approval(2));
  ApplyPolicy(support::PolicyDocument({}));
  REQUIRE(Approve({"alice"}));
  CHECK_FALSE(IsIssued());
  REQUIRE(Approve({"bob"}));
  CHECK(IsIssued());
}

TEST_CASE_METHOD(Office, "of operators who approve at once the request is issued once", "[enrollment][approvals]") {
  HoldFor(Approval(4));
  std::vector<std::thread> threads;
  for (const char* login : {"alice", "bob", "carol", "dave"}) {
    threads.emplace_back([this, login] { static_cast<void>(Approve({login})); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(IsIssued());
  CHECK(store.ListCertificates({}, {})->size() == 1);
}

TEST_CASE_METHOD(Office, "a wrong fingerprint is no approval", "[enrollment][approvals]") {
  HoldFor(Approval(2));
  const auto other = pki::HexLower(pki::FingerprintsOf("another").sha256);
  CHECK(approval.Approve(id, other, {"alice"}).error().reason == Reason::kPolicyRefused);
  CHECK(Record().approvals.empty());
}

// Edits

class Editing : public Office {
 public:
  Editing() {
    policy.mutable_update_request()->add_modules()->mutable_match_subject()->add_common_name_patterns("*.example.net");
    policy.mutable_update_request()->add_modules()->mutable_accept_all();
  }
  result::Result<void> Rename(const std::string& subject, std::uint32_t version = 1) {
    auto edited = Shown();
    edited.set_subject(subject);
    return template_edit.Save(id, version, edited, "alice");
  }
};

TEST_CASE_METHOD(Editing, "what an operator edits is what is issued", "[enrollment][edit]") {
  ApplyPolicy(policy);
  Hold();
  auto edited = Shown();
  edited.set_subject("CN=gw7.example.net,O=Example");
  edited.clear_subject_alternative_names();
  edited.add_subject_alternative_names("dns:gw7.example.net");
  REQUIRE(template_edit.Save(id, 1, edited, "alice"));
  CHECK(Record().template_version == 2);
  CHECK(Shown().subject() == "CN=gw7.example.net,O=Example");
  CHECK(Record().template_edited_by == "alice");
  REQUIRE(Approve({"bob"}, 2));
  CHECK(Issued().subject_name()->ToString() == "CN=gw7.example.net,O=Example");
  const auto names = Issued().extensions().value();
  CHECK(std::ranges::any_of(
      names, [](const auto& extension) { return extension.value.find("gw7.example.net") != pki::Bytes::npos; }));
  const auto decisions = Decisions();
  const auto edit = std::ranges::find(decisions, v1::CLASSIFICATION_EDIT, &v1::DecisionRecord::classification);
  REQUIRE(edit != decisions.end());
  CHECK(edit->decided_by() == "alice");
  CHECK(edit->steps(0).chain() == "update_request");
}

TEST_CASE_METHOD(Editing, "an edit that update_request does not accept changes nothing", "[enrollment][edit]") {
  ApplyPolicy(policy);
  Hold();
  const auto refused = Rename("CN=elsewhere.example.org");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == Reason::kPolicyRefused);
  CHECK(refused.error().detail.starts_with("deny by match_subject"));
  CHECK(Record().template_version == 1);
  CHECK(Shown().subject() != "CN=elsewhere.example.org");
  const auto decisions = Decisions();
  CHECK(std::ranges::count(decisions, v1::DECISION_OUTCOME_REJECTED, &v1::DecisionRecord::outcome) == 1);
}

TEST_CASE_METHOD(Editing, "without update_request, or where it holds, nothing can be edited", "[enrollment][edit]") {
  const bool holds = GENERATE(false, true);
  policy.clear_update_request();
  if (holds) *policy.mutable_update_request()->add_modules() = Approval(1);
  ApplyPolicy(policy);
  Hold();
  CHECK(Rename("CN=gw7.example.net").error().reason == Reason::kPolicyRefused);
  CHECK(Record().template_version == 1);
}

TEST_CASE_METHOD(Editing, "an edit of a template that changed meanwhile is a conflict", "[enrollment][edit]") {
  ApplyPolicy(policy);
  Hold();
  REQUIRE(Rename("CN=first.example.net"));
  const auto late = Rename("CN=second.example.net");
  CHECK(late.error().reason == Reason::kConflict);
  CHECK(late.error().detail == "the template is of version 2 by now; look at it again");
  CHECK(Shown().subject() == "CN=first.example.net");
  CHECK(Rename("CN=second.example.net", 2));
}

TEST_CASE_METHOD(Editing, "an edit voids approvals, one that changes nothing does not", "[enrollment][edit]") {
  HoldFor(Approval(2));
  REQUIRE(Approve({"alice"}));
  REQUIRE(Rename("CN=a.example.net"));
  CHECK(Missing() == "0 of 2 operators have approved");
  REQUIRE(Approve({"bob"}, 2));
  REQUIRE(Rename("CN=a.example.net", 2));
  CHECK(Record().template_version == 2);
  CHECK(Missing() == "1 of 2 operators have approved");
  REQUIRE(Approve({"alice"}, 2));
  CHECK(IsIssued());
  CHECK(Rename("CN=b.example.net", 2).error().reason == Reason::kConflict);
}

TEST_CASE_METHOD(Editing, "nobody approves a template that was edited after he looked at it", "[enrollment][edit]") {
  ApplyPolicy(policy);
  Hold();
  REQUIRE(Approve({"bob"}, 2).error().reason == Reason::kConflict);
  REQUIRE(Rename("CN=a.example.net"));
  for (const std::uint32_t seen : {0u, 1u, 3u}) {
    const auto refused = Approve({"bob"}, seen);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == Reason::kConflict);
    CHECK(refused.error().detail.find("version 2 by now, edited by alice") != std::string::npos);
  }
  CHECK(Record().approvals.empty());
  CHECK(Approve({"bob"}, 2));
}

TEST_CASE_METHOD(Editing, "each edit leaves a decision of its own", "[enrollment][edit]") {
  ApplyPolicy(policy);
  Hold();
  REQUIRE(Rename("CN=a.example.net"));
  REQUIRE(Rename("CN=b.example.net", 2));
  const auto decisions = Decisions();
  CHECK(std::ranges::count(decisions, v1::CLASSIFICATION_EDIT, &v1::DecisionRecord::classification) == 2);
}

TEST_CASE_METHOD(Editing, "names that an operator sends as DER are read as text, and checked", "[enrollment][edit]") {
  policy.mutable_update_request()->mutable_modules()->DeleteSubrange(0, 1);
  ApplyPolicy(policy);
  Hold();
  auto edited = Shown();
  edited.set_subject_alternative_names_der(pki::EncodeGeneralNames({{"dns", std::string("a\0b", 3)}}).value());
  edited.clear_subject_alternative_names();
  edited.add_subject_alternative_names(pki::ToString(pki::GeneralName{"dns", std::string("a\0b", 3)}));
  CHECK(template_edit.Save(id, 1, edited, "alice").error().reason == Reason::kMalformed);
}

TEST_CASE_METHOD(Editing, "a template that cannot be read is malformed", "[enrollment][edit]") {
  ApplyPolicy(policy);
  Hold();
  auto edited = Shown();
  edited.add_key_usage("keyCertSign");
  CHECK(template_edit.Save(id, 1, edited, "alice").error().reason == Reason::kMalformed);
  CHECK(template_edit.Save(id + 1, 1, edited, "alice").error().reason == Reason::kNotFound);
}

TEST_CASE_METHOD(Office, "view_request says what is shown of a template, and stores nothing", "[enrollment][edit]") {
  policy.mutable_view_request()->add_modules()->mutable_set_subject()->set_subject("CN=as shown");
  policy.mutable_view_request()->add_modules()->mutable_accept_all();
  ApplyPolicy(policy);
  Hold();
  CHECK(Shown().subject() == "CN=as shown");
  REQUIRE(Approve({"alice"}));
  CHECK(Issued().subject_name()->ToString() != "CN=as shown");
}

TEST_CASE_METHOD(Office, "what view_request denies is not shown", "[enrollment][edit]") {
  policy.mutable_view_request()->add_modules()->mutable_deny()->set_reason("secret");
  ApplyPolicy(policy);
  Hold();
  const auto view = template_edit.View(Record());
  REQUIRE(view);
  CHECK(view->evaluation.verdict == engine::policy::Verdict::kDeny);
  CHECK(view->evaluation.reason == "deny: secret");
}

}  // namespace
