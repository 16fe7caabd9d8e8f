#ifndef CERTIFIER_ADMIN_SERVICE_WEB_EMBEDDED_FILES_H
#define CERTIFIER_ADMIN_SERVICE_WEB_EMBEDDED_FILES_H

#include <string_view>
#include <vector>

namespace web {

// EmbeddedFile is a template or a static file, as it was when the program was built.
struct EmbeddedFile {
  std::string_view name;    // "home.mustache", "style.css"
  std::string_view digest;  // The beginning of its SHA-256 in hexadecimal; part of a static file's URL.
  std::string_view content;
};

const std::vector<EmbeddedFile>& EmbeddedFiles();

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_EMBEDDED_FILES_H
