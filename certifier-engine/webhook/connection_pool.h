#ifndef CERTIFIER_ENGINE_WEBHOOK_CONNECTION_POOL_H
#define CERTIFIER_ENGINE_WEBHOOK_CONNECTION_POOL_H

#include <deque>
#include <map>
#include <mutex>

#include "clock.h"
#include "webhook/https_connection.h"

namespace engine::webhook {

// ConnectionPool keeps connections that nobody uses, so that the next question pays for no handshake. Safe from any
// thread.
class ConnectionPool {
 public:
  // Of each server; and how long one is kept, since a server closes it some day and may not say so.
  static constexpr std::size_t kMostIdle = 8;
  static constexpr std::chrono::seconds kLongestIdle{30};

  ConnectionPool(HttpsConnection::Settings settings, Clock clock)
      : settings_(std::move(settings)), clock_(std::move(clock)) {}

  // Take is a kept connection to `server`, the one last used, or a new one; fails as HttpsConnection::Make does.
  result::Result<std::unique_ptr<HttpsConnection>> Take(const Endpoint& server);
  // Keep takes back what answered.
  void Keep(const Endpoint& server, std::unique_ptr<HttpsConnection> connection);

 private:
  struct Idle {
    std::unique_ptr<HttpsConnection> connection;
    TimePoint since;
  };
  const HttpsConnection::Settings settings_;
  const Clock clock_;
  std::mutex mutex_;                              // Guards the rest.
  std::map<std::string, std::deque<Idle>> idle_;  // By authority; the one last used is the last.
};

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_CONNECTION_POOL_H
