#include "certifier/v1/entity.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/pages.h"

namespace ctl {

namespace v1 = certifier::v1;
using EntityStub = v1::EntityService::Stub;

result::Result<void> Run(Session& session, Output& output, const EntityCreate& command) {
  v1::CreateEntityRequest request;
  request.set_name(command.name);
  request.set_description(command.description);
  ASSIGN_OR_RETURN(const v1::CreateEntityResponse response, session.Call(&EntityStub::CreateEntity, request));
  const v1::Entity& entity = response.entity();
  if (output.is_json()) {
    output.Json(entity);
    return {};
  }
  output.Values({{"name", entity.name()},
                 {"status", entity.status()},
                 {"description", entity.description()},
                 {"created", TimeAndDistance(entity.has_created_at(), entity.created_at(), output.now())}});
  return {};
}

result::Result<void> Run(Session& session, Output& output, const EntityList& command) {
  ASSIGN_OR_RETURN(const v1::ListEntitiesResponse response,
                   CollectPages(session, &EntityStub::ListEntities, v1::ListEntitiesRequest(), command.limit));
  Table table({{"NAME", 16}, {"STATUS"}, {"CREATED", 0, 1}, {"DESCRIPTION", 12, 2}});
  for (const v1::Entity& entity : response.entities()) {
    table.Add(
        {entity.name(), entity.status(), TimeText(entity.has_created_at(), entity.created_at()), entity.description()});
  }
  ShowPages(output, response, table);
  return {};
}

}  // namespace ctl
