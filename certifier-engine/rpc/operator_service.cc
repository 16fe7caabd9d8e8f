#include "rpc/operator_service.h"

#include "operators/initialization.h"
#include "operators/specification.h"
#include "rpc/operator_call.h"
#include "rpc/operator_view.h"
#include "rpc/page.h"
#include "service/log.h"
#include "service/operator_credentials.h"
#include "service/origin.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

namespace v1 = certifier::v1;
using service::Caller;

result::Result<void> Initialize(const OperatorService::Parts& parts, const v1::InitializeRequest& request,
                                v1::InitializeResponse& response) {
  const operators::FirstOperator first = {request.login(), pki::Secret(request.password()),
                                          request.certificate_sha256()};
  ASSIGN_OR_RETURN(const auto record,
                   operators::Initialize(parts.store, parts.clock(), request.token(), first, parts.cost));
  service::LogInfo("initialized", {{"operator", record.login}});
  Fill(record, *response.mutable_operator_());
  return {};
}

// A token that is wrong, over, or for no operator any more. It counts as a guess, and in the audit log.
result::Result<void> NoteRefused(const OperatorService::Parts& parts, const result::Error& error,
                                 const std::string& source) {
  if (error.reason != result::Reason::kUnauthorized && error.reason != result::Reason::kConflict) return {};
  parts.log_in.NoteWrong("", source);
  return parts.store.NoteRefusedCall(parts.clock(), "", "Initialize", source);
}

// Whether the caller may try a login, or with an empty one an initialization token, before anything waits for a thread.
result::Result<void> MayTry(const OperatorService::Parts& parts, const grpc::CallbackServerContext& context,
                            const std::string& login) {
  ASSIGN_OR_RETURN(const auto source, service::ForwardedSource(context));
  return parts.log_in.MayTry(login, source);
}

// Answer fills the answer to either login.
template <class Response>
result::Result<void> Answer(const OperatorService::Parts& parts, const operators::LogIn::Session& session,
                            Caller& caller, Response& response) {
  ASSIGN_OR_RETURN(const auto record, parts.store.GetOperator(session.login));
  response.set_token(std::string(session.token.Reveal()));
  *response.mutable_expires_at() = ToTimestamp(session.expires_at);
  Fill(record, *response.mutable_operator_());
  caller.login = record.login;
  return {};
}

// The hash of a password that an operator shall have; empty for none.
result::Result<std::string> HashOf(const OperatorService::Parts& parts, const std::string& password,
                                   const std::string& login) {
  if (password.empty()) return std::string();
  RETURN_IF_ERROR(operators::CheckPassword(password, login));
  return operators::HashPassword(password, parts.cost);
}

result::Result<void> Create(const OperatorService::Parts& parts, const CallingOperator& who,
                            const v1::CreateOperatorRequest& request, v1::CreateOperatorResponse& response) {
  ASSIGN_OR_RETURN(auto created, FromProto(request, who.login()));
  RETURN_IF_ERROR(operators::CheckOperator(created));
  ASSIGN_OR_RETURN(created.password_hash, HashOf(parts, request.password(), request.login()));
  ASSIGN_OR_RETURN(const auto record, parts.store.CreateOperator(created));
  service::LogInfo("operator_created", {{"operator", record.login}, {"created_by", who.login()}});
  Fill(record, *response.mutable_operator_());
  return {};
}

result::Result<void> Update(const OperatorService::Parts& parts, const CallingOperator& who,
                            const v1::UpdateOperatorRequest& request, v1::UpdateOperatorResponse& response) {
  ASSIGN_OR_RETURN(auto change, FromProto(request, who.login()));
  RETURN_IF_ERROR(operators::CheckChange(change));
  if (request.has_password()) {
    ASSIGN_OR_RETURN(change.password_hash, HashOf(parts, request.password(), request.login()));
  }
  ASSIGN_OR_RETURN(const auto record, parts.store.UpdateOperator(change));
  service::LogInfo("operator_updated", {{"operator", record.login}, {"updated_by", who.login()}});
  Fill(record, *response.mutable_operator_());
  return {};
}

result::Result<void> List(const OperatorService::Parts& parts, const v1::ListOperatorsRequest& request,
                          v1::ListOperatorsResponse& response) {
  ASSIGN_OR_RETURN(const auto page, ParsePage(request.page_size(), request.page_token()));
  ASSIGN_OR_RETURN(const auto records, parts.store.ListOperators(page));
  for (const auto& record : records) Fill(record, *response.add_operators());
  response.set_next_page_token(NextPageToken(page, records, &store::OperatorRecord::operator_id));
  return {};
}

result::Result<void> EndSession(const OperatorService::Parts& parts, const CallingOperator& who) {
  if (who.session().empty()) {
    return result::Fail(result::Reason::kConflict, "who comes with a certificate has no session");
  }
  return parts.store.EndSession(who.session());
}

}  // namespace

