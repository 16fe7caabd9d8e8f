#ifndef CERTIFIER_TESTS_SUPPORT_ACCESS_H
#define CERTIFIER_TESTS_SUPPORT_ACCESS_H

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "service/tls_files.h"

namespace support {

// Method is one RPC of a service in proto/certifier/v1.
struct Method {
  std::string service;  // "certifier.v1.CaService"
  std::string path;     // "/certifier.v1.CaService/CreateCa"
};
// EveryMethod walks the proto files of the source tree, so that none that is added later is forgotten.
std::vector<Method> EveryMethod();

// Open connects with `tls` and insists on nothing of the server but the CA.
std::shared_ptr<grpc::Channel> Open(int port, const service::TlsFiles& tls);
// OpenWithoutCertificate shows none.
std::shared_ptr<grpc::Channel> OpenWithoutCertificate(int port, const service::TlsFiles& tls);

// ActAs says that an operator stands behind a call, as an admin service does of whose client certificate has the digest
// OperatorCertificate.
void ActAs(grpc::ClientContext& context, const std::string& login);
std::string OperatorCertificate(const std::string& login);
// OperatorSql makes an active operator with that certificate. A grant is "level" or "level:ca", as the schema spells
// them.
std::string OperatorSql(const std::string& login, const std::vector<std::string>& grants);

// Knock calls a method with an empty request on behalf of an operator and hangs up after the first answer. OK
// also for a stream that began.
grpc::Status Knock(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                   const std::string& login = "alice");

enum class TlsVersion { k12, k13 };
// IsLetIn makes a handshake of exactly that version and tells whether the server's first HTTP/2 octets came.
bool IsLetIn(int port, const service::TlsFiles& tls, TlsVersion version);

}  // namespace support

#endif  // CERTIFIER_TESTS_SUPPORT_ACCESS_H
