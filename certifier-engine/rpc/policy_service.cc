#include "rpc/policy_service.h"

#include "policy/document.h"
#include "policy/pattern.h"
#include "policy/served.h"
#include "rpc/timestamp.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using service::Caller;

result::Result<void> Fill(const store::PolicyRecord& record, certifier::v1::PolicyVersion& version) {
  ASSIGN_OR_RETURN(*version.mutable_policy(), policy::FromJson(record.document));
  version.set_version(record.version);
  *version.mutable_applied_at() = ToTimestamp(record.applied_at);
  version.set_applied_by(record.applied_by);
  return {};
}

}  // namespace

grpc::ServerUnaryReactor* PolicyService::ApplyPolicy(grpc::CallbackServerContext* context,
                                                     const certifier::v1::ApplyPolicyRequest* request,
                                                     certifier::v1::ApplyPolicyResponse* response) {
  return service::HandleRpc(
      context, "ApplyPolicy", workers_, [this, context, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
        ASSIGN_OR_RETURN(const auto parsed, policy::FromProto(request->policy()));
        RETURN_IF_ERROR(policy::CheckServed(request->policy(), parsed));
        ASSIGN_OR_RETURN(const auto document, policy::ToJson(request->policy()));
        ASSIGN_OR_RETURN(const auto record, store_.ApplyPolicy(request->policy().name(), document, login));
        RETURN_IF_ERROR(directory_.Reload());
        return Fill(record, *response->mutable_policy());
      });
}

grpc::ServerUnaryReactor* PolicyService::GetPolicy(grpc::CallbackServerContext* context,
                                                   const certifier::v1::GetPolicyRequest* request,
                                                   certifier::v1::GetPolicyResponse* response) {
  return service::HandleRpc(context, "GetPolicy", workers_,
                            [this, request, response](const Caller&) -> result::Result<void> {
                              ASSIGN_OR_RETURN(const auto directory, store_.LoadDirectory());
                              for (const auto& record : directory.policies) {
                                if (policy::EqualsIgnoringCase(record.name, request->name()))
                                  return Fill(record, *response->mutable_policy());
                              }
                              return result::Fail(result::Reason::kNotFound, "no such policy");
                            });
}

grpc::ServerUnaryReactor* PolicyService::ListPolicies(grpc::CallbackServerContext* context,
                                                      const certifier::v1::ListPoliciesRequest*,
                                                      certifier::v1::ListPoliciesResponse* response) {
  return service::HandleRpc(context, "ListPolicies", workers_, [this, response](const Caller&) -> result::Result<void> {
    ASSIGN_OR_RETURN(const auto directory, store_.LoadDirectory());
    for (const auto& record : directory.policies) RETURN_IF_ERROR(Fill(record, *response->add_policies()));
    return {};
  });
}

}  // namespace engine::rpc
