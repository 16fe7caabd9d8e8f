#include "rpc/pre_shared_key_service.h"

#include "rpc/page.h"
#include "rpc/timestamp.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using service::Caller;

enrollment::KeySpecification FromProto(const certifier::v1::CreatePreSharedKeyRequest& request) {
  enrollment::KeySpecification key;
  key.entity = request.entity();
  key.ca = request.ca();
  key.use_limit = request.use_limit();
  if (request.has_not_before()) key.not_before = FromTimestamp(request.not_before());
  if (request.has_expires_at()) key.expires_at = FromTimestamp(request.expires_at());
  key.policy = request.policy();
  key.subject = request.subject();
  key.alternative_names = {request.subject_alternative_names().begin(), request.subject_alternative_names().end()};
  return key;
}

void Fill(const store::KeyListing& record, certifier::v1::PreSharedKey& key) {
  key.set_reference_number(record.reference_number);
  key.set_entity(record.entity);
  key.set_ca(record.ca);
  key.set_use_limit(record.use_limit);
  key.set_use_count(record.use_count);
  *key.mutable_not_before() = ToTimestamp(record.not_before);
  *key.mutable_expires_at() = ToTimestamp(record.expires_at);
  key.set_policy(record.policy);
  key.set_subject(record.bound_subject);
  for (const auto& name : record.bound_alternative_names) key.add_subject_alternative_names(name);
  *key.mutable_created_at() = ToTimestamp(record.created_at);
  key.set_created_by(record.created_by);
}

}  // namespace

grpc::ServerUnaryReactor* PreSharedKeyService::CreatePreSharedKey(
    grpc::CallbackServerContext* context, const certifier::v1::CreatePreSharedKeyRequest* request,
    certifier::v1::CreatePreSharedKeyResponse* response) {
  return service::HandleRpc(context, "CreatePreSharedKey", workers_,
                            [this, context, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
                              ASSIGN_OR_RETURN(const auto minted, mint_.Mint(FromProto(*request), login));
                              response->set_reference_number(minted.reference_number);
                              response->set_key(std::string(minted.value.Reveal()));
                              response->set_entity(request->entity());
                              response->set_ca(request->ca());
                              response->set_use_limit(minted.use_limit);
                              *response->mutable_expires_at() = ToTimestamp(minted.expires_at);
                              response->set_policy(request->policy());
                              return {};
                            });
}

grpc::ServerUnaryReactor* PreSharedKeyService::ListPreSharedKeys(grpc::CallbackServerContext* context,
                                                                 const certifier::v1::ListPreSharedKeysRequest* request,
                                                                 certifier::v1::ListPreSharedKeysResponse* response) {
  return service::HandleRpc(
      context, "ListPreSharedKeys", workers_, [this, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto page, ParsePage(request->page_size(), request->page_token()));
        ASSIGN_OR_RETURN(const auto records, store_.ListKeys(request->entity(), page));
        for (const auto& record : records) Fill(record, *response->add_keys());
        response->set_next_page_token(NextPageToken(page, records, &store::KeyListing::pre_shared_key_id));
        return {};
      });
}

}  // namespace engine::rpc
