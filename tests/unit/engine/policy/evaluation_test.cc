#include "policy/evaluation.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "policy/document.h"
#include "policy/text.h"
#include "support/policy_documents.h"

namespace {

using engine::policy::Evaluation;
using engine::policy::Evaluator;
using engine::policy::FromProto;
using engine::policy::Policy;
using engine::policy::Verdict;
using engine_test::Ask;
using engine_test::CertificateTemplate;
using engine_test::Device;
using engine_test::kCaEnd;
using engine_test::kDay;
using engine_test::kNow;
using engine_test::PolicyOf;
using engine_test::Situation;

using Texts = std::vector<std::string>;

// What every accept_request begins with, so that something can be issued.
const std::string kFill = R"({"set_validity": {"days": 30}}, {"set_key_usage": {"usages": ["digital_signature"]}})";
const std::string kAccept = R"({"accept_all": {}})";

std::string ChainText(const std::string& name, const std::string& modules) {
  return "\"" + name + R"(": {"modules": [)" + modules + "]}";
}

// A policy of these chains: "MODULE, MODULE", and others behind them as text.
Policy PolicyWith(const std::string& receive, const std::string& accept, const std::string& more = "") {
  auto policy = FromProto(PolicyOf(R"({"name": "test", )" + ChainText("receive_request", receive) + ", " +
                                   ChainText("accept_request", accept) + (more.empty() ? "" : ", ") + more + "}"));
  if (!policy) FAIL(policy.error().detail);
  return *std::move(policy);
}

Policy Accepting() {
  return PolicyWith(kAccept, kFill + ", " + kAccept);
}

// Whether there is leave to issue exactly where the verdict is to accept.
bool HasLeave(const Evaluation& evaluation) {
  CHECK(evaluation.authorization.has_value() == (evaluation.verdict == Verdict::kAccept));
  return evaluation.authorization.has_value();
}

Evaluation Receive(const Policy& policy, const Situation& situation = Situation().WithKey()) {
  return Evaluator::Receive(policy, situation.facts());
}

TEST_CASE("what both chains accept may be issued as they left it", "[policy][evaluation]") {
  const Situation situation = Situation({.alternative_names = {"dns:a.example"}}).WithKey();
  const auto evaluation = Receive(Accepting(), situation);
  REQUIRE(HasLeave(evaluation));
  CHECK(evaluation.authorization->ca_id() == 7);
  const auto& certificate = evaluation.authorization->certificate();
  CHECK(certificate.subject.der() == situation.request->subject().der());
  CHECK(certificate.alternative_names == situation.request->alternative_names());
  CHECK(certificate.spki == Device().key().public_key().spki());
  CHECK(certificate.key_usage == pki::kDigitalSignature);
  CHECK(certificate.not_after == kNow + kDay * 30);
  Texts chains;
  for (const auto& step : evaluation.steps) chains.emplace_back(step.chain);
  CHECK(chains == Texts{"receive_request", "accept_request", "accept_request", "accept_request"});
}

TEST_CASE("what the first chain does not accept never sees the second", "[policy][evaluation]") {
  const auto denied = Receive(PolicyWith(R"({"deny": {}})", kFill + ", " + kAccept));
  CHECK(denied.verdict == Verdict::kDeny);
  CHECK(denied.reason == "deny: denies all");
  CHECK(denied.steps.size() == 1);
  const auto held = Receive(PolicyWith(R"({"require_approval": {"approvals": 2}})", kFill + ", " + kAccept));
  CHECK(held.verdict == Verdict::kHold);
  CHECK(held.terms.approvals == 2);
  CHECK(held.steps.size() == 1);
  CHECK_FALSE((HasLeave(denied) || HasLeave(held)));
}

TEST_CASE("what the second chain does not accept is denied or held", "[policy][evaluation]") {
  CHECK(Receive(PolicyWith(kAccept, kFill)).reason == "accept_request: no module accepted it");
  CHECK(Receive(PolicyWith(kAccept, kFill + R"(, {"deny": {}})")).verdict == Verdict::kDeny);
  const auto held = Receive(PolicyWith(kAccept, kFill + R"(, {"require_approval": {}}, )" + kAccept));
  CHECK(held.verdict == Verdict::kHold);
  CHECK_FALSE(HasLeave(held));
  CHECK(held.certificate.not_after == kNow + kDay * 30);
}

TEST_CASE("a policy without chains denies", "[policy][evaluation]") {
  const Policy policy = FromProto(PolicyOf(R"({"name": "test"})")).value();
  CHECK(Receive(policy).verdict == Verdict::kDeny);
  CHECK(Receive(policy, Situation()).verdict == Verdict::kDeny);
  CHECK(Evaluator::Accept(policy, Situation().ApprovedBy("alice").facts(), {engine_test::Template()}).verdict ==
        Verdict::kDeny);
}

TEST_CASE("what the first chain changed is there in the second", "[policy][evaluation]") {
  const auto policy = PolicyWith(R"({"set_subject": {"subject": "CN=gw"}}, )" + kAccept,
                                 R"({"match_subject": {"common_name_patterns": ["gw"]}}, )" + kFill + ", " + kAccept);
  CHECK(HasLeave(Receive(policy)));
}

