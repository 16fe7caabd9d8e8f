#include "enrollment/trace.h"

#include <array>

#include "service/log.h"
#include "service/metrics.h"

namespace engine::enrollment {

namespace {

enum class Outcome { kIssued, kPending, kRejected, kFailed, kDelayed };

constexpr std::array kOutcomeNames = {"issued", "pending", "rejected", "failed", "delayed"};

Outcome OutcomeOf(const result::Result<Answer>& answer) {
  if (!answer) return Outcome::kFailed;
  if (std::holds_alternative<Issued>(*answer)) return Outcome::kIssued;
  if (std::holds_alternative<Delayed>(*answer)) return Outcome::kDelayed;
  return std::holds_alternative<Pending>(*answer) ? Outcome::kPending : Outcome::kRejected;
}

// Instruments are looked up once; the hot path keeps the handles.
struct Instruments {
  std::array<service::Counter*, kOutcomeNames.size()> outcomes;
  service::Histogram* seconds;
};

Instruments InstrumentsFor(const std::string& operation) {
  Instruments instruments;
  for (std::size_t i = 0; i < kOutcomeNames.size(); ++i) {
    instruments.outcomes[i] =
        &service::CounterFor("certifier_enrollments_total", "Submits, polls and retrievals answered",
                             {{"operation", operation}, {"outcome", kOutcomeNames[i]}});
  }
  instruments.seconds =
      &service::HistogramFor("certifier_enrollment_seconds", "Time from arrival to answer", {{"operation", operation}});
  return instruments;
}

const Instruments& InstrumentsOf(std::string_view operation) {
  static const Instruments kSubmit = InstrumentsFor("submit");
  static const Instruments kPoll = InstrumentsFor("poll");
  static const Instruments kRetrieve = InstrumentsFor("retrieve");
  if (operation == "submit") return kSubmit;
  return operation == "poll" ? kPoll : kRetrieve;
}

}  // namespace

void WriteTrace(const Trace& trace, const result::Result<Answer>& answer) {
  const auto outcome = static_cast<std::size_t>(OutcomeOf(answer));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - trace.begun;
  const Instruments& instruments = InstrumentsOf(trace.operation);
  instruments.outcomes[outcome]->Add();
  instruments.seconds->Observe(seconds.count());
  const std::string failure =
      answer ? trace.reason : std::string(result::ToString(answer.error().reason)) + ": " + answer.error().detail;
  service::Log(answer ? service::LogLevel::kInfo : service::LogLevel::kWarning, "enrollment",
               {{"operation", trace.operation},
                {"ca", trace.ca},
                {"transaction_id", trace.transaction_id},
                {"outcome", kOutcomeNames[outcome]},
                {"reason", failure},
                {"reference_number", trace.reference_number},
                {"request_id", trace.request_id},
                {"decision_id", trace.decision_id},
                {"source", trace.source_address},
                {"duration_ms", seconds.count() * 1000}});
}

}  // namespace engine::enrollment
