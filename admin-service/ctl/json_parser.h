#ifndef CERTIFIER_ADMIN_SERVICE_CTL_JSON_PARSER_H
#define CERTIFIER_ADMIN_SERVICE_CTL_JSON_PARSER_H

#include <google/protobuf/message.h>

#include <string_view>

#include "result/result.h"

namespace ctl {

// ParseJson reads into `message` what PrintJson writes; enum values also by their full name. Malformed, with the place,
// for text that is not JSON, keys that are written twice, for unknown fields and enum values, and for values of the
// wrong type.
result::Result<void> ParseJson(std::string_view text, google::protobuf::Message& message);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_JSON_PARSER_H
