#include <algorithm>
#include <set>

#include "support/memory_store.h"

namespace engine::store {

using result::Fail;
using result::Reason;

Result<MemoryStore::Request*> MemoryStore::OpenRequest(std::int64_t request_id, const Bytes& csr_sha256,
                                                       std::uint32_t template_version) {
  ASSIGN_OR_RETURN(Request* const request, OpenRequest(request_id));
  const RequestRecord& record = request->record;
  if (record.csr_sha256 == csr_sha256 && record.template_version == template_version) return request;
  return Fail(Reason::kConflict, "the request is not what was shown");
}

void MemoryStore::AddApprovalTo(Request& request, const Approval& approval) {
  auto& approvals = request.record.approvals;
  std::erase_if(approvals, [&](const Approval& before) {
    return before.login == approval.login && before.template_version == approval.template_version;
  });
  approvals.push_back(approval);
}

bool MemoryStore::IsApproved(const RequestRecord& request, const ApprovedRequest& approved) {
  ApprovalTerms terms = request.terms;
  AddTerms(terms, approved.terms);
  std::set<std::string> logins, groups;
  bool has_other = false;
  const auto count = [&](const Approval& approval) {
    if (approval.template_version != request.template_version || approval.approved_at < approved.approvals_since)
      return;
    logins.insert(approval.login);
    groups.insert(approval.groups.begin(), approval.groups.end());
    has_other = has_other || std::ranges::find(request.key_makers, approval.login) == request.key_makers.end();
  };
  std::ranges::for_each(request.approvals, count);
  count(approved.approval);
  return logins.size() >= terms.approvals && (terms.key_maker_may_approve_alone.value_or(false) || has_other) &&
         std::ranges::all_of(terms.groups, [&](const std::string& group) { return groups.contains(group); });
}

Result<RequestRecord> MemoryStore::AddApproval(const NewApproval& added) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Request* const request,
                   OpenRequest(added.request_id, added.csr_sha256, added.approval.template_version));
  AddApprovalTo(*request, added.approval);
  AddTerms(request->record.terms, added.terms);
  NoteNow(added.decision);
  return Shown(*request);
}

Result<RequestRecord> MemoryStore::UpdateTemplate(const TemplateChange& change) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Request* const request, OpenRequest(change.request_id, change.csr_sha256, change.template_version));
  request->record.held_template = change.held_template;
  request->record.template_version++;
  request->record.template_edited_by = change.edited_by;
  NoteNow(change.decision);
  return Shown(*request);
}

}  // namespace engine::store
