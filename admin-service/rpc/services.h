#ifndef CERTIFIER_ADMIN_SERVICE_RPC_SERVICES_H
#define CERTIFIER_ADMIN_SERVICE_RPC_SERVICES_H

#include <memory>
#include <string>
#include <vector>

#include "rpc/forwarder.h"
#include "service/grpc_server.h"

namespace admin {

// Services are all that the admin service offers to operators, forwarded to the engine.
class Services {
 public:
  Services(const std::shared_ptr<grpc::Channel>& engine, const ForwardingSettings& settings);
  ~Services();

  // What who is no operator yet may call: each asks for a secret of its own.
  static std::vector<std::string> MethodsForStrangers();

  // AddTo registers each with `server`, for role operator and nobody else. This object must outlive `server`.
  void AddTo(service::GrpcServer& server);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace admin

#endif  // CERTIFIER_ADMIN_SERVICE_RPC_SERVICES_H
