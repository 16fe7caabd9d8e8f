#ifndef CERTIFIER_ENGINE_ENROLLMENT_STATE_H
#define CERTIFIER_ENGINE_ENROLLMENT_STATE_H

#include "store/types.h"

namespace engine::enrollment {

// Event is what can happen to a stored request.
enum class Event { kApprove, kIssue, kPostpone, kResume, kReject, kExpire };

// Next is the state after `event`. Conflict if that cannot happen in `state`. The database enforces the same by
// conditional updates; this is where the rule is written down.
result::Result<store::RequestState> Next(store::RequestState state, Event event);

// IsOpen tells whether the request waits for operators.
bool IsOpen(store::RequestState state);

// "pending", "issued" ...
std::string_view ToString(store::RequestState state);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_STATE_H
