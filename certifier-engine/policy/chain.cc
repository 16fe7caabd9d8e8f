#include "policy/chain.h"

#include <algorithm>
#include <set>

#include "policy/text.h"

namespace engine::policy {

namespace {

// Of what a module saw, and of each of its changes: they repeat names, of which a device chooses the length.
constexpr std::size_t kMostOctets = 1000;
constexpr std::string_view kRequireApproval = "require_approval";

Finding JudgeOnce(const Module& module, const Facts& facts, Draft& draft) {
  Finding finding = module.Judge(facts, draft);
  if (finding.verdict == Verdict::kHold) {
    const std::string missing = MissingFrom(finding.terms, facts.approvals, facts.key);
    if (missing.empty()) finding.verdict = Verdict::kPass;
    if (missing.empty()) finding.saw += "; operators have approved";
    if (!missing.empty() && !facts.approvals.empty()) finding.saw += "; " + missing;
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

std::string MissingFrom(const ApprovalTerms& terms, const std::vector<Approval>& approvals, const KeyFacts* key) {
  std::set<std::string_view> operators;
  for (const Approval& approval : approvals) operators.insert(approval.login);
  const std::size_t needed = std::max(terms.approvals, 1u);
  if (operators.size() < needed) {
    return std::to_string(operators.size()) + " of " + std::to_string(needed) +
           (needed == 1 ? " operator has approved" : " operators have approved");
  }
  for (const std::string& group : terms.groups) {
    const auto is_of_group = [&](const Approval& approval) {
      return std::ranges::find(approval.groups, group) != approval.groups.end();
    };
    if (std::ranges::none_of(approvals, is_of_group)) return "nobody of group " + group + " has approved";
  }
  if (terms.key_maker_may_approve_alone.value_or(false) || key == nullptr) return "";
  const auto& makers = key->makers;
  const auto is_maker = [&](std::string_view login) { return std::ranges::find(makers, login) != makers.end(); };
  if (!std::ranges::all_of(operators, is_maker)) return "";
  return "who made the pre-shared key " + key->reference_number + " may not be the only one to approve";
}

// Whoever approves approves for the whole chain: what later modules ask for is not asked again.
void Chain::AddLaterTerms(std::size_t held_at, const Facts& facts, const Draft& draft, ApprovalTerms& terms) const {
  for (std::size_t i = held_at + 1; i < links_.size(); ++i) {
    if (links_[i].name != kRequireApproval) continue;
    Draft untouched = draft;
    const Finding finding = links_[i].module->Judge(facts, untouched);
    if (finding.verdict == Verdict::kHold) store::AddTerms(terms, finding.terms);
  }
}

Conclusion Chain::Run(const Facts& facts, Draft& draft, std::vector<Step>& steps) const {
  Conclusion conclusion;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Link& link = links_[i];
    const auto begun = std::chrono::steady_clock::now();
    Finding finding = JudgeOnce(*link.module, facts, draft);
    const auto took = std::chrono::steady_clock::now() - begun;
    steps.push_back({name_, static_cast<std::uint32_t>(i + 1), link.name, finding.verdict, finding.saw,
                     std::move(finding.changes), took});
    conclusion.revokes.insert(conclusion.revokes.end(), finding.revokes.begin(), finding.revokes.end());
    store::AddTerms(conclusion.terms, finding.terms);
    if (finding.verdict == Verdict::kPass) continue;
    conclusion.verdict = finding.verdict;
    conclusion.reason = std::string(link.name) + ": " + std::move(finding.saw);
    if (finding.verdict == Verdict::kHold) AddLaterTerms(i, facts, draft, conclusion.terms);
    return conclusion;
  }
  conclusion.reason = std::string(name_) + ": no module accepted it";
  return conclusion;
}

}  // namespace engine::policy
