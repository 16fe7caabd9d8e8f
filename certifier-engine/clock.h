#ifndef CERTIFIER_ENGINE_CLOCK_H
#define CERTIFIER_ENGINE_CLOCK_H

#include <chrono>
#include <functional>

namespace engine {

using TimePoint = std::chrono::system_clock::time_point;

// Clock tells the time; tests bring their own. Safe from any thread.
using Clock = std::function<TimePoint()>;

}  // namespace engine

#endif  // CERTIFIER_ENGINE_CLOCK_H
