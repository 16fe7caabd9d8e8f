#include "rpc/request_state.h"

#include <array>

namespace engine::rpc {

namespace {
constexpr std::array kStates = {store::RequestState::kPending,  store::RequestState::kPostponed,
                                store::RequestState::kApproved, store::RequestState::kIssued,
                                store::RequestState::kRejected, store::RequestState::kExpired};
}

certifier::v1::RequestState ToProto(store::RequestState state) {
  switch (state) {
    case store::RequestState::kPending:
      return certifier::v1::REQUEST_STATE_PENDING;
    case store::RequestState::kPostponed:
      return certifier::v1::REQUEST_STATE_POSTPONED;
    case store::RequestState::kApproved:
      return certifier::v1::REQUEST_STATE_APPROVED;
    case store::RequestState::kIssued:
      return certifier::v1::REQUEST_STATE_ISSUED;
    case store::RequestState::kRejected:
      return certifier::v1::REQUEST_STATE_REJECTED;
    case store::RequestState::kExpired:
      return certifier::v1::REQUEST_STATE_EXPIRED;
  }
  return certifier::v1::REQUEST_STATE_UNSPECIFIED;
}

result::Result<std::optional<store::RequestState>> FromProto(certifier::v1::RequestState state) {
  if (state == certifier::v1::REQUEST_STATE_UNSPECIFIED) return std::nullopt;
  for (const auto known : kStates) {
    if (ToProto(known) == state) return known;
  }
  return result::Fail(result::Reason::kMalformed, "no such state");
}

}  // namespace engine::rpc
