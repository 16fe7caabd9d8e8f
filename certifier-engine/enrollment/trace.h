#ifndef CERTIFIER_ENGINE_ENROLLMENT_TRACE_H
#define CERTIFIER_ENGINE_ENROLLMENT_TRACE_H

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "enrollment/answer.h"

namespace engine::enrollment {

// Trace gathers what the one log line of a submit or a poll says. Never a challenge.
struct Trace {
  std::string_view operation;  // "submit" or "poll".
  std::string ca;
  std::string transaction_id;  // Printable.
  std::string source_address;
  std::string reason;
  std::string reference_number;
  std::int64_t request_id = 0;  // 0: none.
  std::string decision_id;      // Of the record that says why.
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

// WriteTrace logs event "enrollment" and counts the outcome.
void WriteTrace(const Trace& trace, const result::Result<Answer>& answer);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_TRACE_H
