#include "policy/chain.h"

#include "policy/modules.h"

namespace engine::policy {

namespace {

std::vector<Module> ContentModules() {
  return {{"key", JudgeKey},
          {"subject", JudgeSubject},
          {"alternative_names", JudgeAlternativeNames},
          {"usage", SetUsage},
          {"validity", SetValidity}};
}

}  // namespace

Chain Chain::Standard() {
  auto modules = ContentModules();
  modules.push_back({"binding", JudgeBinding});
  modules.push_back({"vouching", JudgeVouching});
  return Chain(std::move(modules));
}

Chain Chain::Content() {
  return Chain(ContentModules());
}

Finding Chain::Run(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) const {
  for (const Module& module : modules_) {
    Finding finding = module.judge(policy, facts, draft);
    if (finding.kind == Finding::Kind::kContinue) continue;
    finding.reason.insert(0, std::string(module.name) + ": ");
    return finding;
  }
  return Continue();
}

Verdict Chain::Evaluate(const Policy& policy, const RequestFacts& facts) const {
  issuance::CertificateTemplate draft;
  Finding finding = Run(policy, facts, draft);
  switch (finding.kind) {
    case Finding::Kind::kContinue:
      return {Verdict::Kind::kRefuse, "the chain came to no verdict", std::nullopt};
    case Finding::Kind::kHold:
      return {Verdict::Kind::kHold, std::move(finding.reason), std::nullopt};
    case Finding::Kind::kRefuse:
      return {Verdict::Kind::kRefuse, std::move(finding.reason), std::nullopt};
    case Finding::Kind::kAccept:
      return {Verdict::Kind::kAccept, std::move(finding.reason),
              issuance::Authorization(facts.ca_id, std::move(draft))};
  }
  return {};
}

result::Result<issuance::CertificateTemplate> Chain::Draft(const Policy& policy, const RequestFacts& facts) const {
  issuance::CertificateTemplate draft;
  Finding finding = Run(policy, facts, draft);
  if (finding.kind != Finding::Kind::kContinue) {
    return result::Fail(result::Reason::kPolicyRefused, std::move(finding.reason));
  }
  return draft;
}

}  // namespace engine::policy
