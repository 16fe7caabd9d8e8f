#include "ctl/command_tree.h"

namespace ctl {

namespace {

constexpr char kName[] = "Name of the policy";
constexpr char kDocument[] = "The document, YAML or JSON; '-' is standard input";

void AddDocuments(CLI::App& noun, Command& chosen) {
  auto [apply, applied] = AddVerb<PolicyApply>(
      noun, chosen,
      {"apply", "Make a document the next version of its policy", "policy apply default.yaml --if-version 3"});
  apply->add_option("file,--file", applied->file, kDocument)->required();
  apply->add_option("--if-version", applied->expected_version,
                    "Only if this version is the latest, 0 for a policy that is new: nobody's change is overwritten");
  auto [get, got] = AddVerb<PolicyGet>(
      noun, chosen, {"get", "Print a policy as 'policy apply' takes it", "policy get default > default.yaml"});
  get->add_option("name,--name", got->name, kName)->required();
  get->add_option("--version", got->version, "This version (default: the latest)")->check(CLI::PositiveNumber);
  get->add_option("-o,--output", got->format, "yaml or json (default: yaml)")->check(CLI::IsMember({"yaml", "json"}));
  AddVerb<PolicyList>(noun, chosen, {"list", "List policies", "policy list"});
}

void AddVersions(CLI::App& noun, Command& chosen) {
  auto [history, listed] = AddVerb<PolicyHistory>(
      noun, chosen, {"history", "List the versions of a policy, the newest first", "policy history default"});
  history->add_option("name,--name", listed->name, kName)->required();
  AddLimit(*history, listed->limit);
  auto [diff, compared] = AddVerb<PolicyDiff>(
      noun, chosen,
      {"diff", "Show what changed from one version of a policy to another, or to a file; exit code 1: they differ",
       "policy diff default --file default.yaml"});
  diff->add_option("name,--name", compared->name, kName)->required();
  diff->add_option("--version", compared->version,
                   "The old one (default: the one before the latest; with --file the latest)")
      ->check(CLI::PositiveNumber);
  auto* const with =
      diff->add_option("--with", compared->with, "The new one (default: the latest)")->check(CLI::PositiveNumber);
  diff->add_option("--file", compared->file, kDocument)->excludes(with);
  auto [rollback, chosen_version] =
      AddVerb<PolicyRollback>(noun, chosen,
                              {"rollback", "Make the document of an earlier version the next version of its policy",
                               "policy rollback default --to 3"});
  rollback->add_option("name,--name", chosen_version->name, kName)->required();
  rollback->add_option("--to", chosen_version->version, "The earlier version; 'policy history' lists them")
      ->required()
      ->check(CLI::PositiveNumber);
}

}  // namespace

void AddPolicy(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, "policy", "Documents that decide requests");
  AddDocuments(noun, chosen);
  AddVersions(noun, chosen);
}

}  // namespace ctl
