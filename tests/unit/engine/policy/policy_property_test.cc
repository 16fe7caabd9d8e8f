// What holds of every policy and every request.

#include <rapidcheck/catch.h>

#include <algorithm>

#include "authority/ca_certificate.h"
#include "issuance/certificate_issuer.h"
#include "pki/der.h"
#include "policy/document.h"
#include "policy/extension_kinds.h"
#include "policy/modules.h"
#include "policy/template_document.h"
#include "policy/usages.h"
#include "random_policy.h"

namespace {

using certifier::v1::Module;
using engine::policy::Chain;
using engine::policy::Conclusion;
using engine::policy::Draft;
using engine::policy::Evaluation;
using engine::policy::Evaluator;
using engine::policy::Facts;
using engine::policy::Faults;
using engine::policy::FromProto;
using engine::policy::Policy;
using engine::policy::Step;
using engine::policy::Verdict;
using engine_test::AnyAnswer;
using engine_test::AnyModule;
using engine_test::AnyPolicy;
using engine_test::AnySituation;
using engine_test::Below;
using engine_test::CertificateTemplate;
using engine_test::FakeWebhook;
using engine_test::kNow;
using engine_test::Situation;

using Modules = std::vector<Module>;

Module DenyModule() {
  Module module;
  module.mutable_deny();
  return module;
}

Module AcceptModule() {
  Module module;
  module.mutable_accept_all();
  return module;
}

// What a chain of these modules came to, of a request that somebody vouches for.
struct Ran {
  Conclusion conclusion;
  std::vector<Step> steps;
};

Ran Run(const Modules& modules, const Facts& facts) {
  std::vector<Chain::Link> links;
  for (const auto& module : modules) {
    Faults faults;
    links.push_back({engine::policy::NameOf(module), engine::policy::MakeModule(module, faults)});
  }
  Ran ran;
  Draft draft = {Evaluator::Requested(facts.request), true};
  ran.conclusion = Chain("receive_request", std::move(links)).Run(facts, draft, ran.steps);
  return ran;
}

// The modules without those that would end their chain.
Modules Passing(Modules modules, const Facts& facts) {
  while (true) {
    const auto ran = Run(modules, facts);
    if (ran.steps.empty() || ran.steps.back().verdict == Verdict::kPass) return modules;
    modules.erase(modules.begin() + static_cast<std::ptrdiff_t>(ran.steps.size()) - 1);
  }
}

// A webhook whose answers nobody thought of. One says the same all along, so that a chain is run twice alike.
FakeWebhook AnyWebhook() {
  return FakeWebhook({*AnyAnswer()});
}

Modules AnyModules() {
  Modules modules;
  for (int count = Below(8); count > 0; count--) modules.push_back(*AnyModule());
  return modules;
}

TEST_CASE("falling off the end of any chain denies", "[policy][property]") {
  rc::prop("denies", [] {
    auto webhook = AnyWebhook();
    const Situation situation = *AnySituation(webhook);
    const auto facts = situation.facts();
    const auto passing = Passing(AnyModules(), facts);
    const auto ran = Run(passing, facts);
    RC_ASSERT(ran.conclusion.verdict == Verdict::kDeny);
    RC_ASSERT(ran.conclusion.reason == "receive_request: no module accepted it");
    RC_ASSERT(ran.steps.size() == passing.size());
  });
}

TEST_CASE("in any chain the first of a deny and an accept counts", "[policy][property]") {
  rc::prop("denies or accepts", [] {
    auto webhook = AnyWebhook();
    const Situation situation = *AnySituation(webhook);
    const auto facts = situation.facts();
    auto chain = Passing(AnyModules(), facts);
    chain.push_back(DenyModule());
    chain.push_back(AcceptModule());
    RC_ASSERT(Run(chain, facts).conclusion.verdict == Verdict::kDeny);
    std::swap(chain[chain.size() - 1], chain[chain.size() - 2]);
    RC_ASSERT(Run(chain, facts).conclusion.verdict == Verdict::kAccept);
  });
}

TEST_CASE("no module widens what a deny refused", "[policy][property]") {
  rc::prop("denies", [] {
    auto webhook = AnyWebhook();
    const Situation situation = *AnySituation(webhook);
    const auto facts = situation.facts();
    auto chain = AnyModules();
    const auto before = Run(chain, facts);
    // Anywhere up to the module that ended the chain, or behind the last.
    const bool fell_off = before.steps.empty() || before.steps.back().verdict == Verdict::kPass;
    const auto last = before.steps.size() - (fell_off ? 0 : 1);
    const auto at = static_cast<std::size_t>(Below(static_cast<int>(last) + 1));
    chain.insert(chain.begin() + static_cast<std::ptrdiff_t>(at), DenyModule());
    const auto after = Run(chain, facts);
    RC_ASSERT(after.conclusion.verdict == Verdict::kDeny);
    RC_ASSERT(after.conclusion.reason == "deny: denies all");
    RC_ASSERT(after.steps.size() == at + 1);
  });
}

// The CA of facts.
engine::authority::CertificationAuthority CaFor(const Facts& facts) {
  static const std::shared_ptr<const pki::PrivateKey> kKey = pki::PrivateKey::Generate("ecdsa-p256").value();
  engine::authority::CertificationAuthority ca;
  ca.ca_id = facts.ca_id;
  ca.not_before = kNow - engine_test::kDay * 365;
  ca.not_after = facts.ca_not_after;
  ca.certificate =
      engine::authority::MakeRootCertificate(
          {pki::Name::FromString("CN=any").value(), kKey->public_key(), {ca.not_before, ca.not_after}}, *kKey)
          .value();
  ca.key_identifier = ca.certificate.subject_key_identifier();
  ca.key = kKey;
  return ca;
}

// What no certificate may lack or have, whatever the policy.
void CheckCertificate(Evaluation evaluation, const Facts& facts) {
  const auto ca = CaFor(facts);
  const auto issued = engine::issuance::CertificateIssuer(std::chrono::minutes(5))
                          .Issue(ca, *std::move(evaluation.authorization), facts.now);
  RC_ASSERT(issued.has_value());
  const auto certificate = pki::Certificate::Parse(issued->certificate).value();
  RC_ASSERT(certificate.spki() == facts.request.public_key().spki());
  RC_ASSERT(certificate.not_after().value() <= facts.ca_not_after);
  std::vector<std::string> oids;
  const auto extensions = certificate.extensions().value();
  for (const auto& extension : extensions) {
    oids.push_back(extension.oid);
    if (extension.oid == pki::kBasicConstraintsOid) RC_ASSERT(extension.value == pki::Bytes("\x30\x00", 2));
  }
  RC_ASSERT(std::ranges::count(oids, pki::kBasicConstraintsOid) == 1);
  std::ranges::sort(oids);
  RC_ASSERT(std::ranges::adjacent_find(oids) == oids.end());
}

void CheckLeave(Evaluation evaluation, const Facts& facts) {
  RC_ASSERT(evaluation.authorization.has_value() == (evaluation.verdict == Verdict::kAccept));
  if (!evaluation.authorization) return;
  const CertificateTemplate& certificate = evaluation.authorization->certificate();
  RC_ASSERT(certificate.spki == facts.request.public_key().spki());
  RC_ASSERT(certificate.key_usage != 0);
  RC_ASSERT((certificate.key_usage & (pki::kKeyCertSign | pki::kCrlSign)) == 0);
  RC_ASSERT((*certificate.not_after > facts.now && *certificate.not_after <= facts.ca_not_after));
  RC_ASSERT((!certificate.not_before || *certificate.not_before <= facts.now));
  for (const auto& extension : certificate.copied_extensions) RC_ASSERT(engine::policy::MayBeCopied(extension.oid));
  for (const auto& oid : certificate.extended_key_usage) RC_ASSERT(engine::policy::PurposeOid(oid) == oid);
  CheckCertificate(std::move(evaluation), facts);
}

// Whether a database and Protocol Buffers take it.
bool IsText(const std::string& text) {
  return pki::DirectoryStringToUtf8(pki::der::kUtf8String, text).has_value() && text.find('\0') == std::string::npos;
}

void CheckRecord(const Evaluation& evaluation) {
  RC_ASSERT(IsText(evaluation.reason));
  for (const auto& step : evaluation.steps) {
    RC_ASSERT(IsText(step.saw));
    for (const auto& change : step.changes) RC_ASSERT(IsText(change));
  }
}

// What a chain left of a template can be stored until an operator has approved it.
void CheckStorage(const CertificateTemplate& certificate, const Facts& facts) {
  const auto stored = engine::policy::WriteTemplate(certificate);
  const auto read = engine::policy::ReadTemplate(stored, facts.request);
  RC_ASSERT(read.has_value());
  RC_ASSERT(engine::policy::WriteTemplate(*read) == stored);
}

// Mostly a policy without the modules that would end its chains early, so that there is leave to look at.
certifier::v1::Policy PolicyFor(const Facts& facts) {
  auto document = *AnyPolicy();
  if (Below(4) == 0) return document;
  while (true) {
    const auto evaluation = Evaluator::Receive(FromProto(document).value(), facts);
    if (evaluation.verdict == Verdict::kAccept || evaluation.steps.empty()) return document;
    const Step& last = evaluation.steps.back();
    const bool is_needed =
        last.module == "accept_all" || last.module == "set_validity" || last.module == "set_key_usage";
    if (last.verdict == Verdict::kPass || is_needed) return document;
    auto& chain =
        last.chain == "receive_request" ? *document.mutable_receive_request() : *document.mutable_accept_request();
    chain.mutable_modules()->DeleteSubrange(static_cast<int>(last.position) - 1, 1);
  }
}

TEST_CASE("no policy gives leave to issue more than a device's certificate", "[policy][property]") {
  rc::prop("issues to devices only", [] {
    auto webhook = AnyWebhook();
    const Situation situation = *AnySituation(webhook);
    const auto facts = situation.facts();
    const Policy policy = FromProto(PolicyFor(facts)).value();
    auto evaluation = Evaluator::Receive(policy, facts);
    CheckRecord(evaluation);
    CheckStorage(evaluation.certificate, facts);
    CheckLeave(std::move(evaluation), facts);
  });
}

TEST_CASE("no edit and no approval gives leave to issue more than a device's certificate", "[policy][property]") {
  rc::prop("issues to devices only", [] {
    auto webhook = AnyWebhook();
    const Situation situation = *AnySituation(webhook);
    const auto facts = situation.facts();
    const Policy policy = FromProto(PolicyFor(facts)).value();
    auto certificate = Evaluator::Requested(facts.request);
    for (const auto step : {&Evaluator::View, &Evaluator::Update}) {
      const auto evaluation = step(policy, facts, certificate);
      RC_ASSERT_FALSE(evaluation.authorization.has_value());
      CheckRecord(evaluation);
      CheckStorage(evaluation.certificate, facts);
      certificate = evaluation.certificate;
    }
    // Stranger than any edit that is taken.
    certificate.key_usage |= static_cast<unsigned>(Below(0x80));
    certificate.not_after = *rc::gen::element(kNow, kNow + std::chrono::seconds(1), engine_test::TimePoint::max());
    certificate.not_before = *rc::gen::element(kNow, kNow + std::chrono::seconds(1), engine_test::TimePoint());
    const std::string oid = *rc::gen::element<std::string>("1.2.3.9", "2.5.29.19", "2.5.029.19", "1.3.6.1.5.5.7.1.1");
    if (*rc::gen::arbitrary<bool>()) certificate.copied_extensions.push_back({oid, true, "value"});
    auto evaluation = Evaluator::Accept(policy, facts, {std::move(certificate)});
    RC_ASSERT((!facts.approvals.empty() || evaluation.verdict == Verdict::kDeny));
    CheckRecord(evaluation);
    CheckLeave(std::move(evaluation), facts);
  });
}

TEST_CASE("a policy of anything is refused, or can be asked", "[policy][property]") {
  rc::prop("is refused or answers", [] {
    const auto document = *rc::gen::exec([] {
      certifier::v1::Policy policy;
      engine_test::Fill(policy);
      policy.set_name("any");
      return policy;
    });
    const auto policy = FromProto(document);
    if (!policy) {
      RC_ASSERT(policy.error().reason == result::Reason::kMalformed);
      return;
    }
    auto webhook = AnyWebhook();
    const Situation situation = *AnySituation(webhook);
    CheckRecord(Evaluator::Receive(*policy, situation.facts()));
  });
}

TEST_CASE("any document survives being stored", "[policy][property]") {
  rc::prop("reads what it wrote", [] {
    const auto document = *rc::gen::exec([] {
      certifier::v1::Policy policy;
      engine_test::Fill(policy);
      return policy;
    });
    const auto json = engine::policy::ToJson(document);
    RC_ASSERT(json.has_value());
    const auto read = engine::policy::FromJson(*json);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->ShortDebugString() == document.ShortDebugString());
  });
}

