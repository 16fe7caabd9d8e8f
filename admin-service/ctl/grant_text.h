#ifndef CERTIFIER_ADMIN_SERVICE_CTL_GRANT_TEXT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_GRANT_TEXT_H

#include <string>
#include <vector>

#include "certifier/v1/operator.pb.h"
#include "result/result.h"

namespace ctl {

// LevelNames are the access levels as people write them, the least first: "entity-write".
std::vector<std::string> LevelNames();

// GrantText is LEVEL, or LEVEL:CA where the grant is limited to one.
std::string GrantText(const certifier::v1::Grant& grant);
// ParseGrant reads what GrantText writes. Malformed, with the levels that there are.
result::Result<certifier::v1::Grant> ParseGrant(const std::string& text);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_GRANT_TEXT_H
