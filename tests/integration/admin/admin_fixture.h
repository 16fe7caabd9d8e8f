#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_ADMIN_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_ADMIN_FIXTURE_H

#include <filesystem>
#include <memory>
#include <string>

#include "fake_engine.h"
#include "rpc/services.h"
#include "service/grpc_channel.h"
#include "service/grpc_server.h"
#include "support/child.h"
#include "support/test_certificates.h"

namespace admin_test {

using service::Role;
using support::Child;
using support::Directory;
using support::Eventually;
using support::ReadFile;

// AdminFixture is an admin service in front of a fake engine, both in this process and over real TLS.
class AdminFixture {
 public:
  AdminFixture();
  ~AdminFixture();

  FakeEngine& engine() { return *engine_; }
  int port() const { return server_->port(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }

  // Files is a certificate of `role` from the internal CA, made once for each name.
  service::TlsFiles Files(Role role, const std::string& name = "someone") { return certificates_.Issue(role, name); }
  // Channel connects to the admin service with such a certificate.
  std::shared_ptr<grpc::Channel> Channel(Role role, const std::string& name = "someone") {
    return Channel(Files(role, name), address());
  }
  static std::shared_ptr<grpc::Channel> Channel(const service::TlsFiles& tls, const std::string& address);

  // CallerWith is how the fake engine's journal names who shows this certificate, or that of an operator.
  static std::string CallerWith(const service::TlsFiles& tls);
  std::string CallerNamed(const std::string& name) { return CallerWith(Files(Role::kOperator, name)); }

  // The internal CA, for certificates that Files does not make.
  support::TestCertificates& certificates() { return certificates_; }

  // A directory of this test's own; it goes with the fixture.
  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  Directory directory_;
  support::TestCertificates certificates_;
  std::unique_ptr<FakeEngine> engine_;
  std::unique_ptr<admin::Services> services_;
  std::unique_ptr<service::GrpcServer> server_;
};

// Call makes one RPC on `channel` within 10 s, or within `timeout`; without a deadline if it is zero.
template <class Stub, class Request, class Response>
grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel,
                  grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*), const Request& request,
                  Response* response, std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
  grpc::ClientContext context;
  if (timeout.count() != 0) context.set_deadline(std::chrono::system_clock::now() + timeout);
  Stub stub(channel);
  return (stub.*rpc)(&context, request, response);
}

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_ADMIN_FIXTURE_H
