#include "failure_budget.h"

#include <algorithm>

#include "source_address.h"

namespace gateway {

namespace {

constexpr std::size_t kV6SiteOctets = 8;

// KeyOf is what is counted together. Text that is no address stands for itself.
std::string KeyOf(const std::string& source) {
  const auto address = ParseAddress(source);
  if (!address) return source;
  const std::size_t octets = source.find(':') == std::string::npos ? address->size() : kV6SiteOctets;
  return std::string(address->begin(), address->begin() + static_cast<std::ptrdiff_t>(octets));
}

}  // namespace

double FailureBudget::Bucket::TokensAt(TimePoint now, std::uint64_t limit) const {
  const double most = static_cast<double>(limit);
  const std::chrono::duration<double, std::ratio<60>> minutes = std::max(now, at) - at;
  return std::min(most, tokens + most * minutes.count());
}

void FailureBudget::Bucket::Take(TimePoint now, std::uint64_t limit) {
  // Never far below nothing: what was under way when the last token went is not held against the next minute.
  tokens = std::max(0.0, TokensAt(now, limit) - 1);
  at = std::max(now, at);
}

FailureBudget::Verdict FailureBudget::Check(const std::string& source, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (settings_.per_source != 0) {
    const auto found = sources_.find(KeyOf(source));
    if (found != sources_.end() && found->second->bucket.TokensAt(now, settings_.per_source) < 1) {
      return Verdict::kSourceSpent;
    }
  }
  if (settings_.in_all != 0 && all_.TokensAt(now, settings_.in_all) < 1) return Verdict::kAllSpent;
  return Verdict::kOk;
}

void FailureBudget::Charge(const std::string& source, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (settings_.in_all != 0) all_.Take(now, settings_.in_all);
  if (settings_.per_source == 0) return;
  std::string key = KeyOf(source);
  const auto found = sources_.find(key);
  if (found != sources_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
  } else {
    if (sources_.size() >= settings_.max_sources) {
      sources_.erase(recent_.back().key);
      recent_.pop_back();
    }
    recent_.push_front({key, Bucket(settings_.per_source)});
    sources_.emplace(std::move(key), recent_.begin());
  }
  recent_.front().bucket.Take(now, settings_.per_source);
}

std::size_t FailureBudget::sources() const {
  const std::lock_guard lock(mutex_);
  return sources_.size();
}

}  // namespace gateway
