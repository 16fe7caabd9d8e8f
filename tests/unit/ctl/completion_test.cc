#include "ctl/completion.h"

#include <catch2/catch.hpp>

#include "ctl/ca_options.h"
#include "ctl/command_tree.h"
#include "ctl/completion_values.h"
#include "ctl/grant_text.h"

namespace {

using ctl::Candidates;
using Words = std::vector<std::string>;

bool Has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

TEST_CASE("nouns, and then verbs, are completed from their beginnings", "[ctl][completion]") {
  CHECK(Candidates({"re"}) == Words{"report", "request"});
  CHECK(Candidates({"c"}) == Words{"ca", "certificate", "completion", "context", "crl"});
  CHECK(Candidates({"request", "re"}) == Words{"reject", "resume"});
  CHECK(Candidates({"request", ""}).size() == 9);
  CHECK(Candidates({"nonsense", "req"}) == Words{"request"});
  CHECK(Has(Candidates({}), "ca"));
}

TEST_CASE("flags are completed, those of the program everywhere", "[ctl][completion]") {
  CHECK(Candidates({"request", "approve", "17", "--fi"}) == Words{"--fingerprint"});
  CHECK(Has(Candidates({"request", "approve", "--"}), "--json"));
  CHECK_FALSE(Has(Candidates({"request", "approve", "--"}), "--state"));
}

TEST_CASE("where a name or a file is due nothing is suggested, and after it all goes on", "[ctl][completion]") {
  CHECK(Candidates({"request", "list", "--ca", ""}).empty());
  CHECK(Candidates({"audit", "verify", "--key", ""}).empty());
  CHECK(Candidates({"--server", "ca", "req"}) == Words{"request"});
  CHECK(Candidates({"--json", "req"}) == Words{"request"});
}

TEST_CASE("values of a closed set are completed, where they are due", "[ctl][completion]") {
  CHECK(Candidates({"request", "list", "--state", "p"}) == Words{"pending", "postponed"});
  CHECK(Candidates({"certificate", "list", "--status", ""}) == Words{"good", "revoked", "suspended"});
  CHECK(Candidates({"certificate", "revoke", "5f3a", "--reason", "c"}) ==
        Words{"ca-compromise", "cessation-of-operation"});
  CHECK(Candidates({"policy", "get", "default", "-o", ""}) == Words{"json", "yaml"});
  CHECK(Candidates({"completion", ""}) == Words{"bash", "zsh"});
  CHECK(Candidates({"request", "list", "--state", "pending", ""}).empty());
}

bool Accepts(const ctl::ClosedSet& set, const std::string& value, const std::string& help) {
  if (set.option.ends_with("grant")) return ctl::ParseGrant(value).has_value();
  if (set.option == "--reset") return ctl::OptionName(value).has_value();
  return help.starts_with("As in 'ca create'") || help.find(value) != std::string::npos;
}

TEST_CASE("what is suggested as a value is what the option takes", "[ctl][completion]") {
  const auto tree = ctl::MakeTree();
  for (const auto& set : ctl::ClosedSets()) {
    INFO(set.command << " " << set.option);
    const auto space = set.command.find(' ');
    const CLI::App* app = tree.program->get_subcommand(set.command.substr(0, space));
    if (space != std::string::npos) app = app->get_subcommand(set.command.substr(space + 1));
    const CLI::Option* const option = app->get_option_no_throw(set.option);
    REQUIRE(option != nullptr);
    CHECK(set.values.size() > 1);
    for (const auto& value : set.values) {
      INFO(value);
      CHECK(Accepts(set, value, option->get_description()));
    }
  }
}

TEST_CASE("what only scripts use is not suggested", "[ctl][completion]") {
  CHECK(Candidates({"comp"}) == Words{"completion"});
}

TEST_CASE("there are scripts for two shells", "[ctl][completion]") {
  CHECK(ctl::CompletionScript("bash")->find("COMPREPLY") != std::string::npos);
  CHECK(ctl::CompletionScript("zsh")->starts_with("#compdef certifierctl"));
  CHECK(ctl::CompletionScript("fish").error().reason == result::Reason::kMalformed);
}

}  // namespace
