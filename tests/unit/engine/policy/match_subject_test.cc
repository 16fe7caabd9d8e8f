#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;
using engine_test::VerdictOf;

// What a match_subject with these parameters says of a subject, for an entity or for none.
std::string Says(const std::string& parameters, const std::string& subject, const std::string& entity = "") {
  Situation situation({.subject = subject});
  if (!entity.empty()) situation.For(entity);
  return VerdictOf(R"({"match_subject": )" + parameters + "}", situation);
}

std::string FaultsIn(const std::string& parameters) {
  return FaultsOf(R"({"match_subject": )" + parameters + "}");
}

TEST_CASE("without rules any subject is allowed but an empty one", "[policy][match_subject]") {
  CHECK(Says("{}", "CN=device-1,O=Example") == "pass");
  CHECK(Says("{}", "CN=a+CN=b,OU=c,OU=d,2.5.4.99=e") == "pass");
  CHECK(Says("{}", "") == "deny");
}

TEST_CASE("a subject that does not match is held or passed where the module says so", "[policy][match_subject]") {
  CHECK(Says(R"({"otherwise": "VERDICT_HOLD"})", "") == "hold");
  CHECK(Says(R"({"common_name_patterns": ["gw"], "otherwise": "VERDICT_PASS"})", "CN=device-1") == "pass");
}

TEST_CASE("an empty subject needs leave and an alternative name", "[policy][match_subject]") {
  const std::string module = R"({"match_subject": {"may_be_empty": true}})";
  const Situation named({.subject = "", .alternative_names = {"dns:a.example"}});
  CHECK(VerdictOf(R"({"match_subject": {}})", named) == "deny");
  CHECK(VerdictOf(module, named) == "pass");
  CHECK(VerdictOf(module, Situation({.subject = ""})) == "deny");
}

TEST_CASE("the subject that is judged is the template's, not the request's", "[policy][match_subject]") {
  auto certificate = engine_test::Template();
  certificate.subject = *pki::Name::FromString("CN=gw");
  const std::string module = R"({"match_subject": {"common_name_patterns": ["gw"]}})";
  CHECK(Judge(module, Situation(), certificate).verdict == "pass");
  CHECK(VerdictOf(module) == "deny");
}

TEST_CASE("the commonName must match one of the patterns", "[policy][match_subject]") {
  const std::string rule = R"({"common_name_patterns": ["router-*.example", "gw"]})";
  CHECK(Says(rule, "CN=router-7.example") == "pass");
  CHECK(Says(rule, "CN=GW") == "pass");
  CHECK(Says(rule, "CN=router-7.example.org") == "deny");
  CHECK(Says(rule, "O=gw") == "deny");
}

TEST_CASE("the commonName must be the entity's name where the module says so", "[policy][match_subject]") {
  const std::string rule = R"({"common_name_is_entity": true})";
  CHECK(Says(rule, "CN=DEVICE-1,OU=any", "device-1") == "pass");
  CHECK(Says(rule, "CN=device-2", "device-1") == "deny");
  CHECK(Says(rule, "O=device-1", "device-1") == "deny");
}

TEST_CASE("a second commonName is denied wherever it stands", "[policy][match_subject]") {
  const std::string rule = GENERATE(R"({"common_name_is_entity": true})", R"({"common_name_patterns": ["device-*"]})");
  CHECK(Says(rule, "CN=device-1", "device-1") == "pass");
  for (const auto* subject : {"CN=device-1,CN=device-2", "CN=device-2,CN=device-1", "CN=device-1+CN=device-2",
                              "CN=device-1,O=Example,CN=device-1", "CN=device-1+OU=x+CN=device-1"}) {
    CAPTURE(subject);
    CHECK(Says(rule, subject, "device-1") == "deny");
  }
}

TEST_CASE("a request for no entity has no name to be compared with", "[policy][match_subject]") {
  CHECK(Says(R"({"common_name_is_entity": true})", "CN=device-1") == "deny");
  const std::string absent = R"({"common_name_is_entity": true, "entity_may_be_absent": true})";
  CHECK(Says(absent, "CN=device-1") == "pass");
  CHECK(Says(absent, "O=Example") == "pass");
  CHECK(Says(absent, "CN=device-2", "device-1") == "deny");
}

TEST_CASE("patterns hold for requests without an entity too", "[policy][match_subject]") {
  const std::string rule =
      R"({"common_name_is_entity": true, "entity_may_be_absent": true, "common_name_patterns": ["gw-*"]})";
  CHECK(Says(rule, "CN=gw-1") == "pass");
  CHECK(Says(rule, "CN=device-1") == "deny");
  CHECK(Says(rule, "CN=device-1", "device-1") == "deny");
}

TEST_CASE("there must be one of each type that has a rule", "[policy][match_subject]") {
  const std::string rule = R"({"attributes": ["O=Example", "OU=*"]})";
  CHECK(Says(rule, "CN=a,OU=x,O=Example") == "pass");
  CHECK(Says(rule, "CN=a,O=Example") == "deny");
  CHECK(Says(rule, "CN=a,OU=x") == "deny");
}

TEST_CASE("all of a type that has a rule must match it", "[policy][match_subject]") {
  const std::string rule = R"({"attributes": ["OU=net-*", "OU=lab"]})";
  CHECK(Says(rule, "CN=a,OU=net-1,OU=lab") == "pass");
  CHECK(Says(rule, "CN=a,OU=net-1,OU=admins") == "deny");
  CHECK(Says(rule, "CN=a+OU=admins,OU=lab") == "deny");
}

TEST_CASE("a type is the same by its name in any case and by its OID", "[policy][match_subject]") {
  const std::string rule = GENERATE(R"({"attributes": ["o=Example"]})", R"({"attributes": ["2.5.4.10=Example"]})");
  CHECK(Says(rule, "CN=a,O=Example") == "pass");
  CHECK(Says(rule, "CN=a,O=Other") == "deny");
  CHECK(Says(R"({"attributes": ["1.2.3.4=x"]})", "CN=a,1.2.3.4=x") == "pass");
}

TEST_CASE("beside types with a rule there may be others only where the module says so", "[policy][match_subject]") {
  CHECK(Says(R"({"attributes": ["O=Example"]})", "CN=a,O=Example,OU=x") == "deny");
  CHECK(Says(R"({"attributes": ["O=Example"]})", "CN=a,O=Example,1.2.3.4=x") == "deny");
  CHECK(Says(R"({"attributes": ["O=Example"], "other_attributes": true})", "CN=a,O=Example,OU=x") == "pass");
}

TEST_CASE("a rule for the commonName is one of its patterns too", "[policy][match_subject]") {
  CHECK(Says(R"({"attributes": ["CN=gw-*"]})", "CN=gw-1") == "pass");
  CHECK(Says(R"({"attributes": ["CN=gw-*"]})", "CN=gw-1,CN=device-1") == "deny");
}

TEST_CASE("what is wrong with match_subject is named", "[policy][match_subject]") {
  CHECK(FaultsIn(R"({"common_name_patterns": [""]})") == "common_name_patterns: an entry has 1 to 255 octets");
  CHECK(FaultsIn(R"({"attributes": ["O"]})") == "attributes: \"O\" is not TYPE=PATTERN");
  CHECK(FaultsIn(R"({"attributes": ["=x", "XY=x"]})") ==
        "attributes: \"=x\" is not TYPE=PATTERN; attributes: \"XY=x\" is not TYPE=PATTERN");
  CHECK(FaultsIn(R"({"otherwise": 9})") == "otherwise is no verdict");
}

}  // namespace
