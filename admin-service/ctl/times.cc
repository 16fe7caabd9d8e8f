#include "ctl/times.h"

#include <google/protobuf/util/time_util.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "service/options.h"

namespace ctl {

namespace {

constexpr Time kEnd{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

tl::unexpected<result::Error> NoMoment(std::string_view text) {
  return result::Fail(result::Reason::kMalformed,
                      "'" + std::string(text) +
                          "' is no time: give a distance such as 12h or 30d, a date such as 2026-12-24, or an RFC 3339 "
                          "time such as 2026-12-24T10:00:00Z");
}

}  // namespace

Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return Time{std::chrono::seconds(timestamp.seconds())};
}

google::protobuf::Timestamp ToTimestamp(Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(time.time_since_epoch().count());
  return timestamp;
}

std::string FormatTime(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> buffer{};
  const int length =
      std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u %02d:%02d:%02dZ", int{date.year()},
                    unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string FormatDistance(Time time, Time now) {
  constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  const std::int64_t seconds = std::llabs((time - now).count());
  if (seconds < 2 * kMinute) return std::to_string(seconds) + "s";
  if (seconds < 2 * kHour) return std::to_string(seconds / kMinute) + "m";
  if (seconds < 2 * kDay) return std::to_string(seconds / kHour) + "h";
  return std::to_string(seconds / kDay) + "d";
}

std::string FormatAgo(Time time, Time now) {
  const std::string distance = FormatDistance(time, now);
  return time > now ? "in " + distance : distance + " ago";
}

result::Result<Time> ParseMoment(std::string_view text, Time now) {
  if (const auto distance = service::ParseDuration(text)) {
    if (*distance > kEnd - now) return NoMoment(text);
    return now + std::chrono::floor<std::chrono::seconds>(*distance);
  }
  constexpr std::size_t kDateLength = 10;
  std::string full(text);
  if (full.size() == kDateLength) full += "T00:00:00Z";
  google::protobuf::Timestamp timestamp;
  if (!google::protobuf::util::TimeUtil::FromString(full, &timestamp)) return NoMoment(text);
  const Time time = ToTime(timestamp);
  if (time < Time{} || time > kEnd) return NoMoment(text);
  return time;
}

result::Result<Time> ParsePastMoment(std::string_view text, Time now) {
  const auto distance = service::ParseDuration(text);
  if (!distance) return ParseMoment(text, now);
  if (*distance > now.time_since_epoch()) return NoMoment(text);
  return now - std::chrono::floor<std::chrono::seconds>(*distance);
}

result::Result<std::chrono::milliseconds> ParseTimeout(std::string_view text) {
  constexpr std::chrono::minutes kMax{10};
  const auto timeout = service::ParseDuration(text);
  if (!timeout || timeout->count() <= 0 || *timeout > kMax) {
    return result::Fail(result::Reason::kMalformed,
                        "--timeout takes a time up to 10m such as 10s, not '" + std::string(text) + "'");
  }
  return *timeout;
}

result::Result<std::chrono::milliseconds> ParseWatchInterval(std::string_view text) {
  const auto interval = service::ParseDuration(text);
  if (interval && *interval >= std::chrono::seconds(1) && *interval <= std::chrono::hours(1)) return *interval;
  return result::Fail(result::Reason::kMalformed,
                      "--watch-interval takes a time from 1s to 1h such as 2s, not '" + std::string(text) + "'");
}

result::Result<std::chrono::milliseconds> ParseWait(std::string_view text) {
  constexpr std::chrono::minutes kMax{10};
  const auto wait = service::ParseDuration(text);
  if (wait && wait->count() >= 0 && *wait <= kMax) return *wait;
  return result::Fail(result::Reason::kMalformed,
                      "--wait takes a time up to 10m such as 5s, not '" + std::string(text) + "'");
}

}  // namespace ctl
