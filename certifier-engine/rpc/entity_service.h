#ifndef CERTIFIER_ENGINE_RPC_ENTITY_SERVICE_H
#define CERTIFIER_ENGINE_RPC_ENTITY_SERVICE_H

#include "certifier/v1/entity.grpc.pb.h"
#include "operators/door.h"
#include "service/worker_pool.h"
#include "store/administration_store.h"

namespace engine::rpc {

// EntityService keeps entities for administrators. References must outlive its calls.
class EntityService final : public certifier::v1::EntityService::CallbackService {
 public:
  EntityService(store::AdministrationStore& store, const operators::Door& door, service::WorkerPool& workers)
      : store_(store), door_(door), workers_(workers) {}

  grpc::ServerUnaryReactor* CreateEntity(grpc::CallbackServerContext* context,
                                         const certifier::v1::CreateEntityRequest* request,
                                         certifier::v1::CreateEntityResponse* response) override;
  grpc::ServerUnaryReactor* ListEntities(grpc::CallbackServerContext* context,
                                         const certifier::v1::ListEntitiesRequest* request,
                                         certifier::v1::ListEntitiesResponse* response) override;
  grpc::ServerUnaryReactor* GetEntity(grpc::CallbackServerContext* context,
                                      const certifier::v1::GetEntityRequest* request,
                                      certifier::v1::GetEntityResponse* response) override;
  grpc::ServerUnaryReactor* UpdateEntity(grpc::CallbackServerContext* context,
                                         const certifier::v1::UpdateEntityRequest* request,
                                         certifier::v1::UpdateEntityResponse* response) override;

 private:
  store::AdministrationStore& store_;
  const operators::Door& door_;
  service::WorkerPool& workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_ENTITY_SERVICE_H
