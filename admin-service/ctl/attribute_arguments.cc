#include "ctl/attribute_arguments.h"

#include <map>

namespace ctl {

result::Result<void> SetAttributes(const std::vector<std::string>& assignments, AttributeMap& attributes) {
  for (const std::string& assignment : assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
      return result::Fail(result::Reason::kMalformed, "--attribute '" + assignment + "' is not NAME=VALUE");
    }
    const std::string name = assignment.substr(0, equals);
    if (attributes.contains(name)) {
      return result::Fail(result::Reason::kMalformed, "--attribute " + name + " is given twice");
    }
    attributes[name] = assignment.substr(equals + 1);
  }
  return {};
}

std::string AttributeText(const AttributeMap& attributes) {
  std::string text;
  for (const auto& [name, value] : std::map<std::string, std::string>(attributes.begin(), attributes.end())) {
    text += (text.empty() ? "" : ", ") + name + "=" + value;
  }
  return text;
}

}  // namespace ctl
