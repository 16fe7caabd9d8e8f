#include "ctl/command_line.h"

#include <algorithm>

#include "ctl/command_tree.h"
#include "ctl/json_printer.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace {

constexpr std::uint32_t kMaxUses = 1'000'000;

void AddGlobals(CLI::App& program, GlobalArguments& global) {
  program.add_option("--server", global.server, "Address of the admin service, HOST:PORT (default: 127.0.0.1:9443)")
      ->envname("CERTIFIER_SERVER");
  program.add_option("--tls-ca", global.tls_ca, "The internal CA's certificate, PEM")->envname("CERTIFIER_TLS_CA");
  program.add_option("--tls-certificate", global.tls_certificate, "Your operator certificate, PEM")
      ->envname("CERTIFIER_TLS_CERTIFICATE");
  program.add_option("--tls-key", global.tls_key, "Its private key, PEM")->envname("CERTIFIER_TLS_KEY");
  program
      .add_option("--context", global.context, "The deployment of this name ('context list'; default: the one in use)")
      ->envname("CERTIFIER_CONTEXT");
  program.add_option("--contexts-file", global.contexts_file, "Where contexts are (default: ~/.config/certifierctl/)")
      ->envname("CERTIFIER_CONTEXTS_FILE");
  program.add_option("--timeout", global.timeout, "How long to wait for each answer")->capture_default_str();
  program.add_flag("--json", global.is_json, "Answer and errors in JSON, for programs");
  program.set_version_flag("--version", std::string("certifierctl ") + CERTIFIER_VERSION);
}

void AddCaSet(CLI::App& noun, Command& chosen) {
  auto [set, arguments] =
      AddVerb<CaSet>(noun, chosen,
                     {"set", "Change a CA's policy, status and options; 'ca show' lists the options",
                      "ca set demo reply-chain=leaf+issuer max-skew=300 public-url=http://pki.example.org"});
  set->add_option("name,--name", arguments->name, "Administrative name")->required();
  set->add_option("options", arguments->options, "NAME=VALUE, several");
  set->add_option("--reset", arguments->reset, "An option that goes back to its default; repeat")
      ->allow_extra_args(false);
  set->add_option("--policy", arguments->policy, "Policy for requests whose key names none");
  CLI::Option* const enable = set->add_flag("--enable", arguments->is_enabled, "Answer devices again");
  set->add_flag("--disable", arguments->is_disabled, "Answer no device")->excludes(enable);
  set->add_flag("--default", arguments->is_default, "Answer where a client names no CA");
}

void AddRollover(CLI::App& noun, Command& chosen) {
  constexpr char kName[] = "Administrative name";
  auto [stage, staged] =
      AddVerb<CaStage>(noun, chosen,
                       {"stage", "Make a CA's next key and certificate, and publish them as the next CA",
                        "ca stage demo --key-algorithm rsa-4096"});
  stage->add_option("name,--name", staged->name, kName)->required();
  stage->add_option("--key-algorithm", staged->key_algorithm, "As in 'ca create' (default: as the CA has it)");
  stage->add_option("--days", staged->days, "Days that it is good for (default: as many as the CA was)");
  auto [activate, activated] = AddVerb<CaActivate>(
      noun, chosen, {"activate", "Issue by the staged key and certificate from now on", "ca activate demo"});
  activate->add_option("name,--name", activated->name, kName)->required();
  auto [unstage, unstaged] =
      AddVerb<CaUnstage>(noun, chosen, {"unstage", "Take the staged key and certificate back", "ca unstage demo"});
  unstage->add_option("name,--name", unstaged->name, kName)->required();
}

