// What names are compared by: patterns, sets of alternative names, and the binding of a key or an entity.

#include <catch2/catch.hpp>

#include "enrollment/binding.h"
#include "fixture.h"
#include "policy/name_set.h"
#include "policy/pattern.h"

namespace {

using engine::enrollment::MatchesBinding;
using engine::policy::EqualsIgnoringCase;
using engine::policy::IsPlain;
using engine::policy::IsSameNameSet;
using engine::policy::MatchesOneOf;
using engine::policy::MatchesPattern;
using engine::store::Binding;
using engine_test::Ask;
using engine_test::Device;

bool IsBound(const Binding& binding, const Ask& ask) {
  return MatchesBinding(binding, Device().Parsed(ask));
}

TEST_CASE("a star stands for any characters, none too", "[policy][names]") {
  CHECK(MatchesPattern("", "*"));
  CHECK(MatchesPattern("", "**"));
  CHECK(MatchesPattern("abc", "a*c"));
  CHECK(MatchesPattern("ac", "A*C"));
  CHECK(MatchesPattern("aXbXc", "a*b*c"));
  CHECK(MatchesPattern("abab", "*ab"));
  CHECK(MatchesPattern("*.example", "*.example"));
  CHECK_FALSE(MatchesPattern("abcd", "a*c"));
  CHECK_FALSE(MatchesPattern("", "a"));
  CHECK_FALSE(MatchesPattern("a", ""));
  CHECK_FALSE(MatchesPattern(std::string(5000, 'a'), "*a*a*a*a*a*a*b"));
}

TEST_CASE("case counts only beyond ASCII", "[policy][names]") {
  CHECK(EqualsIgnoringCase("Device-1", "dEVICE-1"));
  CHECK_FALSE(EqualsIgnoringCase("ä", "Ä"));
  CHECK_FALSE(EqualsIgnoringCase("a", "ab"));
  CHECK_FALSE(EqualsIgnoringCase("@", "`"));
  CHECK_FALSE(EqualsIgnoringCase("[", "{"));
}

TEST_CASE("a name that is plain matches one of the patterns or none", "[policy][names]") {
  CHECK(MatchesOneOf("a.example", {"b", "*.example"}));
  CHECK_FALSE(MatchesOneOf("a.example", {"b"}));
  CHECK_FALSE(MatchesOneOf("a.example", {}));
  CHECK(IsPlain("Gerät ü 𝄞"));
  for (const auto& name :
       {std::string("*"), std::string("a*"), std::string("a\0", 2), std::string("\n"), std::string("\x7f")}) {
    CHECK_FALSE(IsPlain(name));
    CHECK_FALSE(MatchesOneOf(name, {"*"}));
  }
}

TEST_CASE("sets of names are the same in any order and however often each is there", "[policy][names]") {
  CHECK(IsSameNameSet({}, {}));
  CHECK(IsSameNameSet({{"dns", "a"}, {"ip", "192.0.2.1"}, {"dns", "a"}}, {{"ip", "192.0.2.1"}, {"dns", "A"}}));
  CHECK_FALSE(IsSameNameSet({{"dns", "a"}}, {}));
  CHECK_FALSE(IsSameNameSet({}, {{"dns", "a"}}));
  CHECK_FALSE(IsSameNameSet({{"dns", "a"}}, {{"email", "a"}}));
  CHECK_FALSE(IsSameNameSet({{"uri", "urn:a:b"}}, {{"uri", "urn:a:B"}}));
}

TEST_CASE("what is bound to nothing may be called anything", "[policy][names]") {
  CHECK(IsBound({}, {.subject = "CN=any", .alternative_names = {"dns:any.example"}}));
}

TEST_CASE("what is bound to a subject has no other", "[policy][names]") {
  const Binding binding = {"CN=device-1,O=Example", {}};
  CHECK(IsBound(binding, {.subject = "CN=Device-1,O=example"}));
  CHECK(IsBound(binding, {.subject = "CN=device-1,O=Example", .alternative_names = {"dns:any.example"}}));
  CHECK_FALSE(IsBound(binding, {.subject = "CN=device-1"}));
  CHECK_FALSE(IsBound(binding, {.subject = "CN=device-2,O=Example"}));
  CHECK_FALSE(IsBound(binding, {.subject = "CN=device-1,O=Example,CN=device-2"}));
  CHECK_FALSE(IsBound(binding, {.subject = "CN=device-1+OU=x,O=Example"}));
  CHECK_FALSE(IsBound(binding, {.subject = "O=Example,CN=device-1"}));
}

TEST_CASE("what is bound to names has exactly those", "[policy][names]") {
  const Binding binding = {"", {"dns:a.example", "ip:192.0.2.1"}};
  CHECK(IsBound(binding, {.alternative_names = {"ip:192.0.2.1", "dns:A.example"}}));
  CHECK_FALSE(IsBound(binding, {.alternative_names = {"dns:a.example"}}));
  CHECK_FALSE(IsBound(binding, {}));
  CHECK_FALSE(IsBound(binding, {.alternative_names = {"dns:a.example", "ip:192.0.2.1", "dns:b.example"}}));
}

TEST_CASE("what is bound to names that cannot be read matches nothing", "[policy][names]") {
  CHECK_FALSE(IsBound({"device-1", {}}, {}));
  CHECK_FALSE(IsBound({"", {"a.example"}}, {.alternative_names = {"dns:a.example"}}));
}

}  // namespace
