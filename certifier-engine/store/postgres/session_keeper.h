#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_SESSION_KEEPER_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_SESSION_KEEPER_H

#include <chrono>
#include <memory>
#include <vector>

#include "store/postgres/session.h"

namespace engine::store {

// SessionKeeper holds one thread's session and replaces it after it broke.
class SessionKeeper {
 public:
  SessionKeeper(const PostgresSettings& settings, std::vector<Statement> statements)
      : settings_(settings), statements_(std::move(statements)) {}

  // Get is the open session. Unavailable if there is none and none can be opened now; after a failed attempt the next
  // one waits for kRetryAfter, so that callers are answered at once meanwhile.
  result::Result<Session*> Get();

 private:
  static constexpr std::chrono::milliseconds kRetryAfter{200};
  const PostgresSettings settings_;
  const std::vector<Statement> statements_;
  std::unique_ptr<Session> session_;
  std::chrono::steady_clock::time_point retry_at_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_SESSION_KEEPER_H
