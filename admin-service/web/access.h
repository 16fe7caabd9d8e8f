#ifndef CERTIFIER_ADMIN_SERVICE_WEB_ACCESS_H
#define CERTIFIER_ADMIN_SERVICE_WEB_ACCESS_H

#include <string_view>

#include "certifier/v1/operator.pb.h"

namespace web {

// May tells whether the operator's grants let him do what needs `level`, on `ca`, or on what belongs to no CA where it
// is empty. It only hides what the engine would refuse.
bool May(const certifier::v1::Operator& who, certifier::v1::AccessLevel level, std::string_view ca);

// MaySomewhere is May for at least one CA, or all.
bool MaySomewhere(const certifier::v1::Operator& who, certifier::v1::AccessLevel level);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_ACCESS_H
