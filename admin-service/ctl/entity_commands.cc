#include "certifier/v1/entity.grpc.pb.h"
#include "ctl/attribute_arguments.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/pages.h"

namespace ctl {

namespace v1 = certifier::v1;
using EntityStub = v1::EntityService::Stub;

namespace {

template <class Enum>
std::string NameOf(Enum number) {
  const auto* value = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(number);
  return value == nullptr ? std::to_string(number) : EnumName(*value);
}

void ShowValues(Output& output, const v1::Entity& entity) {
  const std::string created = TimeAndDistance(entity.has_created_at(), entity.created_at(), output.now());
  output.Values({{"name", entity.name()},
                 {"status", entity.status()},
                 {"description", entity.description()},
                 {"subject", entity.subject()},
                 {"alternative names", Joined(entity.subject_alternative_names())},
                 {"attributes", AttributeText(entity.attributes())},
                 {"created", created + (entity.created_by().empty() ? "" : " by " + entity.created_by())}});
}

void Show(Output& output, const v1::Entity& entity) {
  if (output.is_json()) return output.Json(entity);
  ShowValues(output, entity);
}

// Heading is "Certificates: 12, the newest 5:"; nothing for none.
void Heading(Output& output, const std::string& what, std::uint64_t count, int shown) {
  const bool is_all = count <= static_cast<std::uint64_t>(shown);
  output.Text("\n" + what + ": " + std::to_string(count) + (is_all ? "" : ", the newest " + std::to_string(shown)) +
              (shown == 0 ? "" : ":"));
}

void ShowKeys(Output& output, const v1::GetEntityResponse& response) {
  Heading(output, "Keys", response.key_count(), response.keys_size());
  Table table({{"  REFERENCE"}, {"CA", 6}, {"USED"}, {"EXPIRES"}, {"LAST USED", 0, 1}});
  for (const v1::PreSharedKey& key : response.keys()) {
    table.Add({"  " + key.reference_number(), key.ca(),
               std::to_string(key.use_count()) + "/" + std::to_string(key.use_limit()) +
                   (key.has_disabled_at() ? ", disabled" : ""),
               TimeAndDistance(key.has_expires_at(), key.expires_at(), output.now()),
               key.has_last_used_at() ? FormatDistance(ToTime(key.last_used_at()), output.now()) : ""});
  }
  if (response.keys_size() > 0) output.Rows(table);
}

void ShowRequests(Output& output, const v1::GetEntityResponse& response) {
  Heading(output, "Requests", response.request_count(), response.requests_size());
  Table table({{"  ID"}, {"STATE"}, {"CA", 6}, {"SUBJECT", 12}, {"AGE"}});
  for (const v1::EntityRequest& request : response.requests()) {
    table.Add({"  " + request.request_id(), NameOf(request.state()), request.ca(), request.subject(),
               FormatDistance(ToTime(request.received_at()), output.now())});
  }
  if (response.requests_size() > 0) output.Rows(table);
}

void ShowCertificates(Output& output, const v1::GetEntityResponse& response) {
  Heading(output, "Certificates", response.certificate_count(), response.certificates_size());
  Table table({{"  SERIAL NUMBER"}, {"STATUS"}, {"CA", 6}, {"SUBJECT", 12}, {"VALID UNTIL", 0, 1}});
  for (const v1::EntityCertificate& certificate : response.certificates()) {
    table.Add({"  " + certificate.serial_number(), NameOf(certificate.status()), certificate.ca(),
               certificate.subject(),
               TimeAndDistance(certificate.has_not_after(), certificate.not_after(), output.now())});
  }
  if (response.certificates_size() > 0) output.Rows(table);
}

result::Result<void> Update(Session& session, Output& output, const v1::UpdateEntityRequest& request) {
  ASSIGN_OR_RETURN(const v1::UpdateEntityResponse response, session.Call(&EntityStub::UpdateEntity, request));
  Show(output, response.entity());
  return {};
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const EntityCreate& command) {
  v1::CreateEntityRequest request;
  request.set_name(command.name);
  request.set_description(command.description);
  request.set_subject(command.subject);
  for (const std::string& name : command.alternative_names) request.add_subject_alternative_names(name);
  RETURN_IF_ERROR(SetAttributes(command.attributes, *request.mutable_attributes()));
  ASSIGN_OR_RETURN(const v1::CreateEntityResponse response, session.Call(&EntityStub::CreateEntity, request));
  Show(output, response.entity());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const EntityShow& command) {
  v1::GetEntityRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::GetEntityResponse response, session.Call(&EntityStub::GetEntity, request));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  ShowValues(output, response.entity());
  ShowKeys(output, response);
  ShowRequests(output, response);
  ShowCertificates(output, response);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const EntitySet& command) {
  const bool changes_names = !command.alternative_names.empty() || command.has_any_alternative_name;
  if (!command.description && !command.subject && !changes_names && command.attributes.empty() &&
      command.removed_attributes.empty()) {
    return result::Fail(result::Reason::kMalformed, "nothing is named that should change");
  }
  v1::UpdateEntityRequest request;
  request.set_name(command.name);
  if (command.description) request.set_description(*command.description);
  if (command.subject) request.set_subject(*command.subject);
  if (changes_names) {
    auto& names = *request.mutable_subject_alternative_names();
    for (const std::string& name : command.alternative_names) names.add_names(name);
  }
  RETURN_IF_ERROR(SetAttributes(command.attributes, *request.mutable_attributes()));
  for (const std::string& name : command.removed_attributes) request.add_removed_attributes(name);
  return Update(session, output, request);
}

result::Result<void> Run(Session& session, Output& output, const EntityEnable& command) {
  v1::UpdateEntityRequest request;
  request.set_name(command.name);
  request.set_status("active");
  return Update(session, output, request);
}

result::Result<void> Run(Session& session, Output& output, const EntityDisable& command) {
  v1::UpdateEntityRequest request;
  request.set_name(command.name);
  request.set_status("inactive");
  RETURN_IF_ERROR(Update(session, output, request));
  output.Note("\nIts keys and renewals are refused from now on. Its certificates stay good: revoke what must not be.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const EntityList& command) {
  v1::ListEntitiesRequest request;
  Fill(command.search, *request.mutable_search());
  ASSIGN_OR_RETURN(const v1::ListEntitiesResponse response,
                   CollectPages(session, &EntityStub::ListEntities, request, command.limit));
  Table table({{"NAME", 16}, {"STATUS"}, {"CREATED", 0, 1}, {"ATTRIBUTES", 12, 2}, {"DESCRIPTION", 12, 3}});
  for (const v1::Entity& entity : response.entities()) {
    table.Add({entity.name(), entity.status(), TimeText(entity.has_created_at(), entity.created_at()),
               AttributeText(entity.attributes()), entity.description()});
  }
  ShowPages(output, response, table);
  return {};
}

}  // namespace ctl
