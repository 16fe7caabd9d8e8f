#include "rpc/policy_service.h"

#include "policy/document.h"
#include "policy/pattern.h"
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

// What a module would look at must be there: a limit that counts nothing would limit nobody.
result::Result<void> CheckServed(const policy::Policy& policy) {
  if (policy.needs != policy::Needs{}) {
    return result::Fail(result::Reason::kMalformed,
                        "active_certificate_limit, request_rate_limit and unique_key are not served by this engine: it "
                        "does not look up yet what they judge");
  }
  if (policy.asks_webhook) return result::Fail(result::Reason::kMalformed, "this engine calls no webhooks yet");
  return {};
}

// One operator's approval is what is kept of a request, so a policy may ask for no more.
result::Result<void> CheckApprovals(const certifier::v1::Policy& policy) {
  for (const auto* chain :
       {&policy.receive_request(), &policy.accept_request(), &policy.view_request(), &policy.update_request()}) {
    for (const auto& module : chain->modules()) {
      if (!module.has_require_approval()) continue;
      const auto& approval = module.require_approval();
      if (approval.approvals() > 1 || !approval.groups().empty() || !module.from_attributes().empty()) {
        return result::Fail(result::Reason::kMalformed,
                            "require_approval: this engine serves one approval by any operator, no more yet");
      }
    }
  }
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
        RETURN_IF_ERROR(CheckServed(parsed));
        RETURN_IF_ERROR(CheckApprovals(request->policy()));
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
