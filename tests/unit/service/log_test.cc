#include "service/log.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

#include "scratch.h"

using nlohmann::json;
using service::LogLevel;

namespace {

// StandardError goes to a file until Lines is called.
class StandardError {
 public:
  StandardError() : previous_(dup(STDERR_FILENO)) {
    std::fflush(stderr);
    if (std::freopen(scratch_.Path("log").c_str(), "w", stderr) == nullptr) FAIL("cannot redirect standard error");
  }
  ~StandardError() { Restore(); }

  std::vector<std::string> Lines() {
    service::FlushLog();
    Restore();
    std::vector<std::string> lines;
    std::istringstream text(scratch_.Read("log"));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

 private:
  void Restore() {
    if (previous_ < 0) return;
    std::fflush(stderr);
    dup2(previous_, STDERR_FILENO);
    close(std::exchange(previous_, -1));
  }
  testing::Scratch scratch_;
  int previous_;
};

// Logged is what one line says, parsed as JSON, which refuses invalid UTF-8.
json Logged(std::initializer_list<service::Field> fields) {
  service::StartLog("service", "info");
  StandardError error;
  service::LogInfo("event", fields);
  const auto lines = error.Lines();
  REQUIRE(lines.size() == 1);
  return json::parse(lines[0]);
}

std::string LoggedText(std::string_view text) {
  return Logged({{"text", text}}).at("text").get<std::string>();
}

}  // namespace

TEST_CASE("an event is one line of JSON with its fields", "[log]") {
  const json line = Logged({{"text", "a"}, {"number", std::int64_t{-7}}, {"real", 0.5}, {"flag", true}});
  CHECK(line.at("level") == "info");
  CHECK(line.at("service") == "service");
  CHECK(line.at("event") == "event");
  CHECK(line.at("text") == "a");
  CHECK(line.at("number") == -7);
  CHECK(line.at("real") == 0.5);
  CHECK(line.at("flag") == true);
  CHECK(Logged({{"real", 0.020590999999999998}}).at("real") == 0.021);
  CHECK(line.at("time").get<std::string>().size() == std::string("2026-11-24T02:10:00.123Z").size());
}

TEST_CASE("what would end a text or a line is escaped", "[log]") {
  const std::string text("a\"b\\c\nd\r\t\0\x1b[31m\x7f{}%v", 20);
  CHECK(LoggedText(text) == text);
}

TEST_CASE("no control character reaches the line", "[log]") {
  StandardError error;
  for (int c = 0; c < 0xa0; c++) {
    const std::string utf8 =
        c < 0x80 ? std::string(1, static_cast<char>(c)) : "\xc2" + std::string(1, static_cast<char>(c));
    service::LogInfo("event", {{"text", utf8}});
  }
  const auto lines = error.Lines();
  REQUIRE(lines.size() == 0xa0);
  for (const std::string& line : lines) {
    for (const char c : line) CHECK((static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f));
  }
}

TEST_CASE("UTF-8 is written as it is", "[log]") {
  for (const char* text :
       {"gr\xc3\xbcn", "\xe2\x82\xac", "\xf0\x9f\x94\x91", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(LoggedText(text) == text);
  }
}

TEST_CASE("octets that are no UTF-8 are read as Latin-1", "[log]") {
  CHECK(LoggedText("gr\xfcn") == "gr\xc3\xbcn");
  CHECK(LoggedText("\xc3") == "\xc3\x83");
  for (const char* text :
       {"\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xc0\xaf", "\xff", "\x80"}) {
    CAPTURE(text);
    CHECK(LoggedText(text).size() == 2 * std::string_view(text).size());
  }
}

TEST_CASE("a long text is cut at 1 KiB, between two characters", "[log]") {
  CHECK(LoggedText(std::string(1024, 'x')).size() == 1024);
  CHECK(LoggedText(std::string(5000, 'x')).size() == 1024);
  CHECK(LoggedText(std::string(1023, 'x') + "\xe2\x82\xac") == std::string(1023, 'x'));
  CHECK(LoggedText(std::string(1021, 'x') + "\xe2\x82\xac more").size() == 1024);
}

TEST_CASE("a number that is none is null", "[log]") {
  CHECK(Logged({{"real", std::numeric_limits<double>::quiet_NaN()}}).at("real").is_null());
  CHECK(Logged({{"real", -std::numeric_limits<double>::infinity()}}).at("real").is_null());
}

TEST_CASE("what is below the level is not written", "[log]") {
  const auto [level, count] =
      GENERATE(table<std::string, std::size_t>({{"debug", 4}, {"info", 3}, {"warning", 2}, {"error", 1}}));
  service::StartLog("service", level);
  StandardError error;
  for (const auto each : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    service::Log(each, "event", {});
  }
  const auto lines = error.Lines();
  CHECK(lines.size() == count);
  CHECK(json::parse(lines.back()).at("level") == "error");
  service::StartLog("service", "info");
}
