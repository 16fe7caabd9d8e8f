#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;
using engine_test::VerdictOf;

using Names = std::vector<std::string>;

// What a match_alternative_names with these parameters says of a request for `names`.
std::string Says(const std::string& parameters, const Names& names) {
  return VerdictOf(R"({"match_alternative_names": )" + parameters + "}", Situation({.alternative_names = names}));
}

std::string FaultsIn(const std::string& parameters) {
  return FaultsOf(R"({"match_alternative_names": )" + parameters + "}");
}

Names Hosts(int count) {
  Names names;
  for (int i = 0; i < count; i++) names.push_back("dns:host-" + std::to_string(i) + ".example");
  return names;
}

TEST_CASE("without rules there may be no alternative name", "[policy][match_alternative_names]") {
  CHECK(Says("{}", {}) == "pass");
  for (const auto* name : {"dns:a.example", "ip:192.0.2.1", "email:a@example.org", "uri:https://a.example/"}) {
    CHECK(Says("{}", {name}) == "deny");
  }
}

TEST_CASE("a kind that is allowed without patterns may be anything", "[policy][match_alternative_names]") {
  CHECK(Says(R"({"allowed_kinds": ["dns"]})", {"dns:a.example"}) == "pass");
  CHECK(Says(R"({"allowed_kinds": ["dns"]})", {"dns:a.example", "ip:192.0.2.1"}) == "deny");
  CHECK(Says(R"({"allowed_kinds": ["ip", "email", "uri"]})",
             {"ip:2001:db8::1", "email:a@example.org", "uri:https://a.example/"}) == "pass");
}

TEST_CASE("each dNSName must match one of the patterns", "[policy][match_alternative_names]") {
  const std::string rule = R"({"allowed_kinds": ["dns"], "dns_patterns": ["*.example", "gw"]})";
  CHECK(Says(rule, {"dns:a.example", "dns:GW"}) == "pass");
  CHECK(Says(rule, {"dns:a.example", "dns:a.test"}) == "deny");
  CHECK(Says(rule, {"dns:a.example.test"}) == "deny");
}

TEST_CASE("each iPAddress must be in one of the networks", "[policy][match_alternative_names]") {
  const std::string rule = R"({"allowed_kinds": ["ip"], "ip_networks": ["192.0.2.0/24", "2001:db8::/32"]})";
  CHECK(Says(rule, {"ip:192.0.2.255", "ip:2001:db8:1::1"}) == "pass");
  CHECK(Says(rule, {"ip:192.0.3.1"}) == "deny");
  CHECK(Says(rule, {"ip:2001:db9::1"}) == "deny");
  CHECK(Says(rule, {"ip:::ffff:192.0.2.1"}) == "deny");
}

TEST_CASE("email addresses and URIs must match their own patterns", "[policy][match_alternative_names]") {
  const std::string rule = R"({"allowed_kinds": ["email", "uri"], "dns_patterns": ["nothing"],
                               "email_patterns": ["*@example.org"], "uri_patterns": ["urn:uuid:*"]})";
  CHECK(Says(rule, {"email:a@example.org", "uri:urn:uuid:7"}) == "pass");
  CHECK(Says(rule, {"email:a@example.net"}) == "deny");
  CHECK(Says(rule, {"uri:https://example.org/"}) == "deny");
}

TEST_CASE("there may be 16 alternative names, or as many as the module says", "[policy][match_alternative_names]") {
  CHECK(Says(R"({"allowed_kinds": ["dns"]})", Hosts(16)) == "pass");
  CHECK(Says(R"({"allowed_kinds": ["dns"]})", Hosts(17)) == "deny");
  CHECK(Says(R"({"allowed_kinds": ["dns"], "max_count": 2})", Hosts(3)) == "deny");
  CHECK(Says(R"({"allowed_kinds": ["dns"], "max_count": 256})", Hosts(256)) == "pass");
}

TEST_CASE("there must be as many alternative names as the module says", "[policy][match_alternative_names]") {
  const std::string rule = R"({"allowed_kinds": ["dns"], "min_count": 2})";
  CHECK(Says(rule, Hosts(1)) == "deny");
  CHECK(Says(rule, Hosts(2)) == "pass");
}

TEST_CASE("names that do not match are held where the module says so", "[policy][match_alternative_names]") {
  CHECK(Says(R"({"otherwise": "VERDICT_HOLD"})", Hosts(1)) == "hold");
  CHECK(Says(R"({"otherwise": "VERDICT_HOLD"})", Hosts(17)) == "hold");
  CHECK(Says(R"({"otherwise": "VERDICT_HOLD", "min_count": 1})", {}) == "hold");
}

TEST_CASE("the alternative names that are judged are the template's, not the request's",
          "[policy][match_alternative_names]") {
  const Situation situation({.alternative_names = {"dns:a.example"}});
  auto certificate = engine_test::Template(situation);
  certificate.alternative_names.clear();
  CHECK(Judge(R"({"match_alternative_names": {}})", situation, certificate).verdict == "pass");
}

TEST_CASE("what is wrong with match_alternative_names is named", "[policy][match_alternative_names]") {
  CHECK(FaultsIn(R"({"allowed_kinds": ["other"]})") == "allowed_kinds: \"other\" is not dns, ip, email or uri");
  CHECK(FaultsIn(R"({"ip_networks": ["192.0.2.1/24"]})") == "ip_networks: \"192.0.2.1/24\" is no network");
  CHECK(FaultsIn(R"({"max_count": 257})") == "max_count is above 256");
  CHECK(FaultsIn(R"({"min_count": 16})").empty());
  CHECK(FaultsIn(R"({"min_count": 17})") == "min_count is above max_count");
  CHECK(FaultsIn(R"({"otherwise": 9})") == "otherwise is no verdict");
  for (const auto* parameter : {"dns_patterns", "email_patterns", "uri_patterns", "ip_networks"}) {
    CHECK_THAT(FaultsIn(std::string("{\"") + parameter + "\": [\"\"]}"),
               Catch::StartsWith(std::string(parameter) + ": an entry has 1 to 255 octets"));
  }
}

}  // namespace
