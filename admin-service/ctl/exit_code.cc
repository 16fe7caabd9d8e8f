#include "ctl/exit_code.h"

namespace ctl {

ExitCode ExitCodeFor(result::Reason reason) {
  switch (reason) {
    case result::Reason::kMalformed:
      return ExitCode::kUsage;
    case result::Reason::kBadAlgorithm:
      return ExitCode::kUsage;
    case result::Reason::kBadMessageCheck:
      return ExitCode::kUsage;
    case result::Reason::kBadTime:
      return ExitCode::kUsage;
    case result::Reason::kUnknownCertificate:
      return ExitCode::kNotFound;
    case result::Reason::kUnauthorized:
      return ExitCode::kRefused;
    case result::Reason::kPolicyRefused:
      return ExitCode::kRefused;
    case result::Reason::kNotFound:
      return ExitCode::kNotFound;
    case result::Reason::kConflict:
      return ExitCode::kConflict;
    case result::Reason::kUnavailable:
      return ExitCode::kUnavailable;
    case result::Reason::kInternal:
      return ExitCode::kInternal;
  }
  return ExitCode::kInternal;
}

}  // namespace ctl
