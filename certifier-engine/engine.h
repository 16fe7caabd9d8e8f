#ifndef CERTIFIER_ENGINE_ENGINE_H
#define CERTIFIER_ENGINE_ENGINE_H

#include <chrono>
#include <memory>

#include "config.h"
#include "result/result.h"

namespace engine {

// Engine is one running engine: everything between the command line and the database, built in the order of its
// dependencies.
class Engine {
 public:
  // Start listens and serves. The database may be away: the engine is then not ready, and keeps trying. Fails for a bad
  // key-encryption key or TLS files and for an address that is taken.
  static result::Result<std::unique_ptr<Engine>> Start(const Config& config);
  // Stops if Stop was not called.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  int grpc_port() const;
  int health_port() const;
  // Missing names what keeps the engine from its work, a line each; empty: ready.
  std::string Missing() const;
  // Requests that wait for a worker.
  std::size_t queued_requests() const;

  // Requests that wait to ask a webhook.
  std::size_t queued_webhooks() const;

  // Sources that must wait with their challenges.
  std::size_t slowed_sources() const;
  // Sources that tried too many wrong passwords.
  std::size_t slowed_logins() const;

  // Stop drains: not ready, streams ended, no new calls, those in flight finished within the drain timeout.
  void Stop();

 private:
  struct Parts;
  explicit Engine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace engine

#endif  // CERTIFIER_ENGINE_ENGINE_H
