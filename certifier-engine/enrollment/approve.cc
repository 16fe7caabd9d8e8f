#include "enrollment/approve.h"

#include <algorithm>

#include "enrollment/request_fingerprints.h"
#include "enrollment/state.h"
#include "policy/text.h"
#include "service/log.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::size_t kMostReasonOctets = 1000;
constexpr std::uint32_t kUnedited = 1;
constexpr int kMostRounds = 8;  // Operators who approve at once.

// What vouched when the request came must do so still.
result::Result<void> CheckVoucher(const store::RequestRecord& record) {
  if (record.is_renewed_revoked) {
    return result::Fail(Reason::kConflict, "the certificate that it renews, " +
                                               pki::HexLower(record.renewed_serial_number) +
                                               ", is revoked or suspended; reject the request or reactivate that");
  }
  if (!record.is_entity_active) {
    return result::Fail(Reason::kConflict, "the entity " + record.entity + " is inactive; reject the request");
  }
  if (record.is_key_disabled) {
    return result::Fail(Reason::kConflict,
                        "the pre-shared key " + record.reference_number + " is disabled; reject the request");
  }
  return {};
}

// The fingerprint is the device's; what an operator made of the template since is not in it.
result::Result<void> CheckShown(const store::RequestRecord& record, std::uint32_t template_version) {
  const std::uint32_t shown = template_version == 0 ? kUnedited : template_version;
  if (record.template_version == shown) return {};
  return result::Fail(Reason::kConflict, "what the device will get is version " +
                                             std::to_string(record.template_version) + " by now, edited by " +
                                             record.template_edited_by +
                                             "; look at it, and approve with that template version");
}

// How many operators that are with this one.
std::size_t CountWith(const std::vector<policy::Approval>& approvals, const std::string& login) {
  const auto is_other = [&](const policy::Approval& approval) { return approval.login != login; };
  return static_cast<std::size_t>(std::ranges::count_if(approvals, is_other)) + 1;
}

// Of a reason that may be left out.
result::Result<void> CheckLength(const std::string& reason) {
  if (reason.size() <= kMostReasonOctets) return {};
  return result::Fail(Reason::kMalformed, "a reason has at most 1000 octets");
}

}  // namespace

// The last approvals of several operators may come at once: whoever finds all of them issues.
result::Result<void> OperatorApproval::Approve(std::int64_t request_id, std::string_view fingerprint,
                                               const Operator& by, std::uint32_t template_version) const {
  ASSIGN_OR_RETURN(auto record, parts_.store.GetRequest(request_id));
  RETURN_IF_ERROR(Next(record.state, Event::kIssue));
  RETURN_IF_ERROR(CheckShown(record, template_version));
  ASSIGN_OR_RETURN(auto typed, MatchFingerprint(fingerprint, record.fingerprints, record.unsigned_fingerprints));
  RETURN_IF_ERROR(CheckVoucher(record));
  const store::Approval approval = {by.login, by.groups, std::move(typed), record.template_version, parts_.clock()};
  for (int round = 0; round < kMostRounds; ++round) {
    const std::size_t known = CountWith(parts_.held.Standing(record), by.login);
    ASSIGN_OR_RETURN(record, Decide(record, approval));
    const bool has_more =
        record.state != store::RequestState::kIssued && CountWith(parts_.held.Standing(record), by.login) > known;
    if (!has_more) return {};
  }
  return {};
}

// The chain that runs is that of the policy as it is now: what an operator has forbidden since is not issued.
result::Result<store::RequestRecord> OperatorApproval::Decide(const store::RequestRecord& record,
                                                              const store::Approval& approval) const {
  auto approvals = parts_.held.Standing(record);
  std::erase_if(approvals, [&](const policy::Approval& before) { return before.login == approval.login; });
  approvals.push_back({approval.login, approval.groups});
  ASSIGN_OR_RETURN(auto judged, parts_.held.Run(HeldRequests::Chain::kAccept, record, std::move(approvals)));
  const policy::Evaluation& evaluation = judged.evaluation;
  if (evaluation.verdict == policy::Verdict::kHold) return Wait(record, judged, approval);
  if (!evaluation.authorization) {
    auto refused = parts_.held.Explained(record, judged, certifier::v1::CLASSIFICATION_APPROVAL,
                                         certifier::v1::DECISION_OUTCOME_REJECTED, approval.login);
    if (!parts_.journal.Note(std::move(refused))) {
      return result::Fail(Reason::kUnavailable, "too many decisions wait to be written");
    }
    return result::Fail(Reason::kPolicyRefused, policy::ToString(evaluation.verdict) + " by " + evaluation.reason);
  }
  RETURN_IF_ERROR(Issue(record, std::move(judged), approval));
  store::RequestRecord issued = record;
  issued.state = store::RequestState::kIssued;
  return issued;
}

