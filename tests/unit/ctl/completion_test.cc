#include "ctl/completion.h"

#include <catch2/catch.hpp>

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

TEST_CASE("where a value is due nothing is suggested, and after it all goes on", "[ctl][completion]") {
  CHECK(Candidates({"request", "list", "--state", ""}).empty());
  CHECK(Candidates({"--server", "ca", "req"}) == Words{"request"});
  CHECK(Candidates({"--json", "req"}) == Words{"request"});
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
