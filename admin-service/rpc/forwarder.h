#ifndef CERTIFIER_ADMIN_SERVICE_RPC_FORWARDER_H
#define CERTIFIER_ADMIN_SERVICE_RPC_FORWARDER_H

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <string>

#include "result/result.h"
#include "rpc/source_calls.h"

namespace admin {

struct ForwardingSettings {
  // How long the engine may take where the operator's client names no deadline.
  std::chrono::milliseconds default_timeout = std::chrono::seconds(10);
  // The most that a client's own deadline may grant.
  std::chrono::milliseconds max_timeout = std::chrono::seconds(60);
  // Calls in flight of one address without a client certificate.
  std::uint64_t max_calls_per_source = 16;
  // Where they are counted, for all services together; null: nowhere.
  std::shared_ptr<SourceCalls> strangers = {};
};

// EngineDeadline is `client_deadline` (the maximum of its type if the client named none), brought within `settings`.
std::chrono::system_clock::time_point EngineDeadline(std::chrono::system_clock::time_point client_deadline,
                                                     std::chrono::system_clock::time_point now,
                                                     const ForwardingSettings& settings);

// AnswerFor is what the operator is told for the engine's `status`: the same code, text and details, except that an
// engine which did not answer at all is named in words.
grpc::Status AnswerFor(const grpc::Status& status);

// MethodOf is the RPC's name for logs and metrics: the request's without its "Request", since every RPC has its own.
std::string MethodOf(const google::protobuf::Descriptor& request);

using CallDone = std::function<void(grpc::Status)>;
using StartCall = std::function<void(grpc::ClientContext*, CallDone)>;

// BeginForwarding starts one call to the engine with what `context`'s caller shows for himself, which the engine
// judges, and finishes the returned reactor with the engine's answer. No thread waits for it; a call that the operator
// cancels is cancelled at the engine. Past the bound on calls of who has no certificate it is UNAVAILABLE.
grpc::ServerUnaryReactor* BeginForwarding(grpc::CallbackServerContext* context, const std::string& method,
                                          const ForwardingSettings& settings, const StartCall& start);

// ForwardedService is `Service` as the admin service offers it: every RPC goes to the engine's service of that name.
template <class Service>
class ForwardedService : public Service::CallbackService {
 public:
  ForwardedService(const std::shared_ptr<grpc::Channel>& engine, const ForwardingSettings& settings)
      : engine_(engine), settings_(settings) {}

 protected:
  using Engine = typename Service::StubInterface::async_interface;

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Forward(grpc::CallbackServerContext* context,
                                    void (Engine::*rpc)(grpc::ClientContext*, const Request*, Response*, CallDone),
                                    const Request* request, Response* response) {
    static const std::string method = MethodOf(*Request::descriptor());
    return BeginForwarding(context, method, settings_, [=, this](grpc::ClientContext* engine_context, CallDone done) {
      (engine_.async()->*rpc)(engine_context, request, response, std::move(done));
    });
  }

 private:
  typename Service::Stub engine_;
  const ForwardingSettings settings_;
};

}  // namespace admin

#endif  // CERTIFIER_ADMIN_SERVICE_RPC_FORWARDER_H
