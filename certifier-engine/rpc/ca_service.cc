#include "rpc/ca_service.h"

#include "authority/ca_update.h"
#include "rpc/ca_view.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using service::Caller;

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
  return service::HandleRpc(context, name, parts_.workers,
                            [this, context, &ca, response, apply](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
                              RETURN_IF_ERROR(apply(login));
                              ASSIGN_OR_RETURN(const auto directory, parts_.store.LoadDirectory());
                              ASSIGN_OR_RETURN(*response->mutable_ca(), CaNamed(directory, ca));
                              return {};
                            });
}

grpc::ServerUnaryReactor* CaService::CreateCa(grpc::CallbackServerContext* context,
                                              const certifier::v1::CreateCaRequest* request,
                                              certifier::v1::CreateCaResponse* response) {
  return Change(context, "CreateCa", request->name(), response, [this, request](const std::string& login) {
    return parts_.factory.Create(SpecificationOf(*request), login);
  });
}

grpc::ServerUnaryReactor* CaService::ListCas(grpc::CallbackServerContext* context, const certifier::v1::ListCasRequest*,
                                             certifier::v1::ListCasResponse* response) {
  return service::HandleRpc(context, "ListCas", parts_.workers,
                            [this, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto directory, parts_.store.LoadDirectory());
                              ASSIGN_OR_RETURN(auto cas, CasOf(directory));
                              for (auto& ca : cas) *response->add_cas() = std::move(ca);
                              return {};
                            });
}

grpc::ServerUnaryReactor* CaService::GetCa(grpc::CallbackServerContext* context,
                                           const certifier::v1::GetCaRequest* request,
                                           certifier::v1::GetCaResponse* response) {
  return service::HandleRpc(context, "GetCa", parts_.workers,
                            [this, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto directory, parts_.store.LoadDirectory());
                              ASSIGN_OR_RETURN(*response->mutable_ca(), CaNamed(directory, request->name()));
                              return {};
                            });
}

grpc::ServerUnaryReactor* CaService::UpdateCa(grpc::CallbackServerContext* context,
                                              const certifier::v1::UpdateCaRequest* request,
                                              certifier::v1::UpdateCaResponse* response) {
  return Change(context, "UpdateCa", request->name(), response, [this, request](const std::string& login) {
    return authority::UpdateCa(parts_.store, parts_.directory,
                               {request->name(), request->options(), request->reset(), request->policy(),
                                request->status(), request->make_default()},
                               login);
  });
}

grpc::ServerUnaryReactor* CaService::StageCa(grpc::CallbackServerContext* context,
                                             const certifier::v1::StageCaRequest* request,
                                             certifier::v1::StageCaResponse* response) {
  return Change(context, "StageCa", request->name(), response, [this, request](const std::string& login) {
    return parts_.rollover.Stage(request->name(), {request->key_algorithm(), request->validity_days()}, login);
  });
}

grpc::ServerUnaryReactor* CaService::ActivateCa(grpc::CallbackServerContext* context,
                                                const certifier::v1::ActivateCaRequest* request,
                                                certifier::v1::ActivateCaResponse* response) {
  return Change(context, "ActivateCa", request->name(), response,
                [this, request](const std::string& login) { return parts_.rollover.Activate(request->name(), login); });
}

grpc::ServerUnaryReactor* CaService::UnstageCa(grpc::CallbackServerContext* context,
                                               const certifier::v1::UnstageCaRequest* request,
                                               certifier::v1::UnstageCaResponse* response) {
  return Change(context, "UnstageCa", request->name(), response,
                [this, request](const std::string& login) { return parts_.rollover.Unstage(request->name(), login); });
}

}  // namespace engine::rpc
