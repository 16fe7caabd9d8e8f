#include "rpc/request_service.h"

#include "enrollment/find_decisions.h"
#include "enrollment/request_fingerprints.h"
#include "enrollment/transaction_id.h"
#include "rpc/fingerprint.h"
#include "rpc/page.h"
#include "rpc/request_state.h"
#include "service/rpc.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

using service::Caller;

void FillDecision(const store::RequestRecord& record, certifier::v1::Request& request) {
  request.set_reference_number(record.reference_number);
  request.set_entity(record.entity);
  request.set_policy(record.policy);
  request.set_policy_version(record.policy_version);
  if (record.decided_at) *request.mutable_decided_at() = ToTimestamp(*record.decided_at);
  request.set_decided_by(record.decided_by);
  request.set_rejection_reason(record.rejection_reason);
  request.set_serial_number(pki::HexLower(record.serial_number));
}

void Fill(const store::RequestRecord& record, certifier::v1::Request& request) {
  request.set_request_id(std::to_string(record.request_id));
  request.set_state(ToProto(record.state));
  request.set_ca(record.ca);
  request.set_subject(record.subject);
  for (const auto& name : record.subject_alternative_names) request.add_subject_alternative_names(name);
  request.set_key_algorithm(record.key_algorithm);
  request.set_transaction_id(enrollment::PrintableTransactionId(record.transaction_id));
  request.set_renewed_serial_number(pki::HexLower(record.renewed_serial_number));
  for (const auto& alias : record.aliases) {
    request.add_transaction_id_aliases(enrollment::PrintableTransactionId(alias));
  }
  request.set_source_address(record.source_address);
  *request.mutable_received_at() = ToTimestamp(record.received_at);
  request.set_has_challenge(record.has_challenge);
  request.set_has_transaction_id_collision(record.has_collision);
  if (const auto whole = enrollment::UnpackFingerprints(record.fingerprints)) {
    *request.mutable_fingerprints()->mutable_request() = ToProto(*whole);
  }
  if (const auto info = enrollment::UnpackFingerprints(record.unsigned_fingerprints)) {
    *request.mutable_fingerprints()->mutable_unsigned_request() = ToProto(*info);
  }
  FillDecision(record, request);
}

result::Result<void> FillById(store::AdministrationStore& store, std::int64_t id, certifier::v1::Request& request) {
  ASSIGN_OR_RETURN(const auto record, store.GetRequest(id));
  Fill(record, request);
  return {};
}

result::Result<void> List(store::AdministrationStore& store, const certifier::v1::ListRequestsRequest& request,
                          certifier::v1::ListRequestsResponse& response) {
  ASSIGN_OR_RETURN(const auto page, ParsePage(request.page_size(), request.page_token()));
  ASSIGN_OR_RETURN(const auto state, FromProto(request.state()));
  pki::Bytes fingerprint;
  if (!request.fingerprint().empty()) {
    ASSIGN_OR_RETURN(fingerprint, pki::ParseFingerprint(request.fingerprint()));
  }
  ASSIGN_OR_RETURN(const auto records, store.ListRequests(state, request.ca(), fingerprint, page));
  for (const auto& record : records) Fill(record, *response.add_requests());
  response.set_next_page_token(NextPageToken(page, records, &store::RequestRecord::request_id));
  return {};
}

}  // namespace

grpc::ServerUnaryReactor* RequestService::ListRequests(grpc::CallbackServerContext* context,
                                                       const certifier::v1::ListRequestsRequest* request,
                                                       certifier::v1::ListRequestsResponse* response) {
  return service::HandleRpc(context, "ListRequests", workers_,
                            [this, request, response](const Caller&) { return List(store_, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::GetRequest(grpc::CallbackServerContext* context,
                                                     const certifier::v1::GetRequestRequest* request,
                                                     certifier::v1::GetRequestResponse* response) {
  return service::HandleRpc(context, "GetRequest", workers_,
                            [this, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto id, ParseId(request->request_id()));
                              return FillById(store_, id, *response->mutable_request());
                            });
}

grpc::ServerUnaryReactor* RequestService::ApproveRequest(grpc::CallbackServerContext* context,
                                                         const certifier::v1::ApproveRequestRequest* request,
                                                         certifier::v1::ApproveRequestResponse* response) {
  const bool may_wait = webhook_workers_ != nullptr && approval_.MayAskWebhook();
  return service::HandleRpc(context, "ApproveRequest", may_wait ? *webhook_workers_ : workers_,
                            [this, context, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
                              ASSIGN_OR_RETURN(const auto id, ParseId(request->request_id()));
                              RETURN_IF_ERROR(approval_.Approve(id, request->fingerprint(), login));
                              return FillById(store_, id, *response->mutable_request());
                            });
}

grpc::ServerUnaryReactor* RequestService::RejectRequest(grpc::CallbackServerContext* context,
                                                        const certifier::v1::RejectRequestRequest* request,
                                                        certifier::v1::RejectRequestResponse* response) {
  return service::HandleRpc(context, "RejectRequest", workers_,
                            [this, context, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
                              ASSIGN_OR_RETURN(const auto id, ParseId(request->request_id()));
                              RETURN_IF_ERROR(approval_.Reject(id, request->reason(), login));
                              return FillById(store_, id, *response->mutable_request());
                            });
}

grpc::ServerUnaryReactor* RequestService::ExplainRequest(grpc::CallbackServerContext* context,
                                                         const certifier::v1::ExplainRequestRequest* request,
                                                         certifier::v1::ExplainRequestResponse* response) {
  return service::HandleRpc(context, "ExplainRequest", workers_,
                            [this, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(auto decisions, enrollment::FindDecisions(store_, request->query()));
                              for (auto& decision : decisions) *response->add_decisions() = std::move(decision);
                              return {};
                            });
}

}  // namespace engine::rpc
