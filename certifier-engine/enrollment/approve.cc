#include "enrollment/approve.h"

#include "enrollment/decision_record.h"
#include "enrollment/question.h"
#include "enrollment/request_fingerprints.h"
#include "enrollment/state.h"
#include "enrollment/stored_request.h"
#include "enrollment/transaction_id.h"
#include "pki/digest.h"
#include "policy/template_document.h"
#include "policy/text.h"
#include "service/log.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::size_t kMostReasonOctets = 1000;
constexpr std::size_t kMostSubjectOctets = 1000;  // In a decision record.

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

}  // namespace

// The chain that runs is that of the policy as it is now: what an operator has forbidden since is not issued.
result::Result<OperatorApproval::Approved> OperatorApproval::Issue(const store::RequestRecord& record,
                                                                   const std::string& decided_by) const {
  const auto snapshot = parts_.directory.snapshot();
  const auto ca = CaOf(*snapshot, record);
  if (!ca) return result::Fail(Reason::kUnavailable, "the request's CA is not active on this engine");
  const auto* const version = snapshot->policies ? snapshot->policies->Find(record.policy_id) : nullptr;
  if (version == nullptr) return result::Fail(Reason::kUnavailable, "the policy is not known to this engine yet");
  ASSIGN_OR_RETURN(const auto request, OpenRequest(record, parts_.requests));
  policy::Facts facts = {request, ca->ca_id, ca->not_after, parts_.clock()};
  facts.ca = record.ca;
  facts.source_address = record.source_address;
  ASSIGN_OR_RETURN(const auto vouchers, VouchersOf(record));
  facts.key = vouchers.key ? &*vouchers.key : nullptr;
  facts.approvals = {{decided_by, {}}};
  facts.webhooks = parts_.webhooks;
  ASSIGN_OR_RETURN(auto judged, Judge(record, version->policy, std::move(facts), vouchers.entity));
  policy::Evaluation& evaluation = judged.evaluation;
  store::NewDecision decision = Explained(record, *version, evaluation, decided_by);
  if (!evaluation.authorization) {
    if (!parts_.journal.Note(std::move(decision))) {
      return result::Fail(Reason::kUnavailable, "too many decisions wait to be written");
    }
    return result::Fail(Reason::kPolicyRefused, policy::ToString(evaluation.verdict) + " by " + evaluation.reason);
  }
  ASSIGN_OR_RETURN(auto issued, parts_.issuer.Issue(*ca, *std::move(evaluation.authorization), parts_.clock()));
  return Approved{std::move(issued), version->policy_version_id, std::move(decision), std::move(judged.on),
                  std::move(evaluation.revokes)};
}

result::Result<OperatorApproval::Judged> OperatorApproval::Judge(const store::RequestRecord& record,
                                                                 const policy::Policy& policy, policy::Facts facts,
                                                                 std::optional<policy::EntityFacts> entity) const {
  ASSIGN_OR_RETURN(auto certificate, policy::ReadTemplate(record.held_template, facts.request));
  std::optional<store::JudgedActivity> on;
  facts.entity = entity ? &*entity : nullptr;
  if (auto question = QuestionOf(policy.needs, record.entity_id)) {
    question->ca_id = record.ca_id;
    question->subject_key = SubjectKeyOf(facts.request);
    question->renewed_certificate_id = record.renewed_certificate_id;
    question->request_id = record.request_id;
    question->now = facts.now;
    ASSIGN_OR_RETURN(const auto activity, parts_.store.FindActivity(*question));
    Apply(activity, entity ? &*entity : nullptr);
    facts.key_use = activity.key_use;
    on = store::JudgedActivity{*std::move(question), activity.digest};
  }
  return Judged{policy::Evaluator::Accept(policy, facts, std::move(certificate)), std::move(on)};
}

store::NewDecision OperatorApproval::Explained(const store::RequestRecord& record, const policy::PolicyVersion& version,
                                               const policy::Evaluation& evaluation,
                                               const std::string& decided_by) const {
  certifier::v1::DecisionRecord decision;
  auto& message = *decision.mutable_message();
  message.set_ca(record.ca);
  message.set_transaction_id(PrintableTransactionId(record.transaction_id));
  message.set_request_sha256(pki::HexLower(record.csr_sha256));
  message.set_source_address(record.source_address);
  *message.mutable_received_at() = ToTimestamp(record.received_at);
  message.set_has_challenge(record.has_challenge);
  message.set_key_algorithm(record.key_algorithm);
  message.set_subject(policy::Excerpt(record.subject, kMostSubjectOctets));
  decision.set_decided_by(decided_by);
  decision.set_request_id(std::to_string(record.request_id));
  Explain({certifier::v1::CLASSIFICATION_APPROVAL, record.reference_number, record.entity, version.policy.name,
           version.version, evaluation.steps, record.request_id},
          decision);
  const auto outcome =
      evaluation.authorization ? certifier::v1::DECISION_OUTCOME_ISSUED : certifier::v1::DECISION_OUTCOME_REJECTED;
  const store::RequestIdentity identity = {record.ca_id, record.transaction_id, {}, record.csr_sha256};
  const TimePoint now = parts_.clock();
  Conclude(identity, {outcome, evaluation.reason, now, {}}, decision);
  return ToJournal(identity, record.request_id, now, decision);
}

bool OperatorApproval::MayAskWebhook() const {
  const auto snapshot = parts_.directory.snapshot();
  return parts_.webhooks != nullptr && snapshot->policies && snapshot->policies->asks_webhook();
}

result::Result<void> OperatorApproval::Approve(std::int64_t request_id, std::string_view fingerprint,
                                               const std::string& decided_by) const {
  ASSIGN_OR_RETURN(const auto request, parts_.store.GetRequest(request_id));
  RETURN_IF_ERROR(Next(request.state, Event::kIssue));
  RETURN_IF_ERROR(MatchFingerprint(fingerprint, request.fingerprints, request.unsigned_fingerprints));
  RETURN_IF_ERROR(CheckVoucher(request));
  ASSIGN_OR_RETURN(const auto approved, Issue(request, decided_by));
  RETURN_IF_ERROR(
      parts_.store.Approve({request_id, request.csr_sha256, approved.certificate, approved.policy_version_id,
                            decided_by, approved.decision, approved.judged_on, approved.revokes}));
  service::LogInfo("request_approved", {{"request_id", request_id},
                                        {"ca", request.ca},
                                        {"decided_by", decided_by},
                                        {"serial_number", pki::HexLower(approved.certificate.serial_number)}});
  if (!approved.revokes.empty()) {
    service::LogInfo("certificates_superseded", {{"request_id", request_id},
                                                 {"ca", request.ca},
                                                 {"count", static_cast<std::int64_t>(approved.revokes.size())},
                                                 {"revoked_by", decided_by}});
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

}  // namespace engine::enrollment
