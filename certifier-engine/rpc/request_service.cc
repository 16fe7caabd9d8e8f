#include "rpc/request_service.h"

#include "enrollment/find_decisions.h"
#include "enrollment/state.h"
#include "pki/digest.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "rpc/request_state.h"
#include "rpc/request_view.h"
#include "rpc/search.h"

namespace engine::rpc {

namespace {

// RecordFor is a request, by its number, that the operator may do this with.
result::Result<store::RequestRecord> RecordFor(const RequestService::Parts& parts, const CallingOperator& who,
                                               const std::string& text) {
  ASSIGN_OR_RETURN(const auto id, ParseId(text));
  ASSIGN_OR_RETURN(auto record, parts.store.GetRequest(id));
  RETURN_IF_ERROR(who.Require(record.ca));
  return record;
}

result::Result<std::int64_t> IdFor(const RequestService::Parts& parts, const CallingOperator& who,
                                   const std::string& text) {
  ASSIGN_OR_RETURN(const auto record, RecordFor(parts, who, text));
  return record.request_id;
}

bool IsNarrowedOtherwise(const certifier::v1::ListRequestsRequest& request) {
  return request.state() != certifier::v1::REQUEST_STATE_UNSPECIFIED || !request.ca().empty() ||
         !request.fingerprint().empty() || !request.search().terms().empty() || request.oldest_first();
}

result::Result<void> List(const RequestService::Parts& parts, const CallingOperator& who,
                          const certifier::v1::ListRequestsRequest& request,
                          certifier::v1::ListRequestsResponse& response) {
  ASSIGN_OR_RETURN(auto page, ParsePage(request.page_size(), request.page_token()));
  page.ca_ids = who.Cas();
  store::RequestFilter filter = {.ca = request.ca(), .oldest_first = request.oldest_first()};
  if (!request.same_key_as().empty()) {
    if (IsNarrowedOtherwise(request)) {
      return result::Fail(result::Reason::kMalformed, "requests for the same key are listed alone");
    }
    ASSIGN_OR_RETURN(filter.same_key_as, IdFor(parts, who, request.same_key_as()));
  }
  ASSIGN_OR_RETURN(filter.state, FromProto(request.state()));
  ASSIGN_OR_RETURN(filter.terms, ParseTerms(request.search()));
  if (!request.fingerprint().empty()) {
    if (!filter.terms.empty()) return result::Fail(result::Reason::kMalformed, "a fingerprint is searched for alone");
    ASSIGN_OR_RETURN(filter.fingerprint, pki::ParseFingerprint(request.fingerprint()));
  }
  if (filter.oldest_first && !(filter.terms.empty() && filter.fingerprint.empty())) {
    return result::Fail(result::Reason::kMalformed, "what is searched for is listed from the newest on");
  }
  ASSIGN_OR_RETURN(const auto records, parts.store.ListRequests(filter, page));
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
void FillWithTemplate(const RequestService::Parts& parts, const store::RequestRecord& record, Response& response) {
  Fill(record, parts.held, *response.mutable_request());
  FillExtensions(record, parts.held, *response.mutable_request());
  if (!enrollment::IsOpen(record.state)) return;
  FillTemplate(record, parts.edit, *response.mutable_request()->mutable_template_());
}

result::Result<void> Update(const RequestService::Parts& parts, const CallingOperator& who,
                            const certifier::v1::UpdateRequestRequest& request,
                            certifier::v1::UpdateRequestResponse& response) {
  ASSIGN_OR_RETURN(const auto id, IdFor(parts, who, request.request_id()));
  RETURN_IF_ERROR(parts.edit.Save(id, request.template_version(), request.certificate(), who.login()));
  ASSIGN_OR_RETURN(const auto record, parts.store.GetRequest(id));
  FillWithTemplate(parts, record, response);
  return {};
}

result::Result<void> Approve(const RequestService::Parts& parts, const CallingOperator& who,
                             const certifier::v1::ApproveRequestRequest& request,
                             certifier::v1::ApproveRequestResponse& response) {
  ASSIGN_OR_RETURN(const auto id, IdFor(parts, who, request.request_id()));
  RETURN_IF_ERROR(
      parts.approval.Approve(id, request.fingerprint(), {who.login(), who.groups()}, request.template_version()));
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
  return HandleForOperator(
      context, "ListRequests", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return List(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::GetRequest(grpc::CallbackServerContext* context,
                                                     const certifier::v1::GetRequestRequest* request,
                                                     certifier::v1::GetRequestResponse* response) {
  return HandleForOperator(context, "GetRequest", ChainWorkers(), parts_.door,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto record, RecordFor(parts_, who, request->request_id()));
                             FillWithTemplate(parts_, record, *response);
                             return {};
                           });
}

grpc::ServerUnaryReactor* RequestService::UpdateRequest(grpc::CallbackServerContext* context,
                                                        const certifier::v1::UpdateRequestRequest* request,
                                                        certifier::v1::UpdateRequestResponse* response) {
  return HandleForOperator(
      context, "UpdateRequest", ChainWorkers(), parts_.door,
      [this, request, response](const CallingOperator& who) { return Update(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::ApproveRequest(grpc::CallbackServerContext* context,
                                                         const certifier::v1::ApproveRequestRequest* request,
                                                         certifier::v1::ApproveRequestResponse* response) {
  return HandleForOperator(
      context, "ApproveRequest", ChainWorkers(), parts_.door,
      [this, request, response](const CallingOperator& who) { return Approve(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* RequestService::RejectRequest(grpc::CallbackServerContext* context,
                                                        const certifier::v1::RejectRequestRequest* request,
                                                        certifier::v1::RejectRequestResponse* response) {
  return HandleForOperator(context, "RejectRequest", parts_.workers, parts_.door,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto id, IdFor(parts_, who, request->request_id()));
                             RETURN_IF_ERROR(parts_.approval.Reject(id, request->reason(), who.login()));
                             return FillById(parts_, id, *response->mutable_request());
                           });
}

grpc::ServerUnaryReactor* RequestService::PostponeRequest(grpc::CallbackServerContext* context,
                                                          const certifier::v1::PostponeRequestRequest* request,
                                                          certifier::v1::PostponeRequestResponse* response) {
  return HandleForOperator(context, "PostponeRequest", parts_.workers, parts_.door,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto id, IdFor(parts_, who, request->request_id()));
                             RETURN_IF_ERROR(parts_.approval.Postpone(id, request->reason()));
                             return FillById(parts_, id, *response->mutable_request());
                           });
}

grpc::ServerUnaryReactor* RequestService::ResumeRequest(grpc::CallbackServerContext* context,
                                                        const certifier::v1::ResumeRequestRequest* request,
                                                        certifier::v1::ResumeRequestResponse* response) {
  return HandleForOperator(context, "ResumeRequest", parts_.workers, parts_.door,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto id, IdFor(parts_, who, request->request_id()));
                             RETURN_IF_ERROR(parts_.approval.Resume(id, request->reason()));
                             return FillById(parts_, id, *response->mutable_request());
                           });
}

grpc::ServerUnaryReactor* RequestService::ExplainRequest(grpc::CallbackServerContext* context,
                                                         const certifier::v1::ExplainRequestRequest* request,
                                                         certifier::v1::ExplainRequestResponse* response) {
  return HandleForOperator(
      context, "ExplainRequest", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) -> result::Result<void> {
        ASSIGN_OR_RETURN(auto decisions, enrollment::FindDecisions(parts_.store, request->query()));
        const bool may_see_all = !who.Cas();
        for (auto& decision : decisions) {
          if (may_see_all || who.May(decision.message().ca())) *response->add_decisions() = std::move(decision);
        }
        if (response->decisions_size() > 0) return {};
        return result::Fail(result::Reason::kNotFound, "nothing is known of it at the CAs that you may read");
      });
}

}  // namespace engine::rpc
