#ifndef CERTIFIER_ENGINE_RPC_REQUEST_SERVICE_H
#define CERTIFIER_ENGINE_RPC_REQUEST_SERVICE_H

#include "certifier/v1/request.grpc.pb.h"
#include "enrollment/approve.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// RequestService is the operators' queue. References must outlive its calls. Approvals run on `webhook_workers` while a
// policy asks a webhook, so that slow ones hold no other call; null: none is called.
class RequestService final : public certifier::v1::RequestService::CallbackService {
 public:
  RequestService(const enrollment::OperatorApproval& approval, store::AdministrationStore& store,
                 service::WorkerPool& workers, service::WorkerPool* webhook_workers)
      : approval_(approval), store_(store), workers_(workers), webhook_workers_(webhook_workers) {}

  grpc::ServerUnaryReactor* ListRequests(grpc::CallbackServerContext* context,
                                         const certifier::v1::ListRequestsRequest* request,
                                         certifier::v1::ListRequestsResponse* response) override;
  grpc::ServerUnaryReactor* GetRequest(grpc::CallbackServerContext* context,
                                       const certifier::v1::GetRequestRequest* request,
                                       certifier::v1::GetRequestResponse* response) override;
  grpc::ServerUnaryReactor* ApproveRequest(grpc::CallbackServerContext* context,
                                           const certifier::v1::ApproveRequestRequest* request,
                                           certifier::v1::ApproveRequestResponse* response) override;
  grpc::ServerUnaryReactor* RejectRequest(grpc::CallbackServerContext* context,
                                          const certifier::v1::RejectRequestRequest* request,
                                          certifier::v1::RejectRequestResponse* response) override;
  grpc::ServerUnaryReactor* ExplainRequest(grpc::CallbackServerContext* context,
                                           const certifier::v1::ExplainRequestRequest* request,
                                           certifier::v1::ExplainRequestResponse* response) override;

 private:
  const enrollment::OperatorApproval& approval_;
  store::AdministrationStore& store_;
  service::WorkerPool& workers_;
  service::WorkerPool* const webhook_workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_REQUEST_SERVICE_H
