#include "rpc/ca_service.h"

#include "authority/ca_update.h"
#include "rpc/ca_view.h"
#include "rpc/operator_call.h"

namespace engine::rpc {

namespace {

authority::CaSpecification SpecificationOf(const certifier::v1::CreateCaRequest& request) {
  authority::CaSpecification specification;
  specification.name = request.name();
  specification.subject = request.subject();
  specification.key_algorithm = request.key_algorithm();
  specification.validity_days = request.validity_days();
  specification.policy = request.policy();
  specification.registration_authority_key_bits = request.registration_authority_key_bits();
  specification.registration_authority = request.registration_authority();
  specification.issuer = request.issuer();
  return specification;
}

}  // namespace

template <class Response, class Apply>
grpc::ServerUnaryReactor* CaService::Change(grpc::CallbackServerContext* context, const char* name,
                                            const std::string& ca, Response* response, Apply apply) {
  return HandleForOperator(context, name, parts_.workers, parts_.door,
                           [this, &ca, response, apply](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(who.Require(ca));
                             RETURN_IF_ERROR(apply(who));
                             ASSIGN_OR_RETURN(const auto directory, parts_.store.LoadDirectory());
                             ASSIGN_OR_RETURN(*response->mutable_ca(), CaNamed(directory, ca));
                             return {};
                           });
}

grpc::ServerUnaryReactor* CaService::CreateCa(grpc::CallbackServerContext* context,
                                              const certifier::v1::CreateCaRequest* request,
                                              certifier::v1::CreateCaResponse* response) {
  return Change(context, "CreateCa", request->name(), response, [this, request](const CallingOperator& who) {
    // Needs a super-user for all CAs, the issuer with them.
    return parts_.factory.Create(SpecificationOf(*request), who.login());
  });
}

grpc::ServerUnaryReactor* CaService::ListCas(grpc::CallbackServerContext* context, const certifier::v1::ListCasRequest*,
                                             certifier::v1::ListCasResponse* response) {
  return HandleForOperator(context, "ListCas", parts_.workers, parts_.door,
                           [this, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto directory, parts_.store.LoadDirectory());
                             ASSIGN_OR_RETURN(auto cas, CasOf(directory));
                             for (auto& ca : cas) {
                               if (who.May(ca.name())) *response->add_cas() = std::move(ca);
                             }
                             return {};
                           });
}

grpc::ServerUnaryReactor* CaService::GetCa(grpc::CallbackServerContext* context,
                                           const certifier::v1::GetCaRequest* request,
                                           certifier::v1::GetCaResponse* response) {
  return HandleForOperator(context, "GetCa", parts_.workers, parts_.door,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto directory, parts_.store.LoadDirectory());
                             RETURN_IF_ERROR(who.Require(request->name()));
                             ASSIGN_OR_RETURN(*response->mutable_ca(), CaNamed(directory, request->name()));
                             return {};
                           });
}

grpc::ServerUnaryReactor* CaService::UpdateCa(grpc::CallbackServerContext* context,
                                              const certifier::v1::UpdateCaRequest* request,
                                              certifier::v1::UpdateCaResponse* response) {
  return Change(context, "UpdateCa", request->name(), response,
                [this, request](const CallingOperator& who) -> result::Result<void> {
                  // It takes that from another CA.
                  if (request->make_default()) RETURN_IF_ERROR(who.RequireEverywhere());
                  return authority::UpdateCa(parts_.store, parts_.directory,
                                             {request->name(), request->options(), request->reset(), request->policy(),
                                              request->status(), request->make_default()},
                                             who.login());
                });
}

grpc::ServerUnaryReactor* CaService::StageCa(grpc::CallbackServerContext* context,
                                             const certifier::v1::StageCaRequest* request,
                                             certifier::v1::StageCaResponse* response) {
  return Change(context, "StageCa", request->name(), response, [this, request](const CallingOperator& who) {
    return parts_.rollover.Stage(request->name(), {request->key_algorithm(), request->validity_days()}, who.login(),
                                 [&who](const std::string& issuer) { return who.Require(issuer); });
  });
}

grpc::ServerUnaryReactor* CaService::ActivateCa(grpc::CallbackServerContext* context,
                                                const certifier::v1::ActivateCaRequest* request,
                                                certifier::v1::ActivateCaResponse* response) {
  return Change(context, "ActivateCa", request->name(), response, [this, request](const CallingOperator& who) {
    return parts_.rollover.Activate(request->name(), who.login());
  });
}

grpc::ServerUnaryReactor* CaService::UnstageCa(grpc::CallbackServerContext* context,
                                               const certifier::v1::UnstageCaRequest* request,
                                               certifier::v1::UnstageCaResponse* response) {
  return Change(context, "UnstageCa", request->name(), response, [this, request](const CallingOperator& who) {
    return parts_.rollover.Unstage(request->name(), who.login());
  });
}

}  // namespace engine::rpc
