#ifndef CERTIFIER_ENGINE_ENROLLMENT_LATELY_WRONG_H
#define CERTIFIER_ENGINE_ENROLLMENT_LATELY_WRONG_H

#include <algorithm>
#include <cstddef>
#include <deque>
#include <mutex>

#include "pki/bytes.h"

namespace engine::enrollment {

// LatelyWrong remembers the digests of what was wrong lately, of everybody together: what comes again is no further
// guess. What was wrong longest ago makes room. Safe from any thread.
class LatelyWrong {
 public:
  static constexpr std::size_t kRemembered = 256;

  // IsNew remembers `digest`; false where it was remembered already.
  bool IsNew(const pki::Bytes& digest) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(digests_, digest) != digests_.end()) return false;
    digests_.push_back(digest);
    if (digests_.size() > kRemembered) digests_.pop_front();
    return true;
  }

 private:
  std::mutex mutex_;                // Guards the other.
  std::deque<pki::Bytes> digests_;  // The oldest first.
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_LATELY_WRONG_H
