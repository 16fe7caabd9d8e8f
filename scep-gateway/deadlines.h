#ifndef CERTIFIER_SCEP_GATEWAY_DEADLINES_H
#define CERTIFIER_SCEP_GATEWAY_DEADLINES_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace gateway {

// Deadlines keeps at most one point in time for each id and knows the earliest. Confined to one thread.
class Deadlines {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Set replaces the deadline of `id`.
  void Set(std::uint64_t id, TimePoint when) {
    Clear(id);
    by_id_.emplace(id, when);
    by_time_.emplace(when, id);
  }
  void Clear(std::uint64_t id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    by_time_.erase({found->second, id});
    by_id_.erase(found);
  }
  bool Has(std::uint64_t id) const { return by_id_.contains(id); }
  // The earliest deadline and whose it is.
  std::optional<std::pair<TimePoint, std::uint64_t>> earliest() const {
    if (by_time_.empty()) return std::nullopt;
    return *by_time_.begin();
  }

 private:
  std::unordered_map<std::uint64_t, TimePoint> by_id_;
  std::set<std::pair<TimePoint, std::uint64_t>> by_time_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_DEADLINES_H
