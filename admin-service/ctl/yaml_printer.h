#ifndef CERTIFIER_ADMIN_SERVICE_CTL_YAML_PRINTER_H
#define CERTIFIER_ADMIN_SERVICE_CTL_YAML_PRINTER_H

#include <google/protobuf/message.h>

#include <string>

namespace ctl {

// PrintYaml writes what is set of `message` under its proto names in proto order, entries of maps by their keys, enum
// values as EnumName gives them, so that the same message is the same text. Texts are quoted where another reader of
// YAML could take them for something else, and what could steer a terminal is escaped. Messages of texts, integers,
// truth values, enums and messages of these; ends with a newline.
std::string PrintYaml(const google::protobuf::Message& message);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_YAML_PRINTER_H
