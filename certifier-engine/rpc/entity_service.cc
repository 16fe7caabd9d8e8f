#include "rpc/entity_service.h"

#include "enrollment/binding.h"
#include "enrollment/entity.h"
#include "policy/attributes.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "rpc/pre_shared_key_view.h"
#include "rpc/request_state.h"
#include "rpc/search.h"
#include "service/log.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

// Of each kind of what an entity has.
constexpr std::uint32_t kNewest = 5;

result::Result<void> Fill(const store::EntityRecord& record, certifier::v1::Entity& entity) {
  entity.set_name(record.name);
  entity.set_status(record.is_active ? "active" : "inactive");
  entity.set_description(record.description);
  *entity.mutable_created_at() = ToTimestamp(record.created_at);
  entity.set_created_by(record.created_by);
  entity.set_subject(record.binding.subject);
  for (const auto& name : record.binding.alternative_names) entity.add_subject_alternative_names(name);
  return FillAttributes(record.attributes, *entity.mutable_attributes());
}

certifier::v1::CertificateStatus StatusOf(store::EntityOverview::Certificate::Status status) {
  using Status = store::EntityOverview::Certificate::Status;
  if (status == Status::kGood) return certifier::v1::CERTIFICATE_STATUS_GOOD;
  return status == Status::kSuspended ? certifier::v1::CERTIFICATE_STATUS_SUSPENDED
                                      : certifier::v1::CERTIFICATE_STATUS_REVOKED;
}

void Fill(const store::EntityOverview::Request& record, certifier::v1::EntityRequest& request) {
  request.set_request_id(std::to_string(record.request_id));
  request.set_state(ToProto(record.state));
  request.set_ca(record.ca);
  request.set_subject(record.subject);
  *request.mutable_received_at() = ToTimestamp(record.received_at);
}

void Fill(const store::EntityOverview::Certificate& record, certifier::v1::EntityCertificate& certificate) {
  certificate.set_serial_number(pki::HexLower(record.serial_number));
  certificate.set_ca(record.ca);
  certificate.set_subject(record.subject);
  certificate.set_status(StatusOf(record.status));
  *certificate.mutable_issued_at() = ToTimestamp(record.issued_at);
  *certificate.mutable_not_after() = ToTimestamp(record.not_after);
}

// Only what belongs to CAs that the operator may read.
result::Result<void> Show(store::AdministrationStore& store, const std::string& name, const CallingOperator& who,
                          certifier::v1::GetEntityResponse& response) {
  const store::Page newest = {0, kNewest, who.Cas()};
  ASSIGN_OR_RETURN(const auto overview, store.GetEntity(name, newest.size, newest.ca_ids));
  RETURN_IF_ERROR(Fill(overview.entity, *response.mutable_entity()));
  response.set_key_count(overview.key_count);
  response.set_request_count(overview.request_count);
  response.set_certificate_count(overview.certificate_count);
  ASSIGN_OR_RETURN(const auto keys, store.ListKeys(name, newest));
  for (const auto& key : keys) RETURN_IF_ERROR(rpc::Fill(key, *response.add_keys()));
  for (const auto& request : overview.requests) Fill(request, *response.add_requests());
  for (const auto& certificate : overview.certificates) Fill(certificate, *response.add_certificates());
  return {};
}

result::Result<store::NewEntity> FromProto(const certifier::v1::CreateEntityRequest& request,
                                           const std::string& login) {
  RETURN_IF_ERROR(enrollment::CheckEntity(request.name(), request.description()));
  ASSIGN_OR_RETURN(auto binding,
                   enrollment::ReadBinding(request.subject(), {request.subject_alternative_names().begin(),
                                                               request.subject_alternative_names().end()}));
  const auto attributes = AttributesOf(request.attributes());
  RETURN_IF_ERROR(policy::CheckAttributes(attributes));
  return store::NewEntity{request.name(), request.description(), login, std::move(binding),
                          policy::WriteAttributes(attributes)};
}

result::Result<void> ReadStatus(const std::string& status, store::EntityChange& change) {
  if (status != "active" && status != "inactive") {
    return result::Fail(result::Reason::kMalformed, "a status is active or inactive");
  }
  change.is_active = status == "active";
  return {};
}

