#ifndef CERTIFIER_ENGINE_ENROLLMENT_DECISION_RECORD_H
#define CERTIFIER_ENGINE_ENROLLMENT_DECISION_RECORD_H

#include <chrono>
#include <string>
#include <vector>

#include "certifier/v1/decision.pb.h"
#include "clock.h"
#include "enrollment/answer.h"
#include "pki/certificate_request.h"
#include "policy/chain.h"
#include "store/decision_store.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// Basis is what a decision stood on, as far as it got.
struct Basis {
  certifier::v1::Classification classification = certifier::v1::CLASSIFICATION_UNREADABLE;
  std::string reference_number;  // Of the key that was brought, if it is one of ours.
  std::string entity;
  std::string policy;
  std::uint32_t policy_version = 0;
  std::vector<policy::Step> steps;
  std::int64_t request_id = 0;  // Of the row that answers; 0: none does.
};

// Summarise writes what a PKCS#10 asks for. Text is cut at 1000 octets, names after the first 32.
void Summarise(const pki::CertificateRequest& request, certifier::v1::MessageSummary& message);

// Explain writes what a decision stood on.
void Explain(const Basis& basis, certifier::v1::DecisionRecord& record);

// OutcomeOf is what the record says of an answer.
certifier::v1::DecisionOutcome OutcomeOf(const Answer& answer);

// Conclusion is the end of a record.
struct Conclusion {
  certifier::v1::DecisionOutcome outcome = certifier::v1::DECISION_OUTCOME_UNSPECIFIED;
  std::string reason;
  TimePoint decided_at;  // By the engine's clock.
  std::chrono::nanoseconds took{0};
};
// Conclude completes the record, and gives it the id that the same message with the same outcome for the same reason
// has on that day (UTC): a UUID (RFC 9562, version 8) of the digest of all that.
void Conclude(const store::RequestIdentity& identity, const Conclusion& conclusion,
              certifier::v1::DecisionRecord& record);

// ToJournal is a completed record as the journal takes it.
store::NewDecision ToJournal(const store::RequestIdentity& identity, std::int64_t request_id, TimePoint decided_at,
                             const certifier::v1::DecisionRecord& record);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_DECISION_RECORD_H
