#ifndef CERTIFIER_ADMIN_SERVICE_CTL_SESSION_H
#define CERTIFIER_ADMIN_SERVICE_CTL_SESSION_H

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "ctl/arguments.h"
#include "ctl/session_file.h"
#include "result/result.h"

namespace ctl {

// Session is the connection to the admin service that one command uses.
class Session {
 public:
  // Open checks the arguments; it connects at the first call. Malformed for missing or bad TLS files and a bad timeout.
  // Without a client certificate each call shows the token of the session that `login` kept, where there is one.
  static result::Result<Session> Open(const GlobalArguments& arguments);

  // Call makes one RPC, for example Call(&v1::CaService::Stub::GetCa, request), within the timeout. The errors are the
  // service's; where it did not answer at all, the detail says what to look at.
  template <class Stub, class Request, class Response>
  result::Result<Response> Call(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    Stub stub(channel_);
    grpc::ClientContext context;
    Prepare(context);
    Response response;
    const grpc::Status status = (stub.*rpc)(&context, request, &response);
    if (!status.ok()) return tl::unexpected<result::Error>(ErrorOf(status));
    return response;
  }

  bool has_certificate() const { return !arguments_.tls_certificate.empty(); }
  const std::string& certificate_file() const { return arguments_.tls_certificate; }
  // Keep and Forget keep the session of this admin service for further commands, and forget it.
  result::Result<void> Keep(const StoredSession& session) const { return file_.Keep(arguments_.server, session); }
  result::Result<void> Forget() const { return file_.Forget(arguments_.server); }

 private:
  Session(GlobalArguments arguments, std::shared_ptr<grpc::Channel> channel, std::chrono::milliseconds timeout);
  void Prepare(grpc::ClientContext& context) const;
  result::Error ErrorOf(const grpc::Status& status) const;

  GlobalArguments arguments_;
  std::shared_ptr<grpc::Channel> channel_;
  std::chrono::milliseconds timeout_;
  SessionFile file_;
  pki::Secret token_;  // Empty: none.
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_SESSION_H
