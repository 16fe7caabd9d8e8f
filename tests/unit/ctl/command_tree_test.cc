// What holds of every command that there is: the tree is walked, so that none is forgotten.
#include "ctl/command_tree.h"

#include <catch2/catch.hpp>
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

}  // namespace

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
