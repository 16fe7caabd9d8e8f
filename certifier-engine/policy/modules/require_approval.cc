#include <algorithm>

#include "policy/modules.h"

namespace engine::policy {

namespace {

constexpr std::uint32_t kMostApprovals = 8;
constexpr int kMostGroups = 8;
constexpr std::size_t kMostGroupOctets = 64;

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

class RequireApproval final : public Module {
 public:
  explicit RequireApproval(ApprovalTerms terms) : terms_(std::move(terms)) {}

  // The chain makes a pass of it where the terms are fulfilled.
  Finding Judge(const Facts&, Draft& draft) const override {
    draft.is_vouched_for = true;
    Finding finding =
        Say(Verdict::kHold, terms_.approvals == 1 ? "an operator must approve"
                                                  : std::to_string(terms_.approvals) + " operators must approve");
    finding.terms = terms_;
    return finding;
  }

 private:
  const ApprovalTerms terms_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::RequireApproval& parameters, Faults& faults) {
  ApprovalTerms terms;
  faults.Require(parameters.approvals() <= kMostApprovals, "approvals is above 8");
  if (parameters.approvals() != 0) terms.approvals = parameters.approvals();
  faults.Require(parameters.groups_size() <= kMostGroups, "groups has more than 8 entries");
  for (const auto& group : parameters.groups()) {
    faults.Require(!group.empty(), "groups: a group has no name");
    const bool is_name = group.size() <= kMostGroupOctets && std::ranges::none_of(group, IsControl);
    faults.Require(is_name, "groups: a group's name has more than 64 octets or a control character");
    terms.groups.push_back(group);
  }
  terms.key_maker_may_approve_alone = parameters.key_maker_may_approve_alone();
  return std::make_unique<RequireApproval>(std::move(terms));
}

}  // namespace engine::policy
