#include "webhook/circuit_breaker.h"

#include "service/log.h"

namespace engine::webhook {

bool CircuitBreaker::MayCall(const std::string& server) {
  const TimePoint now = clock_();
  const std::lock_guard lock(mutex_);
  Circuit& circuit = circuits_[server];
  if (circuit.failures < settings_.failures) return true;
  // A clock that was set back does not keep it open.
  const bool is_open = circuit.open_until > now && circuit.open_until <= now + settings_.pause;
  if (is_open) return false;
  circuit.open_until = now + settings_.pause;
  return true;
}

void CircuitBreaker::Note(const std::string& server, bool has_failed) {
  const TimePoint now = clock_();
  const std::lock_guard lock(mutex_);
  Circuit& circuit = circuits_[server];
  const bool was_open = circuit.failures >= settings_.failures;
  if (!has_failed) {
    circuit.failures = 0;
    if (was_open) service::LogInfo("webhook_circuit_closed", {{"server", server}});
    return;
  }
  circuit.failures++;
  if (circuit.failures < settings_.failures) return;
  circuit.open_until = now + settings_.pause;
  if (!was_open) service::LogError("webhook_circuit_opened", {{"server", server}});
}

}  // namespace engine::webhook
