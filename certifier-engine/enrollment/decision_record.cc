#include "enrollment/decision_record.h"

#include <google/protobuf/util/time_util.h>

#include "pki/uuid.h"
#include "policy/decision_steps.h"
#include "policy/text.h"
#include "service/origin.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using google::protobuf::util::TimeUtil;

constexpr std::size_t kMostOctets = 1000;
constexpr std::size_t kMostNames = 32;

std::string IdOf(const store::RequestIdentity& identity, const Conclusion& conclusion,
                 const certifier::v1::DecisionRecord& record) {
  const auto day = std::chrono::floor<std::chrono::days>(conclusion.decided_at).time_since_epoch().count();
  std::string numbers;
  for (const std::int64_t number : {identity.ca_id, std::int64_t{day}, std::int64_t{record.classification()},
                                    std::int64_t{conclusion.outcome}, std::int64_t{record.message().message_type()}}) {
    numbers += std::to_string(number) + " ";
  }
  return pki::DigestUuid({numbers, identity.transaction_id, identity.requester_key, identity.csr_sha256,
                          conclusion.reason, record.decided_by()});
}

// What an earlier message left behind was refused then, and nothing was asked for by who polls.
bool IsRefusal(const certifier::v1::DecisionRecord& record) {
  const auto classification = record.classification();
  return record.outcome() == certifier::v1::DECISION_OUTCOME_REJECTED &&
         classification != certifier::v1::CLASSIFICATION_REPLAY &&
         classification != certifier::v1::CLASSIFICATION_POLL && classification != certifier::v1::CLASSIFICATION_TEST;
}

bool IsFailure(const certifier::v1::DecisionRecord& record) {
  const auto outcome = record.outcome();
  return record.decided_by().empty() && record.classification() != certifier::v1::CLASSIFICATION_TEST &&
         (outcome == certifier::v1::DECISION_OUTCOME_REJECTED || outcome == certifier::v1::DECISION_OUTCOME_DELAYED);
}

store::Refusal RefusalOf(const certifier::v1::DecisionRecord& record) {
  const bool is_operators = !record.decided_by().empty();
  return {record.decided_by(),       is_operators ? service::CurrentOrigin().source : record.message().source_address(),
          record.reason(),           record.message().subject(),
          record.reference_number(), record.entity(),
          record.message().gateway()};
}

}  // namespace

void Summarise(const pki::CertificateRequest& request, certifier::v1::MessageSummary& message) {
  message.set_subject(policy::Excerpt(request.subject().ToString(), kMostOctets));
  for (const auto& name : request.alternative_names()) {
    if (message.subject_alternative_names_size() == static_cast<int>(kMostNames)) break;
    message.add_subject_alternative_names(policy::Excerpt(pki::ToString(name), kMostOctets));
  }
  message.set_key_algorithm(request.public_key().ToString());
  message.set_has_challenge(!request.challenge().empty());
}

void Explain(const Basis& basis, certifier::v1::DecisionRecord& record) {
  record.set_classification(basis.classification);
  record.set_reference_number(basis.reference_number);
  record.set_entity(basis.entity);
  record.set_policy(basis.policy);
  record.set_policy_version(basis.policy_version);
  policy::AddSteps(basis.steps, record);
}

certifier::v1::DecisionOutcome OutcomeOf(const Answer& answer) {
  if (std::holds_alternative<Issued>(answer)) return certifier::v1::DECISION_OUTCOME_ISSUED;
  if (std::holds_alternative<Pending>(answer)) return certifier::v1::DECISION_OUTCOME_PENDING;
  if (std::holds_alternative<Delayed>(answer)) return certifier::v1::DECISION_OUTCOME_DELAYED;
  return certifier::v1::DECISION_OUTCOME_REJECTED;
}

void Conclude(const store::RequestIdentity& identity, const Conclusion& conclusion,
              certifier::v1::DecisionRecord& record) {
  record.set_outcome(conclusion.outcome);
  record.set_reason(policy::Excerpt(conclusion.reason, kMostOctets));
  *record.mutable_decided_at() = ToTimestamp(conclusion.decided_at);
  *record.mutable_took() = TimeUtil::NanosecondsToDuration(conclusion.took.count());
  record.set_engine_version(CERTIFIER_VERSION);
  record.set_decision_id(IdOf(identity, conclusion, record));
}

store::NewDecision ToJournal(const store::RequestIdentity& identity, std::int64_t request_id, TimePoint decided_at,
                             const certifier::v1::DecisionRecord& record) {
  store::NewDecision decision;
  decision.decision_id = pki::ParseUuid(record.decision_id()).value_or(pki::Bytes());
  decision.ca_id = identity.ca_id;
  if (request_id != 0) decision.request_id = request_id;
  decision.transaction_id = identity.transaction_id;
  decision.csr_sha256 = identity.csr_sha256;
  decision.decided_at = decided_at;
  decision.record = record.SerializeAsString();
  decision.is_failure = IsFailure(record);
  if (IsRefusal(record)) decision.refusal = RefusalOf(record);
  return decision;
}

}  // namespace engine::enrollment
