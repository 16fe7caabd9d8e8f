#include "rpc/source_calls.h"

#include "service/address.h"

namespace admin {

SourceCalls::Place SourceCalls::Enter(const std::string& source) {
  const std::string key = service::SourceKey(source);
  {
    const std::lock_guard lock(state_->mutex);
    std::size_t& calls = state_->calls[key];
    if (calls >= most_) return nullptr;
    ++calls;
  }
  return {state_.get(), [state = state_, key](void*) {
            const std::lock_guard lock(state->mutex);
            const auto found = state->calls.find(key);
            if (--found->second == 0) state->calls.erase(found);
          }};
}

}  // namespace admin
