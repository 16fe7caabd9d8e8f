#include "enrollment/challenge_alarm.h"

#include "service/log.h"
#include "service/metrics.h"

namespace engine::enrollment {

namespace {

service::Counter& CounterOf(ChallengeGuard::Alarm alarm) {
  return service::CounterFor("certifier_challenge_alarms_total", "Episodes of wrong or used-up pre-shared keys",
                             {{"cause", std::string(ToString(alarm))}});
}

}  // namespace

void CountWrongChallenge() {
  static auto& counter = service::CounterFor("certifier_challenge_failures_total",
                                             "Challenges whose pre-shared key vouched for nothing", {});
  counter.Add();
}

void CountDelayedChallenge() {
  static auto& counter = service::CounterFor("certifier_challenge_delayed_total",
                                             "Challenges that were not looked at because their source must wait", {});
  counter.Add();
}

void RaiseAlarms(const std::vector<ChallengeGuard::Alarm>& alarms, const Trace& trace) {
  for (const auto alarm : alarms) {
    CounterOf(alarm).Add();
    service::LogError("challenge_alarm", {{"cause", ToString(alarm)},
                                          {"ca", trace.ca},
                                          {"source", trace.source_address},
                                          {"reference_number", trace.reference_number},
                                          {"transaction_id", trace.transaction_id}});
  }
}

}  // namespace engine::enrollment
