#include "policy/placeholders.h"

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine::policy::CheckPlaceholders;
using engine::policy::Chooser;
using engine::policy::Expand;
using engine::policy::Faults;
using engine::policy::FindAttribute;
using engine_test::Judge;
using engine_test::Situation;

// What a text becomes, each value in angle brackets; or why it does not.
std::string Expanded(const std::string& text, const Situation& situation = Situation()) {
  const auto bracket = [](std::string_view value, Chooser) { return "<" + std::string(value) + ">"; };
  const auto expanded = Expand(text, situation.facts(), engine_test::Template(situation), bracket);
  if (expanded) return *expanded;
  CHECK(expanded.error().reason == result::Reason::kPolicyRefused);
  return "refused: " + expanded.error().detail;
}

std::string FaultsIn(const std::string& text) {
  Faults faults;
  CheckPlaceholders(text, "text", faults);
  return faults.text();
}

TEST_CASE("text without placeholders stays as it is", "[policy][placeholders]") {
  for (const auto* text : {"", "a", "$", "$$", "{}", "$a}", "a$", "}", "$ {entity}"}) CHECK(Expanded(text) == text);
}

TEST_CASE("a placeholder stands for what it names", "[policy][placeholders]") {
  const Situation situation =
      Situation({.subject = "CN=gw,SERIALNUMBER=X-7"}).WithKey({{"site", "hall"}}).For("device-1");
  CHECK(Expanded("${entity}", situation) == "<device-1>");
  CHECK(Expanded("${common_name}", situation) == "<gw>");
  CHECK(Expanded("${serial_number}", situation) == "<X-7>");
  CHECK(Expanded("${reference_number}", situation) == "<reference-1>");
  CHECK(Expanded("${attribute.site}", situation) == "<hall>");
}

TEST_CASE("placeholders stand among text and beside each other", "[policy][placeholders]") {
  const Situation situation = Situation().For("e");
  CHECK(Expanded("a${entity}b${common_name}${entity}$", situation) == "a<e>b<device-1><e>$");
}

TEST_CASE("a value is not looked through for placeholders", "[policy][placeholders]") {
  CHECK(Expanded("${attribute.a}", Situation().WithKey({{"a", "${entity}"}}).For("e")) == "<${entity}>");
}

TEST_CASE("the names of the subject are those of the template as it stands", "[policy][placeholders]") {
  const Situation situation;
  auto certificate = engine_test::Template(situation);
  certificate.subject = *pki::Name::FromString("CN=gw");
  const auto expanded =
      Expand("${common_name}", situation.facts(), certificate, [](auto value, Chooser) { return std::string(value); });
  CHECK(expanded.value() == "gw");
}

TEST_CASE("a placeholder that stands for nothing refuses and is named", "[policy][placeholders]") {
  const Situation nobody({.subject = "O=Example"});
  for (const auto* name : {"entity", "common_name", "serial_number", "reference_number", "attribute.site"}) {
    const std::string placeholder = "${" + std::string(name) + "}";
    CHECK_THAT(Expanded("a" + placeholder, nobody),
               Catch::StartsWith("refused: " + placeholder + " stands for nothing"));
  }
  CHECK_THAT(Expanded("${attribute.site}", Situation().WithKey({{"site", ""}})), Catch::StartsWith("refused"));
}

TEST_CASE("a placeholder stands for at most 255 octets", "[policy][placeholders]") {
  CHECK(Expanded("${attribute.a}", Situation().WithKey({{"a", std::string(255, 'x')}})).size() == 257);
  CHECK_THAT(Expanded("${attribute.a}", Situation().WithKey({{"a", std::string(256, 'x')}})),
             Catch::StartsWith("refused"));
}

TEST_CASE("an attribute is the key's before it is the entity's", "[policy][placeholders]") {
  const Situation both = Situation().WithKey({{"a", "key"}}).For("e", {{"a", "entity"}, {"b", "entity"}});
  CHECK(*FindAttribute(both.facts(), "a") == "key");
  CHECK(*FindAttribute(both.facts(), "b") == "entity");
  CHECK(FindAttribute(both.facts(), "c") == nullptr);
  CHECK(FindAttribute(Situation().facts(), "a") == nullptr);
}

TEST_CASE("an empty attribute of the key hides the entity's", "[policy][placeholders]") {
  CHECK(FindAttribute(Situation().WithKey({{"a", ""}}).For("e", {{"a", "entity"}}).facts(), "a")->empty());
}

TEST_CASE("placeholders that are none are faults, all of them named", "[policy][placeholders]") {
  CHECK(FaultsIn("a${entity}${common_name}${serial_number}${reference_number}${attribute.x}$").empty());
  CHECK(FaultsIn("${Entity}${x}") == "text: \"${Entity}\" is no placeholder; text: \"${x}\" is no placeholder");
  CHECK(FaultsIn("${attribute.}") == "text: \"${attribute.}\" is no placeholder");
  CHECK(FaultsIn("${}") == "text: \"${}\" is no placeholder");
  CHECK(FaultsIn("${entity") == "text: \"${}\" is no placeholder");
  CHECK(FaultsIn("${entity${entity}}") == "text: \"${entity${entity}\" is no placeholder");
}

}  // namespace
