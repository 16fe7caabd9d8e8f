#ifndef CERTIFIER_ADMIN_SERVICE_CTL_ENUM_OPTION_H
#define CERTIFIER_ADMIN_SERVICE_CTL_ENUM_OPTION_H

#include <google/protobuf/generated_enum_reflection.h>

#include <string>

#include "ctl/json_printer.h"
#include "result/result.h"

namespace ctl {

// ParseEnum reads a value of Enum by its EnumName; empty: the unspecified one. Malformed, with the names that there
// are, for any other.
template <class Enum>
result::Result<Enum> ParseEnum(const std::string& option, const std::string& name) {
  const auto* const values = google::protobuf::GetEnumDescriptor<Enum>();
  if (name.empty()) return static_cast<Enum>(0);
  std::string known;
  for (int i = 1; i < values->value_count(); ++i) {
    const auto& value = *values->value(i);
    if (name == EnumName(value)) return static_cast<Enum>(value.number());
    known += (known.empty() ? "" : ", ") + EnumName(value);
  }
  return result::Fail(result::Reason::kMalformed, option + " '" + name + "' is none of " + known);
}

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_ENUM_OPTION_H
