#include "rpc/policy_service.h"

#include "policy/document.h"
#include "policy/module_descriptions.h"
#include "policy/served.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "service/origin.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

result::Result<void> Fill(const store::PolicyRecord& record, certifier::v1::PolicyVersion& version) {
  ASSIGN_OR_RETURN(*version.mutable_policy(), policy::FromJson(record.document));
  version.set_version(record.version);
  *version.mutable_applied_at() = ToTimestamp(record.applied_at);
  version.set_applied_by(record.applied_by);
  return {};
}

result::Result<void> List(store::AdministrationStore& store, const certifier::v1::ListPolicyVersionsRequest& request,
                          certifier::v1::ListPolicyVersionsResponse& response) {
  ASSIGN_OR_RETURN(const auto page, ParsePage(request.page_size(), request.page_token()));
  ASSIGN_OR_RETURN(const auto versions, store.ListPolicyVersions(request.name(), page));
  for (const auto& version : versions) {
    auto& summary = *response.add_versions();
    summary.set_version(version.version);
    *summary.mutable_applied_at() = ToTimestamp(version.applied_at);
    summary.set_applied_by(version.applied_by);
    summary.set_description(version.description);
  }
  if (versions.size() == page.size) response.set_next_page_token(std::to_string(versions.back().version));
  return {};
}

result::Result<void> Describe(const std::string& name, certifier::v1::DescribeModulesResponse& response) {
  for (const auto& description : policy::ModuleDescriptions()) {
    if (name.empty() || name == description.name()) *response.add_modules() = description;
  }
  if (response.modules().empty()) return result::Fail(result::Reason::kNotFound, "no module has this name");
  return {};
}

}  // namespace

result::Result<void> PolicyService::Apply(const certifier::v1::Policy& document, store::NewPolicyVersion next,
                                          certifier::v1::PolicyVersion& applied) {
  RETURN_IF_ERROR(policy::FromProto(document));
  RETURN_IF_ERROR(policy::CheckServed(document, webhooks_));
  ASSIGN_OR_RETURN(next.document, policy::ToJson(document));
  ASSIGN_OR_RETURN(const auto record, store_.ApplyPolicy(next));
  RETURN_IF_ERROR(directory_.Reload());
  return Fill(record, applied);
}

// What an earlier engine took may be malformed for this one.
result::Result<void> PolicyService::Rollback(const certifier::v1::RollbackPolicyRequest& request,
                                             const std::string& login, certifier::v1::PolicyVersion& applied) {
  if (request.version() == 0) return result::Fail(result::Reason::kMalformed, "a version is a number from 1");
  if (request.version() == request.expected_version()) {
    return result::Fail(result::Reason::kConflict, "that version is the latest already");
  }
  ASSIGN_OR_RETURN(const auto record, store_.FindPolicy(request.name(), request.version()));
  ASSIGN_OR_RETURN(const auto document, policy::FromJson(record.document));
  return Apply(document, {record.name, "", login, request.expected_version()}, applied);
}

grpc::ServerUnaryReactor* PolicyService::ApplyPolicy(grpc::CallbackServerContext* context,
                                                     const certifier::v1::ApplyPolicyRequest* request,
                                                     certifier::v1::ApplyPolicyResponse* response) {
  return HandleForOperator(context, "ApplyPolicy", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             store::NewPolicyVersion next = {request->policy().name(), "", who.login()};
                             if (request->has_expected_version()) next.expected_version = request->expected_version();
                             return Apply(request->policy(), std::move(next), *response->mutable_policy());
                           });
}

grpc::ServerUnaryReactor* PolicyService::RollbackPolicy(grpc::CallbackServerContext* context,
                                                        const certifier::v1::RollbackPolicyRequest* request,
                                                        certifier::v1::RollbackPolicyResponse* response) {
  return HandleForOperator(context, "RollbackPolicy", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             return Rollback(*request, who.login(), *response->mutable_policy());
                           });
}

grpc::ServerUnaryReactor* PolicyService::GetPolicy(grpc::CallbackServerContext* context,
                                                   const certifier::v1::GetPolicyRequest* request,
                                                   certifier::v1::GetPolicyResponse* response) {
  return HandleForOperator(
      context, "GetPolicy", workers_, door_, [this, request, response](const CallingOperator&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto record, store_.FindPolicy(request->name(), request->version()));
        return Fill(record, *response->mutable_policy());
      });
}

grpc::ServerUnaryReactor* PolicyService::ListPolicies(grpc::CallbackServerContext* context,
                                                      const certifier::v1::ListPoliciesRequest*,
                                                      certifier::v1::ListPoliciesResponse* response) {
  return HandleForOperator(context, "ListPolicies", workers_, door_,
                           [this, response](const CallingOperator&) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto directory, store_.LoadDirectory());
                             for (const auto& record : directory.policies)
                               RETURN_IF_ERROR(Fill(record, *response->add_policies()));
                             return {};
                           });
}

grpc::ServerUnaryReactor* PolicyService::ListPolicyVersions(grpc::CallbackServerContext* context,
                                                            const certifier::v1::ListPolicyVersionsRequest* request,
                                                            certifier::v1::ListPolicyVersionsResponse* response) {
  return HandleForOperator(
      context, "ListPolicyVersions", workers_, door_,
      [this, request, response](const CallingOperator&) { return List(store_, *request, *response); });
}

grpc::ServerUnaryReactor* PolicyService::DescribeModules(grpc::CallbackServerContext* context,
                                                         const certifier::v1::DescribeModulesRequest* request,
                                                         certifier::v1::DescribeModulesResponse* response) {
  return HandleForOperator(context, "DescribeModules", workers_, door_, [request, response](const CallingOperator&) {
    return Describe(request->name(), *response);
  });
}

grpc::ServerUnaryReactor* PolicyService::TestPolicy(grpc::CallbackServerContext* context,
                                                    const certifier::v1::TestPolicyRequest* request,
                                                    certifier::v1::TestPolicyResponse* response) {
  const bool may_wait = request->calls_webhooks() && webhook_workers_ != nullptr;
  return HandleForOperator(context, "TestPolicy", may_wait ? *webhook_workers_ : workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(who.Require(request->ca()));
                             // A host that is asked cannot tell it from a device's request.
                             if (request->calls_webhooks()) RETURN_IF_ERROR(who.RequireSuperUser());
                             const auto keys = who.Cas() ? enrollment::PolicyTrial::Keys::kOfItsCa
                                                         : enrollment::PolicyTrial::Keys::kOfAllCas;
                             const enrollment::PolicyTrial::Tester tester = {who.record().operator_id, who.login(),
                                                                             service::CurrentOrigin().source, keys};
                             ASSIGN_OR_RETURN(*response->mutable_decision(), trial_.Run(*request, tester));
                             return {};
                           });
}

grpc::ServerUnaryReactor* PolicyService::ReplayPolicy(grpc::CallbackServerContext* context,
                                                      const certifier::v1::ReplayPolicyRequest* request,
                                                      certifier::v1::ReplayPolicyResponse* response) {
  return HandleForOperator(
      context, "ReplayPolicy", workers_, door_,
      [this, request, response](const CallingOperator& who) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto page, ParsePage(request->page_size(), request->page_token()));
        RETURN_IF_ERROR(request->ca().empty() ? who.RequireEverywhere() : who.Require(request->ca()));
        const TimePoint since = FromTimestamp(request->since());
        ASSIGN_OR_RETURN(*response, replay_.Run(*request, since, page));
        return {};
      });
}

}  // namespace engine::rpc
