#ifndef CERTIFIER_ENGINE_ENROLLMENT_KEY_CHECK_H
#define CERTIFIER_ENGINE_ENROLLMENT_KEY_CHECK_H

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/enrollment_store.h"

namespace engine::enrollment {

// KeyFault says why a key that was looked up vouches for nothing, for the log: unknown, another CA's, an inactive
// entity's, not yet good, expired or used up. Nothing: it is good for `ca_id` at `moment`. The device is told the same
// for each (requirements 6.6, row 7).
std::optional<std::string_view> KeyFault(const std::optional<store::KeyRecord>& key, std::int64_t ca_id,
                                         store::TimePoint moment);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_KEY_CHECK_H
