#include "enrollment/key_strength.h"

#include <catch2/catch.hpp>

namespace {

using engine::enrollment::CheckTypedKey;

std::string FaultsOf(const std::string& value, const std::string& entity = "router-7") {
  const auto checked = CheckTypedKey(value, entity);
  if (checked) return "";
  CHECK(checked.error().reason == result::Reason::kMalformed);
  // Too short to be told from words of the sentence.
  if (value.size() > 8) CHECK(checked.error().detail.find(value) == std::string::npos);
  return checked.error().detail;
}

TEST_CASE("a value of many characters that nobody foresees is strong enough", "[enrollment][key]") {
  for (const auto* value :
       {"mK4t-9xQw-2LpZ-7v", "correct horse battery staple", "9f3ac17e20bd4458", "k7#Wq!m2(Zr)x9%T"}) {
    INFO(value);
    CHECK(FaultsOf(value).empty());
  }
  CHECK(FaultsOf("mK4t-9xQw-2LpZ-7" + std::string(239, 'x')).find("at most 255") == std::string::npos);
}

TEST_CASE("each thing that a value lacks is said", "[enrollment][key]") {
  using Catch::Contains;
  CHECK_THAT(FaultsOf(""), Contains("less than 16 characters") && Contains("less than 8 different"));
  CHECK_THAT(FaultsOf("mK4t-9xQw-2LpZ-"), Contains("less than 16 characters") && !Contains("different"));
  CHECK_THAT(FaultsOf("aB1aB1aB1aB1aB1aB1"), Contains("less than 8 different characters"));
  CHECK_THAT(FaultsOf("7302958164720385"), Contains("one kind of characters"));
  CHECK_THAT(FaultsOf("mK4t-9xQw-2LpZ-7v\n"), Contains("printable ASCII"));
  CHECK_THAT(FaultsOf(" mK4t-9xQw-2LpZ-7v"), Contains("spaces at its ends"));
  CHECK_THAT(FaultsOf("mK4t-9xQw-2LpZ-7\xc3\xa9"), Contains("printable ASCII"));
  CHECK_THAT(FaultsOf(std::string(256, 'x')), Contains("at most 255 characters"));
}

TEST_CASE("names, words, runs and repetitions do not count", "[enrollment][key]") {
  const auto* value = GENERATE("Router-7!router-7?", "password-secret-12", "abcdefghijklm1234567890",
                               "Xk29-m4X|Xk29-m4X|", "fedcba987654321!aaaaaaaa", "qwertz1asdfgh2admin3");
  INFO(value);
  CHECK_THAT(FaultsOf(value), Catch::Contains("without the entity's name"));
}

TEST_CASE("a name of two letters is found in any value and means nothing", "[enrollment][key]") {
  CHECK(FaultsOf("abXk-ab29-abm4-abQz", "ab").empty());
}

}  // namespace
