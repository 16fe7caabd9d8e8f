#include "ctl/command_tree.h"

namespace ctl {

namespace {

constexpr char kLogin[] = "Login: 1 to 128 characters of printable ASCII without spaces";
constexpr char kFile[] = "A file with it, one line; -: standard input (default: asked for at the terminal)";

void AddList(CLI::App& app, const std::string& name, std::vector<std::string>& texts, const std::string& description) {
  app.add_option(name, texts, description + "; repeat")->allow_extra_args(false);
}

void AddOneself(CLI::App& program, Command& chosen) {
  auto [init, first] =
      AddVerb<Init>(program, chosen,
                    {"init", "Become the first super-user, with the token that the engine printed",
                     "init --login alice\n  certifier-engine initialization-token --database ... prints the token"});
  init->add_option("--login", first->login, kLogin)->required();
  init->add_option("--token-from", first->token_file, kFile);
  CLI::Option* const password = init->add_option("--password-from", first->password_file, kFile);
  init->add_flag("--no-password", first->has_no_password, "Come in with --tls-certificate only")->excludes(password);
  auto [login, entering] = AddVerb<LogIn>(
      program, chosen, {"login", "Begin a session with your password, for this admin service", "login --login alice"});
  login->add_option("login,--login", entering->login, "Your login")->required();
  login->add_option("--password-from", entering->password_file, kFile);
  AddVerb<LogOut>(program, chosen, {"logout", "End your session", "logout"});
  AddVerb<WhoAmI>(program, chosen, {"whoami", "Show who you are and what you may do", "whoami"});
  auto [change, changed] = AddVerb<ChangePassword>(
      program, chosen, {"password", "Change your password; your other sessions end", "password"});
  change->add_option("--current-from", changed->current_file, kFile);
  change->add_option("--new-from", changed->new_file, kFile);
}

void AddSet(CLI::App& noun, Command& chosen) {
  auto [set, arguments] =
      AddVerb<OperatorSet>(noun, chosen,
                           {"set", "Change what is named of an operator, all of it or nothing, at once",
                            "operator set bob --grant write:demo --remove-grant super-user --group security"});
  set->add_option("login,--login", arguments->login, kLogin)->required();
  CLI::Option* const enable = set->add_flag("--enable", arguments->is_enabled, "Let him in again");
  set->add_flag("--disable", arguments->is_disabled, "Let him in no more, at once")->excludes(enable);
  set->add_option_function<std::string>(
      "--description", [given = arguments](const std::string& text) { given->description = text; },
      "A note for people");
  CLI::Option* const password = set->add_flag("--password", arguments->has_password, "Ask for a new password for him");
  set->add_option("--password-from", arguments->password_file, kFile);
  set->add_flag("--no-password", arguments->has_no_password, "He has no password any more")->excludes(password);
  AddList(*set, "--certificate", arguments->certificates, "A client certificate of his: its file, or its SHA-256");
  AddList(*set, "--remove-certificate", arguments->removed_certificates, "One that lets him in no more");
  AddList(*set, "--grant", arguments->grants, "LEVEL or LEVEL:CA that he gets");
  AddList(*set, "--remove-grant", arguments->removed_grants, "LEVEL or LEVEL:CA that he loses");
  AddList(*set, "--group", arguments->groups, "A group that he joins");
  AddList(*set, "--remove-group", arguments->removed_groups, "A group that he leaves");
}

}  // namespace

void AddOperators(CLI::App& program, Command& chosen) {
  AddOneself(program, chosen);
  CLI::App& noun = AddNoun(
      program, {"operator", "Who may administer, and what", "operator create bob --certificate bob.pem --grant read"});
  auto [create, made] = AddVerb<OperatorCreate>(
      noun, chosen,
      {"create",
       "Make an operator. Levels: read; revocation; entity-write; write, which includes those before; super-user",
       "operator create bob --certificate bob.pem --grant write:demo --grant read --group security"});
  create->add_option("login,--login", made->login, kLogin)->required();
  create->add_option("--description", made->description, "A note for people");
  create->add_flag("--password", made->has_password, "Ask for a password for him");
  create->add_option("--password-from", made->password_file, kFile);
  AddList(*create, "--certificate", made->certificates,
          "A client certificate that lets him in: its file, or its SHA-256");
  AddList(*create, "--grant", made->grants, "LEVEL for all CAs, or LEVEL:CA");
  AddList(*create, "--group", made->groups, "A group that policies may ask to approve");
  auto [list, listed] = AddVerb<OperatorList>(noun, chosen, {"list", "List operators", "operator list"});
  AddLimit(*list, listed->limit);
  AddWatch(*list, listed->watch);
  auto [show, shown] = AddVerb<OperatorShow>(
      noun, chosen, {"show", "Show an operator, what he may do and how he comes in", "operator show bob"});
  show->add_option("login,--login", shown->login, kLogin)->required();
  AddSet(noun, chosen);
}

}  // namespace ctl