TEST_CASE("what nobody vouches for in the first chain is not accepted by the second", "[policy][evaluation]") {
  CHECK(Receive(Accepting(), Situation()).reason == "accept_all: accepts all; but nobody vouches for the device");
  CHECK(HasLeave(
      Receive(PolicyWith(R"({"accept_all": {"without_voucher": true}})", kFill + ", " + kAccept), Situation())));
}

// Of a policy whose second chain sets what `fill` says, and of a template that operators approved.
std::string FaultOf(const std::string& accept, void (*edit)(CertificateTemplate&) = nullptr) {
  const auto policy = PolicyWith(kAccept, accept + (accept.empty() ? "" : ", ") + kAccept,
                                 // These make the document a whole one, and say nothing.
                                 ChainText("update_request", kFill));
  const Situation situation = Situation().ApprovedBy("alice");
  auto certificate = engine_test::Template(situation);
  if (edit != nullptr) edit(certificate);
  const auto evaluation = Evaluator::Accept(policy, situation.facts(), {std::move(certificate)});
  return HasLeave(evaluation) ? "" : evaluation.reason;
}

TEST_CASE("a template that lacks what every certificate has is denied", "[policy][evaluation]") {
  CHECK(FaultOf(kFill).empty());
  CHECK(FaultOf(R"({"set_validity": {"days": 1}})") == "template: no module set the key usage");
  CHECK(FaultOf(R"({"set_key_usage": {"usages": ["digital_signature"]}})") == "template: no module set the validity");
  CHECK(FaultOf(kFill, [](CertificateTemplate& certificate) { certificate.subject = pki::Name(); }) ==
        "template: there is neither a subject nor an alternative name");
}

TEST_CASE("a template that says more than a device's may is denied", "[policy][evaluation]") {
  CHECK(FaultOf(R"({"set_validity": {"days": 1}})", [](CertificateTemplate& certificate) {
          certificate.key_usage = pki::kDigitalSignature | pki::kKeyCertSign;
        }) == "template: the key usage is not an end entity's");
  CHECK(FaultOf(R"({"set_validity": {"days": 1}})", [](CertificateTemplate& certificate) {
          certificate.key_usage = pki::kCrlSign;
        }) == "template: the key usage is not an end entity's");
  CHECK(FaultOf(kFill, [](CertificateTemplate& certificate) { certificate.spki = "another"; }) ==
        "template: the key is not the request's");
  for (const auto* oid : {"2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.029.19"}) {
    const auto policy = Accepting();
    const Situation situation = Situation().ApprovedBy("alice");
    auto certificate = engine_test::Template(situation);
    certificate.copied_extensions = {{oid, true, ""}};
    CHECK(Evaluator::Accept(policy, situation.facts(), {std::move(certificate)}).reason ==
          "template: an extension may not be copied");
  }
}

TEST_CASE("a template whose time is out of bounds is denied", "[policy][evaluation]") {
  const std::string usage = R"({"set_key_usage": {"usages": ["digital_signature"]}})";
  CHECK(FaultOf(usage, [](CertificateTemplate& certificate) { certificate.not_after = kCaEnd; }).empty());
  CHECK(FaultOf(usage, [](CertificateTemplate& certificate) {
          certificate.not_after = kCaEnd + std::chrono::seconds(1);
        }) == "template: the validity ends after the CA's");
  CHECK(FaultOf(usage, [](CertificateTemplate& certificate) { certificate.not_after = kNow; }) ==
        "template: the validity has ended");
  CHECK(FaultOf(kFill, [](CertificateTemplate& certificate) { certificate.not_before = kNow; }).empty());
  CHECK(FaultOf(kFill, [](CertificateTemplate& certificate) {
          certificate.not_before = kNow + std::chrono::seconds(1);
        }) == "template: the validity has not begun");
}

TEST_CASE("what operators approve may be issued where the second chain accepts it", "[policy][evaluation]") {
  const Situation situation = Situation().ApprovedBy("alice");
  auto certificate = engine_test::Template(situation);
  certificate.subject = *pki::Name::FromString("CN=edited");
  const auto evaluation = Evaluator::Accept(Accepting(), situation.facts(), {std::move(certificate)});
  REQUIRE(HasLeave(evaluation));
  CHECK(evaluation.authorization->certificate().subject.ToString() == "CN=edited");
  CHECK(evaluation.steps.size() == 4);
}

TEST_CASE("without an approval nothing that was held is accepted", "[policy][evaluation]") {
  const Situation situation = Situation().WithKey();
  const auto evaluation = Evaluator::Accept(Accepting(), situation.facts(), {engine_test::Template(situation)});
  CHECK(evaluation.verdict == Verdict::kDeny);
  CHECK(evaluation.reason == "approval: no operator approved it");
  CHECK_FALSE(HasLeave(evaluation));
}

