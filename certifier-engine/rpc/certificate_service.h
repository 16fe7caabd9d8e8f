#ifndef CERTIFIER_ENGINE_RPC_CERTIFICATE_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CERTIFICATE_SERVICE_H

#include "certifier/v1/certificate.grpc.pb.h"
#include "service/worker_pool.h"
#include "store/administration_store.h"

namespace engine::rpc {

// CertificateService shows what was issued. References must outlive its calls.
class CertificateService final : public certifier::v1::CertificateService::CallbackService {
 public:
  CertificateService(store::AdministrationStore& store, service::WorkerPool& workers)
      : store_(store), workers_(workers) {}

  grpc::ServerUnaryReactor* ListCertificates(grpc::CallbackServerContext* context,
                                             const certifier::v1::ListCertificatesRequest* request,
                                             certifier::v1::ListCertificatesResponse* response) override;
  grpc::ServerUnaryReactor* GetCertificate(grpc::CallbackServerContext* context,
                                           const certifier::v1::GetCertificateRequest* request,
                                           certifier::v1::GetCertificateResponse* response) override;

 private:
  store::AdministrationStore& store_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CERTIFICATE_SERVICE_H
