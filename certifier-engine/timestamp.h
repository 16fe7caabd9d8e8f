#ifndef CERTIFIER_ENGINE_TIMESTAMP_H
#define CERTIFIER_ENGINE_TIMESTAMP_H

#include <google/protobuf/timestamp.pb.h>

#include "clock.h"

namespace engine {

google::protobuf::Timestamp ToTimestamp(TimePoint time);
// FromTimestamp is the beginning of 1970 for what lies outside the years 1970 to 2262.
TimePoint FromTimestamp(const google::protobuf::Timestamp& timestamp);

}  // namespace engine

#endif  // CERTIFIER_ENGINE_TIMESTAMP_H
