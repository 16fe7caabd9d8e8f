#include "ctl/command_tree.h"

namespace ctl {

namespace {

constexpr char kOperations[] =
    "GetCACaps, GetCACert, GetNextCACert, enrollment, renewal, poll, GetCert, GetCRL, or all; repeat";

void AddOperations(CLI::App& app, const std::string& name, std::vector<std::string>& operations,
                   const std::string& description) {
  app.add_option(name, operations, description + ": " + kOperations)->allow_extra_args(false);
}

void AddText(CLI::App& app, const std::string& name, std::optional<std::string>& text, const std::string& description) {
  app.add_option_function<std::string>(
      name, [&text](const std::string& given) { text = given; }, description);
}

}  // namespace

void AddScep(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(
      program, {"scep", "The SCEP service as a whole: where gateways listen, and what they serve", "scep show"});
  AddVerb<ScepShow>(noun, chosen, {"show", "Show its settings, and what each gateway made of them", "scep show"});
  auto [set, arguments] = AddVerb<ScepSet>(
      noun, chosen,
      {"set",
       "Change what is named of it, at every gateway, without a restart. Exits with 4 where a gateway cannot listen "
       "there and goes on where it did, with 6 where one does not say in time",
       "scep set --listen 0.0.0.0:8081 --domain-name pki.example.org\n"
       "  certifierctl scep set --refuse enrollment       # renewals go on\n"
       "  certifierctl scep set --disable                 # devices come back later; CRLs are still served"});
  AddText(*set, "--listen", arguments->listen,
          "HOST:PORT, several separated by commas, with a numeric HOST; '': what each gateway's configuration says");
  AddText(*set, "--domain-name", arguments->domain_name,
          "The name in URLs that devices are given, perhaps with a port; '': none");
  AddText(*set, "--description", arguments->description, "A note for people");
  CLI::Option* const enable = set->add_flag("--enable", arguments->is_enabled, "Serve devices again");
  set->add_flag("--disable", arguments->is_disabled, "Tell every device to come back later")->excludes(enable);
  AddOperations(*set, "--allow", arguments->allowed, "What devices may ask for again");
  AddOperations(*set, "--refuse", arguments->refused, "What they may not ask for any more");
  set->add_option_function<std::uint64_t>(
      "--if-version", [given = arguments](std::uint64_t version) { given->expected_version = version; },
      "Only if that is the latest version");
  set->add_option("--wait", arguments->wait, "How long to wait for the gateways to say what they did; 0s: not at all")
      ->capture_default_str();
}

}  // namespace ctl
