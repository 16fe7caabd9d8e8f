#include "web/static_files.h"

#include <algorithm>
#include <stdexcept>

#include "web/embedded_files.h"

namespace web {

namespace {

std::string_view TypeOf(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "";  // A template, which is never served as it stands.
}

}  // namespace

std::string StaticUrl(std::string_view name) {
  const auto file = std::ranges::find(EmbeddedFiles(), name, &EmbeddedFile::name);
  if (file == EmbeddedFiles().end()) throw std::logic_error("no such static file");
  return std::string(kStaticPrefix).append(file->digest).append("/").append(name);
}

std::optional<Response> ServeStatic(std::string_view path) {
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    const std::string_view type = TypeOf(file.name);
    if (type.empty() || path != StaticUrl(file.name)) continue;
    return Response{.content_type = std::string(type),
                    .body = std::string(file.content),
                    .fields = {{"Cache-Control", "public, max-age=31536000, immutable"}}};
  }
  return std::nullopt;
}

}  // namespace web
