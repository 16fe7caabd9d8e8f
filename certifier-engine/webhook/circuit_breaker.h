#ifndef CERTIFIER_ENGINE_WEBHOOK_CIRCUIT_BREAKER_H
#define CERTIFIER_ENGINE_WEBHOOK_CIRCUIT_BREAKER_H

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "clock.h"

namespace engine::webhook {

// CircuitBreaker spares a server, and who waits for it, the calls that would fail: after so many failures in a row it
// is not called for a while; then one call tries it, and another each such while, until one succeeds. Safe from any
// thread.
class CircuitBreaker {
 public:
  struct Settings {
    std::uint64_t failures = 5;  // At least 1.
    std::chrono::milliseconds pause = std::chrono::seconds(30);
  };
  CircuitBreaker(Settings settings, Clock clock) : settings_(settings), clock_(std::move(clock)) {}

  // MayCall tells whether `server` is called now. Callers bring names out of a list of their own, so there are no more.
  bool MayCall(const std::string& server);
  // Note tells what came of a call, and logs where that opens or closes the circuit.
  void Note(const std::string& server, bool has_failed);

 private:
  struct Circuit {
    std::uint64_t failures = 0;
    TimePoint open_until;
  };
  const Settings settings_;
  const Clock clock_;
  std::mutex mutex_;  // Guards the rest.
  std::map<std::string, Circuit> circuits_;
};

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_CIRCUIT_BREAKER_H
