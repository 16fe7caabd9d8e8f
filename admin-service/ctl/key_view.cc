#include "ctl/key_view.h"

namespace ctl {

std::string KeyStatus(const certifier::v1::PreSharedKey& key, Time now) {
  if (key.has_disabled_at()) return "disabled";
  if (ToTime(key.expires_at()) <= now) return "expired";
  if (key.use_count() >= key.use_limit()) return "used up";
  if (key.use_count() + key.reserved_count() >= key.use_limit()) return "reserved";
  return ToTime(key.not_before()) > now ? "not yet good" : "good";
}

}  // namespace ctl
