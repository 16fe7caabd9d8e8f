#ifndef CERTIFIER_ENGINE_STORE_TYPES_H
#define CERTIFIER_ENGINE_STORE_TYPES_H

#include <chrono>
#include <cstdint>

#include "pki/bytes.h"
#include "result/result.h"

// What the engine asks of its database, in its own words. Failures are kUnavailable (the database is away, or its pool
// or queue is full; nothing was recorded), kNotFound, kConflict and kInternal; no exception leaves an implementation.
namespace engine::store {

using TimePoint = std::chrono::system_clock::time_point;
using pki::Bytes;
template <class T>
using Result = result::Result<T>;

enum class RequestState { kPending, kPostponed, kApproved, kIssued, kRejected, kExpired };

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_TYPES_H