result::Result<store::RequestRecord> OperatorApproval::Wait(const store::RequestRecord& record,
                                                            const HeldRequests::Judged& judged,
                                                            const store::Approval& approval) const {
  auto decision = parts_.held.Explained(record, judged, certifier::v1::CLASSIFICATION_APPROVAL,
                                        certifier::v1::DECISION_OUTCOME_PENDING, approval.login);
  ASSIGN_OR_RETURN(auto waiting, parts_.store.AddApproval({record.request_id, record.csr_sha256, approval,
                                                           judged.evaluation.terms, std::move(decision)}));
  service::LogInfo("approval_added", {{"request_id", record.request_id},
                                      {"ca", record.ca},
                                      {"approved_by", approval.login},
                                      {"missing", parts_.held.Missing(waiting)}});
  return waiting;
}

result::Result<void> OperatorApproval::Issue(const store::RequestRecord& record, HeldRequests::Judged judged,
                                             const store::Approval& approval) const {
  auto decision = parts_.held.Explained(record, judged, certifier::v1::CLASSIFICATION_APPROVAL,
                                        certifier::v1::DECISION_OUTCOME_ISSUED, approval.login);
  policy::Evaluation& evaluation = judged.evaluation;
  ASSIGN_OR_RETURN(const auto certificate,
                   parts_.issuer.Issue(*judged.ca, *std::move(evaluation.authorization), parts_.clock()));
  RETURN_IF_ERROR(parts_.store.Approve({record.request_id, record.csr_sha256, certificate, judged.policy_version_id,
                                        approval, parts_.held.ApprovalsSince(), std::move(decision), evaluation.terms,
                                        std::move(judged.on), evaluation.revokes}));
  service::LogInfo("request_approved", {{"request_id", record.request_id},
                                        {"ca", record.ca},
                                        {"decided_by", approval.login},
                                        {"serial_number", pki::HexLower(certificate.serial_number)}});
  if (!evaluation.revokes.empty()) {
    service::LogInfo("certificates_superseded", {{"request_id", record.request_id},
                                                 {"ca", record.ca},
                                                 {"count", static_cast<std::int64_t>(evaluation.revokes.size())},
                                                 {"revoked_by", approval.login}});
  }
  return {};
}

result::Result<void> OperatorApproval::Reject(std::int64_t request_id, const std::string& reason,
                                              const std::string& decided_by) const {
  if (reason.empty() || reason.size() > kMostReasonOctets) {
    return result::Fail(Reason::kMalformed, "a reason has 1 to 1000 octets");
  }
  RETURN_IF_ERROR(parts_.store.Reject(request_id, reason, decided_by));
  service::LogInfo("request_rejected", {{"request_id", request_id}, {"decided_by", decided_by}});
  return {};
}

result::Result<void> OperatorApproval::Postpone(std::int64_t request_id, const std::string& reason) const {
  RETURN_IF_ERROR(CheckLength(reason));
  RETURN_IF_ERROR(parts_.store.Postpone(request_id, reason));
  service::LogInfo("request_postponed", {{"request_id", request_id}});
  return {};
}

result::Result<void> OperatorApproval::Resume(std::int64_t request_id, const std::string& reason) const {
  RETURN_IF_ERROR(CheckLength(reason));
  RETURN_IF_ERROR(parts_.store.Resume(request_id, reason));
  service::LogInfo("request_resumed", {{"request_id", request_id}});
  return {};
}

}  // namespace engine::enrollment
