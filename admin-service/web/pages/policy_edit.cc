#include <algorithm>

#include "ctl/der_file.h"
#include "ctl/policy_file.h"
#include "ctl/yaml_printer.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/decision_model.h"
#include "web/pages/pages.h"
#include "web/pages/policy_models.h"
#include "web/policy_draft.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Policies = v1::PolicyService::Stub;
using result::Reason;

std::string PathOf(const Visit& visit) {
  return "/policies/" + PathSegment(visit.arguments.at(0));
}

// The latest version; version 0 without a document where there is none of this name.
result::Result<v1::PolicyVersion> Latest(Visit& visit, const std::string& name) {
  v1::GetPolicyRequest ask;
  ask.set_name(name);
  auto answer = visit.Call(&Policies::GetPolicy, ask);
  if (answer) return std::move(*answer->mutable_policy());
  if (answer.error().reason == Reason::kNotFound) return v1::PolicyVersion();
  return tl::unexpected(answer.error());
}

// What the edit begins with: a version of this policy, or another policy.
result::Result<v1::Policy> Beginning(Visit& visit) {
  const std::string from = visit.request.Parameter("from"), version = visit.request.Parameter("version");
  v1::GetPolicyRequest ask;
  ask.set_name(from.empty() ? visit.arguments.at(0) : from);
  if (!version.empty()) {
    ASSIGN_OR_RETURN(const auto number, NumberOf("A version", version, 1, kMostVersion));
    ask.set_version(number);
  }
  auto answer = visit.Call(&Policies::GetPolicy, ask);
  if (!answer && answer.error().reason == Reason::kNotFound && version.empty() && from.empty()) return v1::Policy();
  if (!answer) return tl::unexpected(answer.error());
  return std::move(*answer->mutable_policy()->mutable_policy());
}

Model ModuleModels(const PolicyDraft& draft, const ChainKind& kind, const v1::DescribeModulesResponse& described) {
  Model models = Model::array();
  const auto& modules = *draft.chain(kind.name);
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const auto help = std::ranges::find(described.modules(), modules[i].name, &v1::ModuleDescription::name);
    const auto lines = static_cast<std::size_t>(std::ranges::count(modules[i].parameters, '\n'));
    Model model = {{"chain", kind.name},
                   {"number", std::to_string(i + 1)},
                   {"name", modules[i].name},
                   {"note", modules[i].note},
                   {"parameters", modules[i].parameters},
                   {"from_attributes", modules[i].from_attributes},
                   {"rows", std::to_string(std::clamp<std::size_t>(lines + 1, 2, 12))},
                   {"is_first", i == 0},
                   {"is_last", i + 1 == modules.size()}};
    if (help != described.modules().end()) model["described"] = ModelOf(*help);
    models.push_back(std::move(model));
  }
  return models;
}

Model ChainModels(const PolicyDraft& draft, const v1::DescribeModulesResponse& described) {
  Model models = Model::array();
  for (const ChainKind& kind : kChainKinds) {
    Model model = {{"chain", kind.name},
                   {"when", kind.when},
                   {"is_optional", kind.is_optional},
                   {"is_there", draft.chain(kind.name).has_value()},
                   {"choices", ChoicesOf(ModuleNames(), "")}};
    if (draft.chain(kind.name)) model["modules"] = ModuleModels(draft, kind, described);
    models.push_back(std::move(model));
  }
  return models;
}

result::Result<Response> ShowEditor(Visit& visit, const PolicyDraft& draft, const std::string& expected_version,
                                    const std::string& problem) {
  ASSIGN_OR_RETURN(const auto described, visit.Call(&Policies::DescribeModules, v1::DescribeModulesRequest()));
  return ShowPage(visit, "policy_edit",
                  {{"path", PathOf(visit)},
                   {"description", draft.description()},
                   {"expected_version", expected_version},
                   {"is_new", expected_version == "0"},
                   {"chains", ChainModels(draft, described)},
                   {"problem", problem}},
                  {"Edit policy " + visit.arguments.at(0), "policies"});
}

// The document of the form: whole where it holds one, else of its fields. Its name is the page's.
result::Result<v1::Policy> DocumentOf(const Visit& visit) {
  std::string text = visit.request.Parameter("document");
  std::erase(text, '\r');
  if (text.empty()) return PolicyDraft::FromForm(visit.arguments.at(0), visit.request).ToPolicy();
  ASSIGN_OR_RETURN(auto policy, ctl::ParsePolicy(text));
  policy.set_name(visit.arguments.at(0));
  return policy;
}

