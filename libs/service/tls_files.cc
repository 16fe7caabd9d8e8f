#include "service/tls_files.h"

namespace service {

void TlsFiles::Bind(Options& options) {
  options.Required("--tls-ca", authority, "PEM of the internal CA that signs every service's certificate");
  options.Required("--tls-certificate", certificate, "PEM of this program's certificate");
  options.Required("--tls-key", key, "PEM of its private key");
}

}  // namespace service
