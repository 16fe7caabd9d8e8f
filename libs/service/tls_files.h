#ifndef CERTIFIER_SERVICE_TLS_FILES_H
#define CERTIFIER_SERVICE_TLS_FILES_H

#include <string>

#include "service/options.h"

namespace service {

// TlsFiles are the PEM files of a service's identity, all from the internal CA.
struct TlsFiles {
  std::string authority;    // The internal CA's certificate.
  std::string certificate;  // This service's.
  std::string key;          // PKCS#8, mode 0600.

  // Bind adds --tls-ca, --tls-certificate and --tls-key to `options`, all required.
  void Bind(Options& options);
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_TLS_FILES_H