result::Result<v1::TestPolicyRequest> TrialOf(Visit& visit, const v1::Policy& policy) {
  const Request& form = visit.request;
  v1::TestPolicyRequest ask;
  ask.set_ca(form.Parameter("ca"));
  ASSIGN_OR_RETURN(*ask.mutable_certification_request(),
                   ctl::DerIn(form.Parameter("csr"), {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"}));
  ask.set_reference_number(form.Parameter("reference_number"));
  ask.set_entity(form.Parameter("entity"));
  *ask.mutable_policy() = policy;
  return ask;
}

// What the trial says, or why there is none.
Model VerdictOf(Visit& visit, const v1::Policy& policy) {
  const auto ask = TrialOf(visit, policy);
  if (!ask) return {{"problem", ask.error().detail}};
  const auto answer = visit.Call(&Policies::TestPolicy, *ask);
  if (!answer) return {{"problem", answer.error().detail}};
  return {{"decision", DecisionModel(answer->decision())}};
}

}  // namespace

result::Result<Response> EditPolicy(Visit& visit) {
  ASSIGN_OR_RETURN(const auto latest, Latest(visit, visit.arguments.at(0)));
  ASSIGN_OR_RETURN(const v1::Policy policy, Beginning(visit));
  return ShowEditor(visit, PolicyDraft(policy), std::to_string(latest.version()), "");
}

result::Result<Response> ChangePolicyDraft(Visit& visit) {
  const Request& form = visit.request;
  if (!form.Parameter("document").empty()) {
    ASSIGN_OR_RETURN(const auto policy, DocumentOf(visit));
    return ShowEditor(visit, PolicyDraft(policy), form.Parameter("expected_version"), "");
  }
  auto draft = PolicyDraft::FromForm(visit.arguments.at(0), form);
  const std::string action = form.Parameter("do"), prefix = "add ";
  const std::string chain = action.starts_with(prefix) ? action.substr(prefix.size()) : "";
  draft.Carry(action, form.Parameter(chain + ".new"));
  return ShowEditor(visit, draft, form.Parameter("expected_version"), "");
}

result::Result<Response> ReviewPolicy(Visit& visit) {
  const Request& form = visit.request;
  const std::string expected = form.Parameter("expected_version");
  const auto policy = DocumentOf(visit);
  if (!policy) {
    const auto draft = PolicyDraft::FromForm(visit.arguments.at(0), form);
    return ShowEditor(visit, draft, expected, policy.error().detail);
  }
  ASSIGN_OR_RETURN(const auto latest, Latest(visit, visit.arguments.at(0)));
  ASSIGN_OR_RETURN(const auto cas, visit.Call(&v1::CaService::Stub::ListCas, v1::ListCasRequest()));
  std::vector<std::string> names;
  for (const v1::Ca& ca : cas.cas()) names.push_back(ca.name());
  const std::string csr = form.Parameter("csr");
  Model model = {
      {"path", PathOf(visit)},
      {"expected_version", expected},
      {"is_stale", expected != std::to_string(latest.version())},
      {"latest", std::to_string(latest.version())},
      {"document", ctl::PrintYaml(*policy)},
      {"lines", DiffModels({"version " + std::to_string(latest.version()), latest.policy()}, {"your edit", *policy})},
      {"may_apply", May(visit.who, v1::ACCESS_LEVEL_SUPER_USER, "")},
      {"cas", ChoicesOf(names, form.Parameter("ca"))},
      {"csr", csr},
      {"entity", form.Parameter("entity")},
      {"reference_number", form.Parameter("reference_number")}};
  if (!csr.empty()) model["trial"] = VerdictOf(visit, *policy);
  return ShowPage(visit, "policy_review", std::move(model), {"Review policy " + visit.arguments.at(0), "policies"});
}

result::Result<Response> ApplyPolicy(Visit& visit) {
  v1::ApplyPolicyRequest ask;
  ASSIGN_OR_RETURN(*ask.mutable_policy(), DocumentOf(visit));
  ASSIGN_OR_RETURN(const auto expected,
                   NumberOf("The version", visit.request.Parameter("expected_version"), 0, kMostVersion));
  ask.set_expected_version(expected);
  RETURN_IF_ERROR(visit.Call(&Policies::ApplyPolicy, ask));
  return Redirect(PathOf(visit) + "?done=applied");
}

}  // namespace web
