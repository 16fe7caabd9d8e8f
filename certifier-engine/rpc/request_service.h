#ifndef CERTIFIER_ENGINE_RPC_REQUEST_SERVICE_H
#define CERTIFIER_ENGINE_RPC_REQUEST_SERVICE_H

#include "certifier/v1/request.grpc.pb.h"
#include "enrollment/approve.h"
#include "enrollment/template_edit.h"
#include "operators/door.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// RequestService is the operators' queue. References must outlive its calls. What runs a chain runs on
// `webhook_workers` while a policy asks a webhook, so that slow ones hold no other call; null: none is called.
class RequestService final : public certifier::v1::RequestService::CallbackService {
 public:
  struct Parts {
    const enrollment::OperatorApproval& approval;
    const enrollment::TemplateEdit& edit;
    const enrollment::HeldRequests& held;
    store::AdministrationStore& store;
    const operators::Door& door;
    service::WorkerPool& workers;
    service::WorkerPool* webhook_workers;
  };
  explicit RequestService(Parts parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListRequests(grpc::CallbackServerContext* context,
                                         const certifier::v1::ListRequestsRequest* request,
                                         certifier::v1::ListRequestsResponse* response) override;
  grpc::ServerUnaryReactor* GetRequest(grpc::CallbackServerContext* context,
                                       const certifier::v1::GetRequestRequest* request,
                                       certifier::v1::GetRequestResponse* response) override;
  grpc::ServerUnaryReactor* UpdateRequest(grpc::CallbackServerContext* context,
                                          const certifier::v1::UpdateRequestRequest* request,
                                          certifier::v1::UpdateRequestResponse* response) override;
  grpc::ServerUnaryReactor* ApproveRequest(grpc::CallbackServerContext* context,
                                           const certifier::v1::ApproveRequestRequest* request,
                                           certifier::v1::ApproveRequestResponse* response) override;
  grpc::ServerUnaryReactor* RejectRequest(grpc::CallbackServerContext* context,
                                          const certifier::v1::RejectRequestRequest* request,
                                          certifier::v1::RejectRequestResponse* response) override;
  grpc::ServerUnaryReactor* PostponeRequest(grpc::CallbackServerContext* context,
                                            const certifier::v1::PostponeRequestRequest* request,
                                            certifier::v1::PostponeRequestResponse* response) override;
  grpc::ServerUnaryReactor* ResumeRequest(grpc::CallbackServerContext* context,
                                          const certifier::v1::ResumeRequestRequest* request,
                                          certifier::v1::ResumeRequestResponse* response) override;
  grpc::ServerUnaryReactor* ExplainRequest(grpc::CallbackServerContext* context,
                                           const certifier::v1::ExplainRequestRequest* request,
                                           certifier::v1::ExplainRequestResponse* response) override;

 private:
  service::WorkerPool& ChainWorkers() const;

  const Parts parts_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_REQUEST_SERVICE_H
