#ifndef CERTIFIER_ADMIN_SERVICE_CTL_ATTRIBUTE_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_ATTRIBUTE_ARGUMENTS_H

#include <google/protobuf/map.h>

#include <string>
#include <vector>

#include "result/result.h"

namespace ctl {

using AttributeMap = google::protobuf::Map<std::string, std::string>;

// SetAttributes reads "NAME=VALUE" texts. Malformed for one without "=" or without a name, and for a name that is given
// twice.
result::Result<void> SetAttributes(const std::vector<std::string>& assignments, AttributeMap& attributes);

// AttributeText is "NAME=VALUE, NAME=VALUE", in the order of the names.
std::string AttributeText(const AttributeMap& attributes);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_ATTRIBUTE_ARGUMENTS_H
