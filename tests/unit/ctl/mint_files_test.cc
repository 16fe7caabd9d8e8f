#include "ctl/mint_files.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "support/child.h"

namespace ctl {

namespace {

const std::vector<std::string> kHeader = {"entity", "key"};
const Time kNow = Time(std::chrono::seconds(1'800'000'000));

class MintFilesFixture {
 public:
  std::string Path(const std::string& suffix = "") const { return directory_.path() / ("sheet.csv" + suffix); }
  result::Result<MintFiles> Open(Time now = kNow) const { return MintFiles::Open(Path(), kHeader, now); }
  std::string Read(const std::string& suffix) const { return ReadWhole(Path(suffix), 1 << 20).value_or("unreadable"); }
  bool Has(const std::string& suffix) const { return std::filesystem::exists(Path(suffix)); }
  mode_t Mode(const std::string& suffix) const {
    struct stat status {};
    return stat(Path(suffix).c_str(), &status) == 0 ? status.st_mode & 07777u : 0;
  }
  void Write(const std::string& suffix, const std::string& text) const {
    std::ofstream(Path(suffix), std::ios::binary) << text;
  }
  result::Reason Refusal() const {
    const auto files = Open();
    REQUIRE_FALSE(files);
    return files.error().reason;
  }

 private:
  support::Directory directory_;
};

}  // namespace

TEST_CASE_METHOD(MintFilesFixture, "a whole run leaves its sheet alone, for its owner", "[ctl][mint]") {
  {
    auto files = Open();
    REQUIRE(files);
    CHECK(files->began() == kNow);
    CHECK(Mode(".part") == 0600);
    CHECK(Mode(".state") == 0600);
    REQUIRE(files->Append("a,1\n"));
    REQUIRE(files->Finish());
  }
  CHECK(Read("") == "entity,key\na,1\n");
  CHECK(Mode("") == 0600);
  CHECK_FALSE(Has(".part"));
  CHECK_FALSE(Has(".state"));
}

TEST_CASE_METHOD(MintFilesFixture, "a run that broke off goes on with its token and its time, after its last whole row",
                 "[ctl][mint]") {
  std::string token;
  {
    auto files = Open();
    REQUIRE(files);
    token = files->token().Reveal();
    REQUIRE(files->Append("a,1\nb,2\nc"));
  }
  auto files = Open(kNow + std::chrono::hours(1));
  REQUIRE(files);
  CHECK(std::string(files->token().Reveal()) == token);
  CHECK(files->began() == kNow);
  CHECK(files->Rows().value().size() == 2);
  REQUIRE(files->Append("c,3\n"));
  CHECK(Read(".part") == "entity,key\na,1\nb,2\nc,3\n");
}

TEST_CASE_METHOD(MintFilesFixture, "a run that broke off at its very end is ended", "[ctl][mint]") {
  {
    auto files = Open();
    REQUIRE(files);
    REQUIRE(files->Append("a,1\n"));
    std::filesystem::rename(Path(".part"), Path());
  }
  auto files = Open();
  REQUIRE(files);
  CHECK(files->is_complete());
  CHECK(files->Rows().value().size() == 1);
  REQUIRE(files->Finish());
  CHECK(Read("") == "entity,key\na,1\n");
  CHECK_FALSE(Has(".part"));
  CHECK_FALSE(Has(".state"));
}

TEST_CASE_METHOD(MintFilesFixture, "two runs draw two tokens, and exclude each other at one sheet", "[ctl][mint]") {
  auto files = Open();
  REQUIRE(files);
  CHECK(Refusal() == result::Reason::kConflict);
  auto other = MintFiles::Open(Path("2"), kHeader, kNow);
  REQUIRE(other);
  CHECK(std::string(files->token().Reveal()) != std::string(other->token().Reveal()));
}

TEST_CASE_METHOD(MintFilesFixture, "what a crash left of a file that was being written is in nobody's way",
                 "[ctl][mint]") {
  Write(".state.new", "half of a sta");
  auto files = Open();
  REQUIRE(files);
  CHECK_FALSE(Has(".state.new"));
  CHECK(Mode(".state") == 0600);
}

TEST_CASE_METHOD(MintFilesFixture, "a file is read up to its bound and no further", "[ctl][mint][bounds]") {
  Write("", std::string(70'000, 'x'));
  CHECK(ReadWhole(Path(), 70'000).value().size() == 70'000);
  CHECK(ReadWhole(Path(), 69'999).error().reason == result::Reason::kMalformed);
  CHECK(ReadWhole(Path("nowhere"), 1).error().reason == result::Reason::kUnavailable);
}

TEST_CASE_METHOD(MintFilesFixture, "what is no run's is not touched", "[ctl][mint]") {
  SECTION("a sheet that exists") {
    Write("", "precious");
    CHECK(Refusal() == result::Reason::kConflict);
    CHECK(Read("") == "precious");
    CHECK_FALSE(Has(".part"));
  }
  SECTION("keys without their state") {
    Write(".part", "entity,key\na,1\n");
    CHECK(Refusal() == result::Reason::kConflict);
    CHECK(Read(".part") == "entity,key\na,1\n");
  }
  SECTION("a damaged state") {
    const std::string token(64, '0');
    const auto state = GENERATE_COPY(
        as<std::string>(), R"({"version":1,"token":"00","began":1})", R"({"version":1,"token":7,"began":1})",
        R"({"version":1,"token":")" + token + R"(","began":"1"})", R"({"version":1,"token":")" + token + R"("})",
        R"({"version":2,"token":")" + token + R"(","began":1})", R"({"token":")" + token + R"(","began":1})",
        R"({"version":1,"token":")" + std::string(64, 'x') + R"(","began":1})", "[]", "7", "", "{");
    CAPTURE(state);
    Write(".state", state);
    CHECK(Refusal() == result::Reason::kMalformed);
    CHECK(Read(".state") == state);
  }
  SECTION("rows of another sheet") {
    {
      auto files = Open();
      REQUIRE(files);
    }
    Write(".part", "name,serial\na,1\n");
    CHECK(Refusal() == result::Reason::kMalformed);
    CHECK(Read(".part") == "name,serial\na,1\n");
  }
  SECTION("what is no file") {
    REQUIRE(mkfifo(Path(".part").c_str(), 0600) == 0);
    CHECK(Refusal() == result::Reason::kConflict);
    CHECK(Has(".part"));
  }
  SECTION("a link") {
    Write("2", "precious");
    std::filesystem::create_symlink(Path("2"), Path(".part"));
    CHECK(Refusal() == result::Reason::kUnavailable);
    CHECK(Read("2") == "precious");
  }
}

}  // namespace ctl
