#include "rpc/pre_shared_key_service.h"

#include <set>

#include "rpc/key_batch.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "rpc/pre_shared_key_view.h"
#include "service/log.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

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
  key.attributes = AttributesOf(request.attributes());
  return key;
}

result::Result<enrollment::MintedKey> Mint(const enrollment::KeyMint& mint,
                                           const certifier::v1::CreatePreSharedKeyRequest& request,
                                           const std::string& login) {
  if (request.value().empty()) return mint.Mint(FromProto(request), login);
  return mint.MintTyped(FromProto(request), pki::Secret(request.value()), login);
}

result::Result<void> RequireKey(store::AdministrationStore& store, const CallingOperator& who,
                                const std::string& reference_number) {
  ASSIGN_OR_RETURN(const auto record, store.GetKey(reference_number));
  return who.Require(record.ca);
}

// Whoever gives an entity a key of his CA changes who may change that entity: what others have keys or certificates for
// needs the level there too. One that is not there yet is nobody's.
result::Result<void> RequireEntity(store::AdministrationStore& store, const CallingOperator& who,
                                   const std::string& entity) {
  if (!who.Cas()) return {};
  const auto cas = store.CasOfEntity(entity);
  if (!cas && cas.error().reason == result::Reason::kNotFound) return {};
  if (!cas) return tl::unexpected<result::Error>(cas.error());
  return who.RequireAll(*cas);
}

result::Result<void> RequireItems(store::AdministrationStore& store, const CallingOperator& who,
                                  const certifier::v1::MintPreSharedKeysRequest& request) {
  std::vector<std::string> cas;
  for (const auto& item : request.items()) cas.push_back(item.ca());
  RETURN_IF_ERROR(who.RequireAll(cas));
  // Past the bound the batch is refused anyway, and nobody reads for it.
  if (static_cast<std::size_t>(request.items_size()) > enrollment::KeyBatchMint::kMostItemsOfCall) return {};
  std::set<std::string> entities;
  for (const auto& item : request.items()) entities.insert(item.entity());
  for (const auto& entity : entities) RETURN_IF_ERROR(RequireEntity(store, who, entity));
  return {};
}

}  // namespace

grpc::ServerUnaryReactor* PreSharedKeyService::CreatePreSharedKey(
    grpc::CallbackServerContext* context, const certifier::v1::CreatePreSharedKeyRequest* request,
    certifier::v1::CreatePreSharedKeyResponse* response) {
  return HandleForOperator(context, "CreatePreSharedKey", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(who.Require(request->ca()));
                             RETURN_IF_ERROR(RequireEntity(store_, who, request->entity()));
                             ASSIGN_OR_RETURN(const auto minted, Mint(mint_, *request, who.login()));
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
  return HandleForOperator(
      context, "ListPreSharedKeys", workers_, door_,
      [this, request, response](const CallingOperator& who) -> result::Result<void> {
        ASSIGN_OR_RETURN(auto page, ParsePage(request->page_size(), request->page_token()));
        page.ca_ids = who.Cas();
        ASSIGN_OR_RETURN(const auto records, store_.ListKeys(request->entity(), page));
        for (const auto& record : records) RETURN_IF_ERROR(Fill(record, *response->add_keys()));
        response->set_next_page_token(NextPageToken(page, records, &store::KeyListing::pre_shared_key_id));
        return {};
      });
}

grpc::ServerUnaryReactor* PreSharedKeyService::GetPreSharedKey(grpc::CallbackServerContext* context,
                                                               const certifier::v1::GetPreSharedKeyRequest* request,
                                                               certifier::v1::GetPreSharedKeyResponse* response) {
  return HandleForOperator(context, "GetPreSharedKey", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto record, store_.GetKey(request->reference_number()));
                             RETURN_IF_ERROR(who.Require(record.ca));
                             return Fill(record, *response->mutable_key());
                           });
}

grpc::ServerUnaryReactor* PreSharedKeyService::RekeyPreSharedKey(grpc::CallbackServerContext* context,
                                                                 const certifier::v1::RekeyPreSharedKeyRequest* request,
                                                                 certifier::v1::RekeyPreSharedKeyResponse* response) {
  return HandleForOperator(context, "RekeyPreSharedKey", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(RequireKey(store_, who, request->reference_number()));
                             const pki::Secret typed(request->value());
                             ASSIGN_OR_RETURN(const auto rekeyed,
                                              mint_.Rekey(request->reference_number(), typed, who.login()));
                             response->set_value(std::string(rekeyed.value.Reveal()));
                             return Fill(rekeyed.key, *response->mutable_key());
                           });
}

grpc::ServerUnaryReactor* PreSharedKeyService::DisablePreSharedKey(
    grpc::CallbackServerContext* context, const certifier::v1::DisablePreSharedKeyRequest* request,
    certifier::v1::DisablePreSharedKeyResponse* response) {
  return HandleForOperator(context, "DisablePreSharedKey", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(RequireKey(store_, who, request->reference_number()));
                             ASSIGN_OR_RETURN(const auto record,
                                              store_.DisableKey(request->reference_number(), who.login()));
                             service::LogInfo("key_disabled", {{"reference_number", record.reference_number},
                                                               {"entity", record.entity},
                                                               {"disabled_by", record.disabled_by}});
                             return Fill(record, *response->mutable_key());
                           });
}

grpc::ServerUnaryReactor* PreSharedKeyService::MintPreSharedKeys(grpc::CallbackServerContext* context,
                                                                 const certifier::v1::MintPreSharedKeysRequest* request,
                                                                 certifier::v1::MintPreSharedKeysResponse* response) {
  return HandleForOperator(context, "MintPreSharedKeys", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(RequireItems(store_, who, *request));
                             ASSIGN_OR_RETURN(const auto minted, batch_mint_.Mint(KeyBatchOf(*request), who.login()));
                             Fill(minted, *response);
                             return {};
                           });
}

}  // namespace engine::rpc
