#include "service/port_file.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "scratch.h"

using testing::Scratch;

TEST_CASE_METHOD(Scratch, "the ports are written as JSON", "[port_file]") {
  REQUIRE(service::WritePortFile(Path("ports"), {{"grpc", 9440}, {"health", 9441}}).has_value());
  CHECK(nlohmann::json::parse(Read("ports")) == nlohmann::json{{"grpc", 9440}, {"health", 9441}});
  CHECK(Count() == 1);
}

TEST_CASE_METHOD(Scratch, "a file that is there is replaced at once, not rewritten", "[port_file]") {
  Write("ports", "old");
  std::ifstream reader(Path("ports"));
  REQUIRE(service::WritePortFile(Path("ports"), {{"grpc", 1}}).has_value());
  std::string seen;
  reader >> seen;
  CHECK(seen == "old");
  CHECK(nlohmann::json::parse(Read("ports")).at("grpc") == 1);
}

TEST_CASE_METHOD(Scratch, "no path writes nothing", "[port_file]") {
  CHECK(service::WritePortFile("", {{"grpc", 1}}).has_value());
  CHECK(Count() == 0);
}

TEST_CASE_METHOD(Scratch, "a path that cannot be written is internal and leaves nothing behind", "[port_file]") {
  std::filesystem::create_directory(Path("directory"));
  for (const std::string& path : {Path("nowhere/ports"), Path("directory")}) {
    const auto written = service::WritePortFile(path, {{"grpc", 1}});
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().reason == result::Reason::kInternal);
    CHECK(written.error().detail.find(path) != std::string::npos);
  }
  CHECK(Count() == 1);
}
