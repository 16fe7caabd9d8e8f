#include "enrollment/policy_replay.h"

#include "enrollment/stored_request.h"
#include "pki/certificate.h"
#include "policy/document.h"
#include "policy/evaluation.h"
#include "policy/pattern.h"
#include "policy/served.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using certifier::v1::DecisionOutcome;
using certifier::v1::ReplayPolicyRequest;
using certifier::v1::ReplayPolicyResponse;
using result::Reason;

// Rows are numbered when they are written, so that one that was received later may have the lower number, but not by
// longer than this.
constexpr std::chrono::minutes kMostDisorder{60};

// What it came to when it arrived. Whatever an operator decided, it had waited for him.
DecisionOutcome OutcomeThen(const store::RequestRecord& record) {
  const bool is_issued_at_once = record.state == store::RequestState::kIssued && record.decided_by.empty();
  return is_issued_at_once ? certifier::v1::DECISION_OUTCOME_ISSUED : certifier::v1::DECISION_OUTCOME_PENDING;
}

DecisionOutcome OutcomeOf(policy::Verdict verdict) {
  if (verdict == policy::Verdict::kAccept) return certifier::v1::DECISION_OUTCOME_ISSUED;
  if (verdict == policy::Verdict::kHold) return certifier::v1::DECISION_OUTCOME_PENDING;
  return certifier::v1::DECISION_OUTCOME_REJECTED;
}

bool IsMeant(const store::RequestRecord& record, const ReplayPolicyRequest& request, TimePoint since) {
  if (record.received_at < since) return false;
  return request.decided_by().empty() || policy::EqualsIgnoringCase(record.policy, request.decided_by());
}

// The certificate that a renewal renews, as it stood when it was good.
struct Renewed {
  pki::Certificate certificate;
  store::RenewableCertificate record;
};

result::Result<std::optional<Renewed>> FindRenewed(store::AdministrationStore& store,
                                                   const store::RequestRecord& record) {
  if (record.renewed_serial_number.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const auto found, store.GetCertificate(record.renewed_serial_number, record.ca));
  ASSIGN_OR_RETURN(auto certificate, pki::Certificate::Parse(found.certificate));
  store::RenewableCertificate renewable;
  renewable.certificate_id = found.certificate_id;
  renewable.ca_id = record.ca_id;
  renewable.policy_id = record.policy_id;
  return std::optional<Renewed>(Renewed{std::move(certificate), std::move(renewable)});
}

void AddChange(const store::RequestRecord& record, DecisionOutcome after, std::string reason,
               ReplayPolicyResponse& response) {
  auto& change = *response.add_changes();
  change.set_request_id(std::to_string(record.request_id));
  change.set_ca(record.ca);
  change.set_subject(record.subject);
  change.set_entity(record.entity);
  *change.mutable_received_at() = ToTimestamp(record.received_at);
  change.set_before(OutcomeThen(record));
  change.set_after(after);
  change.set_reason(std::move(reason));
  change.set_policy(record.policy);
  change.set_policy_version(record.policy_version);
}

}  // namespace

struct PolicyReplay::Replayed {
  DecisionOutcome outcome;
  std::string reason;
};

result::Result<PolicyReplay::Replayed> PolicyReplay::Replay(const store::RequestRecord& record,
                                                            const policy::Policy& policy) const {
  const auto snapshot = parts_.directory.snapshot();
  const auto ca = CaOf(*snapshot, record);
  if (!ca) return result::Fail(Reason::kUnavailable, "the request's CA is not active on this engine");
  ASSIGN_OR_RETURN(const auto request, OpenRequest(record, parts_.requests));
  ASSIGN_OR_RETURN(const auto vouchers, VouchersOf(record));
  ASSIGN_OR_RETURN(const auto renewed, FindRenewed(parts_.store, record));
  std::optional<policy::SignerFacts> signer;
  if (renewed) signer.emplace(policy::SignerFacts{renewed->certificate, renewed->record});
  policy::Facts facts = {request, ca->ca_id, ca->not_after, record.received_at};
  facts.ca = record.ca;
  facts.source_address = record.source_address;
  facts.key = vouchers.key ? &*vouchers.key : nullptr;
  facts.entity = vouchers.entity ? &*vouchers.entity : nullptr;
  facts.signer = signer ? &*signer : nullptr;
  auto evaluation = policy::Evaluator::Receive(policy, facts);
  return Replayed{OutcomeOf(evaluation.verdict), std::move(evaluation.reason)};
}

result::Result<ReplayPolicyResponse> PolicyReplay::Run(const ReplayPolicyRequest& request, TimePoint since,
                                                       store::Page page) const {
  ASSIGN_OR_RETURN(const auto policy, policy::FromProto(request.policy()));
  RETURN_IF_ERROR(policy::CheckReplayed(policy));
  ASSIGN_OR_RETURN(const auto records, parts_.store.ListRequests({.ca = request.ca()}, page));
  ReplayPolicyResponse response;
  for (const auto& record : records) {
    *response.mutable_reached_at() = ToTimestamp(record.received_at);
    if (!IsMeant(record, request, since)) continue;
    auto replayed = Replay(record, policy);
    // A database that is away is no fault of the request.
    if (!replayed && replayed.error().reason == Reason::kUnavailable && CaOf(*parts_.directory.snapshot(), record)) {
      return tl::unexpected<result::Error>(std::move(replayed).error());
    }
    if (!replayed) {
      response.set_unreadable(response.unreadable() + 1);
      continue;
    }
    response.set_run(response.run() + 1);
    if (replayed->outcome != OutcomeThen(record)) {
      AddChange(record, replayed->outcome, std::move(replayed->reason), response);
    }
  }
  const bool is_last = records.size() < page.size || records.back().received_at < since - kMostDisorder;
  if (!is_last) response.set_next_page_token(std::to_string(records.back().request_id));
  return response;
}

}  // namespace engine::enrollment
