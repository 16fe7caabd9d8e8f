#include "certifier/v1/policy.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/json_printer.h"

namespace ctl {

namespace v1 = certifier::v1;
using PolicyStub = v1::PolicyService::Stub;

namespace {

constexpr std::size_t kLeastText = 24;

std::string VerdictsText(const v1::ModuleDescription& module) {
  std::string text;
  for (const int verdict : module.verdicts()) {
    const auto* const value = v1::Verdict_descriptor()->FindValueByNumber(verdict);
    text += (text.empty() ? "" : ", ") + (value == nullptr ? std::to_string(verdict) : EnumName(*value));
  }
  return text;
}

void ShowAll(Output& output, const v1::DescribeModulesResponse& response) {
  Table table({{"MODULE"}, {"VERDICTS"}, {.title = "WHAT IT DOES", .least_width = kLeastText, .is_wrapped = true}});
  for (const auto& module : response.modules()) table.Add({module.name(), VerdictsText(module), module.help()});
  output.Rows(table);
  output.Note("\nOne with its parameters: certifierctl policy modules NAME");
}

void ShowOne(Output& output, const v1::ModuleDescription& module) {
  output.Values({{"module", module.name()}, {"does", module.help()}, {"says", VerdictsText(module)}});
  if (module.parameters().empty()) return;
  Table table({{"PARAMETER"},
               {.title = "TYPE", .least_width = kLeastText, .is_wrapped = true},
               {.title = "DEFAULT", .least_width = kLeastText / 2, .is_wrapped = true},
               {.title = "MEANING", .least_width = kLeastText, .is_wrapped = true}});
  for (const auto& parameter : module.parameters()) {
    const std::string& missing = parameter.default_value();
    table.Add({parameter.name(), parameter.type(), missing.empty() ? "(needed)" : missing, parameter.help()});
  }
  output.Text("");
  output.Rows(table);
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const PolicyModules& command) {
  v1::DescribeModulesRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::DescribeModulesResponse response, session.Call(&PolicyStub::DescribeModules, request));
  if (output.is_json()) {
    output.Json(response);
  } else if (command.name.empty() || response.modules().empty()) {
    ShowAll(output, response);
  } else {
    ShowOne(output, response.modules(0));
  }
  return {};
}

}  // namespace ctl
