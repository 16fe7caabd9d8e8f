#include "policy/attributes.h"

#include <catch2/catch.hpp>

namespace {

using engine::policy::Attributes;
using engine::policy::CheckAttributes;
using engine::policy::ReadAttributes;
using engine::policy::WriteAttributes;

TEST_CASE("attributes survive being stored", "[policy][attributes]") {
  const Attributes attributes = {{"site", "Halle \"2\"\\ü"}, {"a.b-c_d", "x"}};
  CHECK(ReadAttributes(WriteAttributes(attributes)).value() == attributes);
}

TEST_CASE("no attributes are stored as nothing", "[policy][attributes]") {
  CHECK(WriteAttributes({}).empty());
  CHECK(ReadAttributes("").value().empty());
  CHECK(ReadAttributes("{}").value().empty());
}

TEST_CASE("what is no object of texts is malformed", "[policy][attributes]") {
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  for (const auto& json :
       std::vector<std::string>{"null", "[]", "\"a\"", "{", R"({"a": 1})", R"({"a": null})", R"({"a": ["b"]})", nested,
                                R"({"a": )" + nested + "}", "{\"a\": \"\xff\"}", R"({"a": "\ud800"})"}) {
    CAPTURE(json.substr(0, 40));
    const auto read = ReadAttributes(json);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().reason == result::Reason::kMalformed);
  }
}

TEST_CASE("attributes within the bounds are none to complain of", "[policy][attributes]") {
  Attributes attributes;
  for (int i = 0; i < 64; i++) attributes[std::to_string(i)] = std::string(1000, 'x');
  CHECK(CheckAttributes(attributes).has_value());
  CHECK(CheckAttributes({{std::string(64, 'a'), "Müller, * ${entity} 𝄞"}}).has_value());
  attributes["64"] = "x";
  CHECK(CheckAttributes(attributes).error().detail == "there are more than 64 attributes");
}

TEST_CASE("a name out of bounds is malformed", "[policy][attributes]") {
  for (const auto& name : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("ä")}) {
    CAPTURE(name);
    CHECK_THAT(CheckAttributes({{name, "x"}}).error().detail, Catch::StartsWith("an attribute's name"));
  }
}

TEST_CASE("a value out of bounds is malformed and named", "[policy][attributes]") {
  for (const auto& value :
       {std::string(), std::string(1001, 'x'), std::string("a\0b", 3), std::string("a\nb"), std::string("\x7f"),
        std::string("\xff"), std::string("\xc3"), std::string("\xed\xa0\x80")}) {
    CAPTURE(value);
    CHECK(CheckAttributes({{"site", value}}).error().detail ==
          "attribute site is not 1 to 1000 octets of printable UTF-8");
  }
}

}  // namespace
