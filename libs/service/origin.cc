#include "service/origin.h"

#include <utility>

namespace service {

namespace {

// A handler runs on one thread from its beginning to its end.
thread_local Origin current_origin;

}  // namespace

OriginScope::OriginScope(Origin origin) : before_(std::exchange(current_origin, std::move(origin))) {}

OriginScope::~OriginScope() {
  current_origin = std::move(before_);
}

const Origin& CurrentOrigin() {
  return current_origin;
}

}  // namespace service
