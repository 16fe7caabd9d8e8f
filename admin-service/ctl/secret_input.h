#ifndef CERTIFIER_ADMIN_SERVICE_CTL_SECRET_INPUT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_SECRET_INPUT_H

#include <string>

#include "pki/secret.h"
#include "result/result.h"

namespace ctl {

// ReadSecret reads one line of a file, or of standard input for "-"; without a path it asks for `what` at the terminal
// and shows nothing of what is typed, twice where it `is_new`. Malformed where it cannot be read, is empty or has more
// than 255 octets, where both are not the same, and where there is no terminal to ask at.
result::Result<pki::Secret> ReadSecret(const std::string& path, const std::string& what, bool is_new);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_SECRET_INPUT_H