result::Result<void> ReadNames(const certifier::v1::UpdateEntityRequest& request, store::EntityChange& change) {
  if (request.has_subject()) {
    ASSIGN_OR_RETURN(auto binding, enrollment::ReadBinding(request.subject(), {}));
    change.subject = std::move(binding.subject);
  }
  if (request.has_subject_alternative_names()) {
    const auto& names = request.subject_alternative_names().names();
    ASSIGN_OR_RETURN(change.alternative_names, enrollment::ReadBoundNames({names.begin(), names.end()}));
  }
  return {};
}

result::Result<store::EntityChange> FromProto(const certifier::v1::UpdateEntityRequest& request) {
  store::EntityChange change{request.name()};
  if (request.has_status()) RETURN_IF_ERROR(ReadStatus(request.status(), change));
  if (request.has_description()) {
    RETURN_IF_ERROR(enrollment::CheckDescription(request.description()));
    change.description = request.description();
  }
  RETURN_IF_ERROR(ReadNames(request, change));
  const auto attributes = AttributesOf(request.attributes());
  RETURN_IF_ERROR(policy::CheckAttributes(attributes));
  RETURN_IF_ERROR(
      policy::CheckAttributeNames({request.removed_attributes().begin(), request.removed_attributes().end()}));
  change.attributes = policy::WriteAttributes(attributes);
  change.removed_attributes = {request.removed_attributes().begin(), request.removed_attributes().end()};
  change.most_attributes = policy::kMostAttributes;
  return change;
}

}  // namespace

grpc::ServerUnaryReactor* EntityService::CreateEntity(grpc::CallbackServerContext* context,
                                                      const certifier::v1::CreateEntityRequest* request,
                                                      certifier::v1::CreateEntityResponse* response) {
  return HandleForOperator(context, "CreateEntity", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto entity, FromProto(*request, who.login()));
                             ASSIGN_OR_RETURN(const auto record, store_.CreateEntity(entity));
                             return Fill(record, *response->mutable_entity());
                           });
}

grpc::ServerUnaryReactor* EntityService::ListEntities(grpc::CallbackServerContext* context,
                                                      const certifier::v1::ListEntitiesRequest* request,
                                                      certifier::v1::ListEntitiesResponse* response) {
  return HandleForOperator(
      context, "ListEntities", workers_, door_,
      [this, request, response](const CallingOperator&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto page, ParsePage(request->page_size(), request->page_token()));
        ASSIGN_OR_RETURN(const auto terms, ParseTerms(request->search()));
        ASSIGN_OR_RETURN(const auto records, store_.ListEntities(terms, page));
        for (const auto& record : records) RETURN_IF_ERROR(Fill(record, *response->add_entities()));
        response->set_next_page_token(NextPageToken(page, records, &store::EntityRecord::entity_id));
        return {};
      });
}

grpc::ServerUnaryReactor* EntityService::GetEntity(grpc::CallbackServerContext* context,
                                                   const certifier::v1::GetEntityRequest* request,
                                                   certifier::v1::GetEntityResponse* response) {
  return HandleForOperator(
      context, "GetEntity", workers_, door_,
      [this, request, response](const CallingOperator& who) { return Show(store_, request->name(), who, *response); });
}

grpc::ServerUnaryReactor* EntityService::UpdateEntity(grpc::CallbackServerContext* context,
                                                      const certifier::v1::UpdateEntityRequest* request,
                                                      certifier::v1::UpdateEntityResponse* response) {
  return HandleForOperator(context, "UpdateEntity", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(auto change, FromProto(*request));
                             // It changes what all of the entity's CAs issue to it, which the store judges as it makes
                             // the change.
                             change.ca_ids = who.Cas();
                             change.changed_by = who.login();
                             auto updated = store_.UpdateEntity(change);
                             RETURN_IF_ERROR(who.RequireOfStore(updated));
                             const auto& record = *updated;
                             service::LogInfo("entity_updated", {{"entity", record.name},
                                                                 {"status", record.is_active ? "active" : "inactive"},
                                                                 {"updated_by", who.login()}});
                             return Fill(record, *response->mutable_entity());
                           });
}

}  // namespace engine::rpc