grpc::ServerUnaryReactor* OperatorService::Initialize(grpc::CallbackServerContext* context,
                                                      const v1::InitializeRequest* request,
                                                      v1::InitializeResponse* response) {
  if (auto may_try = MayTry(parts_, *context, ""); !may_try) {
    return service::RefuseRpc(context, "Initialize", std::move(may_try).error());
  }
  return service::HandleRpc(context, "Initialize", parts_.password_workers,
                            [this, context, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto source, service::ForwardedSource(*context));
                              const service::OriginScope origin({request->login(), source});
                              auto done = rpc::Initialize(parts_, *request, *response);
                              if (!done) RETURN_IF_ERROR(NoteRefused(parts_, done.error(), source));
                              return done;
                            });
}

grpc::ServerUnaryReactor* OperatorService::LogIn(grpc::CallbackServerContext* context, const v1::LogInRequest* request,
                                                 v1::LogInResponse* response) {
  if (auto may_try = MayTry(parts_, *context, request->login()); !may_try) {
    return service::RefuseRpc(context, "LogIn", std::move(may_try).error());
  }
  return service::HandleRpc(context, "LogIn", parts_.password_workers,
                            [this, context, request, response](Caller& caller) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto source, service::ForwardedSource(*context));
                              ASSIGN_OR_RETURN(
                                  const auto session,
                                  parts_.log_in.Begin(request->login(), pki::Secret(request->password()), source));
                              return Answer(parts_, session, caller, *response);
                            });
}

grpc::ServerUnaryReactor* OperatorService::LogInByCertificate(grpc::CallbackServerContext* context,
                                                              const v1::LogInByCertificateRequest* request,
                                                              v1::LogInByCertificateResponse* response) {
  if (auto may_try = MayTry(parts_, *context, ""); !may_try) {
    return service::RefuseRpc(context, "LogInByCertificate", std::move(may_try).error());
  }
  return service::HandleRpc(context, "LogInByCertificate", parts_.workers,
                            [this, context, request, response](Caller& caller) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto shown, service::ForwardedCredentials(*context));
                              ASSIGN_OR_RETURN(const auto session,
                                               parts_.log_in.BeginByCertificate(request->certificate(), shown));
                              return Answer(parts_, session, caller, *response);
                            });
}

grpc::ServerUnaryReactor* OperatorService::LogOut(grpc::CallbackServerContext* context, const v1::LogOutRequest*,
                                                  v1::LogOutResponse*) {
  return HandleForOperator(context, "LogOut", parts_.workers, parts_.door,
                           [this](const CallingOperator& who) { return EndSession(parts_, who); });
}

grpc::ServerUnaryReactor* OperatorService::WhoAmI(grpc::CallbackServerContext* context, const v1::WhoAmIRequest*,
                                                  v1::WhoAmIResponse* response) {
  return HandleForOperator(context, "WhoAmI", parts_.workers, parts_.door,
                           [response](const CallingOperator& who) -> result::Result<void> {
                             Fill(who.record(), *response->mutable_operator_());
                             if (who.expires_at()) *response->mutable_expires_at() = ToTimestamp(*who.expires_at());
                             return {};
                           });
}

grpc::ServerUnaryReactor* OperatorService::ChangePassword(grpc::CallbackServerContext* context,
                                                          const v1::ChangePasswordRequest* request,
                                                          v1::ChangePasswordResponse*) {
  return HandleForOperator(context, "ChangePassword", parts_.workers, parts_.door,
                           [this, context, request](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto source, service::ForwardedSource(*context));
                             return parts_.log_in.ChangePassword(who, pki::Secret(request->current_password()),
                                                                 pki::Secret(request->new_password()), source);
                           });
}

grpc::ServerUnaryReactor* OperatorService::CreateOperator(grpc::CallbackServerContext* context,
                                                          const v1::CreateOperatorRequest* request,
                                                          v1::CreateOperatorResponse* response) {
  return HandleForOperator(
      context, "CreateOperator", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return Create(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* OperatorService::ListOperators(grpc::CallbackServerContext* context,
                                                         const v1::ListOperatorsRequest* request,
                                                         v1::ListOperatorsResponse* response) {
  return HandleForOperator(
      context, "ListOperators", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator&) { return List(parts_, *request, *response); });
}

grpc::ServerUnaryReactor* OperatorService::GetOperator(grpc::CallbackServerContext* context,
                                                       const v1::GetOperatorRequest* request,
                                                       v1::GetOperatorResponse* response) {
  return HandleForOperator(context, "GetOperator", parts_.workers, parts_.door,
                           [this, request, response](const CallingOperator&) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto record, parts_.store.GetOperator(request->login()));
                             Fill(record, *response->mutable_operator_());
                             return {};
                           });
}

grpc::ServerUnaryReactor* OperatorService::UpdateOperator(grpc::CallbackServerContext* context,
                                                          const v1::UpdateOperatorRequest* request,
                                                          v1::UpdateOperatorResponse* response) {
  return HandleForOperator(
      context, "UpdateOperator", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return Update(parts_, who, *request, *response); });
}

}  // namespace engine::rpc
