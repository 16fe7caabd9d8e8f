#include "service/options.h"

#include <catch2/catch.hpp>

#include "options_program.h"

using std::chrono::milliseconds;
using testing::Program;

namespace {

constexpr int kRuns = -1, kFault = 2;

}  // namespace

TEST_CASE_METHOD(Program, "what is not set keeps its default", "[options]") {
  CHECK(Run({"--engine", "e"}) == kRuns);
  CHECK(listen == "127.0.0.1:80");
  CHECK(workers == 4);
  CHECK(patience == milliseconds(30000));
  CHECK_FALSE(is_strict);
}

TEST_CASE_METHOD(Program, "every kind of setting is taken from the command line", "[options]") {
  const std::string key = scratch.Write("key", "x");
  CHECK(Run({"--engine", "e", "--listen=a:1", "--key-file", key, "--path", "/a", "--path", "/b", "--log-level", "debug",
             "--workers", "64", "--patience", "2m", "--most", "1MiB", "--strict"}) == kRuns);
  CHECK(engine == "e");
  CHECK(listen == "a:1");
  CHECK(key_file == key);
  CHECK(paths == std::vector<std::string>{"/scep", "/a", "/b"});
  CHECK(level == "debug");
  CHECK(workers == 64);
  CHECK(patience == milliseconds(120000));
  CHECK(most == 1 << 20);
  CHECK(is_strict);
}

TEST_CASE("a number outside its range, or none, is refused", "[options]") {
  for (const char* value : {"0", "65", "-1", "+4", "4.0", "4x", "", "99999999999999999999", "0x4"}) {
    Program program;
    CAPTURE(value);
    CHECK(program.Run({"--engine", "e", std::string("--workers=") + value}) == kFault);
    CHECK(program.workers == 4);
  }
}

TEST_CASE("durations have units", "[options]") {
  const auto [text, duration] = GENERATE(table<std::string, long>(
      {{"500ms", 500}, {"30s", 30000}, {"5m", 300000}, {"2h", 7200000}, {"30d", 2592000000}, {"0s", 0}}));
  CHECK(service::ParseDuration(text) == milliseconds(duration));
}

TEST_CASE("what is no duration is refused", "[options]") {
  for (const char* text : {"", "s", "5", "5 s", " 5s", "5s ", "5S", "5sec", "1.5s", "-5s", "5m30s", "5w",
                           "9223372036854775808ms", "213503982334602d", "18446744073709551616ms"}) {
    CAPTURE(text);
    CHECK_FALSE(service::ParseDuration(text).has_value());
  }
}

TEST_CASE("a duration outside its range is refused with both ends", "[options]") {
  for (const char* value : {"99ms", "601s", "11m", "30"}) {
    Program program;
    CHECK(program.Run({"--engine", "e", "--patience", value}) == kFault);
    CHECK(program.Said("--patience " + std::string(value) + ": must be from 100ms to 10m"));
  }
}

TEST_CASE("sizes are octets, KiB or MiB", "[options]") {
  const auto [text, size] = GENERATE(
      table<std::string, std::uint64_t>({{"16", 16}, {"1KiB", 1024}, {"1MiB", 1 << 20}, {"1024KiB", 1 << 20}}));
  Program program;
  CHECK(program.Run({"--engine", "e", "--most", text}) == kRuns);
  CHECK(program.most == size);
}

TEST_CASE("a size outside its range or with another unit is refused", "[options]") {
  for (const char* value : {"15", "2MiB", "1kB", "1KB", "1GiB", "1 KiB", "17592186044416MiB", "1.5KiB"}) {
    Program program;
    CAPTURE(value);
    CHECK(program.Run({"--engine", "e", "--most", value}) == kFault);
  }
}

TEST_CASE_METHOD(Program, "a choice that is none is refused with those that are", "[options]") {
  CHECK(Run({"--engine", "e", "--log-level", "loud"}) == kFault);
  CHECK(Said("must be one of debug, info"));
}

