#include "rpc/entity_service.h"

#include "enrollment/entity.h"
#include "rpc/page.h"
#include "rpc/timestamp.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using service::Caller;

void Fill(const store::EntityRecord& record, certifier::v1::Entity& entity) {
  entity.set_name(record.name);
  entity.set_status(record.is_active ? "active" : "inactive");
  entity.set_description(record.description);
  *entity.mutable_created_at() = ToTimestamp(record.created_at);
}

}  // namespace

grpc::ServerUnaryReactor* EntityService::CreateEntity(grpc::CallbackServerContext* context,
                                                      const certifier::v1::CreateEntityRequest* request,
                                                      certifier::v1::CreateEntityResponse* response) {
  return service::HandleRpc(
      context, "CreateEntity", workers_, [this, context, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
        RETURN_IF_ERROR(enrollment::CheckEntity(request->name(), request->description()));
        ASSIGN_OR_RETURN(const auto record, store_.CreateEntity(request->name(), request->description(), login));
        Fill(record, *response->mutable_entity());
        return {};
      });
}

grpc::ServerUnaryReactor* EntityService::ListEntities(grpc::CallbackServerContext* context,
                                                      const certifier::v1::ListEntitiesRequest* request,
                                                      certifier::v1::ListEntitiesResponse* response) {
  return service::HandleRpc(
      context, "ListEntities", workers_, [this, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto page, ParsePage(request->page_size(), request->page_token()));
        ASSIGN_OR_RETURN(const auto records, store_.ListEntities(page));
        for (const auto& record : records) Fill(record, *response->add_entities());
        response->set_next_page_token(NextPageToken(page, records, &store::EntityRecord::entity_id));
        return {};
      });
}

}  // namespace engine::rpc
