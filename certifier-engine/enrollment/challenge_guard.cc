#include "enrollment/challenge_guard.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "service/address.h"

namespace engine::enrollment {

namespace {

using std::chrono::milliseconds;

// Wrong keys past the bound that are remembered: what waits for the longest delay is not held against the next day.
constexpr double kMostExcess = 32;

std::string CaKey(const ChallengeGuard::Attempt& attempt) {
  return std::to_string(attempt.ca_id);
}

std::string SourceKey(const ChallengeGuard::Attempt& attempt) {
  return CaKey(attempt) + "/" + service::SourceKey(std::string(attempt.source_address));
}

}  // namespace

ChallengeGuard::ChallengeGuard(const Settings& settings)
    : settings_(settings), sources_(settings.max_sources), cas_(settings.max_sources), used_up_(settings.max_sources) {}

double ChallengeGuard::WrongAt(const Count& count, std::uint64_t bound, TimePoint now) const {
  const std::chrono::duration<double> passed = std::max(now, count.at) - count.at;
  const std::chrono::duration<double> window = settings_.window;
  return std::max(0.0, count.wrong - static_cast<double>(bound) * (passed / window));
}

milliseconds ChallengeGuard::DelayPast(double excess) const {
  const double factor = std::exp2(std::ceil(excess) - 1);
  const double most = static_cast<double>(settings_.longest_delay.count());
  return milliseconds(std::llround(std::min(most, static_cast<double>(settings_.first_delay.count()) * factor)));
}

bool ChallengeGuard::Add(Count& count, std::uint64_t bound, TimePoint now) const {
  const double most = static_cast<double>(bound) + kMostExcess;
  const double before = WrongAt(count, bound, now);
  if (before <= 0) count.is_alarmed = false;
  count.wrong = std::min(most, before + 1);
  count.at = std::max(now, count.at);
  const double excess = count.wrong - static_cast<double>(bound);
  if (excess <= 0) return false;
  count.wait_until = now + DelayPast(excess);
  return !std::exchange(count.is_alarmed, true);
}

bool ChallengeGuard::NoteCa(const Attempt& attempt, TimePoint now, std::vector<Alarm>& alarms) {
  if (settings_.per_ca == 0) return false;
  Count& count = cas_.Touch(CaKey(attempt), {});
  if (Add(count, settings_.per_ca, now)) alarms.push_back(Alarm::kCa);
  return count.wrong > static_cast<double>(settings_.per_ca);
}

std::vector<ChallengeGuard::Alarm> ChallengeGuard::Note(const Attempt& attempt, TimePoint now) {
  std::vector<Alarm> alarms;
  const bool is_ca_past = NoteCa(attempt, now, alarms);
  if (settings_.per_source == 0 && !is_ca_past) return alarms;
  Count& count = sources_.Touch(SourceKey(attempt), {});
  if (settings_.per_source != 0 && Add(count, settings_.per_source, now)) alarms.push_back(Alarm::kSource);
  if (is_ca_past) count.wait_until = std::max(count.wait_until, now + settings_.ca_delay);
  return alarms;
}

milliseconds ChallengeGuard::DelayFor(const Attempt& attempt, TimePoint now) const {
  const std::string key = SourceKey(attempt);
  const std::lock_guard lock(mutex_);
  const Count* count = sources_.Find(key);
  if (count == nullptr || count->wait_until <= now) return milliseconds(0);
  // A clock that was set back must not make anybody wait for longer.
  return std::min(std::chrono::ceil<milliseconds>(count->wait_until - now), settings_.longest_delay);
}

std::vector<ChallengeGuard::Alarm> ChallengeGuard::NoteWrong(const Attempt& attempt, TimePoint now) {
  const std::lock_guard lock(mutex_);
  return Note(attempt, now);
}

std::vector<ChallengeGuard::Alarm> ChallengeGuard::NoteUsedUp(const Attempt& attempt,
                                                              const std::string& reference_number, TimePoint now) {
  const std::lock_guard lock(mutex_);
  auto alarms = Note(attempt, now);
  const TimePoint* before = used_up_.Find(reference_number);
  if (before == nullptr || now - *before >= settings_.window) alarms.push_back(Alarm::kUsedUpKey);
  used_up_.Touch(reference_number, now) = now;
  return alarms;
}

std::size_t ChallengeGuard::slowed(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  const auto bound = static_cast<double>(settings_.per_source);
  return static_cast<std::size_t>(std::count_if(sources_.begin(), sources_.end(), [&](const auto& source) {
    return source.second.wait_until > now || WrongAt(source.second, settings_.per_source, now) > bound;
  }));
}

std::string_view ToString(ChallengeGuard::Alarm alarm) {
  switch (alarm) {
    case ChallengeGuard::Alarm::kSource:
      return "source";
    case ChallengeGuard::Alarm::kCa:
      return "ca";
    case ChallengeGuard::Alarm::kUsedUpKey:
      return "used_up_key";
  }
  return "source";
}

result::Result<void> CheckDelay(std::chrono::milliseconds delay, std::string_view why) {
  if (delay.count() == 0) return {};
  return result::Fail(result::Reason::kUnavailable,
                      std::string(why) + ": try again in " +
                          std::to_string(std::chrono::ceil<std::chrono::seconds>(delay).count()) + " s");
}

}  // namespace engine::enrollment
