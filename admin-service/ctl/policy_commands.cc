#include "certifier/v1/policy.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/pages.h"
#include "ctl/policy_file.h"
#include "ctl/yaml_printer.h"

namespace ctl {

namespace v1 = certifier::v1;
using PolicyStub = v1::PolicyService::Stub;

namespace {

void ShowApplied(Output& output, const v1::PolicyVersion& applied) {
  if (output.is_json()) return output.Json(applied);
  output.Values({{"policy", applied.policy().name()},
                 {"version", std::to_string(applied.version())},
                 {"applied", TimeAndDistance(applied.has_applied_at(), applied.applied_at(), output.now())},
                 {"applied by", applied.applied_by()}});
}

result::Result<v1::PolicyVersion> Get(Session& session, const std::string& name, std::uint32_t version) {
  v1::GetPolicyRequest request;
  request.set_name(name);
  request.set_version(version);
  ASSIGN_OR_RETURN(v1::GetPolicyResponse response, session.Call(&PolicyStub::GetPolicy, request));
  return std::move(*response.mutable_policy());
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const PolicyApply& command) {
  v1::ApplyPolicyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_policy(), ReadPolicyFile(command.file));
  if (command.expected_version) request.set_expected_version(*command.expected_version);
  ASSIGN_OR_RETURN(const v1::ApplyPolicyResponse response, session.Call(&PolicyStub::ApplyPolicy, request));
  ShowApplied(output, response.policy());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const PolicyGet& command) {
  ASSIGN_OR_RETURN(const v1::PolicyVersion version, Get(session, command.name, command.version));
  if (output.is_json() || command.format == "json") {
    output.Json(version.policy(), Fields::kSet);
    return {};
  }
  std::string yaml = PrintYaml(version.policy());
  yaml.pop_back();
  output.Text(yaml);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const PolicyHistory& command) {
  v1::ListPolicyVersionsRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::ListPolicyVersionsResponse response,
                   CollectPages(session, &PolicyStub::ListPolicyVersions, request, command.limit));
  Table table({{"VERSION"}, {"APPLIED"}, {"BY", 8}, {"DESCRIPTION", 12, 1}});
  for (const v1::PolicyVersionSummary& version : response.versions()) {
    table.Add({std::to_string(version.version()), TimeText(version.has_applied_at(), version.applied_at()),
               version.applied_by(), version.description()});
  }
  ShowPages(output, response, table);
  return {};
}

// What another operator applies between the two calls is a conflict.
result::Result<void> Run(Session& session, Output& output, const PolicyRollback& command) {
  ASSIGN_OR_RETURN(const v1::PolicyVersion latest, Get(session, command.name, 0));
  v1::RollbackPolicyRequest request;
  request.set_name(command.name);
  request.set_version(command.version);
  request.set_expected_version(latest.version());
  ASSIGN_OR_RETURN(const v1::RollbackPolicyResponse response, session.Call(&PolicyStub::RollbackPolicy, request));
  ShowApplied(output, response.policy());
  output.Note("It says what version " + std::to_string(command.version) + " says.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const PolicyList&) {
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse response,
                   session.Call(&PolicyStub::ListPolicies, v1::ListPoliciesRequest()));
  Table table({{"NAME"}, {"VERSION"}, {"MODULES"}, {"APPLIED", 0, 1}, {"BY", 8, 2}, {"DESCRIPTION", 12, 3}});
  for (const v1::PolicyVersion& version : response.policies()) {
    const v1::Policy& policy = version.policy();
    const int modules = policy.receive_request().modules_size() + policy.accept_request().modules_size();
    table.Add({policy.name(), std::to_string(version.version()), std::to_string(modules),
               TimeText(version.has_applied_at(), version.applied_at()), version.applied_by(), policy.description()});
  }
  output.List(response, table);
  return {};
}

}  // namespace ctl
