#ifndef CERTIFIER_ENGINE_RPC_AUDIT_SERVICE_H
#define CERTIFIER_ENGINE_RPC_AUDIT_SERVICE_H

#include "certifier/v1/audit.grpc.pb.h"
#include "operators/door.h"
#include "service/worker_pool.h"
#include "store/audit_store.h"

namespace engine::rpc {

// AuditService shows operators the audit log. References must outlive its calls.
class AuditService final : public certifier::v1::AuditService::CallbackService {
 public:
  AuditService(store::AuditStore& store, const operators::Door& door, service::WorkerPool& workers)
      : store_(store), door_(door), workers_(workers) {}

  grpc::ServerUnaryReactor* ListAuditEvents(grpc::CallbackServerContext* context,
                                            const certifier::v1::ListAuditEventsRequest* request,
                                            certifier::v1::ListAuditEventsResponse* response) override;
  grpc::ServerUnaryReactor* GetAuditEvent(grpc::CallbackServerContext* context,
                                          const certifier::v1::GetAuditEventRequest* request,
                                          certifier::v1::GetAuditEventResponse* response) override;
  grpc::ServerUnaryReactor* ExportAuditEvents(grpc::CallbackServerContext* context,
                                              const certifier::v1::ExportAuditEventsRequest* request,
                                              certifier::v1::ExportAuditEventsResponse* response) override;
  grpc::ServerUnaryReactor* GetAuditKey(grpc::CallbackServerContext* context,
                                        const certifier::v1::GetAuditKeyRequest* request,
                                        certifier::v1::GetAuditKeyResponse* response) override;

 private:
  store::AuditStore& store_;
  const operators::Door& door_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_AUDIT_SERVICE_H
