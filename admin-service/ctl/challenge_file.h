#ifndef CERTIFIER_ADMIN_SERVICE_CTL_CHALLENGE_FILE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_CHALLENGE_FILE_H

#include <string>

#include "pki/secret.h"
#include "result/result.h"

namespace ctl {

// ReadChallenge reads the one line of a file, or of standard input for "-", without its end; nothing is left of it but
// the Secret. Malformed for what cannot be read, is empty, or has more than 255 octets or one line.
result::Result<pki::Secret> ReadChallenge(const std::string& path);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_CHALLENGE_FILE_H
