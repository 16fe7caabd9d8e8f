#ifndef CERTIFIER_ADMIN_SERVICE_CTL_YAML_READER_H
#define CERTIFIER_ADMIN_SERVICE_CTL_YAML_READER_H

#include <google/protobuf/message.h>

#include <string_view>

#include "result/result.h"

namespace ctl {

// ParseYaml reads into `message` a document with its field names, as PrintYaml writes it; enum values also by their
// full name. The field says what a scalar is: "no" is a text where a text is due. Malformed, with the line, for what
// ParseYamlTree refuses, for unknown fields and enum values, for values of the wrong type, and for two of a oneof.
result::Result<void> ParseYaml(std::string_view text, google::protobuf::Message& message);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_YAML_READER_H
