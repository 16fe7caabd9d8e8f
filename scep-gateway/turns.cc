#include "turns.h"

#include <mutex>
#include <unordered_map>

#include "service/address.h"

namespace gateway {

// State is shared with every turn, so that one can end on its own.
struct Turns::State {
  std::mutex mutex;  // Guards the two below.
  std::size_t in_all = 0;
  std::unordered_map<std::string, std::size_t> by_source;  // By service::SourceKey; none of 0, so `in_all` bounds it.

  void End(const std::string& key) {
    const std::lock_guard lock(mutex);
    --in_all;
    const auto found = by_source.find(key);
    if (--found->second == 0) by_source.erase(found);
  }
};

Turns::Turns(const Settings& settings) : settings_(settings), state_(std::make_shared<State>()) {}

Turns::Answer Turns::Take(const std::string& source) {
  const std::string key = service::SourceKey(source);
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->by_source.find(key);
    const std::size_t taken = found == state_->by_source.end() ? 0 : found->second;
    if (taken >= settings_.per_source) return {nullptr, Verdict::kSourceBusy};
    if (state_->in_all >= settings_.in_all) return {nullptr, Verdict::kAllBusy};
    ++state_->in_all;
    ++state_->by_source[key];
  }
  // A shared_ptr that cannot be made calls its deleter, so the turn is given back then too.
  return {Turn(this, [state = state_, key](const void*) { state->End(key); }), Verdict::kOk};
}

std::size_t Turns::sources() const {
  const std::lock_guard lock(state_->mutex);
  return state_->by_source.size();
}

}  // namespace gateway