void AddCa(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, {"ca", "Certification authorities", "ca create demo\n  certifierctl ca show demo"});
  auto [create, made] = AddVerb<CaCreate>(noun, chosen,
                                          {"create", "Make a CA with its RA, and serve it at once",
                                           "ca create demo --key-algorithm ecdsa-p256 --days 3650"});
  create->add_option("name,--name", made->name, "Administrative name: letters, digits, '.', '_' and '-'")->required();
  create->add_option("--subject", made->subject, "Subject in RFC 4514 form (default: CN=NAME CA)");
  create->add_option("--key-algorithm", made->key_algorithm,
                     "rsa-2048, rsa-3072, rsa-4096, ecdsa-p256 or ecdsa-p384 (default: rsa-3072)");
  create->add_option("--days", made->days, "Days that the CA certificate is good for (default: 3650)");
  create->add_option("--policy", made->policy, "Policy for requests whose key names none (default: default)");
  create->add_option("--ra-key-bits", made->registration_authority_bits, "Bits of the RA's RSA key (default: 2048)");
  create->add_option("--ra", made->registration_authority,
                     "Who receives envelopes and signs replies: combined, one RA for both; split, one for each; none, "
                     "the CA itself (default: combined)");
  create->add_option("--issuer", made->issuer, "The CA of ours that signs this one (default: itself)");
  auto [list, listed] = AddVerb<CaList>(noun, chosen, {"list", "List every CA", "ca list"});
  AddWatch(*list, listed->watch);
  auto [show, shown] =
      AddVerb<CaShow>(noun, chosen, {"show", "Show a CA, its fingerprints and its certificate", "ca show demo"});
  show->add_option("name,--name", shown->name, "Administrative name")->required();
  AddCaSet(noun, chosen);
  AddRollover(noun, chosen);
}

void AddAlternativeNames(CLI::App& app, std::vector<std::string>& names) {
  app.add_option("--san,--alternative-name", names,
                 "An alternative name that requests must have, as dns:a.example; repeat")
      ->allow_extra_args(false);
}

void AddAttributes(CLI::App& app, std::vector<std::string>& attributes) {
  app.add_option("--attribute", attributes, "NAME=VALUE, which parameterises the modules of a policy; repeat")
      ->allow_extra_args(false);
}

// AddOptional takes an option that may also be given with an empty text, which is not the same as without it.
void AddOptional(CLI::App& app, const std::string& name, std::optional<std::string>& text,
                 const std::string& description) {
  app.add_option_function<std::string>(
      name, [&text](const std::string& given) { text = given; }, description);
}

constexpr char kEntityName[] = "Name of the entity";

void AddEntityChanges(CLI::App& noun, Command& chosen) {
  auto [set, arguments] =
      AddVerb<EntitySet>(noun, chosen,
                         {"set", "Change what is named of an entity, all of it or nothing",
                          "entity set router-7 --attribute site=hall-2 --remove-attribute days --subject CN=router-7"});
  set->add_option("name,--name", arguments->name, kEntityName)->required();
  AddOptional(*set, "--description", arguments->description, "A note for people");
  AddOptional(*set, "--subject", arguments->subject,
              "The only subject that requests for it may have, in RFC 4514 form; '': as the policy says");
  AddAlternativeNames(*set, arguments->alternative_names);
  set->add_flag("--any-alternative-name", arguments->has_any_alternative_name,
                "Alternative names are as the policy says")
      ->excludes("--san");
  AddAttributes(*set, arguments->attributes);
  set->add_option("--remove-attribute", arguments->removed_attributes, "Name of an attribute to remove; repeat")
      ->allow_extra_args(false);
  auto [disable, disabled] = AddVerb<EntityDisable>(
      noun, chosen, {"disable", "Refuse an entity's keys and renewals from now on", "entity disable router-7"});
  disable->add_option("name,--name", disabled->name, kEntityName)->required();
  auto [enable, enabled] =
      AddVerb<EntityEnable>(noun, chosen, {"enable", "Take an entity's keys again", "entity enable router-7"});
  enable->add_option("name,--name", enabled->name, kEntityName)->required();
}

void AddEntity(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, {"entity", "Things that can get certificates",
                                     "entity create router-7\n  certifierctl entity show router-7"});
  auto [create, made] = AddVerb<EntityCreate>(
      noun, chosen,
      {"create", "Make an entity", "entity create router-7 --description 'Hall 2' --attribute site=hall-2"});
  create->add_option("name,--name", made->name, "Name, unique without regard to case")->required();
  create->add_option("--description", made->description, "A note for people");
  create->add_option("--subject", made->subject, "The only subject that requests for it may have, in RFC 4514 form");
  AddAlternativeNames(*create, made->alternative_names);
  AddAttributes(*create, made->attributes);
  auto [show, shown] = AddVerb<EntityShow>(
      noun, chosen, {"show", "Show an entity with its newest keys, requests and certificates", "entity show router-7"});
  show->add_option("name,--name", shown->name, kEntityName)->required();
  AddEntityChanges(noun, chosen);
  auto [list, listed] = AddVerb<EntityList>(noun, chosen, {"list", "List entities", "entity list --search router-17"});
  AddSearch(*list, listed->search, "its name or description");
  AddLimit(*list, listed->limit);
  AddWatch(*list, listed->watch);
}

