// set_subject and set_alternative_names. What placeholders stand for is tested in placeholders_test.cc.

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;
using engine_test::TextsOf;
using engine_test::VerdictOf;

using Names = std::vector<std::string>;

std::string SubjectSet(const std::string& subject) {
  return R"({"set_subject": {"subject": ")" + subject + "\"}}";
}

std::string NamesSet(const std::string& names, bool keep_requested = false) {
  return R"({"set_alternative_names": {"names": [)" + names + R"(], "keep_requested": )" +
         (keep_requested ? "true" : "false") + "}}";
}

TEST_CASE("set_subject replaces the subject", "[policy][set_subject]") {
  const auto judged = Judge(SubjectSet("CN=gw,O=Example"), Situation({.subject = "CN=device-1,OU=any"}));
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.subject.ToString() == "CN=gw,O=Example");
  CHECK(judged.finding.changes == Names{"subject: CN=gw,O=Example"});
  CHECK(judged.finding.saw == "the subject was CN=device-1,OU=any");
}

TEST_CASE("set_subject gives an empty subject a name", "[policy][set_subject]") {
  const auto judged = Judge(SubjectSet("CN=${entity}"), Situation({.subject = ""}).For("device-1"));
  CHECK(judged.certificate.subject.ToString() == "CN=device-1");
}

TEST_CASE("what a placeholder of the subject stands for is one value, whatever its characters",
          "[policy][set_subject]") {
  const auto judged = Judge(SubjectSet("CN=${common_name},O=Example"), Situation({.subject = R"(CN=a\,O=b\+OU=c)"}));
  CHECK(judged.certificate.subject.ToString() == R"(CN=a\,O=b\+OU=c,O=Example)");
  CHECK(judged.certificate.subject.Attributes()->size() == 2);
}

TEST_CASE("a placeholder that stands for nothing denies and leaves the subject alone", "[policy][set_subject]") {
  const auto judged = Judge(SubjectSet("CN=${entity}"), Situation());
  CHECK(judged.verdict == "deny");
  CHECK_THAT(judged.finding.saw, Catch::StartsWith("${entity} stands for nothing"));
  CHECK(judged.certificate.subject.ToString() == "CN=device-1,O=Example");
}

TEST_CASE("a value that its type of attribute cannot have denies", "[policy][set_subject]") {
  const std::string module = SubjectSet("C=${attribute.country},CN=a");
  CHECK(VerdictOf(module, Situation().WithKey({{"country", "DE"}})) == "pass");
  CHECK(VerdictOf(module, Situation().WithKey({{"country", "Österreich"}})) == "deny");
}

TEST_CASE("a subject that can be no name is a fault", "[policy][set_subject]") {
  const std::string fault = "subject is no name in RFC 4514 form";
  for (const auto* subject : {"", "device-1", "CN=", "CN=a;O=b", "${entity}", "${entity}=a", "CN=a,"}) {
    CAPTURE(subject);
    CHECK_THAT(FaultsOf(SubjectSet(subject)), Catch::Contains(fault));
  }
  CHECK(FaultsOf(SubjectSet("CN=${entity},2.5.4.99=${attribute.x}")).empty());
  CHECK(FaultsOf(SubjectSet("CN=" + std::string(998, 'x'))) == "subject has more than 1000 octets");
}

TEST_CASE("an unknown placeholder is a fault", "[policy][set_subject]") {
  CHECK(FaultsOf(SubjectSet("CN=${name}")) == "subject: \"${name}\" is no placeholder");
  CHECK(FaultsOf(NamesSet(R"("dns:${name}")")) == "names: \"${name}\" is no placeholder");
}

TEST_CASE("set_alternative_names replaces the names", "[policy][set_alternative_names]") {
  const auto judged = Judge(NamesSet(R"("dns:gw.example", "ip:192.0.2.1", "email:a@example.org", "uri:urn:a:b")"),
                            Situation({.alternative_names = {"dns:a.example"}}));
  CHECK(judged.verdict == "pass");
  const Names names = {"dns:gw.example", "ip:192.0.2.1", "email:a@example.org", "uri:urn:a:b"};
  CHECK(TextsOf(judged.certificate.alternative_names) == names);
  CHECK(judged.finding.changes.size() == 4);
}

TEST_CASE("set_alternative_names without names takes them away", "[policy][set_alternative_names]") {
  CHECK(Judge(NamesSet(""), Situation({.alternative_names = {"dns:a.example"}})).certificate.alternative_names.empty());
}

TEST_CASE("names that were there may stay, and none is there twice", "[policy][set_alternative_names]") {
  const auto judged = Judge(NamesSet(R"("dns:gw.example", "dns:a.example", "dns:gw.example")", true),
                            Situation({.alternative_names = {"dns:a.example"}}));
  CHECK(TextsOf(judged.certificate.alternative_names) == Names{"dns:a.example", "dns:gw.example"});
  CHECK(judged.finding.changes == Names{"alternative_names: dns:gw.example"});
}

TEST_CASE("more names than a template holds are denied", "[policy][set_alternative_names]") {
  Names names;
  for (int i = 0; i < 255; i++) names.push_back("dns:host-" + std::to_string(i) + ".example");
  const Situation situation({.alternative_names = names});
  CHECK(Judge(NamesSet(R"("dns:a.example")", true), situation).certificate.alternative_names.size() == 256);
  const auto judged = Judge(NamesSet(R"("dns:a.example", "dns:b.example")", true), situation);
  CHECK(judged.verdict == "deny");
  CHECK(judged.certificate.alternative_names.size() == 255);
  CHECK(Judge(NamesSet(R"("dns:a.example", "dns:b.example")"), situation).verdict == "pass");
}

TEST_CASE("names are made of what placeholders stand for", "[policy][set_alternative_names]") {
  const auto judged = Judge(NamesSet(R"("dns:${entity}.example", "ip:${attribute.address}")"),
                            Situation().For("gw", {{"address", "2001:DB8:0::1"}}));
  CHECK(TextsOf(judged.certificate.alternative_names) == Names{"dns:gw.example", "ip:2001:db8::1"});
}

TEST_CASE("a value that its kind of name cannot have denies and leaves the names alone",
          "[policy][set_alternative_names]") {
  const Situation situation({.subject = "CN=not a host", .alternative_names = {"dns:a.example"}});
  for (const auto* name : {R"("dns:${common_name}")", R"("ip:${common_name}")", R"("dns:${entity}")"}) {
    CAPTURE(name);
    const auto judged = Judge(NamesSet(name), situation);
    CHECK(judged.verdict == "deny");
    CHECK(TextsOf(judged.certificate.alternative_names) == Names{"dns:a.example"});
  }
}

TEST_CASE("alternative names that can be none are faults", "[policy][set_alternative_names]") {
  CHECK(FaultsOf(NamesSet(R"("gw.example")")) == "names: \"gw.example\" is not KIND:VALUE");
  CHECK(FaultsOf(NamesSet(R"("other:0401")")) == "names: \"other:0401\" is not KIND:VALUE");
  CHECK(FaultsOf(NamesSet(R"("${entity}:a")")) == "names: \"${entity}:a\" is not KIND:VALUE");
  std::string many = R"("dns:a")";
  for (int i = 0; i < 64; i++) many += R"(, "dns:a")";
  CHECK(FaultsOf(NamesSet(many)) == "names has more than 64 entries");
  CHECK_THAT(FaultsOf(NamesSet("\"dns:" + std::string(997, 'x') + "\"")), Catch::EndsWith("is not KIND:VALUE"));
}

}  // namespace
