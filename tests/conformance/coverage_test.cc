#include <catch2/catch.hpp>
#include <set>
#include <string>

namespace {

constexpr int kLastId = 104;

std::string IdOf(int number) {
  return std::string(number < 10 ? "T-0" : "T-") + std::to_string(number) + " ";
}

std::multiset<std::string> TestedIds() {
  std::multiset<std::string> ids;
  for (const auto& test : Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) {
    if (test.name.starts_with("T-")) ids.insert(test.name.substr(0, test.name.find(' ') + 1));
  }
  return ids;
}

}  // namespace

TEST_CASE("every id has its test", "[conformance]") {
  const auto tested = TestedIds();
  std::set<std::string> known;
  for (int number = 1; number <= kLastId; ++number) {
    const std::string id = IdOf(number);
    CAPTURE(id);
    known.insert(id);
    CHECK(tested.count(id) == 1);
  }
  for (const std::string& id : tested) {
    CAPTURE(id);
    CHECK(known.contains(id));
  }
}
