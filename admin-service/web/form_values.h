#ifndef CERTIFIER_ADMIN_SERVICE_WEB_FORM_VALUES_H
#define CERTIFIER_ADMIN_SERVICE_WEB_FORM_VALUES_H

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "result/result.h"
#include "web/templates.h"

namespace web {

// The largest version that a field takes.
inline constexpr std::uint32_t kMostVersion = 0x7fffffff;

// NumberOf reads a whole number of `least` to `most` from a field that people call `name`. Malformed for anything else.
result::Result<std::uint32_t> NumberOf(const std::string& name, const std::string& text, std::uint32_t least,
                                       std::uint32_t most);

// InDays is the moment so many days from now.
google::protobuf::Timestamp InDays(std::uint32_t days);

// LinesOf are the lines of a text area that hold anything, without white space at their ends.
std::vector<std::string> LinesOf(const std::string& text);

// ChoicesOf is for a select: {"name", "is_current"} each.
Model ChoicesOf(const std::vector<std::string>& names, const std::string& current);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_FORM_VALUES_H
