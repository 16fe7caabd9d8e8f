#ifndef CERTIFIER_ADMIN_SERVICE_CTL_JSON_PRINTER_H
#define CERTIFIER_ADMIN_SERVICE_CTL_JSON_PRINTER_H

#include <google/protobuf/message.h>

#include <string>

#include "result/result.h"

namespace ctl {

// PrintJson writes `message` as certifierctl's JSON: every field under its proto name in proto order, also where it is
// empty (what is absent: null), but of a oneof the one that is set; with kSet only what is set; enum values
// as EnumName gives them; times in RFC 3339, durations as "1.5s"; 64-bit integers as numbers; bytes in base64.
// Characters beyond ASCII are escaped, so the text is safe on a terminal. Ends with a newline.
enum class Fields { kAll, kSet };
std::string PrintJson(const google::protobuf::Message& message, Fields fields = Fields::kAll);

// EnumName is an enum value's name in lower case without its type: REQUEST_STATE_PENDING is "pending".
std::string EnumName(const google::protobuf::EnumValueDescriptor& value);

// PrintErrorJson writes {"error":{"reason":...,"message":...}} and a newline.
std::string PrintErrorJson(const result::Error& error);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_JSON_PRINTER_H
