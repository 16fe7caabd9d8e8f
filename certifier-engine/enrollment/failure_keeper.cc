#include "enrollment/failure_keeper.h"

#include "certifier/v1/decision.pb.h"
#include "enrollment/answer.h"
#include "enrollment/transaction_id.h"
#include "pki/uuid.h"
#include "policy/text.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

constexpr std::size_t kMostReasonOctets = 1000;
constexpr std::size_t kMostNameOctets = 64;  // Of an algorithm or an address.

certifier::v1::DecisionRecord RecordOf(const GatewayFailure& failure, std::string_view ca, TimePoint now) {
  certifier::v1::DecisionRecord record;
  record.set_decision_id(std::string(failure.decision_id));
  *record.mutable_decided_at() = ToTimestamp(now);
  record.set_classification(certifier::v1::CLASSIFICATION_UNREADABLE);
  record.set_outcome(certifier::v1::DECISION_OUTCOME_REJECTED);
  record.set_reason("gateway: " + policy::Excerpt(failure.reason, kMostReasonOctets));
  record.set_engine_version(CERTIFIER_VERSION);
  auto& message = *record.mutable_message();
  message.set_ca(std::string(ca));
  message.set_transaction_id(PrintableTransactionId(failure.transaction_id));
  message.set_message_type(failure.message_type);
  message.set_source_address(policy::Excerpt(failure.source_address, kMostNameOctets));
  message.set_digest_algorithm(policy::Excerpt(failure.digest_algorithm, kMostNameOctets));
  message.set_content_encryption_algorithm(policy::Excerpt(failure.content_encryption_algorithm, kMostNameOctets));
  *message.mutable_received_at() = ToTimestamp(failure.received_at);
  return record;
}

}  // namespace

result::Result<void> FailureKeeper::Keep(const GatewayFailure& failure) const {
  ASSIGN_OR_RETURN(auto decision_id, pki::ParseUuid(failure.decision_id));
  if (failure.transaction_id.size() > kMostTransactionIdOctets) {
    return result::Fail(result::Reason::kMalformed, "a transactionID has at most 255 octets");
  }
  const auto ca = directory_.snapshot()->FindCa(failure.ca);
  if (!ca) return UnknownCa();
  store::NewDecision decision;
  decision.decision_id = std::move(decision_id);
  decision.ca_id = ca->ca_id;
  decision.transaction_id = pki::Bytes(failure.transaction_id);
  decision.decided_at = clock_();
  decision.record = RecordOf(failure, ca->name, decision.decided_at).SerializeAsString();
  decision.is_failure = true;
  if (!journal_.Note(std::move(decision))) {
    return result::Fail(result::Reason::kUnavailable, "too many decisions wait to be written");
  }
  return {};
}

}  // namespace engine::enrollment
