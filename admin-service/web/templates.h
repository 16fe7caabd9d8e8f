#ifndef CERTIFIER_ADMIN_SERVICE_WEB_TEMPLATES_H
#define CERTIFIER_ADMIN_SERVICE_WEB_TEMPLATES_H

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <string>

namespace web {

// Model is what a template shows. Null, false, empty texts and empty lists are false to a section.
using Model = nlohmann::json;

// ModelOf is a message as certifierctl's JSON has it: every field under its proto name, times in RFC 3339.
Model ModelOf(const google::protobuf::Message& message);

// Render fills the template `name` ("home") with `model`, every text escaped for HTML. It throws std::logic_error for a
// template that is not there or does not parse, which is a bug.
std::string Render(const std::string& name, const Model& model);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_TEMPLATES_H
