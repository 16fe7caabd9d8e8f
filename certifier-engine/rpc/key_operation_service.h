#ifndef CERTIFIER_ENGINE_RPC_KEY_OPERATION_SERVICE_H
#define CERTIFIER_ENGINE_RPC_KEY_OPERATION_SERVICE_H

#include "audit/key_uses.h"
#include "authority/key_operations.h"
#include "certifier/v1/key_operation.grpc.pb.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// KeyOperationService lends gateways the keys of CAs without an RA. References must outlive its calls.
class KeyOperationService final : public certifier::v1::KeyOperationService::CallbackService {
 public:
  KeyOperationService(const authority::KeyOperations& operations, audit::KeyUses& uses, service::WorkerPool& workers)
      : operations_(operations), uses_(uses), workers_(workers) {}

  grpc::ServerUnaryReactor* UnwrapContentKey(grpc::CallbackServerContext* context,
                                             const certifier::v1::UnwrapContentKeyRequest* request,
                                             certifier::v1::UnwrapContentKeyResponse* response) override;
  grpc::ServerUnaryReactor* SignReply(grpc::CallbackServerContext* context,
                                      const certifier::v1::SignReplyRequest* request,
                                      certifier::v1::SignReplyResponse* response) override;

 private:
  const authority::KeyOperations& operations_;
  audit::KeyUses& uses_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_KEY_OPERATION_SERVICE_H
