#include "enrollment/held_request.h"

#include "enrollment/question.h"
#include "enrollment/stored_request.h"
#include "enrollment/transaction_id.h"
#include "pki/digest.h"
#include "policy/template_document.h"
#include "policy/text.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::size_t kMostSubjectOctets = 1000;  // In a decision record.

policy::Evaluation RunChain(HeldRequests::Chain chain, const policy::Policy& policy, const policy::Facts& facts,
                            policy::Held held) {
  switch (chain) {
    case HeldRequests::Chain::kAccept:
      return policy::Evaluator::Accept(policy, facts, std::move(held));
    case HeldRequests::Chain::kView:
      return policy::Evaluator::View(policy, facts, std::move(held.certificate));
    case HeldRequests::Chain::kUpdate:
      return policy::Evaluator::Update(policy, facts, std::move(held.certificate));
  }
  return {};
}

std::optional<store::ActivityQuery> QuestionAbout(const store::RequestRecord& record, const policy::Needs& needs,
                                                  const policy::Facts& facts) {
  auto question = QuestionOf(needs, record.entity_id);
  if (!question) return question;
  question->ca_id = record.ca_id;
  question->subject_key = SubjectKeyOf(facts.request);
  question->renewed_certificate_id = record.renewed_certificate_id;
  question->request_id = record.request_id;
  question->now = facts.now;
  return question;
}

// Names that an operator writes are text, which is checked; only those that the chain left may be of kinds that have
// none.
certifier::v1::CertificateTemplate WithoutNewDer(certifier::v1::CertificateTemplate edited, const pki::Bytes& held) {
  certifier::v1::CertificateTemplate before;
  const bool is_known = before.ParseFromString(held);
  if (!is_known || edited.subject_der() != before.subject_der()) edited.clear_subject_der();
  if (!is_known || edited.subject_alternative_names_der() != before.subject_alternative_names_der()) {
    edited.clear_subject_alternative_names_der();
  }
  return edited;
}

void Summarise(const store::RequestRecord& record, certifier::v1::MessageSummary& message) {
  message.set_ca(record.ca);
  message.set_transaction_id(PrintableTransactionId(record.transaction_id));
  message.set_request_sha256(pki::HexLower(record.csr_sha256));
  message.set_source_address(record.source_address);
  *message.mutable_received_at() = ToTimestamp(record.received_at);
  message.set_has_challenge(record.has_challenge);
  message.set_key_algorithm(record.key_algorithm);
  message.set_subject(policy::Excerpt(record.subject, kMostSubjectOctets));
}

}  // namespace

result::Result<pki::CertificateRequest> HeldRequests::Open(const store::RequestRecord& record) const {
  return OpenRequest(record, parts_.requests);
}

result::Result<HeldRequests::Judged> HeldRequests::Run(Chain chain, const store::RequestRecord& record,
                                                       std::vector<policy::Approval> approvals,
                                                       const certifier::v1::CertificateTemplate* edited) const {
  const auto snapshot = parts_.directory.snapshot();
  auto ca = CaOf(*snapshot, record);
  if (!ca) return result::Fail(Reason::kUnavailable, "the request's CA is not active on this engine");
  const auto* const version = snapshot->policies ? snapshot->policies->Find(record.policy_id) : nullptr;
  if (version == nullptr) return result::Fail(Reason::kUnavailable, "the policy is not known to this engine yet");
  ASSIGN_OR_RETURN(const auto request, Open(record));
  ASSIGN_OR_RETURN(auto certificate, edited == nullptr
                                         ? policy::ReadTemplate(record.held_template, request)
                                         : policy::FromProto(WithoutNewDer(*edited, record.held_template), request));
  ASSIGN_OR_RETURN(auto vouchers, VouchersOf(record));
  policy::Facts facts = {request, ca->ca_id, ca->not_after, parts_.clock()};
  facts.ca = record.ca;
  facts.source_address = record.source_address;
  facts.key = vouchers.key ? &*vouchers.key : nullptr;
  facts.entity = vouchers.entity ? &*vouchers.entity : nullptr;
  facts.approvals = std::move(approvals);
  facts.webhooks = parts_.webhooks;
  std::optional<store::JudgedActivity> on;
  if (auto question = QuestionAbout(record, version->policy.needs, facts)) {
    ASSIGN_OR_RETURN(const auto found, parts_.store.FindActivity(*question));
    Apply(found, vouchers.entity ? &*vouchers.entity : nullptr);
    facts.key_use = found.key_use;
    on = store::JudgedActivity{*std::move(question), found.digest};
  }
  return Judged{std::move(ca),
                version->policy.name,
                version->version,
                version->policy_version_id,
                RunChain(chain, version->policy, facts, {std::move(certificate), record.terms}),
                std::move(on)};
}

bool HeldRequests::IsStanding(const store::RequestRecord& record, const store::Approval& approval) const {
  const TimePoint since = record.decided_at ? *record.decided_at - parts_.approval_ttl : ApprovalsSince();
  // Of what was decided it counts what was so then.
  const bool is_void = !record.decided_at && !approval.is_operator_active;
  return approval.template_version == record.template_version && approval.approved_at >= since && !is_void;
}

std::vector<policy::Approval> HeldRequests::Standing(const store::RequestRecord& record) const {
  std::vector<policy::Approval> standing;
  for (const store::Approval& approval : record.approvals) {
    if (IsStanding(record, approval)) standing.push_back({approval.login, approval.groups});
  }
  return standing;
}

std::string HeldRequests::Missing(const store::RequestRecord& record) const {
  const policy::KeyFacts key = {record.reference_number, {}, record.key_makers};
  return policy::MissingFrom(record.terms, Standing(record), record.reference_number.empty() ? nullptr : &key);
}

store::NewDecision HeldRequests::Explained(const store::RequestRecord& record, const Judged& judged,
                                           certifier::v1::Classification classification,
                                           certifier::v1::DecisionOutcome outcome,
                                           const std::string& decided_by) const {
  certifier::v1::DecisionRecord decision;
  Summarise(record, *decision.mutable_message());
  decision.set_decided_by(decided_by);
  decision.set_request_id(std::to_string(record.request_id));
  Explain({classification, record.reference_number, record.entity, judged.policy, judged.policy_version,
           judged.evaluation.steps, record.request_id},
          decision);
  // Two operators who are told the same have decided twice, and so has one of another template.
  const std::string by = decided_by + " " + std::to_string(record.template_version);
  const store::RequestIdentity identity = {record.ca_id, record.transaction_id, by, record.csr_sha256};
  const TimePoint now = parts_.clock();
  Conclude(identity, {outcome, judged.evaluation.reason, now, {}}, decision);
  return ToJournal(identity, record.request_id, now, decision);
}

bool HeldRequests::MayAskWebhook() const {
  const auto snapshot = parts_.directory.snapshot();
  return parts_.webhooks != nullptr && snapshot->policies && snapshot->policies->asks_webhook();
}

}  // namespace engine::enrollment
