#ifndef CERTIFIER_ENGINE_RPC_CA_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CA_SERVICE_H

#include "authority/ca_factory.h"
#include "authority/rollover.h"
#include "certifier/v1/ca.grpc.pb.h"
#include "operators/door.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// CaService makes CAs, changes them and rolls them over for administrators.
class CaService final : public certifier::v1::CaService::CallbackService {
 public:
  // References must outlive its calls.
  struct Parts {
    authority::CaFactory& factory;
    authority::Rollover& rollover;
    authority::Directory& directory;
    store::AdministrationStore& store;
    const operators::Door& door;
    service::WorkerPool& workers;
  };
  explicit CaService(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* CreateCa(grpc::CallbackServerContext* context,
                                     const certifier::v1::CreateCaRequest* request,
                                     certifier::v1::CreateCaResponse* response) override;
  grpc::ServerUnaryReactor* ListCas(grpc::CallbackServerContext* context, const certifier::v1::ListCasRequest* request,
                                    certifier::v1::ListCasResponse* response) override;
  grpc::ServerUnaryReactor* GetCa(grpc::CallbackServerContext* context, const certifier::v1::GetCaRequest* request,
                                  certifier::v1::GetCaResponse* response) override;
  grpc::ServerUnaryReactor* UpdateCa(grpc::CallbackServerContext* context,
                                     const certifier::v1::UpdateCaRequest* request,
                                     certifier::v1::UpdateCaResponse* response) override;
  grpc::ServerUnaryReactor* StageCa(grpc::CallbackServerContext* context, const certifier::v1::StageCaRequest* request,
                                    certifier::v1::StageCaResponse* response) override;
  grpc::ServerUnaryReactor* ActivateCa(grpc::CallbackServerContext* context,
                                       const certifier::v1::ActivateCaRequest* request,
                                       certifier::v1::ActivateCaResponse* response) override;
  grpc::ServerUnaryReactor* UnstageCa(grpc::CallbackServerContext* context,
                                      const certifier::v1::UnstageCaRequest* request,
                                      certifier::v1::UnstageCaResponse* response) override;

 private:
  // Change runs `change` with the operator's login on a worker and answers with the CA as it then is.
  template <class Response, class Apply>
  grpc::ServerUnaryReactor* Change(grpc::CallbackServerContext* context, const char* name, const std::string& ca,
                                   Response* response, Apply apply);

  const Parts parts_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CA_SERVICE_H
