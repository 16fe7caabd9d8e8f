#ifndef CERTIFIER_ENGINE_RPC_PRE_SHARED_KEY_SERVICE_H
#define CERTIFIER_ENGINE_RPC_PRE_SHARED_KEY_SERVICE_H

#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "enrollment/key_batch.h"
#include "operators/door.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// PreSharedKeyService mints, shows and ends keys for administrators. References must outlive its calls.
class PreSharedKeyService final : public certifier::v1::PreSharedKeyService::CallbackService {
 public:
  PreSharedKeyService(const enrollment::KeyMint& mint, const enrollment::KeyBatchMint& batch_mint,
                      store::AdministrationStore& store, const operators::Door& door, service::WorkerPool& workers)
      : mint_(mint), batch_mint_(batch_mint), store_(store), door_(door), workers_(workers) {}

  grpc::ServerUnaryReactor* CreatePreSharedKey(grpc::CallbackServerContext* context,
                                               const certifier::v1::CreatePreSharedKeyRequest* request,
                                               certifier::v1::CreatePreSharedKeyResponse* response) override;
  grpc::ServerUnaryReactor* ListPreSharedKeys(grpc::CallbackServerContext* context,
                                              const certifier::v1::ListPreSharedKeysRequest* request,
                                              certifier::v1::ListPreSharedKeysResponse* response) override;
  grpc::ServerUnaryReactor* GetPreSharedKey(grpc::CallbackServerContext* context,
                                            const certifier::v1::GetPreSharedKeyRequest* request,
                                            certifier::v1::GetPreSharedKeyResponse* response) override;
  grpc::ServerUnaryReactor* RekeyPreSharedKey(grpc::CallbackServerContext* context,
                                              const certifier::v1::RekeyPreSharedKeyRequest* request,
                                              certifier::v1::RekeyPreSharedKeyResponse* response) override;
  grpc::ServerUnaryReactor* DisablePreSharedKey(grpc::CallbackServerContext* context,
                                                const certifier::v1::DisablePreSharedKeyRequest* request,
                                                certifier::v1::DisablePreSharedKeyResponse* response) override;
  grpc::ServerUnaryReactor* MintPreSharedKeys(grpc::CallbackServerContext* context,
                                              const certifier::v1::MintPreSharedKeysRequest* request,
                                              certifier::v1::MintPreSharedKeysResponse* response) override;

 private:
  const enrollment::KeyMint& mint_;
  const enrollment::KeyBatchMint& batch_mint_;
  store::AdministrationStore& store_;
  const operators::Door& door_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_PRE_SHARED_KEY_SERVICE_H
