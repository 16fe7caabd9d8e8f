#include <algorithm>

#include "ctl/unified_diff.h"
#include "ctl/yaml_printer.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/pages.h"
#include "web/pages/policy_models.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Policies = v1::PolicyService::Stub;

constexpr std::uint32_t kPageSize = 50;

std::string PathOf(const std::string& policy) {
  return "/policies/" + PathSegment(policy);
}

// A module as its name and what the document says of it.
Model ModuleModel(const v1::Module& module, std::size_t position) {
  const auto& kind = *v1::Module::descriptor()->FindOneofByName("kind");
  const auto* const field = module.GetReflection()->GetOneofFieldDescriptor(module, &kind);
  if (field == nullptr) return {{"name", "unknown"}, {"position", position}};
  const std::string yaml = ctl::PrintYaml(module.GetReflection()->GetMessage(module, field));
  return {{"name", field->name()},
          {"position", position},
          {"note", module.note()},
          {"parameters", yaml == "{}\n" ? "" : yaml}};
}

void AddChain(Model& chains, const std::string& name, const std::string& when, const v1::PolicyChain& chain) {
  Model modules = Model::array();
  for (const v1::Module& module : chain.modules()) modules.push_back(ModuleModel(module, modules.size() + 1));
  chains.push_back({{"name", name}, {"when", when}, {"modules", std::move(modules)}});
}

Model ChainModels(const v1::Policy& policy) {
  Model chains = Model::array();
  AddChain(chains, "receive_request", "when a request arrives", policy.receive_request());
  AddChain(chains, "accept_request", "before the certificate is made", policy.accept_request());
  if (policy.has_view_request()) {
    AddChain(chains, "view_request", "when an operator opens a request", policy.view_request());
  }
  if (policy.has_update_request()) {
    AddChain(chains, "update_request", "when an operator's edit is saved", policy.update_request());
  }
  return chains;
}

result::Result<v1::PolicyVersion> Fetch(Visit& visit, std::uint32_t version) {
  v1::GetPolicyRequest ask;
  ask.set_name(visit.arguments.at(0));
  ask.set_version(version);
  ASSIGN_OR_RETURN(auto answer, visit.Call(&Policies::GetPolicy, ask));
  return std::move(*answer.mutable_policy());
}

result::Result<std::uint32_t> VersionIn(const Visit& visit, const std::string& parameter) {
  const std::string text = visit.request.Parameter(parameter);
  return text.empty() ? result::Result<std::uint32_t>(0) : NumberOf("A version", text, 1, kMostVersion);
}

}  // namespace

Model DiffModels(const PolicySide& before, const PolicySide& after) {
  const auto text = [](const PolicySide& side) {
    return ctl::Side{side.name, side.policy.name().empty() ? "" : ctl::PrintYaml(side.policy)};
  };
  const std::string diff = ctl::UnifiedDiff(text(before), text(after), false);
  Model lines = Model::array();
  for (std::size_t at = 0, end = 0; at < diff.size(); at = end + 1) {
    end = std::min(diff.find('\n', at), diff.size());
    const std::string line = diff.substr(at, end - at);
    const bool is_head = line.starts_with("+++") || line.starts_with("---");
    lines.push_back({{"text", line},
                     {"is_added", !is_head && line.starts_with("+")},
                     {"is_removed", !is_head && line.starts_with("-")}});
  }
  return lines;
}

result::Result<Response> ListPolicies(Visit& visit) {
  if (const std::string name = visit.request.Parameter("name"); !name.empty()) {
    return Redirect(PathOf(name) + "/edit?from=" + PathSegment(visit.request.Parameter("from")));
  }
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Policies::ListPolicies, v1::ListPoliciesRequest()));
  Model rows = Model::array();
  for (const v1::PolicyVersion& version : listed.policies()) {
    Model row = ModelOf(version);
    row["path"] = PathOf(version.policy().name());
    row["name"] = version.policy().name();
    row["description"] = version.policy().description();
    rows.push_back(std::move(row));
  }
  const bool may_change = May(visit.who, v1::ACCESS_LEVEL_SUPER_USER, "");
  return ShowPage(visit, "policies", {{"policies", std::move(rows)}, {"may_change", may_change}},
                  {"Policies", "policies"});
}

result::Result<Response> ShowPolicy(Visit& visit) {
  ASSIGN_OR_RETURN(const std::uint32_t wanted, VersionIn(visit, "version"));
  ASSIGN_OR_RETURN(const auto shown, Fetch(visit, wanted));
  v1::ListPolicyVersionsRequest ask;
  ask.set_name(visit.arguments.at(0));
  ask.set_page_size(kPageSize);
  ask.set_page_token(visit.request.Parameter("page"));
  ASSIGN_OR_RETURN(const auto history, visit.Call(&Policies::ListPolicyVersions, ask));
  ASSIGN_OR_RETURN(const auto latest, wanted == 0 ? shown : Fetch(visit, 0));
  const std::string path = PathOf(shown.policy().name());
  Model model = {{"path", path},
                 {"version", shown.version()},
                 {"description", shown.policy().description()},
                 {"chains", ChainModels(shown.policy())},
                 {"document", ctl::PrintYaml(shown.policy())}};
  model["history"] = ModelOf(history)["versions"];
  for (Model& row : model["history"]) {
    row["is_shown"] = row["version"] == shown.version();
    row["has_before"] = row["version"] != 1;
  }
  if (!history.next_page_token().empty()) {
    const std::string version = wanted == 0 ? "" : "version=" + std::to_string(wanted) + "&";
    model["next"] = path + "?" + version + "page=" + PathSegment(history.next_page_token()) + "#history";
  }
  model["may_change"] = May(visit.who, v1::ACCESS_LEVEL_SUPER_USER, "");
  model["was_applied"] = visit.request.Parameter("done") == "applied";
  model["is_old"] = latest.version() != shown.version();
  return ShowPage(visit, "policy", std::move(model), {"Policy " + shown.policy().name(), "policies"});
}

result::Result<Response> ComparePolicy(Visit& visit) {
  ASSIGN_OR_RETURN(const std::uint32_t version, VersionIn(visit, "version"));
  ASSIGN_OR_RETURN(const auto after, Fetch(visit, version));
  if (after.version() < 2) return result::Fail(result::Reason::kMalformed, "Version 1 has none before it.");
  ASSIGN_OR_RETURN(const auto before, Fetch(visit, after.version() - 1));
  const auto side = [](const v1::PolicyVersion& one) {
    return PolicySide{"version " + std::to_string(one.version()), one.policy()};
  };
  Model model = {{"path", PathOf(after.policy().name())},
                 {"version", after.version()},
                 {"applied_by", after.applied_by()},
                 {"lines", DiffModels(side(before), side(after))}};
  return ShowPage(
      visit, "policy_diff", std::move(model),
      {"What version " + std::to_string(after.version()) + " of " + after.policy().name() + " changed", "policies"});
}

}  // namespace web
