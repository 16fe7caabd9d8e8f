#ifndef CERTIFIER_SCEP_GATEWAY_FAILURE_BUDGET_H
#define CERTIFIER_SCEP_GATEWAY_FAILURE_BUDGET_H

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gateway {

// FailureBudget bounds how often PKIOperations may fail, from one source and from all together (requirements S-05,
// S-22): an attack on the decryption needs ten thousand failures at least, guessing a challenge more, and a device that
// works needs none. Each failure costs a token; tokens come back evenly. A source is an IPv4 address or an IPv6 /64.
// Each gateway counts for itself. Safe from any thread.
class FailureBudget {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Settings {
    std::uint64_t per_source = 60;    // Failures a minute, and at once; 0: any number.
    std::uint64_t in_all = 6000;      // The same over all sources.
    std::size_t max_sources = 65536;  // Remembered; past it the one that failed longest ago is forgotten.
  };

  explicit FailureBudget(const Settings& settings) : settings_(settings), all_(settings.in_all) {}

  enum class Verdict { kOk, kSourceSpent, kAllSpent };
  // Check says whether `source` may try. It costs nothing.
  Verdict Check(const std::string& source, TimePoint now);
  // Charge takes the token of a failure.
  void Charge(const std::string& source, TimePoint now);
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
  struct Source {
    std::string key;
    Bucket bucket;
  };

  const Settings settings_;
  mutable std::mutex mutex_;  // Guards all below.
  Bucket all_;
  std::list<Source> recent_;  // The one that failed last is at the front.
  std::unordered_map<std::string, std::list<Source>::iterator> sources_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_FAILURE_BUDGET_H
