#ifndef CERTIFIER_SERVICE_HEALTH_H
#define CERTIFIER_SERVICE_HEALTH_H

#include <functional>
#include <memory>
#include <string>

#include "result/result.h"

namespace service {

// HealthServer answers GET /healthz (200 while the process runs), /readyz (200, or 503 with what is missing, a line
// each) and /metrics in plain HTTP on a port of its own, which is never the public one.
class HealthServer {
 public:
  // `missing` names what keeps the service from its work, a line each; empty: ready. Called from the server's thread.
  HealthServer(std::string listen, std::function<std::string()> missing);
  ~HealthServer();
  // Unavailable with the address in the detail if it is taken.
  result::Result<void> Start();
  int port() const;
  // Drain turns /readyz to 503 for good.
  void Drain();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_HEALTH_H
