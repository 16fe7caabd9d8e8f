#include "webhook/connection_pool.h"

namespace engine::webhook {

result::Result<std::unique_ptr<HttpsConnection>> ConnectionPool::Take(const Endpoint& server) {
  const TimePoint now = clock_();
  std::deque<Idle> expired;  // Closed without the lock.
  {
    const std::lock_guard lock(mutex_);
    auto& idle = idle_[server.Authority()];
    if (!idle.empty() && now - idle.back().since <= kLongestIdle) {
      auto connection = std::move(idle.back().connection);
      idle.pop_back();
      return connection;
    }
    expired.swap(idle);
  }
  return HttpsConnection::Make(server, settings_);
}

void ConnectionPool::Keep(const Endpoint& server, std::unique_ptr<HttpsConnection> connection) {
  Idle unused = {std::move(connection), clock_()};
  Idle oldest;
  const std::lock_guard lock(mutex_);
  auto& idle = idle_[server.Authority()];
  if (idle.size() >= kMostIdle) {
    oldest = std::move(idle.front());
    idle.pop_front();
  }
  idle.push_back(std::move(unused));
}

}  // namespace engine::webhook
