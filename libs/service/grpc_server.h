#ifndef CERTIFIER_SERVICE_GRPC_SERVER_H
#define CERTIFIER_SERVICE_GRPC_SERVER_H

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "result/result.h"
#include "service/caller.h"
#include "service/tls_files.h"

namespace service {

// GrpcServer is a TLS 1.3 server with required client certificates. Each service is added with the roles that may call
// it; a method of a service that was not added, a caller without a role and a role that is not listed are refused with
// PERMISSION_DENIED before any handler runs. grpc.health.v1.Health may be called by every role.
// One that lets strangers knock takes callers without a certificate too, for services that role operator may call: with
// the token of a session, which the handler must judge, or for the methods that are named.
class GrpcServer {
 public:
  struct Settings {
    std::string listen = "127.0.0.1:0";  // HOST:PORT; port 0 takes a free one.
    TlsFiles tls;
    std::uint64_t max_message_octets = 1 << 20;
    std::uint64_t max_concurrent_streams = 256;  // For each connection.
    std::chrono::milliseconds max_connection_age = std::chrono::minutes(5);
    std::chrono::milliseconds max_connection_age_grace = std::chrono::seconds(30);
    bool lets_strangers_knock = false;
    std::vector<std::string> methods_for_strangers = {};  // "/certifier.v1.OperatorService/LogIn"
  };

  explicit GrpcServer(Settings settings);
  ~GrpcServer();

  // Add registers `service`, which must outlive the server, under its full proto name. Call before Start.
  void Add(grpc::Service& service, std::string full_name, std::vector<Role> roles);

  // Start binds and serves. Unavailable with the address in the detail if it is taken; malformed for bad TLS files.
  result::Result<void> Start();
  int port() const;
  // SetServing sets the health status of all services.
  void SetServing(bool is_serving);
  // Shutdown stops taking calls and waits for those in flight, at most `deadline`; then they are cancelled.
  void Shutdown(std::chrono::milliseconds deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// CallerOf reads the authenticated caller of a call on such a server. Unauthorized if there is none.
result::Result<Caller> CallerOf(const grpc::ServerContextBase& context);

}  // namespace service

#endif  // CERTIFIER_SERVICE_GRPC_SERVER_H
