#ifndef CERTIFIER_ENGINE_RPC_CA_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CA_SERVICE_H

#include "authority/ca_factory.h"
#include "certifier/v1/ca.grpc.pb.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// CaService makes and lists CAs for administrators. References must outlive its calls.
class CaService final : public certifier::v1::CaService::CallbackService {
 public:
  CaService(authority::CaFactory& factory, store::AdministrationStore& store, service::WorkerPool& workers)
      : factory_(factory), store_(store), workers_(workers) {}

  grpc::ServerUnaryReactor* CreateCa(grpc::CallbackServerContext* context,
                                     const certifier::v1::CreateCaRequest* request,
                                     certifier::v1::CreateCaResponse* response) override;
  grpc::ServerUnaryReactor* ListCas(grpc::CallbackServerContext* context, const certifier::v1::ListCasRequest* request,
                                    certifier::v1::ListCasResponse* response) override;
  grpc::ServerUnaryReactor* GetCa(grpc::CallbackServerContext* context, const certifier::v1::GetCaRequest* request,
                                  certifier::v1::GetCaResponse* response) override;

 private:
  authority::CaFactory& factory_;
  store::AdministrationStore& store_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CA_SERVICE_H
