#ifndef CERTIFIER_ENGINE_RPC_REPORT_SERVICE_H
#define CERTIFIER_ENGINE_RPC_REPORT_SERVICE_H

#include "certifier/v1/report.grpc.pb.h"
#include "clock.h"
#include "operators/door.h"
#include "service/worker_pool.h"
#include "store/report_store.h"

namespace engine::rpc {

// ReportService lists what needs an operator. References must outlive its calls.
class ReportService final : public certifier::v1::ReportService::CallbackService {
 public:
  struct Parts {
    store::ReportStore& store;
    const operators::Door& door;
    service::WorkerPool& workers;
    Clock clock;
  };
  explicit ReportService(Parts parts) : parts_(std::move(parts)) {}

  grpc::ServerUnaryReactor* ListFailures(grpc::CallbackServerContext* context,
                                         const certifier::v1::ListFailuresRequest* request,
                                         certifier::v1::ListFailuresResponse* response) override;
  grpc::ServerUnaryReactor* ListOverdueCertificates(grpc::CallbackServerContext* context,
                                                    const certifier::v1::ListOverdueCertificatesRequest* request,
                                                    certifier::v1::ListOverdueCertificatesResponse* response) override;
  grpc::ServerUnaryReactor* ListExpiringKeys(grpc::CallbackServerContext* context,
                                             const certifier::v1::ListExpiringKeysRequest* request,
                                             certifier::v1::ListExpiringKeysResponse* response) override;
  grpc::ServerUnaryReactor* ListIssuance(grpc::CallbackServerContext* context,
                                         const certifier::v1::ListIssuanceRequest* request,
                                         certifier::v1::ListIssuanceResponse* response) override;

 private:
  const Parts parts_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_REPORT_SERVICE_H
