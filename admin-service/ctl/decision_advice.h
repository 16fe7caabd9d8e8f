#ifndef CERTIFIER_CTL_DECISION_ADVICE_H
#define CERTIFIER_CTL_DECISION_ADVICE_H

#include <string>

#include "certifier/v1/decision.pb.h"

namespace ctl {

// DecisionAdvice is a decision in plain words, and what to do about it; `advice` is empty where nothing is to be done.
struct DecisionAdvice {
  std::string finding;
  std::string advice;
};

// AdviceOn reads the reason of a decision: the name of a check, a module of a chain, or a gateway's word. One that it
// does not know it repeats as it stands. The words may hold what a device sent: print them through Table.
DecisionAdvice AdviceOn(const certifier::v1::DecisionRecord& decision);

}  // namespace ctl

#endif  // CERTIFIER_CTL_DECISION_ADVICE_H
