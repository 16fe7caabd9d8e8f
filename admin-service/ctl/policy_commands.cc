#include <fstream>
#include <iterator>

#include "certifier/v1/policy.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/json_parser.h"
#include "ctl/json_printer.h"

namespace ctl {

namespace v1 = certifier::v1;
using PolicyStub = v1::PolicyService::Stub;

namespace {

constexpr std::size_t kMaxPolicyOctets = 1 << 20;

result::Result<std::string> ReadPolicyFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxPolicyOctets + 1, '\0');
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    return result::Fail(result::Reason::kMalformed, "cannot read " + path + ", or it is longer than 1 MiB");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const PolicyApply& command) {
  ASSIGN_OR_RETURN(const std::string text, ReadPolicyFile(command.file));
  v1::ApplyPolicyRequest request;
  if (auto parsed = ParseJson(text, *request.mutable_policy()); !parsed) {
    return result::Wrap(command.file, std::move(parsed).error());
  }
  ASSIGN_OR_RETURN(const v1::ApplyPolicyResponse response, session.Call(&PolicyStub::ApplyPolicy, request));
  const v1::PolicyVersion& applied = response.policy();
  if (output.is_json()) {
    output.Json(applied);
    return {};
  }
  output.Values({{"policy", applied.policy().name()},
                 {"version", std::to_string(applied.version())},
                 {"applied", TimeAndDistance(applied.has_applied_at(), applied.applied_at(), output.now())},
                 {"applied by", applied.applied_by()}});
  return {};
}

result::Result<void> Run(Session& session, Output& output, const PolicyGet& command) {
  v1::GetPolicyRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::GetPolicyResponse response, session.Call(&PolicyStub::GetPolicy, request));
  output.Json(response.policy().policy(), Fields::kSet);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const PolicyList&) {
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse response,
                   session.Call(&PolicyStub::ListPolicies, v1::ListPoliciesRequest()));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  Table table({{"NAME"}, {"VERSION"}, {"MODULES"}, {"APPLIED", 0, 1}, {"BY", 8, 2}, {"DESCRIPTION", 12, 3}});
  for (const v1::PolicyVersion& version : response.policies()) {
    const v1::Policy& policy = version.policy();
    const int modules = policy.receive_request().modules_size() + policy.accept_request().modules_size();
    table.Add({policy.name(), std::to_string(version.version()), std::to_string(modules),
               TimeText(version.has_applied_at(), version.applied_at()), version.applied_by(), policy.description()});
  }
  output.Rows(table);
  return {};
}

}  // namespace ctl
