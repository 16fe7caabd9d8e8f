#include "ctl/completion.h"

#include <algorithm>

#include "ctl/command_tree.h"
#include "ctl/completion_values.h"

namespace ctl {

namespace {

constexpr char kBash[] = R"(_certifierctl() {
  local IFS=$'\n'
  COMPREPLY=($(certifierctl complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _certifierctl certifierctl)";

// As a file of fpath it is the body of the function at its first call, and completes by itself; sourced it registers.
constexpr char kZsh[] = R"(#compdef certifierctl
_certifierctl() {
  local -a candidates
  candidates=("${(@f)$(certifierctl complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n ${candidates[1]} ]]; then compadd -- "${candidates[@]}"; else _files; fi
}
if [[ ${funcstack[1]} == _certifierctl ]]; then _certifierctl "$@"; else compdef _certifierctl certifierctl; fi)";

bool IsFlag(const std::string& word) {
  return word.starts_with("-");
}

bool TakesValue(const CLI::Option& option) {
  return option.get_expected_max() > 0 && option.get_items_expected_max() > 0;
}

// The option of the app, or of those above it, that is written so.
const CLI::Option* FindOption(const CLI::App* app, const std::string& word) {
  for (; app != nullptr; app = app->get_parent()) {
    if (const auto* const option = app->get_option_no_throw(word)) return option;
  }
  return nullptr;
}

// What the words say before the last one: the command so far, and the option that waits for its value.
struct Place {
  const CLI::App* app;
  const CLI::Option* awaiting = nullptr;
};

Place Follow(const CLI::App& program, const std::vector<std::string>& words) {
  Place place = {&program};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (place.awaiting != nullptr) {
      place.awaiting = nullptr;
      continue;
    }
    if (IsFlag(words[i])) {
      const auto* const option = FindOption(place.app, words[i]);
      if (option != nullptr && TakesValue(*option)) place.awaiting = option;
      continue;
    }
    for (const CLI::App* const next : place.app->get_subcommands({})) {
      if (next->get_name() == words[i]) place.app = next;
    }
  }
  return place;
}

void AddFlags(const CLI::App* app, std::vector<std::string>& candidates) {
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* const option : app->get_options()) {
      for (const auto& name : option->get_lnames()) candidates.push_back("--" + name);
    }
  }
}

// The command that the app is, as "request list".
std::string CommandOf(const CLI::App& app) {
  std::string command;
  for (const CLI::App* at = &app; at->get_parent() != nullptr; at = at->get_parent()) {
    command = at->get_name() + (command.empty() ? "" : " ") + command;
  }
  return command;
}

// AddValues adds the values of the option that waits for one, or of what stands without a flag.
void AddValues(const Place& place, std::vector<std::string>& candidates) {
  for (const ClosedSet& set : ClosedSets()) {
    if (set.command != CommandOf(*place.app)) continue;
    const auto* const option = place.app->get_option_no_throw(set.option);
    const bool is_due = place.awaiting == nullptr ? option->get_positional() : place.awaiting == option;
    if (is_due) candidates.insert(candidates.end(), set.values.begin(), set.values.end());
  }
}

}  // namespace

result::Result<std::string> CompletionScript(const std::string& shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  return result::Fail(result::Reason::kMalformed, "scripts are for bash and zsh");
}

std::vector<std::string> Candidates(const std::vector<std::string>& words) {
  const auto tree = MakeTree();
  const std::string last = words.empty() ? "" : words.back();
  const Place place = Follow(*tree.program, words);
  std::vector<std::string> candidates;
  if (place.awaiting != nullptr || !IsFlag(last)) AddValues(place, candidates);
  if (place.awaiting == nullptr) {
    if (IsFlag(last)) AddFlags(place.app, candidates);
    if (!IsFlag(last)) {
      for (const CLI::App* const next : place.app->get_subcommands({})) {
        if (!next->get_group().empty()) candidates.push_back(next->get_name());
      }
    }
  }
  std::erase_if(candidates, [&](const std::string& candidate) { return !candidate.starts_with(last); });
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  return candidates;
}

}  // namespace ctl
