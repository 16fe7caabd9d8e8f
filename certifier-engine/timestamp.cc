#include "timestamp.h"

namespace engine {

namespace {
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
// In 2262 the nanoseconds of a TimePoint end.
constexpr std::int64_t kLastSecond = 9'223'372'035;
}  // namespace

google::protobuf::Timestamp ToTimestamp(TimePoint time) {
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(nanos / kNanosPerSecond);
  timestamp.set_nanos(static_cast<std::int32_t>(nanos % kNanosPerSecond));
  return timestamp;
}

TimePoint FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() < 0 || timestamp.seconds() > kLastSecond) return {};
  if (timestamp.nanos() < 0 || timestamp.nanos() >= kNanosPerSecond) return {};
  return TimePoint(std::chrono::seconds(timestamp.seconds()) + std::chrono::nanoseconds(timestamp.nanos()));
}

}  // namespace engine
