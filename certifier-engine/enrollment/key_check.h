#ifndef CERTIFIER_ENGINE_ENROLLMENT_KEY_CHECK_H
#define CERTIFIER_ENGINE_ENROLLMENT_KEY_CHECK_H

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/enrollment_store.h"

namespace engine::enrollment {

inline constexpr std::string_view kKeyUsedUp = "key_used_up";

// Times of one judgement: when the gateway received the request, by its clock, and now, by ours.
struct KeyTimes {
  store::TimePoint received_at;
  store::TimePoint now;
};

// KeyFault says why a key that was looked up vouches for nothing, for the log: unknown, another CA's, an inactive
// entity's, disabled, not yet good, expired or used up, where what waits has its uses reserved; the one that the
// requester's own waiting request reserved stands for it. Nothing: it is good for `ca_id`. Whether it has expired is
// judged by when the request was received, so that a slow answer costs nobody a key, but not by a gateway's clock that
// is ahead of ours; whether it is good already by our clock, so that a gateway's that is behind refuses no key that was
// just made. The device is told the same for each (requirements 6.6, row 7).
std::optional<std::string_view> KeyFault(const std::optional<store::KeyRecord>& key, std::int64_t ca_id,
                                         const KeyTimes& times);

// HasUse tells whether a use of the key is neither consumed nor reserved.
bool HasUse(const store::KeyRecord& key);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_KEY_CHECK_H
