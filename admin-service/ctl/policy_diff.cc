#include <nlohmann/json.hpp>

#include "certifier/v1/policy.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/policy_file.h"
#include "ctl/terminal_text.h"
#include "ctl/unified_diff.h"
#include "ctl/yaml_printer.h"

namespace ctl {

namespace v1 = certifier::v1;
using PolicyStub = v1::PolicyService::Stub;

namespace {

result::Result<v1::PolicyVersion> Get(Session& session, const std::string& name, std::uint32_t version) {
  v1::GetPolicyRequest request;
  request.set_name(name);
  request.set_version(version);
  ASSIGN_OR_RETURN(v1::GetPolicyResponse response, session.Call(&PolicyStub::GetPolicy, request));
  return std::move(*response.mutable_policy());
}

Side SideOf(const v1::PolicyVersion& version) {
  return {TerminalText(version.policy().name()) + " version " + std::to_string(version.version()),
          PrintYaml(version.policy())};
}

struct Sides {
  Side before, after;
};

result::Result<Sides> WithFile(Session& session, const PolicyDiff& command) {
  ASSIGN_OR_RETURN(const v1::Policy document, ReadPolicyFile(command.file));
  ASSIGN_OR_RETURN(const auto before, Get(session, command.name, command.version));
  return Sides{SideOf(before), {TerminalText(command.file), PrintYaml(document)}};
}

result::Result<Sides> WithVersion(Session& session, const PolicyDiff& command) {
  ASSIGN_OR_RETURN(const auto after, Get(session, command.name, command.with));
  const std::uint32_t old = command.version == 0 ? after.version() - 1 : command.version;
  if (old == 0) {
    return result::Fail(result::Reason::kMalformed, "version 1 has none before it; name two, or a file");
  }
  ASSIGN_OR_RETURN(const auto before, Get(session, command.name, old));
  return Sides{SideOf(before), SideOf(after)};
}

std::string JsonOf(const std::string& diff) {
  return nlohmann::ordered_json{{"is_different", !diff.empty()}, {"diff", diff}}.dump(2, ' ', true);
}

}  // namespace

result::Result<ExitCode> Compare(Session& session, Output& output, const PolicyDiff& command) {
  ASSIGN_OR_RETURN(const Sides sides,
                   command.file.empty() ? WithVersion(session, command) : WithFile(session, command));
  const bool has_colours = !output.is_json() && output.width() != 0;
  std::string diff = UnifiedDiff(sides.before, sides.after, has_colours);
  const ExitCode code = diff.empty() ? ExitCode::kOk : ExitCode::kDifferent;
  if (output.is_json()) {
    output.Text(JsonOf(diff));
  } else if (diff.empty()) {
    output.Note("They say the same.");
  } else {
    diff.pop_back();
    output.Text(diff);
  }
  return code;
}

}  // namespace ctl
