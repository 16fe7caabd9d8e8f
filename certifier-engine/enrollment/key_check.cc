#include "enrollment/key_check.h"

namespace engine::enrollment {

std::optional<std::string_view> KeyFault(const std::optional<store::KeyRecord>& key, std::int64_t ca_id,
                                         store::TimePoint moment) {
  if (!key) return "key_unknown";
  if (key->ca_id != ca_id) return "key_of_another_ca";
  if (!key->is_entity_active) return "entity_inactive";
  if (moment < key->not_before) return "key_not_yet_good";
  if (moment >= key->expires_at) return "key_expired";
  if (key->use_count >= key->use_limit) return "key_used_up";
  return std::nullopt;
}

}  // namespace engine::enrollment
