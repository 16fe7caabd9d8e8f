#ifndef CERTIFIER_ENGINE_RPC_CERTIFICATE_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CERTIFICATE_SERVICE_H

#include "certifier/v1/certificate.grpc.pb.h"
#include "issuance/revoker.h"
#include "operators/door.h"
#include "service/worker_pool.h"
#include "store/administration_store.h"

namespace engine::rpc {

// CertificateService shows what was issued, and revokes it. References must outlive its calls.
class CertificateService final : public certifier::v1::CertificateService::CallbackService {
 public:
  CertificateService(const issuance::Revoker& revoker, store::AdministrationStore& store, const operators::Door& door,
                     service::WorkerPool& workers)
      : revoker_(revoker), store_(store), door_(door), workers_(workers) {}

  grpc::ServerUnaryReactor* ListCertificates(grpc::CallbackServerContext* context,
                                             const certifier::v1::ListCertificatesRequest* request,
                                             certifier::v1::ListCertificatesResponse* response) override;
  grpc::ServerUnaryReactor* GetCertificate(grpc::CallbackServerContext* context,
                                           const certifier::v1::GetCertificateRequest* request,
                                           certifier::v1::GetCertificateResponse* response) override;
  grpc::ServerUnaryReactor* RevokeCertificate(grpc::CallbackServerContext* context,
                                              const certifier::v1::RevokeCertificateRequest* request,
                                              certifier::v1::RevokeCertificateResponse* response) override;
  grpc::ServerUnaryReactor* SuspendCertificate(grpc::CallbackServerContext* context,
                                               const certifier::v1::SuspendCertificateRequest* request,
                                               certifier::v1::SuspendCertificateResponse* response) override;
  grpc::ServerUnaryReactor* ReactivateCertificate(grpc::CallbackServerContext* context,
                                                  const certifier::v1::ReactivateCertificateRequest* request,
                                                  certifier::v1::ReactivateCertificateResponse* response) override;

 private:
  const issuance::Revoker& revoker_;
  store::AdministrationStore& store_;
  const operators::Door& door_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CERTIFICATE_SERVICE_H
