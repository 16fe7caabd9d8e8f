#ifndef CERTIFIER_ADMIN_SERVICE_RPC_SOURCE_CALLS_H
#define CERTIFIER_ADMIN_SERVICE_RPC_SOURCE_CALLS_H

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace admin {

// SourceCalls counts what is in flight of each source, an IPv4 address or an IPv6 /64. Safe from any thread.
class SourceCalls {
 public:
  // Place is one call's; it ends with it. It may outlive the SourceCalls.
  using Place = std::shared_ptr<void>;

  // `most` calls of one source at once.
  explicit SourceCalls(std::size_t most) : state_(std::make_shared<State>()), most_(most) {}

  // Enter is a place for a call of `source`; null: it has as many as it may.
  Place Enter(const std::string& source);

 private:
  struct State {
    std::mutex mutex;                          // Guards the other.
    std::map<std::string, std::size_t> calls;  // By service::SourceKey.
  };
  const std::shared_ptr<State> state_;
  const std::size_t most_;
};

}  // namespace admin

#endif  // CERTIFIER_ADMIN_SERVICE_RPC_SOURCE_CALLS_H
