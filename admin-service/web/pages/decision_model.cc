#include "web/pages/decision_model.h"

#include "ctl/decision_advice.h"

namespace web {

Model DecisionModel(const certifier::v1::DecisionRecord& decision) {
  Model model = ModelOf(decision);
  const ctl::DecisionAdvice advice = ctl::AdviceOn(decision);
  model["finding"] = advice.finding;
  // What to do about a request that waits is on its own page.
  model["advice"] = decision.outcome() == certifier::v1::DECISION_OUTCOME_PENDING ? "" : advice.advice;
  model["is_version"] = decision.policy_version() != 0;
  model["has_steps"] = decision.steps_size() > 0;
  return model;
}

Model DecisionModels(const certifier::v1::ExplainRequestResponse& answer) {
  Model decisions = Model::array();
  for (const auto& decision : answer.decisions()) decisions.push_back(DecisionModel(decision));
  return decisions;
}

}  // namespace web
