#ifndef CERTIFIER_ADMIN_SERVICE_CTL_PROGRAM_H
#define CERTIFIER_ADMIN_SERVICE_CTL_PROGRAM_H

#include <ostream>
#include <string>
#include <vector>

#include "ctl/exit_code.h"

namespace ctl {

// RunProgram is certifierctl without its process: the arguments after the program's name, the two streams, and the
// terminal's width (0: no terminal).
ExitCode RunProgram(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err, std::size_t width);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_PROGRAM_H
