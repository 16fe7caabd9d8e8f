#include "enrollment/state.h"

#include <optional>

namespace engine::enrollment {

namespace {

using store::RequestState;

std::optional<RequestState> FromPending(Event event) {
  switch (event) {
    case Event::kApprove:
      return RequestState::kApproved;
    case Event::kIssue:
      return RequestState::kIssued;
    case Event::kPostpone:
      return RequestState::kPostponed;
    case Event::kReject:
      return RequestState::kRejected;
    case Event::kExpire:
      return RequestState::kExpired;
    case Event::kResume:
      break;
  }
  return std::nullopt;
}

std::optional<RequestState> FromPostponed(Event event) {
  switch (event) {
    case Event::kApprove:
      return RequestState::kApproved;
    case Event::kIssue:
      return RequestState::kIssued;
    case Event::kResume:
      return RequestState::kPending;
    case Event::kReject:
      return RequestState::kRejected;
    case Event::kExpire:
      return RequestState::kExpired;
    case Event::kPostpone:
      break;
  }
  return std::nullopt;
}

std::optional<RequestState> FromApproved(Event event) {
  if (event == Event::kIssue) return RequestState::kIssued;
  return std::nullopt;
}

std::optional<RequestState> Follow(RequestState state, Event event) {
  switch (state) {
    case RequestState::kPending:
      return FromPending(event);
    case RequestState::kPostponed:
      return FromPostponed(event);
    case RequestState::kApproved:
      return FromApproved(event);
    case RequestState::kIssued:
    case RequestState::kRejected:
    case RequestState::kExpired:
      break;
  }
  return std::nullopt;
}

}  // namespace

result::Result<RequestState> Next(RequestState state, Event event) {
  if (const auto next = Follow(state, event)) return *next;
  return result::Fail(result::Reason::kConflict, "the request is " + std::string(ToString(state)));
}

bool IsOpen(RequestState state) {
  return state == RequestState::kPending || state == RequestState::kPostponed || state == RequestState::kApproved;
}

std::string_view ToString(RequestState state) {
  switch (state) {
    case RequestState::kPending:
      return "pending";
    case RequestState::kPostponed:
      return "postponed";
    case RequestState::kApproved:
      return "approved";
    case RequestState::kIssued:
      return "issued";
    case RequestState::kRejected:
      return "rejected";
    case RequestState::kExpired:
      return "expired";
  }
  return "unknown";
}

}  // namespace engine::enrollment
