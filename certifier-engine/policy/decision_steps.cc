#include "policy/decision_steps.h"

#include <google/protobuf/util/time_util.h>

namespace engine::policy {

certifier::v1::Verdict ToProto(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return certifier::v1::VERDICT_PASS;
    case Verdict::kAccept:
      return certifier::v1::VERDICT_ACCEPT;
    case Verdict::kHold:
      return certifier::v1::VERDICT_HOLD;
    case Verdict::kDeny:
      return certifier::v1::VERDICT_DENY;
  }
  return certifier::v1::VERDICT_DENY;
}

void AddSteps(const std::vector<Step>& steps, certifier::v1::DecisionRecord& record) {
  for (const Step& step : steps) {
    auto& added = *record.add_steps();
    added.set_chain(std::string(step.chain));
    added.set_position(step.position);
    added.set_module(std::string(step.module));
    added.set_verdict(ToProto(step.verdict));
    added.set_saw(step.saw);
    for (const auto& change : step.changes) added.add_changes(change);
    *added.mutable_took() = google::protobuf::util::TimeUtil::NanosecondsToDuration(step.duration.count());
  }
}

}  // namespace engine::policy
