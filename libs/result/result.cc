#include "result/result.h"

namespace result {

std::string_view ToString(Reason reason) {
  switch (reason) {
    case Reason::kMalformed: return "malformed";
    case Reason::kBadAlgorithm: return "bad_algorithm";
    case Reason::kBadMessageCheck: return "bad_message_check";
    case Reason::kBadTime: return "bad_time";
    case Reason::kUnknownCertificate: return "unknown_certificate";
    case Reason::kUnauthorized: return "unauthorized";
    case Reason::kPolicyRefused: return "policy_refused";
    case Reason::kNotFound: return "not_found";
    case Reason::kConflict: return "conflict";
    case Reason::kUnavailable: return "unavailable";
    case Reason::kInternal: return "internal";
  }
  return "internal";
}

}  // namespace result
