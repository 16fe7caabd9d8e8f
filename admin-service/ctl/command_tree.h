#ifndef CERTIFIER_ADMIN_SERVICE_CTL_COMMAND_TREE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_COMMAND_TREE_H

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "ctl/arguments.h"
#include "ctl/command_line.h"

// What the tree of commands is built from: nouns with their verbs.
namespace ctl {

// The most that a list shows.
inline constexpr std::uint32_t kMaxLimit = 100'000;

// What the help of a noun or a verb says. The example goes without the program's name; further lines of it, indented by
// two, are with theirs.
struct HelpTexts {
  std::string name;
  std::string description;
  std::string example;
};

inline std::string ExampleText(const std::string& example) {
  return "Example: certifierctl " + example;
}

template <class Arguments>
struct Verb {
  CLI::App* app;
  Arguments* arguments;
};

// AddVerb adds a command that becomes `chosen` with its arguments if the line names it.
template <class Arguments>
Verb<Arguments> AddVerb(CLI::App& noun, Command& chosen, const HelpTexts& texts) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* app = noun.add_subcommand(texts.name, texts.description);
  app->footer(ExampleText(texts.example));
  app->callback([arguments, &chosen] { chosen = *arguments; });
  return {app, arguments.get()};
}

inline CLI::App& AddNoun(CLI::App& program, const HelpTexts& texts) {
  CLI::App* noun = program.add_subcommand(texts.name, texts.description);
  noun->footer(ExampleText(texts.example));
  noun->require_subcommand(1);
  return *noun;
}

inline void AddLimit(CLI::App& app, std::uint32_t& limit) {
  app.add_option("--limit", limit, "List at most this many")->check(CLI::Range(1U, kMaxLimit))->capture_default_str();
}

inline void AddSearch(CLI::App& app, Search& search, const std::string& where) {
  auto* const terms =
      app.add_option("--search", search.terms,
                     "Only with these words in " + where +
                         ": all of them, +word must be there, -word must not, gw-1* is a beginning (--search='-old')");
  app.add_flag("--some", search.is_some, "One of the words without + and - is enough")->needs(terms);
}

inline void AddWatch(CLI::App& app, Watch& watch) {
  CLI::Option* const on = app.add_flag("--watch", watch.is_on,
                                       "List again and again until Ctrl-C: at a terminal in place, else what is new or "
                                       "changed, one line each");
  app.add_option("--watch-interval", watch.interval, "How long from one list to the next, 1s to 1h")
      ->needs(on)
      ->capture_default_str();
}

// Tree is the whole of it; what is parsed goes into `invocation`.
struct Tree {
  std::unique_ptr<Invocation> invocation;
  std::unique_ptr<CLI::App> program;
};
Tree MakeTree();

// AddLocal adds the commands that ask nobody: noun "context", and "completion".
void AddLocal(CLI::App& program, Command& chosen);

// These add the noun of their name with its verbs.
void AddAudit(CLI::App& program, Command& chosen);
void AddPolicy(CLI::App& program, Command& chosen);
void AddReport(CLI::App& program, Command& chosen);
void AddRequest(CLI::App& program, Command& chosen);
void AddScep(CLI::App& program, Command& chosen);
// AddOperators adds the noun "operator", and what one does with oneself.
void AddOperators(CLI::App& program, Command& chosen);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_COMMAND_TREE_H