TEST_CASE("no answer of a webhook makes more of a template than a device's", "[policy][property]") {
  rc::prop("changes what it may", [] {
    auto webhook = AnyWebhook();
    Situation situation = Situation().WithKey();
    situation.webhooks = &webhook;
    Module module;
    module.mutable_webhook()->set_url("https://hook.example/");
    module.mutable_webhook()->set_secret("key");
    module.mutable_webhook()->set_may_accept(*rc::gen::arbitrary<bool>());
    Faults faults;
    const auto made = engine::policy::MakeModule(module, faults);
    const auto facts = situation.facts();
    Draft draft = {Evaluator::Requested(facts.request)};
    const auto finding = made->Judge(facts, draft);
    RC_ASSERT(IsText(finding.saw));
    RC_ASSERT(draft.is_vouched_for == (finding.verdict == Verdict::kAccept));
    RC_ASSERT((module.webhook().may_accept() || finding.verdict != Verdict::kAccept));
    RC_ASSERT(draft.certificate.key_usage == 0);
    RC_ASSERT(draft.certificate.spki == facts.request.public_key().spki());
    RC_ASSERT((!draft.certificate.not_after || *draft.certificate.not_after <= facts.ca_not_after));
    CheckStorage(draft.certificate, facts);
  });
}

}  // namespace
