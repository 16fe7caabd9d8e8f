#include "policy/chain.h"

#include <algorithm>
#include <set>

#include "policy/text.h"

namespace engine::policy {

namespace {

// Of what a module saw, and of each of its changes: they repeat names, of which a device chooses the length.
constexpr std::size_t kMostOctets = 1000;

Finding JudgeOnce(const Module& module, const Facts& facts, Draft& draft) {
  Finding finding = module.Judge(facts, draft);
  if (finding.verdict == Verdict::kHold && IsFulfilled(finding.terms, facts.approvals)) {
    finding.verdict = Verdict::kPass;
    finding.saw += "; operators have approved";
  }
  if (finding.verdict == Verdict::kAccept && !draft.is_vouched_for) {
    finding.verdict = Verdict::kDeny;
    finding.saw += "; but nobody vouches for the device";
  }
  finding.saw = Excerpt(finding.saw, kMostOctets);
  for (auto& change : finding.changes) change = Excerpt(change, kMostOctets);
  return finding;
}

}  // namespace

bool IsFulfilled(const ApprovalTerms& terms, const std::vector<Approval>& approvals) {
  std::set<std::string_view> operators;
  for (const Approval& approval : approvals) operators.insert(approval.login);
  if (operators.size() < std::max(terms.approvals, 1u)) return false;
  return std::ranges::all_of(terms.groups, [&](const std::string& group) {
    return std::ranges::any_of(approvals, [&](const Approval& approval) {
      return std::ranges::find(approval.groups, group) != approval.groups.end();
    });
  });
}

Conclusion Chain::Run(const Facts& facts, Draft& draft, std::vector<Step>& steps) const {
  Conclusion conclusion;
  std::uint32_t position = 0;
  for (const Link& link : links_) {
    const auto begun = std::chrono::steady_clock::now();
    Finding finding = JudgeOnce(*link.module, facts, draft);
    const auto took = std::chrono::steady_clock::now() - begun;
    steps.push_back({name_, ++position, link.name, finding.verdict, finding.saw, std::move(finding.changes), took});
    conclusion.revokes.insert(conclusion.revokes.end(), finding.revokes.begin(), finding.revokes.end());
    if (finding.verdict == Verdict::kPass) continue;
    conclusion.verdict = finding.verdict;
    conclusion.reason = std::string(link.name) + ": " + std::move(finding.saw);
    conclusion.terms = std::move(finding.terms);
    return conclusion;
  }
  conclusion.reason = std::string(name_) + ": no module accepted it";
  return conclusion;
}

}  // namespace engine::policy
