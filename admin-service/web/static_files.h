#ifndef CERTIFIER_ADMIN_SERVICE_WEB_STATIC_FILES_H
#define CERTIFIER_ADMIN_SERVICE_WEB_STATIC_FILES_H

#include <optional>
#include <string>
#include <string_view>

#include "web/http_message.h"

namespace web {

inline constexpr std::string_view kStaticPrefix = "/static/";

// StaticUrl is where the static file `name` is served: "/static/0123456789abcdef/style.css". It changes with the
// content, so that browsers may keep it for ever. The name must be one of ours.
std::string StaticUrl(std::string_view name);

// ServeStatic answers a path under kStaticPrefix; nothing where no such file is.
std::optional<Response> ServeStatic(std::string_view path);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_STATIC_FILES_H
