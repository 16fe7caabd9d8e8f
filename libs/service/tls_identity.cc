#include "service/tls_identity.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "pki/certificate.h"
#include "pki/key.h"

namespace service {

namespace {

using result::Fail;
using result::Reason;

result::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) return Fail(Reason::kMalformed, "cannot read " + path);
  return content.str();
}

}  // namespace

result::Result<TlsIdentity> LoadTlsAuthority(const std::string& path) {
  TlsIdentity identity;
  ASSIGN_OR_RETURN(identity.authority_pem, ReadFile(path));
  const auto authority = pki::Certificate::FromPem(identity.authority_pem);
  if (!authority) return result::Wrap(path, authority.error());
  return identity;
}

result::Result<TlsIdentity> LoadTlsIdentity(const TlsFiles& files) {
  ASSIGN_OR_RETURN(auto identity, LoadTlsAuthority(files.authority));
  ASSIGN_OR_RETURN(identity.certificate_pem, ReadFile(files.certificate));
  ASSIGN_OR_RETURN(identity.key_pem, ReadFile(files.key));
  const auto certificate = pki::Certificate::FromPem(identity.certificate_pem);
  if (!certificate) return result::Wrap(files.certificate, certificate.error());
  const auto key = pki::PrivateKey::FromPem(identity.key_pem);
  if (!key) return result::Wrap(files.key, key.error());
  if ((*key)->public_key().spki() != certificate->spki()) {
    return Fail(Reason::kMalformed, files.key + " is not the key of " + files.certificate);
  }
  return identity;
}

void RequireTls13() {
  // gRPC 1.51 has no setting for the lowest version, but takes the cipher list of TLS 1.2 and below from the
  // environment. A list of pre-shared-key suites alone, for which gRPC has no keys, leaves TLS 1.3, whose suites are
  // not in that list.
  setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-PSK-AES256-CBC-SHA384", 1);
}

}  // namespace service
