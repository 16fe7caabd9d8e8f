#ifndef CERTIFIER_ADMIN_SERVICE_CTL_REVOCATION_REASONS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_REVOCATION_REASONS_H

#include <string>
#include <vector>

namespace ctl {

// RevocationReasonNames are the reasons that a certificate can be revoked for, as "key_compromise", with "unspecified".
// A hold is none of them: it is a suspension, which has a command of its own.
std::vector<std::string> RevocationReasonNames();

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_REVOCATION_REASONS_H
