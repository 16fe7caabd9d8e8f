#include <catch2/catch.hpp>

#include "options_program.h"

using testing::Program;

namespace {

constexpr int kRuns = -1, kFault = 2;

}  // namespace

TEST_CASE_METHOD(Program, "a settings file sets every kind of setting", "[options]") {
  CHECK(
      RunWith("# a comment\n\nengine = \"e\"\n  workers=7\npath = [\"/a\", \"/b\"]\npatience = \"2m\"  # two minutes\n"
              "strict = true\nmost = \"1KiB\"\r\n") == kRuns);
  CHECK(engine == "e");
  CHECK(workers == 7);
  CHECK(paths == std::vector<std::string>{"/scep", "/a", "/b"});
  CHECK(patience == std::chrono::minutes(2));
  CHECK(is_strict);
  CHECK(most == 1024);
}

TEST_CASE("a text in quotes is one value, whatever it holds", "[options]") {
  const std::string text =
      GENERATE("ipv4:10.0.0.11:9440,10.0.0.12:9440", "host=a,b dbname=c", "a # b", " a ", "[a]", "a=b");
  Program program;
  CHECK(program.RunWith("engine = \"" + text + "\"") == kRuns);
  CHECK(program.engine == text);
}

TEST_CASE("a list may be empty, end with a comma and be spread by spaces", "[options]") {
  const auto [list, count] = GENERATE(table<std::string, std::size_t>(
      {{"[]", 1}, {"[ ]", 1}, {"[\"/a\",]", 2}, {"[ \"/a\" , \"/b\" ] # two", 3}, {"\"/a\"", 2}}));
  Program program;
  CHECK(program.RunWith("engine = \"e\"\npath = " + list) == kRuns);
  CHECK(program.paths.size() == count);
}

TEST_CASE("a value that is none is refused with its line", "[options]") {
  for (const char* value :
       {"", "\"a", "a\"", "\"a\" b", "\"a\" \"b\"", "[\"a\"", "[\"a\" \"b\"]", "[\"a\"] b", "\"a\\n\"", "#"}) {
    Program program;
    CAPTURE(value);
    CHECK(program.RunWith("\nengine = " + std::string(value)) == kFault);
    CHECK(program.Said("settings.toml:2: "));
  }
}

TEST_CASE_METHOD(Program, "an unknown key is refused", "[options]") {
  CHECK(RunWith("engine = \"e\"\nenigne = \"f\"") == kFault);
  CHECK(Said("unknown key in the configuration file: enigne"));
}

TEST_CASE_METHOD(Program, "a key given twice is refused", "[options]") {
  CHECK(RunWith("engine = \"e\"\nengine = \"f\"") == kFault);
  CHECK(Said("engine is given twice"));
}

TEST_CASE_METHOD(Program, "a list where one value is due is refused", "[options]") {
  CHECK(RunWith("engine = [\"e\", \"f\"]") == kFault);
  CHECK(Said("--engine takes one value"));
}

TEST_CASE_METHOD(Program, "a line without a key, and a table, are refused", "[options]") {
  CHECK(RunWith("engine = \"e\"\n[tls]\nnonsense") == kFault);
  CHECK(Said("settings.toml:2: expected KEY = VALUE"));
  CHECK(Said("settings.toml:3: expected KEY = VALUE"));
}

TEST_CASE_METHOD(Program, "faults of the file and of the command line are reported together", "[options]") {
  CHECK(RunWith("unknown = 1\nmost = 1", {"--workers", "0"}) == kFault);
  for (const char* fault : {"unknown key", "--most 1", "--workers 0", "--engine is required"}) CHECK(Said(fault));
}

TEST_CASE_METHOD(Program, "a settings file that cannot be read is refused", "[options]") {
  CHECK(Run({"--engine", "e", "--config", scratch.Path("nothing")}) == kFault);
  CHECK(Said("--config: cannot read"));
}

TEST_CASE_METHOD(Program, "--check-config says yes and ends with 0", "[options]") {
  CHECK(RunWith("engine = \"e\"", {"--check-config"}) == 0);
  CHECK(Said("The settings are valid."));
}

TEST_CASE_METHOD(Program, "--check-config says no and ends with 2", "[options]") {
  CHECK(RunWith("engine = \"e\"\nworkers = 0", {"--check-config"}) == kFault);
}
