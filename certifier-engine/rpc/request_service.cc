#include "rpc/request_service.h"

#include "enrollment/find_decisions.h"
#include "enrollment/state.h"
#include "pki/digest.h"
#include "rpc/page.h"
#include "rpc/request_state.h"
#include "rpc/request_view.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using service::Caller;

result::Result<void> List(const RequestService::Parts& parts, const certifier::v1::ListRequestsRequest& request,
                          certifier::v1::ListRequestsResponse& response) {
  ASSIGN_OR_RETURN(const auto page, ParsePage(request.page_size(), request.page_token()));
  ASSIGN_OR_RETURN(const auto state, FromProto(request.state()));
  pki::Bytes fingerprint;
  if (!request.fingerprint().empty()) {
    ASSIGN_OR_RETURN(fingerprint, pki::ParseFingerprint(request.fingerprint()));
  }
  ASSIGN_OR_RETURN(const auto records, parts.store.ListRequests(state, request.ca(), fingerprint, page));
  for (const auto& record : records) Fill(record, parts.held, *response.add_requests());
  response.set_next_page_token(NextPageToken(page, records, &store::RequestRecord::request_id));
  return {};
}

result::Result<void> FillById(const RequestService::Parts& parts, std::int64_t id, certifier::v1::Request& request) {
  ASSIGN_OR_RETURN(const auto record, parts.store.GetRequest(id));
  Fill(record, parts.held, request);
  return {};
}

// Response has a request and its template.
template <class Response>
result::Result<void> FillWithTemplate(const RequestService::Parts& parts, std::int64_t id, Response& response) {
  ASSIGN_OR_RETURN(const auto record, parts.store.GetRequest(id));
  Fill(record, parts.held, *response.mutable_request());
  if (enrollment::IsOpen(record.state))
    FillTemplate(record, parts.edit, *response.mutable_request()->mutable_template_());
  return {};
}

result::Result<void> Update(const RequestService::Parts& parts, const grpc::CallbackServerContext& context,
                            const certifier::v1::UpdateRequestRequest& request,
                            certifier::v1::UpdateRequestResponse& response) {
  ASSIGN_OR_RETURN(const auto login, service::OperatorOf(context));
  ASSIGN_OR_RETURN(const auto id, ParseId(request.request_id()));
  RETURN_IF_ERROR(parts.edit.Save(id, request.template_version(), request.certificate(), login));
  return FillWithTemplate(parts, id, response);
}

result::Result<void> Approve(const RequestService::Parts& parts, const grpc::CallbackServerContext& context,
                             const certifier::v1::ApproveRequestRequest& request,
                             certifier::v1::ApproveRequestResponse& response) {
  ASSIGN_OR_RETURN(auto login, service::OperatorOf(context));
  ASSIGN_OR_RETURN(auto groups, service::GroupsOf(context));
  ASSIGN_OR_RETURN(const auto id, ParseId(request.request_id()));
  RETURN_IF_ERROR(parts.approval.Approve(id, request.fingerprint(), {std::move(login), std::move(groups)},
                                         request.template_version()));
  return FillById(parts, id, *response.mutable_request());
}

}  // namespace

service::WorkerPool& RequestService::ChainWorkers() const {
  const bool may_wait = parts_.webhook_workers != nullptr && parts_.held.MayAskWebhook();
  return may_wait ? *parts_.webhook_workers : parts_.workers;
}

grpc::ServerUnaryReactor* RequestService::ListRequests(grpc::CallbackServerContext* context,
                                                       const certifier::v1::ListRequestsRequest* request,
                                                       certifier::v1::ListRequestsResponse* response) {
  return service::HandleRpc(context, "ListRequests", parts_.workers,
                            [this, request, response](const Caller&) { return List(parts_, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::GetRequest(grpc::CallbackServerContext* context,
                                                     const certifier::v1::GetRequestRequest* request,
                                                     certifier::v1::GetRequestResponse* response) {
  return service::HandleRpc(context, "GetRequest", ChainWorkers(),
                            [this, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto id, ParseId(request->request_id()));
                              return FillWithTemplate(parts_, id, *response);
                            });
}

grpc::ServerUnaryReactor* RequestService::UpdateRequest(grpc::CallbackServerContext* context,
                                                        const certifier::v1::UpdateRequestRequest* request,
                                                        certifier::v1::UpdateRequestResponse* response) {
  return service::HandleRpc(
      context, "UpdateRequest", ChainWorkers(),
      [this, context, request, response](const Caller&) { return Update(parts_, *context, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::ApproveRequest(grpc::CallbackServerContext* context,
                                                         const certifier::v1::ApproveRequestRequest* request,
                                                         certifier::v1::ApproveRequestResponse* response) {
  return service::HandleRpc(
      context, "ApproveRequest", ChainWorkers(),
      [this, context, request, response](const Caller&) { return Approve(parts_, *context, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::RejectRequest(grpc::CallbackServerContext* context,
                                                        const certifier::v1::RejectRequestRequest* request,
                                                        certifier::v1::RejectRequestResponse* response) {
  return service::HandleRpc(context, "RejectRequest", parts_.workers,
                            [this, context, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
                              ASSIGN_OR_RETURN(const auto id, ParseId(request->request_id()));
                              RETURN_IF_ERROR(parts_.approval.Reject(id, request->reason(), login));
                              return FillById(parts_, id, *response->mutable_request());
                            });
}

grpc::ServerUnaryReactor* RequestService::ExplainRequest(grpc::CallbackServerContext* context,
                                                         const certifier::v1::ExplainRequestRequest* request,
                                                         certifier::v1::ExplainRequestResponse* response) {
  return service::HandleRpc(
      context, "ExplainRequest", parts_.workers, [this, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(auto decisions, enrollment::FindDecisions(parts_.store, request->query()));
        for (auto& decision : decisions) *response->add_decisions() = std::move(decision);
        return {};
      });
}

}  // namespace engine::rpc
