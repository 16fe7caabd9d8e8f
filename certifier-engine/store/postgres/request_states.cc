#include "store/postgres/request_states.h"

#include <array>
#include <stdexcept>
#include <string>

namespace engine::store {

std::string_view ToText(RequestState state) {
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
  throw std::logic_error("no such request state");
}

Result<RequestState> RequestStateFromText(std::string_view text) {
  static constexpr std::array kStates = {RequestState::kPending, RequestState::kPostponed, RequestState::kApproved,
                                         RequestState::kIssued,  RequestState::kRejected,  RequestState::kExpired};
  for (const RequestState state : kStates) {
    if (ToText(state) == text) return state;
  }
  return result::Fail(result::Reason::kInternal, "unknown request state in the database: " + std::string(text));
}

}  // namespace engine::store
