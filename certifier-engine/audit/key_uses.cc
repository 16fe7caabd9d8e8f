#include "audit/key_uses.h"

#include <algorithm>

namespace engine::audit {

void KeyUses::Note(const store::CaKeyUse& use) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  auto [found, is_first] = counts_.try_emplace(use, Count{0, now, now});
  ++found->second.uses;
  found->second.until = now;
}

result::Result<std::size_t> KeyUses::Write() {
  std::map<store::CaKeyUse, Count> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(counts_);
  }
  if (taken.empty()) return std::size_t{0};
  std::vector<store::CaKeyUseCount> records;
  records.reserve(taken.size());
  for (const auto& [use, count] : taken) records.push_back({use, count.uses, count.since, count.until});
  const auto written = store_.RecordKeyUses(records);
  if (written) return records.size();
  const std::lock_guard lock(mutex_);
  for (const auto& [use, count] : taken) {
    auto& kept = counts_.try_emplace(use, Count{0, count.since, count.until}).first->second;
    kept.uses += count.uses;
    kept.since = std::min(kept.since, count.since);
    kept.until = std::max(kept.until, count.until);
  }
  return tl::unexpected<result::Error>(written.error());
}

}  // namespace engine::audit
