// What holds of every command that there is: the tree is walked, so that none is forgotten.
#include "ctl/command_tree.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace {

using Words = std::vector<std::string>;

// Walk shows `visit` each noun and verb below `app`, and the app itself, with the words that lead to it.
template <class Visit>
void Walk(const CLI::App& app, const Words& path, const Visit& visit) {
  visit(app, path);
  for (const CLI::App* const next : app.get_subcommands({})) {
    Words further = path;
    further.push_back(next->get_name());
    Walk(*next, further, visit);
  }
}

std::string Joined(const Words& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

// WordsOf reads a line as a shell does, as far as examples go: quotes, and no further than a comment or a file.
Words WordsOf(const std::string& line) {
  Words words;
  std::string word;
  bool is_quoted = false, is_word = false;
  for (const char c : line + " ") {
    const bool is_end = c == ' ' && !is_quoted;
    if (is_end && (word == "#" || word == ">")) break;
    if (c == '\'') {
      is_quoted = !is_quoted;
      is_word = true;
    } else if (!is_end) {
      word += c;
      is_word = true;
    } else if (is_word) {
      words.push_back(std::exchange(word, {}));
      is_word = false;
    }
  }
  return words;
}

// ExamplesOf are the lines of an app's help that call the program, without its name.
std::vector<Words> ExamplesOf(const CLI::App& app) {
  const std::string help = app.help();
  std::vector<Words> examples;
  const auto begin = help.find("\nExample: ");
  if (begin == std::string::npos) return examples;
  std::istringstream lines(help.substr(begin + std::string("\nExample: ").size()));
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    const Words words = WordsOf(line);
    if (words.at(0) == "certifierctl") examples.emplace_back(words.begin() + 1, words.end());
  }
  return examples;
}

ctl::Invocation Parsed(const Words& words) {
  std::ostringstream out, err;
  const auto parsed = ctl::ParseCommandLine(words, out, err);
  INFO(Joined(words) << ": " << err.str());
  REQUIRE(std::holds_alternative<ctl::Invocation>(parsed));
  return std::get<ctl::Invocation>(parsed);
}

bool IsWatched(const ctl::Invocation& invocation) {
  return std::visit(
      [](const auto& command) {
        if constexpr (requires { command.watch; }) return command.watch.is_on;
        return false;
      },
      invocation.command);
}

// Lists of this machine, and one that takes as long as all stored requests do.
const std::set<std::string> kNeverWatched = {"context list", "policy replay"};

bool IsList(const CLI::App& app) {
  const std::string description = app.get_description();
  return description.starts_with("List ") || description.starts_with("Count ") || app.get_name() == "list";
}

using Names = std::set<std::string>;

// Verbs by noun; none for a command that has no noun.
std::map<std::string, Names> Commands() {
  const auto tree = ctl::MakeTree();
  std::map<std::string, Names> commands;
  for (const CLI::App* const noun : tree.program->get_subcommands({})) {
    if (noun->get_group().empty()) continue;
    Names& verbs = commands[noun->get_name()];
    for (const CLI::App* const verb : noun->get_subcommands({})) verbs.insert(verb->get_name());
  }
  return commands;
}

// The block of the README, in the form of Commands: "noun verb|verb" apart by two spaces, or several that have no noun.
// What these take stands in capitals, or behind them.
std::map<std::string, Names> Described(const std::map<std::string, Names>& commands) {
  std::ifstream readme(CTL_README);
  std::map<std::string, Names> described;
  for (std::string line; std::getline(readme, line) && !line.starts_with("`--server`");) {
    if (!line.starts_with("    ")) continue;
    std::string noun;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      const auto known = commands.find(word);
      if (known != commands.end()) {
        described[noun = word];
        continue;
      }
      if (!commands.contains(noun) || commands.at(noun).empty()) continue;
      std::istringstream verbs(word);
      for (std::string verb; std::getline(verbs, verb, '|');) described[noun].insert(verb);
    }
  }
  return described;
}

}  // namespace

TEST_CASE("every list that asks the service can be watched", "[ctl][command-tree]") {
  const auto tree = ctl::MakeTree();
  std::size_t count = 0;
  Walk(*tree.program, {}, [&](const CLI::App& app, const Words& path) {
    if (!IsList(app) || kNeverWatched.contains(Joined(path))) return;
    INFO(Joined(path));
    ++count;
    Words example = ExamplesOf(app).at(0);
    std::erase(example, "--watch");
    CHECK_FALSE(IsWatched(Parsed(example)));
    example.push_back("--watch");
    CHECK(IsWatched(Parsed(example)));
  });
  CHECK(count >= 13);
}

TEST_CASE("the README shows the tree of commands as it is", "[ctl][command-tree]") {
  const auto commands = Commands();
  CHECK(Described(commands) == commands);
}

TEST_CASE("help of the program, each noun and each verb describes it and gives examples that are taken",
          "[ctl][command-tree]") {
  const auto tree = ctl::MakeTree();
  std::size_t count = 0;
  Walk(*tree.program, {}, [&](const CLI::App& app, const Words& path) {
    INFO("certifierctl " << Joined(path));
    ++count;
    CHECK(app.get_description().size() > 5);
    const auto examples = ExamplesOf(app);
    CHECK_FALSE(examples.empty());
    for (const Words& example : examples) {
      INFO(Joined(example));
      REQUIRE(example.size() >= path.size());
      CHECK(std::equal(path.begin(), path.end(), example.begin()));
      Parsed(example);
    }
  });
  CHECK(count > 70);
}

TEST_CASE("help is printed for the program, each noun and each verb", "[ctl][command-tree]") {
  const auto tree = ctl::MakeTree();
  Walk(*tree.program, {}, [&](const CLI::App&, Words path) {
    path.push_back("--help");
    INFO(Joined(path));
    std::ostringstream out, err;
    const auto parsed = ctl::ParseCommandLine(path, out, err);
    REQUIRE(std::holds_alternative<ctl::ExitCode>(parsed));
    CHECK(std::get<ctl::ExitCode>(parsed) == ctl::ExitCode::kOk);
    CHECK(out.str().find("Example: certifierctl ") != std::string::npos);
    CHECK(err.str().empty());
  });
}