constexpr char kReference[] = "Reference number of the key";

void AddValueFile(CLI::App& app, std::string& file) {
  app.add_option("--value-from", file,
                 "A file with a value of your own, one line of at least 16 characters; -: standard input (default: one "
                 "is drawn)");
}

void AddKeyChanges(CLI::App& noun, Command& chosen) {
  auto [show, shown] =
      AddVerb<KeyShow>(noun, chosen, {"show", "Show what is known of a key, never its value", "key show 8M2K4X7Q"});
  show->add_option("reference,--reference", shown->reference_number, kReference)->required();
  auto [rekey, rekeyed] = AddVerb<KeyRekey>(
      noun, chosen,
      {"rekey", "Give a key a new value, shown this once; the old one is refused at once", "key rekey 8M2K4X7Q"});
  rekey->add_option("reference,--reference", rekeyed->reference_number, kReference)->required();
  AddValueFile(*rekey, rekeyed->value_file);
  auto [disable, disabled] =
      AddVerb<KeyDisable>(noun, chosen, {"disable", "Refuse a key for ever, at once", "key disable 8M2K4X7Q"});
  disable->add_option("reference,--reference", disabled->reference_number, kReference)->required();
}

void AddKeyMint(CLI::App& noun, Command& chosen) {
  auto [mint, minted] = AddVerb<KeyMint>(
      noun, chosen,
      {"mint",
       "Make the keys of a list into a sheet. The list is CSV; its first line names the columns: entity, ca, policy, "
       "uses, not_before, expires, subject, alternative_names, attribute:NAME",
       "key mint --from devices.csv --out sheet.csv --ca demo --expires 30d --create-entities"});
  mint->add_option("--from", minted->from, "The list, with the column entity at least")->required();
  mint->add_option("--out", minted->out, "Where the keys go, CSV for you alone; a run that broke off continues there")
      ->required();
  mint->add_option("--ca", minted->ca, "The CA where the list names none");
  mint->add_option("--uses", minted->uses, "How many certificates each key may bring (default: 1)")
      ->check(CLI::Range(1U, kMaxUses));
  mint->add_option("--not-before", minted->not_before, "From when they are good (default: now)");
  mint->add_option("--expires", minted->expires, "Until when they are good: 12h, 30d, 2026-12-24 (default: 30d)");
  mint->add_option("--policy", minted->policy, "The policy bound to them (default: the CA's)");
  mint->add_flag("--create-entities", minted->creates_entities, "Make the entities that do not exist");
  mint->add_option("--print", minted->print, "An HTML document to make as well, with a page to print for each entity");
  mint->add_option("--url", minted->url,
                   "The URL that devices are given, for --print; {ca} in it is the name of the CA (default: with the "
                   "domain name that scep set gave)");
}

void AddKey(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, {"key", "Pre-shared keys, which devices send as challengePassword",
                                     "key create --entity router-7 --ca demo --expires 7d"});
  auto [create, made] = AddVerb<KeyCreate>(noun, chosen,
                                           {"create", "Make a key for an entity; its value is shown this once",
                                            "key create --entity router-7 --ca demo --uses 2 --expires 30d"});
  create->add_option("--entity", made->entity, "Whose key it is")->required();
  create->add_option("--ca", made->ca, "The CA that it is good for")->required();
  create->add_option("--uses", made->uses, "How many certificates it may bring")
      ->check(CLI::Range(1U, kMaxUses))
      ->capture_default_str();
  create->add_option("--not-before", made->not_before, "From when it is good, like --expires (default: now)");
  create->add_option("--expires", made->expires,
                     "Until when it is good: 12h, 30d, 2026-12-24 or 2026-12-24T10:00:00Z (default: 30d)");
  create->add_option("--policy", made->policy, "The policy bound to it (default: the CA's)");
  create->add_option("--subject", made->subject, "The only subject it may bring, in RFC 4514 form");
  AddAlternativeNames(*create, made->alternative_names);
  AddAttributes(*create, made->attributes);
  AddValueFile(*create, made->value_file);
  AddKeyChanges(noun, chosen);
  auto [list, listed] = AddVerb<KeyList>(noun, chosen, {"list", "List keys, never their values", "key list"});
  list->add_option("--entity", listed->entity, "Only this entity's");
  AddLimit(*list, listed->limit);
  AddWatch(*list, listed->watch);
  AddKeyMint(noun, chosen);
}

