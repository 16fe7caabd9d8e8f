#ifndef CERTIFIER_ADMIN_SERVICE_CTL_TIMES_H
#define CERTIFIER_ADMIN_SERVICE_CTL_TIMES_H

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <string>
#include <string_view>

#include "result/result.h"

namespace ctl {

using Time = std::chrono::sys_seconds;

// ToTime drops what is below a second.
Time ToTime(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToTimestamp(Time time);

// FormatTime writes UTC for people: "2026-11-24 02:10:00Z".
std::string FormatTime(Time time);
// FormatDistance is how far `time` lies from `now`, in the largest unit that says enough: "12s", "5m", "3h", "12d".
std::string FormatDistance(Time time, Time now);
// FormatAgo adds the direction: "5m ago", "in 12d".
std::string FormatAgo(Time time, Time now);

// ParseMoment reads a distance from `now` ("30d", "12h"), a UTC date ("2026-12-24", its midnight) or an RFC 3339 time
// ("2026-12-24T10:00:00Z", "2026-12-24T10:00:00+02:00"). Malformed for anything else, and for years outside 1970-9999.
result::Result<Time> ParseMoment(std::string_view text, Time now);
// ParsePastMoment is ParseMoment, but a distance lies before `now`.
result::Result<Time> ParsePastMoment(std::string_view text, Time now);

// ParseTimeout reads what --timeout takes, up to 10m. Malformed.
result::Result<std::chrono::milliseconds> ParseTimeout(std::string_view text);
// ParseWatchInterval reads what --watch-interval takes, from 1s to 1h. Malformed.
result::Result<std::chrono::milliseconds> ParseWatchInterval(std::string_view text);
// ParseWait reads what --wait takes, from none to 10m. Malformed.
result::Result<std::chrono::milliseconds> ParseWait(std::string_view text);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_TIMES_H
