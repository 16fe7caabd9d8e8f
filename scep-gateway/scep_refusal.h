#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_REFUSAL_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_REFUSAL_H

#include <string>

#include "engine_client.h"
#include "result/result.h"
#include "scep_answer.h"
#include "source_budget.h"
#include "turns.h"

// The answers that are no CertRep. `reason` is for the log, and never sent.
namespace gateway {

ScepAnswer WithoutCertRep(int status, ScepOutcome outcome, std::string reason);
ScepAnswer Refused(int status, std::string reason);
// Unavailable is 503: a CertRep FAILURE is final for every known client, a 503 is tried again (requirements A-02).
ScepAnswer Unavailable(std::string reason);
// Disabled is the answer while administrators have the SCEP service disabled: devices shall come back.
ScepAnswer Disabled();
// OverBudget is the answer, counted, to a source of `of` that is over, or that comes while all together are.
ScepAnswer OverBudget(const std::string& of, SourceBudget::Verdict verdict);
// OverCrlReplies is the same for turns of GetCRL.
ScepAnswer OverCrlReplies(Turns::Verdict verdict);
// PutOff is for what the engine wants to be asked for later.
ScepAnswer PutOff(const Delayed& delayed);
// AnswerWithoutContext is for a message that no CertRep can answer: 400, or 503 where it was our key that failed.
ScepAnswer AnswerWithoutContext(const result::Error& error);

// Describe is an error in the words of the log.
std::string Describe(const result::Error& error);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_REFUSAL_H
