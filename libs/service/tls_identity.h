#ifndef CERTIFIER_SERVICE_TLS_IDENTITY_H
#define CERTIFIER_SERVICE_TLS_IDENTITY_H

#include <string>

#include "result/result.h"
#include "service/tls_files.h"

namespace service {

// TlsIdentity is what TlsFiles hold. The key is in memory for as long as gRPC needs it.
struct TlsIdentity {
  std::string authority_pem;
  std::string certificate_pem;
  std::string key_pem;
};

// LoadTlsIdentity reads the files and checks that they parse and that key and certificate belong together. Malformed,
// with the file's name, otherwise.
result::Result<TlsIdentity> LoadTlsIdentity(const TlsFiles& files);

// LoadTlsAuthority is that of a client without a certificate: only the authority's file is read.
result::Result<TlsIdentity> LoadTlsAuthority(const std::string& path);

// RequireTls13 makes every later handshake of gRPC in this process TLS 1.3. Call before the first credentials are made.
void RequireTls13();

}  // namespace service

#endif  // CERTIFIER_SERVICE_TLS_IDENTITY_H