void AddCertificateName(CLI::App& app, std::string& serial_number, std::string& ca) {
  app.add_option("serial_number,--serial-number", serial_number, "Serial number, hexadecimal")->required();
  app.add_option("--ca", ca, "Its CA, where the serial number is not unique");
}

void AddRevocationDetails(CLI::App& app, RevocationDetails& details) {
  AddCertificateName(app, details.serial_number, details.ca);
  app.add_option("--invalidity-date", details.invalidity_date,
                 "Since when its key is not trusted: 12h (ago), 2026-11-24 or 2026-11-24T10:00:00Z");
  app.add_option("--comment", details.comment, "For the record; only operators see it");
}

void AddReason(CLI::App& app, std::string& reason) {
  app.add_option("--reason", reason,
                 "unspecified, key-compromise, ca-compromise, affiliation-changed, superseded, "
                 "cessation-of-operation, privilege-withdrawn or aa-compromise (default: unspecified)");
}

void AddRevocation(CLI::App& noun, Command& chosen) {
  auto [revoke, revoked] = AddVerb<CertificateRevoke>(
      noun, chosen, {"revoke", "Revoke a certificate for ever", "certificate revoke 5f3a91c2 --reason key-compromise"});
  AddRevocationDetails(*revoke, revoked->details);
  AddReason(*revoke, revoked->reason);
  auto [all, revoked_all] = AddVerb<CertificateRevokeAll>(
      noun, chosen,
      {"revoke-all", "Revoke all good certificates that a search finds; without --yes only list them",
       "certificate revoke-all --search '+branch-17' --reason key-compromise"});
  AddSearch(*all, revoked_all->search, "its names, its entity, or what its request is found by");
  all->get_option("--search")->required();
  all->add_option("--ca", revoked_all->ca, "Only this CA's");
  AddReason(*all, revoked_all->reason);
  all->add_option("--comment", revoked_all->comment, "For the record; only operators see it");
  AddLimit(*all, revoked_all->limit);
  all->add_flag("--yes", revoked_all->is_sure, "Do it: it cannot be taken back");
  auto [suspend, suspended] = AddVerb<CertificateSuspend>(
      noun, chosen,
      {"suspend", "Put a certificate on hold", "certificate suspend 5f3a91c2 --comment 'laptop is missing'"});
  AddRevocationDetails(*suspend, suspended->details);
  auto [reactivate, reactivated] = AddVerb<CertificateReactivate>(
      noun, chosen, {"reactivate", "Make a suspended certificate good again", "certificate reactivate 5f3a91c2"});
  AddCertificateName(*reactivate, reactivated->serial_number, reactivated->ca);
}

void AddCertificate(CLI::App& program, Command& chosen) {
  CLI::App& noun =
      AddNoun(program, {"certificate", "What was issued, and taking it back", "certificate list --status revoked"});
  auto [list, listed] = AddVerb<CertificateList>(
      noun, chosen,
      {"list", "List certificates, the newest first", "certificate list --ca demo --search '+branch-17 -test'"});
  list->add_option("--ca", listed->ca, "Only this CA's");
  list->add_option("--status", listed->status, "Only this status: good, suspended or revoked (default: all)");
  AddSearch(*list, listed->search, "its names, its entity, or what its request is found by");
  AddLimit(*list, listed->limit);
  AddWatch(*list, listed->watch);
  auto [show, shown] = AddVerb<CertificateShow>(
      noun, chosen, {"show", "Show a certificate, its fingerprints and its PEM", "certificate show 5f3a:91c2"});
  AddCertificateName(*show, shown->serial_number, shown->ca);
  AddRevocation(noun, chosen);
}

