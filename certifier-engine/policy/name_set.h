#ifndef CERTIFIER_ENGINE_POLICY_NAME_SET_H
#define CERTIFIER_ENGINE_POLICY_NAME_SET_H

#include <vector>

#include "pki/extensions.h"

namespace engine::policy {

// IsSameNameSet tells whether both hold the same alternative names; order and repetition do not count, nor case in a
// dNSName.
bool IsSameNameSet(const std::vector<pki::GeneralName>& a, const std::vector<pki::GeneralName>& b);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_NAME_SET_H
