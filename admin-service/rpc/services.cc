#include "rpc/services.h"

#include "certifier/v1/audit.grpc.pb.h"
#include "certifier/v1/ca.grpc.pb.h"
#include "certifier/v1/certificate.grpc.pb.h"
#include "certifier/v1/crl.grpc.pb.h"
#include "certifier/v1/entity.grpc.pb.h"
#include "certifier/v1/operator.grpc.pb.h"
#include "certifier/v1/policy.grpc.pb.h"
#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "certifier/v1/report.grpc.pb.h"
#include "certifier/v1/request.grpc.pb.h"
#include "certifier/v1/scep_service.grpc.pb.h"

namespace admin {

namespace v1 = certifier::v1;

namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class AuditService final : public ForwardedService<v1::AuditService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* ListAuditEvents(Context* context, const v1::ListAuditEventsRequest* request,
                           v1::ListAuditEventsResponse* response) override {
    return Forward(context, &Engine::ListAuditEvents, request, response);
  }
  Reactor* GetAuditEvent(Context* context, const v1::GetAuditEventRequest* request,
                         v1::GetAuditEventResponse* response) override {
    return Forward(context, &Engine::GetAuditEvent, request, response);
  }
  Reactor* ExportAuditEvents(Context* context, const v1::ExportAuditEventsRequest* request,
                             v1::ExportAuditEventsResponse* response) override {
    return Forward(context, &Engine::ExportAuditEvents, request, response);
  }
  Reactor* GetAuditKey(Context* context, const v1::GetAuditKeyRequest* request,
                       v1::GetAuditKeyResponse* response) override {
    return Forward(context, &Engine::GetAuditKey, request, response);
  }
};

class CaService final : public ForwardedService<v1::CaService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* CreateCa(Context* context, const v1::CreateCaRequest* request, v1::CreateCaResponse* response) override {
    return Forward(context, &Engine::CreateCa, request, response);
  }
  Reactor* ListCas(Context* context, const v1::ListCasRequest* request, v1::ListCasResponse* response) override {
    return Forward(context, &Engine::ListCas, request, response);
  }
  Reactor* GetCa(Context* context, const v1::GetCaRequest* request, v1::GetCaResponse* response) override {
    return Forward(context, &Engine::GetCa, request, response);
  }
  Reactor* UpdateCa(Context* context, const v1::UpdateCaRequest* request, v1::UpdateCaResponse* response) override {
    return Forward(context, &Engine::UpdateCa, request, response);
  }
  Reactor* StageCa(Context* context, const v1::StageCaRequest* request, v1::StageCaResponse* response) override {
    return Forward(context, &Engine::StageCa, request, response);
  }
  Reactor* ActivateCa(Context* context, const v1::ActivateCaRequest* request,
                      v1::ActivateCaResponse* response) override {
    return Forward(context, &Engine::ActivateCa, request, response);
  }
  Reactor* UnstageCa(Context* context, const v1::UnstageCaRequest* request, v1::UnstageCaResponse* response) override {
    return Forward(context, &Engine::UnstageCa, request, response);
  }
};

class CertificateService final : public ForwardedService<v1::CertificateService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* ListCertificates(Context* context, const v1::ListCertificatesRequest* request,
                            v1::ListCertificatesResponse* response) override {
    return Forward(context, &Engine::ListCertificates, request, response);
  }
  Reactor* GetCertificate(Context* context, const v1::GetCertificateRequest* request,
                          v1::GetCertificateResponse* response) override {
    return Forward(context, &Engine::GetCertificate, request, response);
  }
  Reactor* RevokeCertificate(Context* context, const v1::RevokeCertificateRequest* request,
                             v1::RevokeCertificateResponse* response) override {
    return Forward(context, &Engine::RevokeCertificate, request, response);
  }
  Reactor* SuspendCertificate(Context* context, const v1::SuspendCertificateRequest* request,
                              v1::SuspendCertificateResponse* response) override {
    return Forward(context, &Engine::SuspendCertificate, request, response);
  }
  Reactor* ReactivateCertificate(Context* context, const v1::ReactivateCertificateRequest* request,
                                 v1::ReactivateCertificateResponse* response) override {
    return Forward(context, &Engine::ReactivateCertificate, request, response);
  }
};

