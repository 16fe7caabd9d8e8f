#include <map>

#include "store/postgres/approval_queries.h"
#include "store/postgres/decision_records.h"
#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/request_records.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

Approval ApprovalOf(const pqxx::row& row) {
  return {row["login"].as<std::string>(), SplitText(row["groups"].as<std::string>()),
          BlobOf(row["fingerprint"]),     row["template_version"].as<std::uint32_t>(),
          TimeOf(row["approved_at"]),     row["is_operator_active"].as<bool>()};
}

}  // namespace

Result<void> LockWaiting(Work& work, std::int64_t request_id, const Bytes& csr_sha256, std::uint32_t template_version) {
  if (!work.exec_prepared(kLockWaiting.name, request_id, Blob(csr_sha256), template_version).empty()) return {};
  return NotPending(work, request_id);
}

void RaiseTerms(Work& work, std::int64_t request_id, const ApprovalTerms& terms) {
  const auto& alone = terms.key_maker_may_approve_alone;
  work.exec_prepared0(kRaiseTerms.name, request_id, terms.approvals, JoinedText(terms.groups),
                      !alone   ? ""
                      : *alone ? "true"
                               : "false");
}

void AddApproval(Work& work, std::int64_t request_id, const Bytes& csr_sha256, const Approval& approval) {
  work.exec_prepared0(kAddApproval.name, request_id, approval.template_version, approval.login,
                      JoinedText(approval.groups), Blob(csr_sha256), Blob(approval.fingerprint),
                      Epoch(approval.approved_at));
}

void ReadApprovals(Work& work, std::vector<RequestRecord>& requests) {
  std::map<std::int64_t, RequestRecord*> by_id;
  std::string ids;
  for (RequestRecord& request : requests) {
    by_id[request.request_id] = &request;
    ids += (ids.empty() ? "" : ",") + std::to_string(request.request_id);
  }
  for (const auto& row : work.exec_prepared(kListApprovals.name, "{" + ids + "}")) {
    by_id.at(row["request_id"].as<std::int64_t>())->approvals.push_back(ApprovalOf(row));
  }
}

Result<RequestRecord> PostgresAdministrationStore::AddApproval(const NewApproval& added) {
  return Transact(pool_, [&](Work& work) -> Result<RequestRecord> {
    RETURN_IF_ERROR(LockWaiting(work, added.request_id, added.csr_sha256, added.approval.template_version));
    store::AddApproval(work, added.request_id, added.csr_sha256, added.approval);
    RaiseTerms(work, added.request_id, added.terms);
    AddDecision(work, added.decision);
    return ReadRequest(work, added.request_id);
  });
}

Result<RequestRecord> PostgresAdministrationStore::UpdateTemplate(const TemplateChange& change) {
  return Transact(pool_, [&](Work& work) -> Result<RequestRecord> {
    RETURN_IF_ERROR(LockWaiting(work, change.request_id, change.csr_sha256, change.template_version));
    work.exec_prepared0(kKeepTemplate.name, change.request_id);
    work.exec_prepared0(kUpdateTemplate.name, change.request_id, Blob(change.held_template), change.edited_by);
    AddDecision(work, change.decision);
    return ReadRequest(work, change.request_id);
  });
}

}  // namespace engine::store
