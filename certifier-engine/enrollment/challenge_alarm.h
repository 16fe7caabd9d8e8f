#ifndef CERTIFIER_ENGINE_ENROLLMENT_CHALLENGE_ALARM_H
#define CERTIFIER_ENGINE_ENROLLMENT_CHALLENGE_ALARM_H

#include "enrollment/challenge_guard.h"
#include "enrollment/trace.h"

namespace engine::enrollment {

// CountWrongChallenge and CountDelayedChallenge are the metrics of what a ChallengeGuard counts and holds back.
void CountWrongChallenge();
void CountDelayedChallenge();

// RaiseAlarms logs each as event "challenge_alarm", at level error, and counts it. Of the challenge it says nothing but
// the reference number of its key.
void RaiseAlarms(const std::vector<ChallengeGuard::Alarm>& alarms, const Trace& trace);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_CHALLENGE_ALARM_H