class CrlService final : public ForwardedService<v1::CrlService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* GetCrl(Context* context, const v1::GetCrlRequest* request, v1::GetCrlResponse* response) override {
    return Forward(context, &Engine::GetCrl, request, response);
  }
};

class EntityService final : public ForwardedService<v1::EntityService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* CreateEntity(Context* context, const v1::CreateEntityRequest* request,
                        v1::CreateEntityResponse* response) override {
    return Forward(context, &Engine::CreateEntity, request, response);
  }
  Reactor* ListEntities(Context* context, const v1::ListEntitiesRequest* request,
                        v1::ListEntitiesResponse* response) override {
    return Forward(context, &Engine::ListEntities, request, response);
  }
  Reactor* GetEntity(Context* context, const v1::GetEntityRequest* request, v1::GetEntityResponse* response) override {
    return Forward(context, &Engine::GetEntity, request, response);
  }
  Reactor* UpdateEntity(Context* context, const v1::UpdateEntityRequest* request,
                        v1::UpdateEntityResponse* response) override {
    return Forward(context, &Engine::UpdateEntity, request, response);
  }
};

class OperatorService final : public ForwardedService<v1::OperatorService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* Initialize(Context* context, const v1::InitializeRequest* request,
                      v1::InitializeResponse* response) override {
    return Forward(context, &Engine::Initialize, request, response);
  }
  Reactor* LogIn(Context* context, const v1::LogInRequest* request, v1::LogInResponse* response) override {
    return Forward(context, &Engine::LogIn, request, response);
  }
  Reactor* LogInByCertificate(Context* context, const v1::LogInByCertificateRequest* request,
                              v1::LogInByCertificateResponse* response) override {
    return Forward(context, &Engine::LogInByCertificate, request, response);
  }
  Reactor* LogOut(Context* context, const v1::LogOutRequest* request, v1::LogOutResponse* response) override {
    return Forward(context, &Engine::LogOut, request, response);
  }
  Reactor* WhoAmI(Context* context, const v1::WhoAmIRequest* request, v1::WhoAmIResponse* response) override {
    return Forward(context, &Engine::WhoAmI, request, response);
  }
  Reactor* ChangePassword(Context* context, const v1::ChangePasswordRequest* request,
                          v1::ChangePasswordResponse* response) override {
    return Forward(context, &Engine::ChangePassword, request, response);
  }
  Reactor* CreateOperator(Context* context, const v1::CreateOperatorRequest* request,
                          v1::CreateOperatorResponse* response) override {
    return Forward(context, &Engine::CreateOperator, request, response);
  }
  Reactor* ListOperators(Context* context, const v1::ListOperatorsRequest* request,
                         v1::ListOperatorsResponse* response) override {
    return Forward(context, &Engine::ListOperators, request, response);
  }
  Reactor* GetOperator(Context* context, const v1::GetOperatorRequest* request,
                       v1::GetOperatorResponse* response) override {
    return Forward(context, &Engine::GetOperator, request, response);
  }
  Reactor* UpdateOperator(Context* context, const v1::UpdateOperatorRequest* request,
                          v1::UpdateOperatorResponse* response) override {
    return Forward(context, &Engine::UpdateOperator, request, response);
  }
};

