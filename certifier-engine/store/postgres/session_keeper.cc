#include "store/postgres/session_keeper.h"

namespace engine::store {

result::Result<Session*> SessionKeeper::Get() {
  if (session_ && !session_->is_broken()) return session_.get();
  session_.reset();
  const auto now = std::chrono::steady_clock::now();
  if (now < retry_at_) return result::Fail(result::Reason::kUnavailable, "the database is away");
  auto opened = Session::Open(settings_, statements_);
  if (!opened) {
    retry_at_ = std::chrono::steady_clock::now() + kRetryAfter;
    return tl::unexpected(std::move(opened).error());
  }
  session_ = *std::move(opened);
  return session_.get();
}

}  // namespace engine::store
