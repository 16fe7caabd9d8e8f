#ifndef CERTIFIER_ENGINE_POLICY_MODULE_DESCRIPTIONS_H
#define CERTIFIER_ENGINE_POLICY_MODULE_DESCRIPTIONS_H

#include <vector>

#include "certifier/v1/policy.pb.h"

namespace engine::policy {

// ModuleDescriptions are what the comments of policy_module.proto say of each module, in their order in a document's
// Module. Made once, at the first call.
const std::vector<certifier::v1::ModuleDescription>& ModuleDescriptions();

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_MODULE_DESCRIPTIONS_H
