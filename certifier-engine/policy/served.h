#ifndef CERTIFIER_ENGINE_POLICY_SERVED_H
#define CERTIFIER_ENGINE_POLICY_SERVED_H

#include "certifier/v1/policy_document.pb.h"
#include "policy/policy.h"

namespace engine::policy {

// CheckServed says what of a valid policy this engine cannot serve yet: a limit that counts nothing would limit nobody,
// and of two approvals one is kept. Malformed. `policy` is what FromProto made of `document`.
result::Result<void> CheckServed(const certifier::v1::Policy& document, const Policy& policy);

// CheckTried says what of a policy cannot be run dry: the same modules that count what is not looked up. Malformed. A
// webhook is as if it had not answered, and view_request and update_request do not run at all.
result::Result<void> CheckTried(const Policy& policy);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_SERVED_H