TEST_CASE("the second chain may wait for more approvals than there are", "[policy][evaluation]") {
  const auto policy =
      PolicyWith(kAccept, kFill + R"(, {"require_approval": {"approvals": 2, "groups": ["audit"]}}, )" + kAccept);
  const auto accept = [&](const Situation& situation) {
    return ToString(Evaluator::Accept(policy, situation.facts(), {engine_test::Template(situation)}).verdict);
  };
  CHECK(accept(Situation().ApprovedBy("alice", {"audit"})) == "hold");
  CHECK(accept(Situation().ApprovedBy("alice").ApprovedBy("bob")) == "hold");
  CHECK(accept(Situation().ApprovedBy("alice").ApprovedBy("bob", {"audit"})) == "accept");
}

TEST_CASE("without a chain for it a template is shown as it stands", "[policy][evaluation]") {
  const auto evaluation = Evaluator::View(Accepting(), Situation().facts(), engine_test::Template());
  CHECK(evaluation.verdict == Verdict::kAccept);
  CHECK(evaluation.certificate.subject.ToString() == "CN=device-1,O=Example");
  CHECK_FALSE(evaluation.authorization.has_value());
}

TEST_CASE("the chain for it changes a template that is shown, and gives no leave", "[policy][evaluation]") {
  const auto policy = PolicyWith(kAccept, kFill + ", " + kAccept,
                                 ChainText("view_request", R"({"set_subject": {"subject": "CN=gw"}}, )" + kAccept));
  const auto evaluation = Evaluator::View(policy, Situation().facts(), engine_test::Template());
  CHECK(evaluation.verdict == Verdict::kAccept);
  CHECK(evaluation.certificate.subject.ToString() == "CN=gw");
  CHECK(evaluation.steps.at(0).chain == "view_request");
  CHECK_FALSE(evaluation.authorization.has_value());
}

TEST_CASE("without a chain for it no edit is saved", "[policy][evaluation]") {
  const auto evaluation = Evaluator::Update(Accepting(), Situation().facts(), engine_test::Template());
  CHECK(evaluation.verdict == Verdict::kDeny);
  CHECK(evaluation.reason == "update_request: the policy has no such chain");
}

TEST_CASE("an edit is saved where the chain for it accepts, and gives no leave", "[policy][evaluation]") {
  const auto policy =
      PolicyWith(kAccept, kFill + ", " + kAccept,
                 ChainText("update_request", R"({"match_subject": {"common_name_patterns": ["gw"]}}, )" + kAccept));
  auto certificate = engine_test::Template();
  CHECK(Evaluator::Update(policy, Situation().facts(), certificate).verdict == Verdict::kDeny);
  certificate.subject = *pki::Name::FromString("CN=gw");
  const auto evaluation = Evaluator::Update(policy, Situation().facts(), certificate);
  CHECK(evaluation.verdict == Verdict::kAccept);
  CHECK_FALSE(evaluation.authorization.has_value());
}

const std::string kLimit = R"({"active_certificate_limit": {"max": 2, "exceeded": "EXCEEDED_REVOKE_OLDEST"}})";

Situation WithThreeActive() {
  Situation situation = Situation().WithKey().For("device-1");
  situation.entity->active_certificates = {11, 12, 13};
  return situation;
}

TEST_CASE("what either chain revokes goes with the leave to issue", "[policy][evaluation]") {
  const std::vector<std::int64_t> oldest = {11, 12};
  CHECK(Receive(PolicyWith(kLimit + ", " + kAccept, kFill + ", " + kAccept), WithThreeActive()).revokes == oldest);
  CHECK(Receive(PolicyWith(kAccept, kLimit + ", " + kFill + ", " + kAccept), WithThreeActive()).revokes == oldest);
}

TEST_CASE("a certificate that both chains revoke is revoked once", "[policy][evaluation]") {
  const auto twice = PolicyWith(kLimit + ", " + kAccept, kLimit + ", " + kFill + ", " + kAccept);
  CHECK(Receive(twice, WithThreeActive()).revokes == std::vector<std::int64_t>{11, 12});
}

TEST_CASE("what is not accepted revokes nothing", "[policy][evaluation]") {
  const std::string end = GENERATE(R"({"deny": {}})", R"({"require_approval": {}})");
  CHECK(Receive(PolicyWith(kLimit + ", " + end, kFill + ", " + kAccept), WithThreeActive()).revokes.empty());
  CHECK(Receive(PolicyWith(kLimit + ", " + kAccept, kFill + ", " + end), WithThreeActive()).revokes.empty());
}

TEST_CASE("the policy that tests share accepts with a key and holds without one", "[policy][evaluation]") {
  const Policy policy = FromProto(support::PolicyDocument({})).value();
  const Ask ask = {.alternative_names = {"dns:a.example", "ip:192.0.2.1"}};
  CHECK(HasLeave(Receive(policy, Situation(ask).WithKey())));
  CHECK(Receive(policy, Situation(ask)).verdict == Verdict::kHold);
  CHECK(HasLeave(Receive(policy, Situation().SignedBy({}))));
  CHECK(Receive(policy, Situation(ask).SignedBy({})).reason == "require_signer: renewal_of_other_alternative_names");
}

}  // namespace
