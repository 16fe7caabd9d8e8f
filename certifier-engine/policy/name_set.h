#ifndef CERTIFIER_ENGINE_POLICY_NAME_SET_H
#define CERTIFIER_ENGINE_POLICY_NAME_SET_H

#include <vector>

#include "pki/extensions.h"

namespace engine::policy {

// IsSameNameSet tells whether both hold the same alternative names; order and repetition do not count, nor case in a
// dNSName.
bool IsSameNameSet(const std::vector<pki::GeneralName>& a, const std::vector<pki::GeneralName>& b);

// IsOfItsKind tells whether an alternative name is what its kind says: a dNSName in the preferred syntax (RFC 5280
// section 4.2.1.6), with the underscore that is in use and a wildcard for its whole first label; an rfc822Name with one
// "@"; an absolute URI without spaces. Those of other kinds were read as such, and are.
bool IsOfItsKind(const pki::GeneralName& name);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_NAME_SET_H
