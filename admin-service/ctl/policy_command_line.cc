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
  auto [list, listed] = AddVerb<PolicyList>(noun, chosen, {"list", "List policies", "policy list"});
  AddWatch(*list, listed->watch);
}

void AddVersions(CLI::App& noun, Command& chosen) {
  auto [history, listed] = AddVerb<PolicyHistory>(
      noun, chosen, {"history", "List the versions of a policy, the newest first", "policy history default"});
  history->add_option("name,--name", listed->name, kName)->required();
  AddLimit(*history, listed->limit);
  AddWatch(*history, listed->watch);
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

void AddTrials(CLI::App& noun, Command& chosen) {
  auto [test, tested] = AddVerb<PolicyTest>(
      noun, chosen,
      {"test", "Say what would become of a request, module by module; nothing is issued, counted or kept",
       "policy test --ca demo --csr device.csr --key 7QK2M4XA --policy default.yaml"});
  test->add_option("--ca", tested->ca, "The CA that is asked")->required();
  test->add_option("--csr", tested->request_file, "The PKCS#10, PEM or DER")->required();
  auto* const key = test->add_option("--key", tested->reference_number,
                                     "Reference number of the key that the device would bring (default: the CSR's own "
                                     "challengePassword)");
  test->add_option("--entity", tested->entity, "As if a new key of this entity were brought")->excludes(key);
  test->add_option("--policy", tested->file, "The document that decides, '-' is standard input (default: what would)");
  test->add_option("--signer", tested->signer_file,
                   "The certificate that would sign, PEM or DER, for a renewal (default: the device makes one)");
  test->add_flag("--renewal-req", tested->is_renewal_req, "The message would be a RenewalReq, and not a PKCSReq");
  test->add_flag("--call-webhooks", tested->calls_webhooks,
                 "Call the policy's webhooks; without, each is as if it had not answered");
  auto [replay, replayed] = AddVerb<PolicyReplay>(
      noun, chosen,
      {"replay", "List which stored requests would come to something else under a document; nothing is changed",
       "policy replay --since 30d --policy default.yaml"});
  replay->add_option("--policy", replayed->file, kDocument)->required();
  replay->add_option("--since", replayed->since, "Requests received since: 12h (ago), 30d or 2026-11-24")
      ->capture_default_str();
  replay->add_option("--ca", replayed->ca, "Only this CA's requests");
  replay->add_flag("--all", replayed->is_all,
                   "Every request (default: those that the policy of the document's name decided, if there is one)");
  AddLimit(*replay, replayed->limit);
}

}  // namespace

void AddPolicy(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, {"policy", "Documents that decide requests",
                                     "policy get default > default.yaml\n  certifierctl policy apply default.yaml"});
  AddDocuments(noun, chosen);
  AddVersions(noun, chosen);
  AddTrials(noun, chosen);
  auto [modules, described] = AddVerb<PolicyModules>(
      noun, chosen,
      {"modules", "Say what the modules of a policy do, or one with its parameters", "policy modules match_subject"});
  modules->add_option("name,--name", described->name, "Only this module, with its parameters");
}

}  // namespace ctl