class PolicyService final : public ForwardedService<v1::PolicyService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* ApplyPolicy(Context* context, const v1::ApplyPolicyRequest* request,
                       v1::ApplyPolicyResponse* response) override {
    return Forward(context, &Engine::ApplyPolicy, request, response);
  }
  Reactor* RollbackPolicy(Context* context, const v1::RollbackPolicyRequest* request,
                          v1::RollbackPolicyResponse* response) override {
    return Forward(context, &Engine::RollbackPolicy, request, response);
  }
  Reactor* ListPolicyVersions(Context* context, const v1::ListPolicyVersionsRequest* request,
                              v1::ListPolicyVersionsResponse* response) override {
    return Forward(context, &Engine::ListPolicyVersions, request, response);
  }
  Reactor* DescribeModules(Context* context, const v1::DescribeModulesRequest* request,
                           v1::DescribeModulesResponse* response) override {
    return Forward(context, &Engine::DescribeModules, request, response);
  }
  Reactor* TestPolicy(Context* context, const v1::TestPolicyRequest* request,
                      v1::TestPolicyResponse* response) override {
    return Forward(context, &Engine::TestPolicy, request, response);
  }
  Reactor* ReplayPolicy(Context* context, const v1::ReplayPolicyRequest* request,
                        v1::ReplayPolicyResponse* response) override {
    return Forward(context, &Engine::ReplayPolicy, request, response);
  }
  Reactor* GetPolicy(Context* context, const v1::GetPolicyRequest* request, v1::GetPolicyResponse* response) override {
    return Forward(context, &Engine::GetPolicy, request, response);
  }
  Reactor* ListPolicies(Context* context, const v1::ListPoliciesRequest* request,
                        v1::ListPoliciesResponse* response) override {
    return Forward(context, &Engine::ListPolicies, request, response);
  }
};

class PreSharedKeyService final : public ForwardedService<v1::PreSharedKeyService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* CreatePreSharedKey(Context* context, const v1::CreatePreSharedKeyRequest* request,
                              v1::CreatePreSharedKeyResponse* response) override {
    return Forward(context, &Engine::CreatePreSharedKey, request, response);
  }
  Reactor* ListPreSharedKeys(Context* context, const v1::ListPreSharedKeysRequest* request,
                             v1::ListPreSharedKeysResponse* response) override {
    return Forward(context, &Engine::ListPreSharedKeys, request, response);
  }
  Reactor* GetPreSharedKey(Context* context, const v1::GetPreSharedKeyRequest* request,
                           v1::GetPreSharedKeyResponse* response) override {
    return Forward(context, &Engine::GetPreSharedKey, request, response);
  }
  Reactor* RekeyPreSharedKey(Context* context, const v1::RekeyPreSharedKeyRequest* request,
                             v1::RekeyPreSharedKeyResponse* response) override {
    return Forward(context, &Engine::RekeyPreSharedKey, request, response);
  }
  Reactor* DisablePreSharedKey(Context* context, const v1::DisablePreSharedKeyRequest* request,
                               v1::DisablePreSharedKeyResponse* response) override {
    return Forward(context, &Engine::DisablePreSharedKey, request, response);
  }
  Reactor* MintPreSharedKeys(Context* context, const v1::MintPreSharedKeysRequest* request,
                             v1::MintPreSharedKeysResponse* response) override {
    return Forward(context, &Engine::MintPreSharedKeys, request, response);
  }
};

class ReportService final : public ForwardedService<v1::ReportService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* ListFailures(Context* context, const v1::ListFailuresRequest* request,
                        v1::ListFailuresResponse* response) override {
    return Forward(context, &Engine::ListFailures, request, response);
  }
  Reactor* ListOverdueCertificates(Context* context, const v1::ListOverdueCertificatesRequest* request,
                                   v1::ListOverdueCertificatesResponse* response) override {
    return Forward(context, &Engine::ListOverdueCertificates, request, response);
  }
  Reactor* ListExpiringKeys(Context* context, const v1::ListExpiringKeysRequest* request,
                            v1::ListExpiringKeysResponse* response) override {
    return Forward(context, &Engine::ListExpiringKeys, request, response);
  }
  Reactor* ListIssuance(Context* context, const v1::ListIssuanceRequest* request,
                        v1::ListIssuanceResponse* response) override {
    return Forward(context, &Engine::ListIssuance, request, response);
  }
};

