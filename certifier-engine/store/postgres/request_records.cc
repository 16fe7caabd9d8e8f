#include "store/postgres/request_records.h"

#include "store/postgres/activity.h"
#include "store/postgres/decision_records.h"
#include "store/postgres/fields.h"
#include "store/postgres/list_queries.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/request_states.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

Result<RequestRecord> RequestOf(const pqxx::row& row) {
  RequestRecord request;
  request.request_id = row["request_id"].as<std::int64_t>();
  ASSIGN_OR_RETURN(request.state, RequestStateFromText(row["state"].as<std::string>()));
  request.ca_id = row["ca_id"].as<std::int64_t>();
  request.ca = row["ca"].as<std::string>();
  request.transaction_id = BlobOf(row["transaction_id"]);
  request.csr_sha256 = BlobOf(row["csr_sha256"]);
  request.sealed_csr = BlobOf(row["sealed_csr"]);
  request.subject = row["subject"].as<std::string>();
  request.subject_alternative_names = SplitText(row["subject_alternative_names"].as<std::string>());
  request.key_algorithm = row["key_algorithm"].as<std::string>();
  request.source_address = row["source_address"].as<std::string>();
  request.received_at = TimeOf(row["received_at"]);
  request.has_challenge = row["has_challenge"].as<bool>();
  request.reference_number = row["reference_number"].as<std::string>();
  request.entity = row["entity"].as<std::string>();
  request.policy = row["policy"].as<std::string>();
  request.policy_version = row["policy_version"].as<std::uint32_t>();
  request.policy_version_id = row["policy_version_id"].as<std::int64_t>();
  request.fingerprints = BlobOf(row["fingerprints"]);
  request.unsigned_fingerprints = BlobOf(row["unsigned_fingerprints"]);
  if (!row["decided_at"].is_null()) request.decided_at = TimeOf(row["decided_at"]);
  request.decided_by = row["decided_by"].as<std::string>();
  request.rejection_reason = row["rejection_reason"].as<std::string>();
  request.serial_number = BlobOf(row["serial_number"]);
  if (!row["ca_generation_id"].is_null()) request.ca_generation_id = row["ca_generation_id"].as<std::int64_t>();
  request.has_collision = row["has_collision"].as<bool>();
  for (const std::string& alias : SplitText(row["aliases"].as<std::string>())) {
    ASSIGN_OR_RETURN(Bytes transaction_id, pki::FromHex(alias));
    request.aliases.push_back(std::move(transaction_id));
  }
  if (!row["entity_id"].is_null()) request.entity_id = row["entity_id"].as<std::int64_t>();
  if (!row["renewed_certificate_id"].is_null()) {
    request.renewed_certificate_id = row["renewed_certificate_id"].as<std::int64_t>();
  }
  request.renewed_serial_number = BlobOf(row["renewed_serial_number"]);
  request.is_renewed_revoked = row["is_renewed_revoked"].as<bool>();
  request.is_entity_active = row["is_entity_active"].as<bool>();
  request.policy_id = row["policy_id"].as<std::int64_t>();
  request.held_template = BlobOf(row["held_template"]);
  request.is_key_disabled = row["is_key_disabled"].as<bool>();
  request.key_attributes = row["key_attributes"].as<std::string>();
  request.entity_attributes = row["entity_attributes"].as<std::string>();
  request.key_makers = SplitText(row["key_makers"].as<std::string>());
  request.terms.approvals = row["required_approvals"].as<std::uint32_t>();
  request.terms.groups = SplitText(row["required_groups"].as<std::string>());
  if (!row["key_maker_may_approve_alone"].is_null()) {
    request.terms.key_maker_may_approve_alone = row["key_maker_may_approve_alone"].as<bool>();
  }
  request.template_edited_by = row["template_edited_by"].as<std::string>();
  request.template_version = row["template_version"].as<std::uint32_t>();
  return request;
}

constexpr std::array kStates = {RequestState::kPending, RequestState::kPostponed, RequestState::kApproved,
                                RequestState::kIssued,  RequestState::kRejected,  RequestState::kExpired};

pqxx::result FindRequests(Work& work, const RequestFilter& filter, const Page& page) {
  const auto cas = ArrayOf(page.ca_ids);
  std::vector<std::string> states;
  for (const RequestState state : kStates) {
    if (!filter.state || state == *filter.state) states.emplace_back(ToText(state));
  }
  const auto before = BeforeId(page);
  if (filter.same_key_as != 0) {
    return work.exec_prepared(kListRequestsOfSameKey.name, TextOrNull(cas), filter.same_key_as, before, page.size);
  }
  if (!filter.fingerprint.empty()) {
    return work.exec_prepared(kListRequestsByFingerprint.name, TextOrNull(cas), filter.ca, before, page.size,
                              JoinedText(states), Blob(filter.fingerprint));
  }
  if (!filter.terms.empty()) {
    return work.exec_prepared(kSearchRequests.name, TextOrNull(cas), filter.ca, before, page.size,
                              JoinedText(filter.terms.required), JoinedText(filter.terms.optional),
                              JoinedText(filter.terms.excluded),
                              filter.state ? std::optional(JoinedText(states)) : std::nullopt, false);
  }
  if (filter.oldest_first) {
    return work.exec_prepared(kListOldestRequests.name, TextOrNull(cas), filter.ca, page.before, page.size,
                              JoinedText(states));
  }
  if (!filter.state && !cas && filter.ca.empty()) return work.exec_prepared(kListAllRequests.name, before, page.size);
  return work.exec_prepared(kListRequests.name, TextOrNull(cas), filter.ca, before, page.size, JoinedText(states));
}

}  // namespace

