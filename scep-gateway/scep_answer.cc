#include "scep_answer.h"

namespace gateway {

std::string_view ToString(ScepOutcome outcome) {
  switch (outcome) {
    case ScepOutcome::kServed:
      return "served";
    case ScepOutcome::kSuccess:
      return "success";
    case ScepOutcome::kPending:
      return "pending";
    case ScepOutcome::kFailure:
      return "failure";
    case ScepOutcome::kRefused:
      return "refused";
    case ScepOutcome::kUnavailable:
      return "unavailable";
    case ScepOutcome::kBroken:
      return "broken";
  }
  return "broken";
}

}  // namespace gateway
