#include "source_budget.h"

#include <algorithm>

#include "service/address.h"

namespace gateway {

double SourceBudget::Bucket::TokensAt(TimePoint now, std::uint64_t limit) const {
  const double most = static_cast<double>(limit);
  const std::chrono::duration<double, std::ratio<60>> minutes = std::max(now, at) - at;
  return std::min(most, tokens + most * minutes.count());
}

void SourceBudget::Bucket::Take(TimePoint now, std::uint64_t limit) {
  // Never far below nothing: what was under way when the last token went is not held against the next minute.
  tokens = std::max(0.0, TokensAt(now, limit) - 1);
  at = std::max(now, at);
}

SourceBudget::Verdict SourceBudget::CheckKey(const std::string& key, TimePoint now, bool is_innocent_free) const {
  const Bucket* const bucket = sources_.Find(key);
  if (settings_.per_source != 0 && bucket != nullptr && bucket->TokensAt(now, settings_.per_source) < 1) {
    return Verdict::kSourceSpent;
  }
  const bool is_innocent = bucket == nullptr || now - bucket->at >= std::chrono::minutes(1);
  if (is_innocent && is_innocent_free) return Verdict::kOk;
  if (settings_.in_all != 0 && all_.TokensAt(now, settings_.in_all) < 1) return Verdict::kAllSpent;
  return Verdict::kOk;
}

void SourceBudget::ChargeKey(const std::string& key, TimePoint now) {
  if (settings_.in_all != 0) all_.Take(now, settings_.in_all);
  if (settings_.per_source == 0 && settings_.in_all == 0) return;
  sources_.Touch(key, Bucket(settings_.per_source)).Take(now, settings_.per_source);
}

SourceBudget::Verdict SourceBudget::Check(const std::string& source, TimePoint now) const {
  const std::string key = service::SourceKey(source);
  const std::lock_guard lock(mutex_);
  return CheckKey(key, now, true);
}

void SourceBudget::Charge(const std::string& source, TimePoint now) {
  const std::string key = service::SourceKey(source);
  const std::lock_guard lock(mutex_);
  ChargeKey(key, now);
}

SourceBudget::Verdict SourceBudget::Take(const std::string& source, TimePoint now) {
  const std::string key = service::SourceKey(source);
  const std::lock_guard lock(mutex_);
  const Verdict verdict = CheckKey(key, now, false);
  if (verdict == Verdict::kOk) ChargeKey(key, now);
  return verdict;
}

std::size_t SourceBudget::sources() const {
  const std::lock_guard lock(mutex_);
  return sources_.size();
}

}  // namespace gateway
