#ifndef CERTIFIER_ADMIN_SERVICE_CTL_EXIT_CODE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_EXIT_CODE_H

#include "result/result.h"

namespace ctl {

// ExitCode is certifierctl's answer to scripts; the numbers are a promise.
enum class ExitCode {
  kOk = 0,
  kInternal = 1,
  kChecksFailed = 1,   // Of doctor and audit verify: it did its work, and something failed.
  kDifferent = 1,      // Of policy diff alone: it did its work, and the documents differ.
  kUsage = 2,          // The command line, or what it names, is malformed.
  kNotFound = 3,       // No such object.
  kConflict = 4,       // It exists already, or is not in the state that the command needs.
  kRefused = 5,        // The caller may not, or a rule says no.
  kUnavailable = 6,    // The admin service or the engine is away; try again.
  kInterrupted = 130,  // By Ctrl-C, of --watch alone.
};

ExitCode ExitCodeFor(result::Reason reason);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_EXIT_CODE_H
