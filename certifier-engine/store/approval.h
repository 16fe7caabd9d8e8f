#ifndef CERTIFIER_ENGINE_STORE_APPROVAL_H
#define CERTIFIER_ENGINE_STORE_APPROVAL_H

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/decision_store.h"
#include "store/types.h"

namespace engine::store {

// ApprovalTerms is what a request that is held waits for.
struct ApprovalTerms {
  std::uint32_t approvals = 1;           // Of different operators, 1 to 8.
  std::vector<std::string> groups = {};  // Each must have approved through one of its operators; at most 64.
  // Whether who made the request's key may be the only one; nothing: nobody said, and he may not.
  std::optional<bool> key_maker_may_approve_alone = {};
  friend bool operator==(const ApprovalTerms&, const ApprovalTerms&) = default;
};

// AddTerms makes terms of both: what fulfils them fulfils each.
inline void AddTerms(ApprovalTerms& terms, const ApprovalTerms& more) {
  terms.approvals = std::max(terms.approvals, more.approvals);
  std::set<std::string> groups(terms.groups.begin(), terms.groups.end());
  groups.insert(more.groups.begin(), more.groups.end());
  terms.groups.assign(groups.begin(), groups.end());
  if (!more.key_maker_may_approve_alone) return;
  terms.key_maker_may_approve_alone =
      terms.key_maker_may_approve_alone.value_or(true) && *more.key_maker_may_approve_alone;
}

// Approval is one operator's yes to a request as it was then.
struct Approval {
  std::string login;
  std::vector<std::string> groups;     // Of the operator, at most 16.
  Bytes fingerprint;                   // That was typed: MD5, SHA-1 or SHA-256.
  std::uint32_t template_version = 1;  // Of the template that was approved.
  TimePoint approved_at;
  bool is_operator_active = true;  // Now; where he is not any more, it counts no more.
};

// NewApproval is an approval that does not suffice by itself.
struct NewApproval {
  std::int64_t request_id = 0;
  Bytes csr_sha256;
  Approval approval;
  ApprovalTerms terms;  // What was found to be asked for; added to what the request waits for already.
  NewDecision decision = {};
};

// TemplateChange is an operator's edit of what a pending request will get.
struct TemplateChange {
  std::int64_t request_id = 0;
  Bytes csr_sha256;
  std::uint32_t template_version = 1;  // That was edited.
  Bytes held_template;                 // certifier.v1.CertificateTemplate.
  std::string edited_by;
  NewDecision decision = {};
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_APPROVAL_H
