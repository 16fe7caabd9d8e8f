#include "enrollment/key_check.h"

#include <algorithm>

namespace engine::enrollment {

std::optional<std::string_view> KeyFault(const std::optional<store::KeyRecord>& key, std::int64_t ca_id,
                                         const KeyTimes& times) {
  if (!key) return "key_unknown";
  if (key->ca_id != ca_id) return "key_of_another_ca";
  if (!key->entity.is_active) return "entity_inactive";
  if (key->is_disabled) return "key_disabled";
  if (times.now < key->not_before) return "key_not_yet_good";
  if (std::min(times.received_at, times.now) >= key->expires_at) return "key_expired";
  if (!HasUse(*key) && !key->is_reserved_for_requester) return kKeyUsedUp;
  return std::nullopt;
}

bool HasUse(const store::KeyRecord& key) {
  return std::uint64_t{key.use_count} + key.reserved_count < key.use_limit;
}

}  // namespace engine::enrollment
