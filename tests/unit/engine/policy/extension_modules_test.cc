// Modules that write extensions: copy_extensions, strip_extensions, add_ca_issuers, set_crl_distribution_point and
// set_certificate_policies.

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Judged;
using engine_test::Situation;

using Texts = std::vector<std::string>;

Texts OidsOf(const Judged& judged) {
  Texts oids;
  for (const auto& extension : judged.certificate.copied_extensions) oids.push_back(extension.oid);
  return oids;
}

Situation Asking(std::vector<pki::Extension> extensions) {
  return Situation({.extensions = std::move(extensions)});
}

std::string Many(const std::string& entry, int count) {
  std::string many = "\"" + entry + "\"";
  for (int i = 1; i < count; i++) many += ", \"" + entry + "\"";
  return many;
}

const std::vector<pki::Extension> kThree = {
    {"1.2.3.4", false, "one"}, {"1.3.6.1.5.5.7.1.24", true, "two"}, {"1.2.3.5", false, "three"}};

TEST_CASE("extensions that are named are copied as they stand", "[policy][copy_extensions]") {
  const auto judged =
      Judge(R"({"copy_extensions": {"oids": ["1.3.6.1.5.5.7.1.24", "1.2.3.4", "1.2.9"]}})", Asking(kThree));
  CHECK(judged.verdict == "pass");
  REQUIRE(OidsOf(judged) == Texts{"1.2.3.4", "1.3.6.1.5.5.7.1.24"});
  CHECK(judged.certificate.copied_extensions[1].is_critical);
  CHECK(judged.certificate.copied_extensions[1].value == "two");
  CHECK(judged.finding.changes == Texts{"copied_extensions: 1.2.3.4", "copied_extensions: 1.3.6.1.5.5.7.1.24"});
  CHECK(judged.finding.saw == "the request asks for 1.2.3.4, 1.3.6.1.5.5.7.1.24, 1.2.3.5");
}

TEST_CASE("an extension is there once, however often it is asked for and copied", "[policy][copy_extensions]") {
  const auto situation = Asking({{"1.2.3.4", false, "one"}, {"1.2.3.4", false, "two"}});
  const auto once = Judge(R"({"copy_extensions": {"oids": ["1.2.3.4", "1.2.3.4"]}})", situation);
  REQUIRE(OidsOf(once) == Texts{"1.2.3.4"});
  CHECK(once.certificate.copied_extensions[0].value == "one");
  const auto again = Judge(R"({"copy_extensions": {"oids": ["1.2.3.4"]}})", situation, once.certificate);
  CHECK(OidsOf(again) == Texts{"1.2.3.4"});
  CHECK(again.finding.changes.empty());
}

TEST_CASE("a request without extensions has none to copy", "[policy][copy_extensions]") {
  const auto judged = Judge(R"({"copy_extensions": {"oids": ["1.2.3.4"]}})", Situation());
  CHECK(judged.verdict == "pass");
  CHECK(judged.finding.saw == "the request asks for no extension");
}

TEST_CASE("extensions that say what a certificate may do are not to be copied", "[policy][copy_extensions]") {
  for (const auto* oid : {"2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.37", "2.5.29.999", "1.3.6.1.5.5.7.1.1",
                          "1.3.6.1.5.5.7.1.14", "1.3.6.1.5.5.7.1.7", "1.3.6.1.5.5.7.48.1.5", "1.3.6.1.4.1.311.21.10",
                          "1.3.6.1.4.1.311.21.11", "1.3.6.1.4.1.311.21.12", "2.16.840.1.113730.1.1"}) {
    CAPTURE(oid);
    CHECK(FaultsOf(std::string(R"({"copy_extensions": {"oids": [")") + oid + "\"]}}") ==
          "oids: " + std::string(oid) + " is written by another module, or by none");
  }
}

TEST_CASE("extensions of vendors that only describe the holder may be copied", "[policy][copy_extensions]") {
  for (const auto* oid : {"1.3.6.1.4.1.311.20.2", "1.3.6.1.4.1.311.21.7", "1.3.6.1.4.1.311.25.2", "1.2.3.4",
                          "1.3.6.1.5.5.7.1.24", "1.2.840.113549.1.9.15"}) {
    CAPTURE(oid);
    CHECK(FaultsOf(std::string(R"({"copy_extensions": {"oids": [")") + oid + "\"]}}").empty());
  }
}

