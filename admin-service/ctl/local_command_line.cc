#include "ctl/command_tree.h"

namespace ctl {

namespace {

void AddContexts(CLI::App& program, Command& chosen) {
  constexpr char kName[] = "Name of the context";
  CLI::App& noun = AddNoun(program, {"context", "Several deployments, by name", "context use lab"});
  AddVerb<ContextList>(noun, chosen, {"list", "List contexts; the one in use has a *", "context list"});
  auto [show, shown] = AddVerb<ContextShow>(noun, chosen, {"show", "Show a context", "context show lab"});
  show->add_option("name,--name", shown->name, "Name of the context (default: the one in use)");
  auto [set, made] = AddVerb<ContextSet>(
      noun, chosen,
      {"set", "Remember where a deployment is and who you are there; the first one is in use at once",
       "context set lab --server lab:9443 --tls-ca ca.crt --tls-certificate me.crt --tls-key me.key"});
  set->add_option("name,--name", made->name, kName)->required();
  auto [use, used] =
      AddVerb<ContextUse>(noun, chosen, {"use", "Talk to this deployment from now on", "context use lab"});
  use->add_option("name,--name", used->name, kName)->required();
  auto [remove, removed] = AddVerb<ContextRemove>(noun, chosen, {"remove", "Forget a context", "context remove lab"});
  remove->add_option("name,--name", removed->name, kName)->required();
}

}  // namespace

void AddLocal(CLI::App& program, Command& chosen) {
  AddContexts(program, chosen);
  auto [completion, printed] =
      AddVerb<Completion>(program, chosen,
                          {"completion", "Print a script by which your shell completes certifierctl's words",
                           "completion bash > /etc/bash_completion.d/certifierctl\n  certifierctl completion zsh > "
                           "~/.zfunc/_certifierctl"});
  completion->add_option("shell,--shell", printed->shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  auto [complete, asked] = AddVerb<Complete>(program, chosen, {"complete", "For the script", "complete -- ca sh"});
  complete->add_option("words", asked->words, "Words after the program's name");
  complete->group("");
}

}  // namespace ctl
