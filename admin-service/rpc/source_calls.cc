#include "rpc/source_calls.h"

namespace admin {

SourceCalls::Place SourceCalls::Enter(const std::string& source) {
  {
    const std::lock_guard lock(state_->mutex);
    std::size_t& calls = state_->calls[source];
    if (calls >= most_) return nullptr;
    ++calls;
  }
  return {state_.get(), [state = state_, source](void*) {
            const std::lock_guard lock(state->mutex);
            const auto found = state->calls.find(source);
            if (--found->second == 0) state->calls.erase(found);
          }};
}

}  // namespace admin
