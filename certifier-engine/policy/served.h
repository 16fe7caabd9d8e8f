#ifndef CERTIFIER_ENGINE_POLICY_SERVED_H
#define CERTIFIER_ENGINE_POLICY_SERVED_H

#include "certifier/v1/policy_document.pb.h"
#include "policy/policy.h"

namespace engine::policy {

// CheckServed says what of a valid policy this engine cannot serve yet: a limit that counts nothing would limit nobody,
// and of two approvals one is kept. Malformed. `policy` is what FromProto made of `document`.
result::Result<void> CheckServed(const certifier::v1::Policy& document, const Policy& policy);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_SERVED_H
