// Every input of the corpora, those that once broke something among them, runs through its target in each test run.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "targets.h"

namespace {

namespace fs = std::filesystem;

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream octets;
  octets << file.rdbuf();
  return octets.str();
}

TEST_CASE("each target runs its corpus, and the starts of it", "[fuzz]") {
  for (const fuzz::Target& target : fuzz::Targets()) {
    CAPTURE(target.name);
    const fs::path corpus = fs::path(FUZZ_CORPUS) / target.name;
    REQUIRE(fs::is_directory(corpus));
    int inputs = 0;
    for (const auto& file : fs::directory_iterator(corpus)) {
      const std::string input = Read(file.path());
      CAPTURE(file.path().string());
      for (std::size_t length = 0; length <= input.size(); length += 1 + input.size() / 64) {
        REQUIRE_NOTHROW(target.run(std::string_view(input).substr(0, length)));
      }
      REQUIRE_NOTHROW(target.run(input));
      inputs++;
    }
    CHECK(inputs >= 3);
  }
}

TEST_CASE("each corpus has its target", "[fuzz]") {
  for (const auto& folder : fs::directory_iterator(FUZZ_CORPUS)) {
    const std::string name = folder.path().filename().string();
    CAPTURE(name);
    CHECK(std::any_of(fuzz::Targets().begin(), fuzz::Targets().end(),
                      [&](const fuzz::Target& target) { return target.name == name; }));
  }
}

}  // namespace