TEST_CASE("an OID in another spelling is a fault", "[policy][copy_extensions][set_extended_key_usage]") {
  CHECK_THAT(FaultsOf(R"({"copy_extensions": {"oids": ["2.5.029.19"]}})"),
             Catch::StartsWith("oids: \"2.5.029.19\" is no dotted OID"));
  CHECK_THAT(FaultsOf(R"({"strip_extensions": {"oids": ["01.2.3"]}})"), Catch::StartsWith("oids: \"01.2.3\""));
  CHECK_THAT(FaultsOf(R"({"set_extended_key_usage": {"purposes": ["2.5.29.37.00"]}})"),
             Catch::StartsWith("purposes: \"2.5.29.37.00\""));
  CHECK_THAT(FaultsOf(R"({"set_certificate_policies": {"policies": [{"oid": "1.2.3"}, {"oid": "1.2.03"}]}})"),
             Catch::StartsWith("policies: \"1.2.03\""));
}

TEST_CASE("what is wrong with the lists of extensions is named", "[policy][copy_extensions][strip_extensions]") {
  CHECK(FaultsOf(R"({"copy_extensions": {}})") == "oids is empty");
  const std::string module = GENERATE("copy_extensions", "strip_extensions");
  CHECK_THAT(FaultsOf("{\"" + module + R"(": {"oids": ["one"]}})"),
             Catch::StartsWith("oids: \"one\" is no dotted OID"));
  CHECK(FaultsOf("{\"" + module + R"(": {"oids": [)" + Many("1.2.3.4", 65) + "]}}") == "oids has more than 64 entries");
}

TEST_CASE("extensions that are named are stripped, or all of them", "[policy][strip_extensions]") {
  auto certificate = engine_test::Template();
  certificate.copied_extensions = kThree;
  const auto some = Judge(R"({"strip_extensions": {"oids": ["1.2.3.4", "1.2.9"]}})", Situation(), certificate);
  CHECK(some.verdict == "pass");
  CHECK(OidsOf(some) == Texts{"1.3.6.1.5.5.7.1.24", "1.2.3.5"});
  CHECK(some.finding.changes == Texts{"copied_extensions: without 1.2.3.4"});
  const auto all = Judge(R"({"strip_extensions": {}})", Situation(), certificate);
  CHECK(OidsOf(all).empty());
  CHECK(all.finding.changes.size() == 3);
}

TEST_CASE("add_ca_issuers adds after those that are there", "[policy][add_ca_issuers]") {
  auto certificate = engine_test::Template();
  certificate.ca_issuers = {"http://a.example/"};
  const std::string module = R"({"add_ca_issuers": {"urls": ["ldap://b.example/", "https://c.example/"]}})";
  const auto judged = Judge(module, Situation(), certificate);
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.ca_issuers == Texts{"http://a.example/", "ldap://b.example/", "https://c.example/"});
  CHECK(judged.finding.changes == Texts{"ca_issuers: ldap://b.example/", "ca_issuers: https://c.example/"});
}

