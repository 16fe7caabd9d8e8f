#ifndef CERTIFIER_SCEP_GATEWAY_SOURCE_BUDGET_H
#define CERTIFIER_SCEP_GATEWAY_SOURCE_BUDGET_H

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "service/recent_map.h"

namespace gateway {

// SourceBudget bounds how often something happens within a minute, from one source and from all together (requirements
// S-05, S-22). Each time costs a token; tokens come back evenly. A source is an IPv4 address or an IPv6 /64. Each
// gateway counts for itself. Safe from any thread.
class SourceBudget {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Settings {
    std::uint64_t per_source = 0;     // Times a minute, and at once; 0: any number.
    std::uint64_t in_all = 0;         // The same over all sources; how it is spent is up to Check or Take.
    std::size_t max_sources = 65536;  // Remembered; past it the one that was charged longest ago is forgotten.
  };

  explicit SourceBudget(const Settings& settings)
      : settings_(settings), all_(settings.in_all), sources_(settings.max_sources) {}

  enum class Verdict { kOk, kSourceSpent, kAllSpent };
  // Check says whether `source` has a token left, for what was charged after it happened. It costs nothing. That all
  // have none is held against those alone who were charged: a crowd of strangers shuts nobody else out.
  Verdict Check(const std::string& source, TimePoint now) const;
  // Charge takes a token of what happened, whether one is left or not.
  void Charge(const std::string& source, TimePoint now);
  // Take charges `source` where Check is kOk, and takes nothing where it is not.
  Verdict Take(const std::string& source, TimePoint now);
  std::size_t sources() const;

 private:
  // Bucket holds tokens as they were at `at`.
  struct Bucket {
    explicit Bucket(std::uint64_t limit) : tokens(static_cast<double>(limit)) {}
    double tokens;
    TimePoint at{};
    double TokensAt(TimePoint now, std::uint64_t limit) const;
    void Take(TimePoint now, std::uint64_t limit);
  };
  // Both under the lock, by service::SourceKey.
  Verdict CheckKey(const std::string& key, TimePoint now, bool is_innocent_free) const;
  void ChargeKey(const std::string& key, TimePoint now);

  const Settings settings_;
  mutable std::mutex mutex_;  // Guards the two below.
  Bucket all_;
  service::RecentMap<Bucket> sources_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SOURCE_BUDGET_H