TEST_CASE_METHOD(Program, "a file that cannot be read is refused", "[options]") {
  CHECK(Run({"--engine", "e", "--key-file", scratch.Path("nothing")}) == kFault);
  CHECK(Said("cannot be read"));
}

TEST_CASE("a required setting that is absent or empty is refused", "[options]") {
  Program absent, empty;
  CHECK(absent.Run({}) == kFault);
  CHECK(absent.Said("--engine is required (or CERTIFIER_ENGINE)"));
  CHECK(empty.Run({"--engine", ""}) == kFault);
}

TEST_CASE("an unknown flag and a word too many are refused", "[options]") {
  Program flag, word;
  CHECK(flag.Run({"--engine", "e", "--unknown", "1"}) == kFault);
  CHECK(word.Run({"--engine", "e", "f"}) == kFault);
}

TEST_CASE_METHOD(Program, "all faults are reported together", "[options]") {
  CHECK(Run({"--workers", "0", "--patience", "1", "--most", "1", "--log-level", "loud"}) == kFault);
  for (const char* flag :
       {"--workers 0", "--patience 1", "--most 1", "--log-level loud", "--engine is required", "--help"}) {
    CHECK(Said(flag));
  }
}

TEST_CASE("a flag can be set and unset", "[options]") {
  const auto [argument, is_set] =
      GENERATE(table<std::string, bool>({{"--strict", true}, {"--strict=true", true}, {"--strict=false", false}}));
  Program program;
  program.is_strict = !is_set;
  CHECK(program.Run({"--engine", "e", argument}) == kRuns);
  CHECK(program.is_strict == is_set);
}

TEST_CASE_METHOD(Program, "a setting given twice on the command line is the last one", "[options]") {
  CHECK(Run({"--engine", "a", "--engine", "b"}) == kRuns);
  CHECK(engine == "b");
}

TEST_CASE_METHOD(Program, "the environment wins over the file, the command line over both", "[options]") {
  Set("CERTIFIER_ENGINE", "environment");
  Set("CERTIFIER_LOG_LEVEL", "debug");
  Set("CERTIFIER_STRICT", "true");
  CHECK(RunWith("engine = \"file\"\nlog-level = \"info\"\nworkers = 7\nlisten = \"file\"", {"--engine", "line"}) ==
        kRuns);
  CHECK(engine == "line");
  CHECK(level == "debug");
  CHECK(is_strict);
  CHECK(workers == 7);
  CHECK(listen == "file");
}

TEST_CASE_METHOD(Program, "a bad value in the environment is refused", "[options]") {
  Set("CERTIFIER_WORKERS", "many");
  CHECK(Run({"--engine", "e"}) == kFault);
  CHECK(Said("--workers many: must be from 1 to 64"));
}

TEST_CASE_METHOD(Program, "the settings in force are listed, every kind of them", "[options]") {
  CHECK(Run({"--engine", "e", "--path", "/a", "--most", "2KiB"}) == kRuns);
  CHECK(Effective() == std::vector<std::string>{"listen=127.0.0.1:80", "engine=e", "key-file=", "path=/scep,/a",
                                                "log-level=info", "workers=4", "patience=30s", "most=2KiB",
                                                "strict=false"});
}

TEST_CASE("--help and --version end with 0", "[options]") {
  Program help, version;
  CHECK(help.Run({"--help"}) == 0);
  CHECK(help.Said("--patience"));
  CHECK(help.Said("30s"));
  CHECK(version.Run({"--version"}) == 0);
  CHECK(version.Said("program "));
}

TEST_CASE("a subcommand has its own settings and must be named", "[options]") {
  service::Options options("program", "A program");
  std::string name;
  options.Subcommand("serve", "serves").Text("--name", name, "whose");
  options.Subcommand("migrate", "migrates");
  std::vector<std::string> words = {"program", "serve", "--name", "n"};
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  CHECK_FALSE(options.Parse(4, pointers.data()).has_value());
  CHECK(options.chosen() == "serve");
  CHECK(name == "n");
  CHECK(options.Effective() == std::vector<std::string>{"name=n"});
}
