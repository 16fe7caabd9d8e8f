#ifndef CERTIFIER_ENGINE_RPC_SCEP_SERVICE_H
#define CERTIFIER_ENGINE_RPC_SCEP_SERVICE_H

#include "certifier/v1/scep_service.grpc.pb.h"
#include "clock.h"
#include "operators/door.h"
#include "service/worker_pool.h"
#include "store/scep_service.h"

namespace engine::rpc {

// ScepService shows and changes the settings of the SCEP service. References must outlive its calls.
class ScepService final : public certifier::v1::ScepService::CallbackService {
 public:
  struct Parts {
    store::ScepServiceStore& store;
    const operators::Door& door;
    service::WorkerPool& workers;
    Clock clock;
    std::chrono::seconds report_ttl;  // Gateways that reported within it are alive.
  };
  explicit ScepService(Parts parts) : parts_(std::move(parts)) {}

  grpc::ServerUnaryReactor* GetScepService(grpc::CallbackServerContext* context,
                                           const certifier::v1::GetScepServiceRequest* request,
                                           certifier::v1::GetScepServiceResponse* response) override;
  grpc::ServerUnaryReactor* UpdateScepService(grpc::CallbackServerContext* context,
                                              const certifier::v1::UpdateScepServiceRequest* request,
                                              certifier::v1::UpdateScepServiceResponse* response) override;

 private:
  const Parts parts_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_SCEP_SERVICE_H
