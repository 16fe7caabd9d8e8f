#include "scep_refusal.h"

#include "service/metrics.h"

namespace gateway {

using result::Reason;

// Somebody switches it on again: not within seconds.
constexpr std::chrono::seconds kDisabledRetryAfter{300};

ScepAnswer WithoutCertRep(int status, ScepOutcome outcome, std::string reason) {
  ScepAnswer answer;
  answer.response = StatusResponse(status);
  answer.outcome = outcome;
  answer.reason = std::move(reason);
  return answer;
}

ScepAnswer Refused(int status, std::string reason) {
  return WithoutCertRep(status, ScepOutcome::kRefused, std::move(reason));
}

ScepAnswer Unavailable(std::string reason) {
  return WithoutCertRep(503, ScepOutcome::kUnavailable, std::move(reason));
}

ScepAnswer Disabled() {
  ScepAnswer answer = Unavailable("the SCEP service is disabled");
  answer.response.retry_after = kDisabledRetryAfter;
  return answer;
}

ScepAnswer OverBudget(const std::string& of, SourceBudget::Verdict verdict) {
  const bool is_source = verdict == SourceBudget::Verdict::kSourceSpent;
  service::CounterFor("certifier_scep_over_budget_total",
                      "PKIOperations that were answered 429 because a budget was spent.",
                      {{"of", of}, {"budget", is_source ? "source" : "all"}})
      .Add();
  return Refused(429, "too many " + of + (is_source ? " of this source" : " of all sources"));
}

ScepAnswer OverCrlReplies(Turns::Verdict verdict) {
  const auto counter = [](const char* budget) -> service::Counter& {
    return service::CounterFor("certifier_scep_crl_turned_away_total",
                               "GetCRLs that were answered 503 because as many replies were made or sent as may be.",
                               {{"budget", budget}});
  };
  static auto& source = counter("source");
  static auto& all = counter("all");
  const bool is_source = verdict == Turns::Verdict::kSourceBusy;
  (is_source ? source : all).Add();
  return Unavailable(is_source ? "too many GetCRLs of this source" : "too many GetCRLs");
}

// To FAIL would be final for a device that has the right key behind the same address as one that has not.
ScepAnswer PutOff(const Delayed& delayed) {
  ScepAnswer answer = Refused(429, "engine: too many wrong challenges of this source");
  answer.response.retry_after = delayed.retry_after;
  return answer;
}

std::string Describe(const result::Error& error) {
  return std::string(result::ToString(error.reason)) + ": " + error.detail;
}

ScepAnswer AnswerWithoutContext(const result::Error& error) {
  const bool is_ours = error.reason == Reason::kUnavailable || error.reason == Reason::kInternal;
  return is_ours ? Unavailable(Describe(error)) : Refused(400, Describe(error));
}

}  // namespace gateway