void AddCrl(CLI::App& program, Command& chosen) {
  CLI::App& noun = AddNoun(program, {"crl", "Lists of what is revoked", "crl show demo"});
  auto [show, shown] = AddVerb<CrlShow>(noun, chosen, {"show", "Show the newest CRL of a CA", "crl show demo"});
  show->add_option("name,--name", shown->ca, "Administrative name of the CA")->required();
}

void AddDoctor(CLI::App& program, Command& chosen) {
  auto [app, doctor] = AddVerb<Doctor>(
      program, chosen,
      {"doctor",
       "Say in plain words why a device's transaction failed, or what works at a SCEP server, ours or another's; and "
       "what to do",
       "doctor tx-4711\n  certifierctl doctor http://pki.example.org:8080/scep/demo --challenge-file key.txt"});
  app->add_option(
         "target,--target", doctor->target,
         "A transactionID, a request's number, a decision's id (failInfoText) or a fingerprint of the PKCS#10; "
         "or the URL that devices are given, which needs no admin service")
      ->required();
  app->add_option("--ca", doctor->ca, "The CA's name, for servers that take it as message= of GetCACert");
  app->add_option("--challenge-file", doctor->challenge_file,
                  "A file with a challenge that is good for a certificate; without one nothing is enrolled");
  app->add_option("--fingerprint", doctor->fingerprint,
                  "The CA certificate's, whole, in any notation: the challenge is sent to no other CA");
  app->add_option("--subject", doctor->subject,
                  "Subject of the requests, in RFC 4514 form (default: CN=certifierctl-doctor- and a random number)");
}

std::string HelpCommand(const CLI::App& program) {
  std::string command = "certifierctl";
  const CLI::App* app = &program;
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    command += " " + app->get_name();
  }
  return command + " --help";
}

ExitCode Misused(const CLI::App& program, const std::string& what, bool is_json, std::ostream& err) {
  if (is_json) {
    err << PrintErrorJson({result::Reason::kMalformed, what});
  } else {
    err << "certifierctl: " << TerminalText(what) << "\n  See: " << HelpCommand(program) << "\n";
  }
  return ExitCode::kUsage;
}

}  // namespace

Tree MakeTree() {
  Tree tree = {std::make_unique<Invocation>(),
               std::make_unique<CLI::App>("Administers Certifier: CAs, entities, pre-shared keys, policies, requests, "
                                          "certificates, CRLs and operators; reads the audit log. Tries SCEP servers.",
                                          "certifierctl")};
  CLI::App& program = *tree.program;
  Command& chosen = tree.invocation->command;
  program.require_subcommand(1);
  program.fallthrough();
  program.footer(
      ExampleText("request list --state pending --server pki.example.org:9443\n"
                  "  certifierctl request approve 17 --fingerprint '2C0CACE7 D3F299ED 0A1B2C3D 4E5F6071'\n\n") +
      "Exit codes: 0 done, 1 internal error, a check of doctor or audit verify failed or policies differ, 2 usage, 3 "
      "not found, 4 "
      "conflict, 5 refused, "
      "6 unavailable, 130 ended by Ctrl-C (--watch).");
  AddGlobals(program, tree.invocation->global);
  AddCa(program, chosen);
  AddEntity(program, chosen);
  AddKey(program, chosen);
  AddPolicy(program, chosen);
  AddRequest(program, chosen);
  AddCertificate(program, chosen);
  AddCrl(program, chosen);
  AddReport(program, chosen);
  AddScep(program, chosen);
  AddAudit(program, chosen);
  AddDoctor(program, chosen);
  AddOperators(program, chosen);
  AddLocal(program, chosen);
  return tree;
}

std::variant<Invocation, ExitCode> ParseCommandLine(const std::vector<std::string>& arguments, std::ostream& out,
                                                    std::ostream& err) {
  const Tree tree = MakeTree();
  CLI::App& program = *tree.program;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    program.parse(std::move(reversed));
  } catch (const CLI::Success& help) {
    program.exit(help, out, err);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    const bool is_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    return Misused(program, error.what(), is_json, err);
  }
  return *tree.invocation;
}

}  // namespace ctl
