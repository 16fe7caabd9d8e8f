#ifndef CERTIFIER_ADMIN_SERVICE_CTL_COMMAND_LINE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_COMMAND_LINE_H

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include "ctl/arguments.h"
#include "ctl/exit_code.h"

namespace ctl {

// Invocation is what one run shall do.
struct Invocation {
  GlobalArguments global;
  Command command;
};

// ParseCommandLine reads the arguments after the program's name, and CERTIFIER_SERVER, CERTIFIER_TLS_CA,
// CERTIFIER_TLS_CERTIFICATE and CERTIFIER_TLS_KEY where their flags are missing. Where nothing is to be done it has
// printed help on `out`, or what is wrong on `err`, and gives the code to exit with.
std::variant<Invocation, ExitCode> ParseCommandLine(const std::vector<std::string>& arguments, std::ostream& out,
                                                    std::ostream& err);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_COMMAND_LINE_H