Result<RequestRecord> ReadRequest(Work& work, std::int64_t request_id) {
  const auto found = work.exec_prepared(kGetRequest.name, request_id);
  if (found.empty()) return Fail(Reason::kNotFound, "there is no request " + std::to_string(request_id));
  std::vector<RequestRecord> requests(1);
  ASSIGN_OR_RETURN(requests[0], RequestOf(found[0]));
  ReadApprovals(work, requests);
  return std::move(requests[0]);
}

Result<void> NotPending(Work& work, std::int64_t request_id) {
  RETURN_IF_ERROR(ReadRequest(work, request_id));
  return Fail(Reason::kConflict, "request " + std::to_string(request_id) +
                                     " is not pending, not what was shown, not approved by enough operators, or nobody "
                                     "vouches for it any more");
}

Result<std::vector<RequestRecord>> PostgresAdministrationStore::ListRequests(const RequestFilter& filter, Page page) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<RequestRecord>> {
    std::vector<RequestRecord> requests;
    for (const auto& row : FindRequests(work, filter, page)) {
      ASSIGN_OR_RETURN(RequestRecord request, RequestOf(row));
      requests.push_back(std::move(request));
    }
    ReadApprovals(work, requests);
    return requests;
  });
}

Result<RequestRecord> PostgresAdministrationStore::GetRequest(std::int64_t request_id) {
  return Transact(pool_, [&](Work& work) { return ReadRequest(work, request_id); });
}

Result<void> PostgresAdministrationStore::Approve(const ApprovedRequest& approved) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    const std::int64_t request_id = approved.request_id;
    const NewCertificate& certificate = approved.certificate;
    const Approval& approval = approved.approval;
    if (approved.judged_on) RETURN_IF_ERROR(CheckActivity(work, *approved.judged_on));
    work.exec_prepared(kLockKeyOfRequest.name, request_id);
    RETURN_IF_ERROR(LockWaiting(work, request_id, approved.csr_sha256, approval.template_version));
    RaiseTerms(work, request_id, approved.terms);
    store::AddApproval(work, request_id, approved.csr_sha256, approval);
    const auto updated = work.exec_prepared(kApproveRequest.name, request_id, Blob(approved.csr_sha256), approval.login,
                                            approved.policy_version_id, approval.template_version,
                                            Epoch(approved.approvals_since), JoinedText(certificate.names));
    if (updated.empty()) return NotPending(work, request_id);
    if (!updated[0][0].is_null() && work.exec_prepared(kCountKeyOfRequest.name, request_id).empty()) {
      return Fail(Reason::kConflict, "the request's key has no use left");
    }
    work.exec_prepared0(kAddCertificate.name, certificate.ca_generation_id, Blob(certificate.serial_number), request_id,
                        Blob(certificate.certificate), Epoch(certificate.not_before), Epoch(certificate.not_after));
    Supersede(work, approved.revokes, certificate, approval.login);
    AddDecision(work, approved.decision);
    return {};
  });
}

Result<Activity> PostgresAdministrationStore::FindActivity(const ActivityQuery& query) {
  return Transact(pool_, [&](Work& work) { return store::FindActivity(work, query); });
}

Result<void> PostgresAdministrationStore::Reject(std::int64_t request_id, const std::string& reason,
                                                 const std::string& decided_by) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared(kLockKeyOfRequest.name, request_id);
    if (!work.exec_prepared(kRejectRequest.name, request_id, reason, decided_by).empty()) return {};
    return NotPending(work, request_id);
  });
}

Result<void> PostgresAdministrationStore::Postpone(std::int64_t request_id, const std::string& reason) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    if (!work.exec_prepared(kMoveWaitingRequest.name, request_id, "pending", "postponed", reason).empty()) return {};
    return NotPending(work, request_id);
  });
}

Result<void> PostgresAdministrationStore::Resume(std::int64_t request_id, const std::string& reason) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    if (!work.exec_prepared(kMoveWaitingRequest.name, request_id, "postponed", "pending", reason).empty()) return {};
    RETURN_IF_ERROR(ReadRequest(work, request_id));
    return Fail(Reason::kConflict, "request " + std::to_string(request_id) + " is not postponed");
  });
}

Result<std::int64_t> PostgresAdministrationStore::Expire(TimePoint now, const Lifetimes& defaults) {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    work.exec_prepared(kLockKeysOfExpiring.name, Epoch(now), defaults.pending.count());
    const auto expired = work.exec_prepared(kExpirePending.name, Epoch(now), defaults.pending.count());
    const auto forgotten = work.exec_prepared0(kForgetRejected.name, Epoch(now), defaults.retention.count());
    return static_cast<std::int64_t>(expired.size() + forgotten.affected_rows());
  });
}

}  // namespace engine::store
