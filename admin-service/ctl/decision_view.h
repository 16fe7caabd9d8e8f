#ifndef CERTIFIER_CTL_DECISION_VIEW_H
#define CERTIFIER_CTL_DECISION_VIEW_H

#include "certifier/v1/decision.pb.h"
#include "ctl/output.h"

namespace ctl {

// ShowDecision prints a decision record for people: what came, what it was judged by, each module with what it saw and
// changed, and the outcome.
void ShowDecision(Output& output, const certifier::v1::DecisionRecord& decision);

}  // namespace ctl

#endif  // CERTIFIER_CTL_DECISION_VIEW_H
