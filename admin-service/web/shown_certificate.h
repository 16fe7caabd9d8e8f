#ifndef CERTIFIER_ADMIN_SERVICE_WEB_SHOWN_CERTIFICATE_H
#define CERTIFIER_ADMIN_SERVICE_WEB_SHOWN_CERTIFICATE_H

#include <optional>
#include <string>

#include "pki/bytes.h"
#include "web/http_message.h"

namespace web {

// ShownCertificate is what the browser's certificate says. It lets somebody in only once the engine knows whom.
struct ShownCertificate {
  std::string name;     // commonName, or else the whole subject.
  pki::Bytes sha256;    // Of the DER; 32 octets.
  std::string problem;  // Why it is no operator's of the internal CA, in words for a page; empty: it is.
};

// ShownCertificateOf is what came with the request's connection; nothing where none did, or nothing that can be read.
std::optional<ShownCertificate> ShownCertificateOf(const Request& request);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_SHOWN_CERTIFICATE_H
