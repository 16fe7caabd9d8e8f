#include "policy/chain.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "policy/modules.h"
#include "policy/text.h"

namespace {

using engine::policy::Approval;
using engine::policy::ApprovalTerms;
using engine::policy::Chain;
using engine::policy::Conclusion;
using engine::policy::Draft;
using engine::policy::Faults;
using engine::policy::MissingFrom;
using engine::policy::ModulePtr;
using engine::policy::Step;
using engine::policy::Verdict;
using engine_test::ModuleOf;
using engine_test::Situation;

using Texts = std::vector<std::string>;

constexpr char kPass[] = R"({"require_key": {"otherwise": "VERDICT_PASS"}})";
constexpr char kHold[] = R"({"require_key": {"then": "VERDICT_HOLD", "otherwise": "VERDICT_HOLD"}})";
constexpr char kAccept[] = R"({"accept_all": {}})";
constexpr char kDeny[] = R"({"deny": {"reason": "no"}})";

// What a chain came to.
struct Run {
  Conclusion conclusion;
  std::vector<Step> steps;
  Draft draft;
  std::string verdict;
};

Run RunChain(const Texts& modules, const Situation& situation = Situation().WithKey()) {
  std::vector<Chain::Link> links;
  for (const auto& json : modules) {
    const auto document = ModuleOf(json);
    Faults faults;
    links.push_back({engine::policy::NameOf(document), engine::policy::MakeModule(document, faults)});
    REQUIRE(faults.text().empty());
  }
  const auto facts = situation.facts();
  Run run;
  run.draft = {engine_test::Template(situation), facts.key != nullptr};
  run.conclusion = Chain("receive_request", std::move(links)).Run(facts, run.draft, run.steps);
  run.verdict = ToString(run.conclusion.verdict);
  return run;
}

std::string Ends(const Texts& modules, const Situation& situation = Situation().WithKey()) {
  return RunChain(modules, situation).verdict;
}

TEST_CASE("a chain without modules denies", "[policy][chain]") {
  const auto run = RunChain({});
  CHECK(run.verdict == "deny");
  CHECK(run.conclusion.reason == "receive_request: no module accepted it");
  CHECK(run.steps.empty());
}

TEST_CASE("falling off the end of a chain denies", "[policy][chain]") {
  const auto run = RunChain({kPass, kPass});
  CHECK(run.verdict == "deny");
  CHECK(run.conclusion.reason == "receive_request: no module accepted it");
  CHECK(run.steps.size() == 2);
}

TEST_CASE("the first module that does not pass ends the chain", "[policy][chain]") {
  CHECK(Ends({kPass, kAccept, kDeny}) == "accept");
  CHECK(Ends({kPass, kDeny, kAccept}) == "deny");
  CHECK(Ends({kHold, kAccept}) == "hold");
  CHECK(Ends({kAccept, kHold}) == "accept");
  CHECK(RunChain({kPass, kDeny, kAccept}).steps.size() == 2);
}

TEST_CASE("the reason is the module that ended the chain and what it saw", "[policy][chain]") {
  CHECK(RunChain({kPass, kDeny}).conclusion.reason == "deny: no");
}

TEST_CASE("each module sees what those before it made of the template", "[policy][chain]") {
  const Texts modules = {R"({"set_subject": {"subject": "CN=gw"}})",
                         R"({"match_subject": {"common_name_patterns": ["gw"]}})", kAccept};
  const auto run = RunChain(modules);
  CHECK(run.verdict == "accept");
  CHECK(run.draft.certificate.subject.ToString() == "CN=gw");
  CHECK(Ends({modules[1], modules[0], modules[2]}) == "deny");
}

TEST_CASE("nothing is accepted that nobody vouches for", "[policy][chain]") {
  const auto run = RunChain({kAccept}, Situation());
  CHECK(run.verdict == "deny");
  CHECK(run.conclusion.reason == "accept_all: accepts all; but nobody vouches for the device");
  CHECK(run.steps.at(0).verdict == Verdict::kDeny);
  CHECK(Ends({R"({"accept_all": {"without_voucher": true}})"}, Situation()) == "accept");
}

TEST_CASE("a certificate of ours vouches only where a module asks for it", "[policy][chain]") {
  const Situation renewal = Situation().SignedBy({});
  CHECK(Ends({kAccept}, renewal) == "deny");
  CHECK(Ends({R"({"require_signer": {}})", kAccept}, renewal) == "accept");
  CHECK(Ends({R"({"require_signer": {"unfit": "VERDICT_PASS"}})", kAccept},
             Situation().SignedBy({.renewal_count = 9})) == "deny");
}

TEST_CASE("a hold passes once as many operators as it waits for have approved", "[policy][chain]") {
  const Texts modules = {R"({"require_approval": {"approvals": 2}})", kAccept};
  const auto held = RunChain(modules, Situation().ApprovedBy("alice"));
  CHECK(held.verdict == "hold");
  CHECK(held.conclusion.terms.approvals == 2);
  CHECK(Ends(modules, Situation().ApprovedBy("alice").ApprovedBy("alice")) == "hold");
  const auto run = RunChain(modules, Situation().ApprovedBy("alice").ApprovedBy("bob"));
  CHECK(run.verdict == "accept");
  CHECK(run.steps.at(0).verdict == Verdict::kPass);
  CHECK(run.steps.at(0).saw == "2 operators must approve; operators have approved");
}

TEST_CASE("a hold of any other module passes with one approval", "[policy][chain]") {
  CHECK(Ends({kHold, kAccept}, Situation().WithKey()) == "hold");
  CHECK(Ends({kHold, kAccept}, Situation().WithKey().ApprovedBy("alice")) == "accept");
}

TEST_CASE("approvals are no voucher where no module asks for them", "[policy][chain]") {
  CHECK(Ends({kAccept}, Situation().ApprovedBy("alice")) == "deny");
  CHECK(Ends({R"({"require_approval": {}})", kAccept}, Situation().ApprovedBy("alice")) == "accept");
}

TEST_CASE("approvals help against no deny", "[policy][chain]") {
  CHECK(Ends({kDeny, kAccept}, Situation().WithKey().ApprovedBy("alice").ApprovedBy("bob")) == "deny");
}

TEST_CASE("approvals are counted by operator, and each group must be among them", "[policy][chain]") {
  const Approval alice = {"alice", {}}, bob = {"bob", {"network", "audit"}}, carol = {"carol", {"network"}};
  const auto missing = [](const ApprovalTerms& terms, const std::vector<Approval>& approvals) {
    return MissingFrom(terms, approvals, nullptr);
  };
  CHECK(missing({1, {}}, {}) == "0 of 1 operator has approved");
  CHECK(missing({1, {}}, {carol}).empty());
  CHECK(missing({2, {}}, {alice, alice}) == "1 of 2 operators have approved");
  CHECK(missing({2, {}}, {alice, carol}).empty());
  CHECK(missing({1, {"audit"}}, {alice}) == "nobody of group audit has approved");
  CHECK(missing({1, {"audit"}}, {carol}) == "nobody of group audit has approved");
  CHECK(missing({1, {"audit", "network"}}, {bob}).empty());
  CHECK(missing({3, {"audit", "network"}}, {alice, bob}) == "2 of 3 operators have approved");
  CHECK(missing({3, {"audit", "network"}}, {alice, bob, carol}).empty());
  CHECK(missing({0, {}}, {}) == "0 of 1 operator has approved");
}

TEST_CASE("who made the key may not be the only one to approve, unless the terms say so", "[policy][chain]") {
  const Approval alice = {"alice", {}}, bob = {"bob", {}}, carol = {"carol", {}};
  const engine::policy::KeyFacts key = {"R1", {}, {"alice", "bob"}};
  const std::string alone = "who made the pre-shared key R1 may not be the only one to approve";
  CHECK(MissingFrom({}, {alice}, &key) == alone);
  CHECK(MissingFrom({2, {}}, {alice, bob}, &key) == alone);
  CHECK(MissingFrom({2, {}}, {alice, carol}, &key).empty());
  CHECK(MissingFrom({}, {carol}, &key).empty());
  CHECK(MissingFrom({}, {alice}, nullptr).empty());
  CHECK(MissingFrom({1, {}, true}, {alice}, &key).empty());
  CHECK_FALSE(MissingFrom({2, {}, true}, {alice}, &key).empty());
}

TEST_CASE("each module that was asked is a step with what it saw and changed", "[policy][chain]") {
  const auto run = RunChain({kPass, R"({"set_key_usage": {"usages": ["digital_signature"]}})", kDeny, kAccept});
  REQUIRE(run.steps.size() == 3);
  for (std::uint32_t i = 0; i < 3; i++) {
    CHECK(run.steps[i].chain == "receive_request");
    CHECK(run.steps[i].position == i + 1);
    CHECK(run.steps[i].duration.count() >= 0);
  }
  CHECK(run.steps[0].module == "require_key");
  CHECK(run.steps[0].saw == "key reference-1 is valid");
  CHECK(run.steps[1].verdict == Verdict::kPass);
  CHECK(run.steps[1].changes == Texts{"key_usage: digital_signature"});
  CHECK(run.steps[2].verdict == Verdict::kDeny);
  CHECK(run.steps[2].saw == "no");
}

TEST_CASE("a step records no more than the beginning of what a stranger wrote", "[policy][chain]") {
  const Situation situation = Situation({.subject = "CN=" + std::string(20'000, 'x')}).WithKey();
  const auto run =
      RunChain({R"({"match_subject": {}})", R"({"set_subject": {"subject": "CN=gw"}})", kAccept}, situation);
  CHECK(run.verdict == "accept");
  CHECK(run.steps.at(0).saw == "subject CN=" + std::string(989, 'x'));
  CHECK(run.steps.at(1).saw.size() == 1000);
  const auto denied =
      RunChain({R"({"match_alternative_names": {"allowed_kinds": ["uri"], "uri_patterns": ["urn:*"]}})"},
               Situation({.alternative_names = {"uri:x:" + std::string(20'000, 'x')}}).WithKey());
  CHECK(denied.conclusion.reason.size() < 1100);
}

TEST_CASE("steps come after those that were there", "[policy][chain]") {
  std::vector<Step> steps(2);
  const Situation situation;
  Draft draft = {engine_test::Template(situation)};
  Faults faults;
  std::vector<Chain::Link> links;
  links.push_back({"deny", engine::policy::MakeModule(ModuleOf(kDeny), faults)});
  Chain("accept_request", std::move(links)).Run(situation.facts(), draft, steps);
  REQUIRE(steps.size() == 3);
  CHECK(steps[2].chain == "accept_request");
  CHECK(steps[2].position == 1);
}

TEST_CASE("what modules would have revoked is gathered", "[policy][chain]") {
  const std::string limit = R"({"active_certificate_limit": {"max": 1, "exceeded": "EXCEEDED_REVOKE_OLDEST"}})";
  Situation situation = Situation().WithKey().For("e");
  situation.entity->active_certificates = {11, 12};
  CHECK(RunChain({limit, kAccept}, situation).conclusion.revokes == std::vector<std::int64_t>{11, 12});
}

}  // namespace
