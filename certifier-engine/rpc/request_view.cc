#include "rpc/request_view.h"

#include "enrollment/request_fingerprints.h"
#include "enrollment/state.h"
#include "enrollment/transaction_id.h"
#include "policy/decision_steps.h"
#include "policy/template_document.h"
#include "rpc/extension.h"
#include "rpc/fingerprint.h"
#include "rpc/request_state.h"
#include "service/log.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

void FillDecision(const store::RequestRecord& record, certifier::v1::Request& request) {
  request.set_reference_number(record.reference_number);
  request.set_entity(record.entity);
  request.set_policy(record.policy);
  request.set_policy_version(record.policy_version);
  if (record.decided_at) *request.mutable_decided_at() = ToTimestamp(*record.decided_at);
  request.set_decided_by(record.decided_by);
  request.set_rejection_reason(record.rejection_reason);
  request.set_serial_number(pki::HexLower(record.serial_number));
}

void FillApproval(const store::RequestRecord& record, const enrollment::HeldRequests& held,
                  certifier::v1::ApprovalState& approval) {
  approval.set_required_approvals(record.terms.approvals);
  for (const auto& group : record.terms.groups) approval.add_required_groups(group);
  approval.set_key_maker_may_approve_alone(record.terms.key_maker_may_approve_alone.value_or(false));
  for (const auto& given : record.approvals) {
    auto& added = *approval.add_approvals();
    added.set_login(given.login);
    for (const auto& group : given.groups) added.add_groups(group);
    added.set_fingerprint(pki::HexLower(given.fingerprint));
    added.set_template_version(given.template_version);
    *added.mutable_approved_at() = ToTimestamp(given.approved_at);
    added.set_is_standing(held.IsStanding(record, given));
  }
  if (enrollment::IsOpen(record.state)) approval.set_missing(held.Missing(record));
}

}  // namespace

void Fill(const store::RequestRecord& record, const enrollment::HeldRequests& held, certifier::v1::Request& request) {
  request.set_request_id(std::to_string(record.request_id));
  request.set_state(ToProto(record.state));
  request.set_ca(record.ca);
  request.set_subject(record.subject);
  for (const auto& name : record.subject_alternative_names) request.add_subject_alternative_names(name);
  request.set_key_algorithm(record.key_algorithm);
  request.set_transaction_id(enrollment::PrintableTransactionId(record.transaction_id));
  request.set_renewed_serial_number(pki::HexLower(record.renewed_serial_number));
  for (const auto& alias : record.aliases) {
    request.add_transaction_id_aliases(enrollment::PrintableTransactionId(alias));
  }
  request.set_source_address(record.source_address);
  *request.mutable_received_at() = ToTimestamp(record.received_at);
  request.set_has_challenge(record.has_challenge);
  request.set_has_transaction_id_collision(record.has_collision);
  if (const auto whole = enrollment::UnpackFingerprints(record.fingerprints)) {
    *request.mutable_fingerprints()->mutable_request() = ToProto(*whole);
  }
  if (const auto info = enrollment::UnpackFingerprints(record.unsigned_fingerprints)) {
    *request.mutable_fingerprints()->mutable_unsigned_request() = ToProto(*info);
  }
  FillDecision(record, request);
  const bool was_held = enrollment::IsOpen(record.state) || !record.approvals.empty();
  if (was_held) FillApproval(record, held, *request.mutable_approval());
}

void FillExtensions(const store::RequestRecord& record, const enrollment::HeldRequests& held,
                    certifier::v1::Request& request) {
  const auto opened = held.Open(record);
  if (!opened) {
    return service::LogWarning("request_not_opened",
                               {{"request_id", record.request_id}, {"detail", opened.error().detail}});
  }
  for (const auto& extension : opened->requested_extensions()) *request.add_requested_extensions() = ToProto(extension);
}

void FillTemplate(const store::RequestRecord& record, const enrollment::TemplateEdit& edit,
                  certifier::v1::TemplateView& view) {
  view.set_template_version(record.template_version);
  const auto judged = edit.View(record);
  view.set_edited_by(record.template_edited_by);
  if (!judged) {
    service::LogWarning("template_not_shown", {{"request_id", record.request_id}, {"detail", judged.error().detail}});
    return view.set_reason(std::string("it cannot be shown now: ") + std::string(ToString(judged.error().reason)));
  }
  const policy::Evaluation& evaluation = judged->evaluation;
  view.set_verdict(policy::ToProto(evaluation.verdict));
  view.set_reason(evaluation.reason);
  if (evaluation.verdict == policy::Verdict::kAccept) {
    *view.mutable_certificate() = policy::ToProto(evaluation.certificate);
  }
}

}  // namespace engine::rpc
