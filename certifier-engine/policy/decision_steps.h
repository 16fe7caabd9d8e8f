#ifndef CERTIFIER_ENGINE_POLICY_DECISION_STEPS_H
#define CERTIFIER_ENGINE_POLICY_DECISION_STEPS_H

#include <vector>

#include "certifier/v1/decision.pb.h"
#include "policy/chain.h"

namespace engine::policy {

certifier::v1::Verdict ToProto(Verdict verdict);

// AddSteps appends what modules said to a decision record, in their order.
void AddSteps(const std::vector<Step>& steps, certifier::v1::DecisionRecord& record);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_DECISION_STEPS_H
