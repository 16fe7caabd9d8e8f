#ifndef CERTIFIER_ENGINE_RPC_CRL_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CRL_SERVICE_H

#include "authority/directory.h"
#include "certifier/v1/crl.grpc.pb.h"
#include "operators/door.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// CrlService shows operators which CRL gateways get. References must outlive its calls.
class CrlService final : public certifier::v1::CrlService::CallbackService {
 public:
  CrlService(const authority::Directory& directory, const operators::Door& door, service::WorkerPool& workers)
      : directory_(directory), door_(door), workers_(workers) {}

  grpc::ServerUnaryReactor* GetCrl(grpc::CallbackServerContext* context, const certifier::v1::GetCrlRequest* request,
                                   certifier::v1::GetCrlResponse* response) override;

 private:
  const authority::Directory& directory_;
  const operators::Door& door_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CRL_SERVICE_H