class RequestService final : public ForwardedService<v1::RequestService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* ListRequests(Context* context, const v1::ListRequestsRequest* request,
                        v1::ListRequestsResponse* response) override {
    return Forward(context, &Engine::ListRequests, request, response);
  }
  Reactor* GetRequest(Context* context, const v1::GetRequestRequest* request,
                      v1::GetRequestResponse* response) override {
    return Forward(context, &Engine::GetRequest, request, response);
  }
  Reactor* UpdateRequest(Context* context, const v1::UpdateRequestRequest* request,
                         v1::UpdateRequestResponse* response) override {
    return Forward(context, &Engine::UpdateRequest, request, response);
  }
  Reactor* ApproveRequest(Context* context, const v1::ApproveRequestRequest* request,
                          v1::ApproveRequestResponse* response) override {
    return Forward(context, &Engine::ApproveRequest, request, response);
  }
  Reactor* RejectRequest(Context* context, const v1::RejectRequestRequest* request,
                         v1::RejectRequestResponse* response) override {
    return Forward(context, &Engine::RejectRequest, request, response);
  }
  Reactor* PostponeRequest(Context* context, const v1::PostponeRequestRequest* request,
                           v1::PostponeRequestResponse* response) override {
    return Forward(context, &Engine::PostponeRequest, request, response);
  }
  Reactor* ResumeRequest(Context* context, const v1::ResumeRequestRequest* request,
                         v1::ResumeRequestResponse* response) override {
    return Forward(context, &Engine::ResumeRequest, request, response);
  }
  Reactor* ExplainRequest(Context* context, const v1::ExplainRequestRequest* request,
                          v1::ExplainRequestResponse* response) override {
    return Forward(context, &Engine::ExplainRequest, request, response);
  }
};

class ScepService final : public ForwardedService<v1::ScepService> {
 public:
  using ForwardedService::ForwardedService;
  Reactor* GetScepService(Context* context, const v1::GetScepServiceRequest* request,
                          v1::GetScepServiceResponse* response) override {
    return Forward(context, &Engine::GetScepService, request, response);
  }
  Reactor* UpdateScepService(Context* context, const v1::UpdateScepServiceRequest* request,
                             v1::UpdateScepServiceResponse* response) override {
    return Forward(context, &Engine::UpdateScepService, request, response);
  }
};

}  // namespace

struct Services::State {
  AuditService audit;
  CaService ca;
  CertificateService certificate;
  CrlService crl;
  EntityService entity;
  OperatorService operators;
  PolicyService policy;
  PreSharedKeyService pre_shared_key;
  ReportService report;
  RequestService request;
  ScepService scep;
};

Services::Services(const std::shared_ptr<grpc::Channel>& engine, const ForwardingSettings& settings)
    : state_(new State{{engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings},
                       {engine, settings}}) {}

Services::~Services() = default;

std::vector<std::string> Services::MethodsForStrangers() {
  const std::string service = "/" + std::string(v1::OperatorService::service_full_name());
  return {service + "/Initialize", service + "/LogIn"};
}

void Services::AddTo(service::GrpcServer& server) {
  server.Add(state_->audit, v1::AuditService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->ca, v1::CaService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->certificate, v1::CertificateService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->crl, v1::CrlService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->entity, v1::EntityService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->operators, v1::OperatorService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->policy, v1::PolicyService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->pre_shared_key, v1::PreSharedKeyService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->report, v1::ReportService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->request, v1::RequestService::service_full_name(), {service::Role::kOperator});
  server.Add(state_->scep, v1::ScepService::service_full_name(), {service::Role::kOperator});
}

}  // namespace admin