TEST_CASE("add_ca_issuers adds none twice", "[policy][add_ca_issuers]") {
  auto certificate = engine_test::Template();
  certificate.ca_issuers = {"http://a.example/"};
  const auto judged =
      Judge(R"({"add_ca_issuers": {"urls": ["http://b.example/", "http://a.example/"]}})", Situation(), certificate);
  CHECK(judged.certificate.ca_issuers == Texts{"http://a.example/", "http://b.example/"});
  CHECK(judged.finding.changes == Texts{"ca_issuers: http://b.example/"});
  const auto again = Judge(R"({"add_ca_issuers": {"urls": ["http://a.example/"]}})", Situation(), certificate);
  CHECK(again.verdict == "pass");
  CHECK(again.finding.changes.empty());
}

TEST_CASE("more caIssuers than a template holds are denied", "[policy][add_ca_issuers]") {
  auto certificate = engine_test::Template();
  for (int i = 0; i < 7; i++) certificate.ca_issuers.push_back("http://" + std::to_string(i) + ".example/");
  const auto fits = Judge(R"({"add_ca_issuers": {"urls": ["http://a.example/"]}})", Situation(), certificate);
  CHECK(fits.verdict == "pass");
  const auto judged = Judge(R"({"add_ca_issuers": {"urls": ["http://b.example/"]}})", Situation(), fits.certificate);
  CHECK(judged.verdict == "deny");
  CHECK(judged.certificate.ca_issuers.size() == 8);
}

TEST_CASE("set_crl_distribution_point replaces what was set, also by none", "[policy][set_crl_distribution_point]") {
  auto certificate = engine_test::Template();
  CHECK_FALSE(certificate.crl_distribution_point.has_value());
  certificate.crl_distribution_point = {"http://a.example/"};
  const auto judged =
      Judge(R"({"set_crl_distribution_point": {"urls": ["http://b.example/"]}})", Situation(), certificate);
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.crl_distribution_point == Texts{"http://b.example/"});
  CHECK(judged.finding.changes == Texts{"crl_distribution_point: http://b.example/"});
  const auto none = Judge(R"({"set_crl_distribution_point": {}})", Situation(), certificate);
  CHECK(none.certificate.crl_distribution_point == Texts());
  CHECK(none.finding.changes == Texts{"crl_distribution_point: none"});
}

TEST_CASE("what is wrong with URLs is named", "[policy][add_ca_issuers][set_crl_distribution_point]") {
  CHECK(FaultsOf(R"({"add_ca_issuers": {}})") == "urls is empty");
  const std::string module = "{\"" + std::string(GENERATE("add_ca_issuers", "set_crl_distribution_point")) + "\": ";
  for (const auto* url : {"ftp://a.example/", "http://a example/", "http://ä.example/", "a.example", ""}) {
    CAPTURE(url);
    CHECK(FaultsOf(module + R"({"urls": [")" + url + "\"]}}") ==
          "urls: \"" + std::string(url) + "\" is no http, https or ldap URL");
  }
  CHECK(FaultsOf(module + R"({"urls": [)" + Many("http://a.example/", 8) + "]}}").empty());
  CHECK(FaultsOf(module + R"({"urls": [)" + Many("http://a.example/", 9) + "]}}") == "urls has more than 8 entries");
  const std::string longest = "http://" + std::string(993, 'a');
  CHECK(FaultsOf(module + R"({"urls": [")" + longest + "\"]}}").empty());
  CHECK_FALSE(FaultsOf(module + R"({"urls": [")" + longest + "a\"]}}").empty());
}

TEST_CASE("set_certificate_policies replaces what was set, also by none", "[policy][set_certificate_policies]") {
  auto certificate = engine_test::Template();
  certificate.certificate_policies = {{"1.2.9", ""}};
  const auto judged = Judge(R"({"set_certificate_policies": {"policies": [
      {"oid": "1.2.3.4", "cps_uri": "https://a.example/cps"}, {"oid": "2.5.29.32.0"}]}})",
                            Situation(), certificate);
  CHECK(judged.verdict == "pass");
  REQUIRE(judged.certificate.certificate_policies.size() == 2);
  CHECK(judged.certificate.certificate_policies[0].oid == "1.2.3.4");
  CHECK(judged.certificate.certificate_policies[0].cps_uri == "https://a.example/cps");
  CHECK(judged.finding.changes == Texts{"certificate_policies: 1.2.3.4, 2.5.29.32.0"});
  const auto none = Judge(R"({"set_certificate_policies": {}})", Situation(), certificate);
  CHECK(none.certificate.certificate_policies.empty());
  CHECK(none.finding.changes == Texts{"certificate_policies: none"});
}

TEST_CASE("what is wrong with certificate policies is named", "[policy][set_certificate_policies]") {
  const auto faults = [](const std::string& policies) {
    return FaultsOf(R"({"set_certificate_policies": {"policies": [)" + policies + "]}}");
  };
  CHECK_THAT(faults(R"({"oid": "one"})"), Catch::StartsWith("policies: \"one\" is no dotted OID"));
  CHECK_THAT(faults(R"({"oid": "1.2.3"}, {"oid": "1.2.3"})"), Catch::StartsWith("policies: 1.2.3 is there twice"));
  CHECK(faults(R"({"oid": "1.2.3", "cps_uri": "https://a example/"})") == "policies: a cps_uri is not printable ASCII");
  CHECK(faults(R"({"oid": "1.2.3", "cps_uri": ")" + std::string(1001, 'x') + "\"}") ==
        "policies: a cps_uri has more than 1000 octets");
  std::string many = R"({"oid": "1.2.0"})";
  for (int i = 1; i < 17; i++) many += R"(, {"oid": "1.2.)" + std::to_string(i) + "\"}";
  CHECK(faults(many) == "policies has more than 16 entries");
}

}  // namespace
