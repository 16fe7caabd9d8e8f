// Names by which a device could get past the modules that match them: what one reader takes for another name than the
// next, and what a pattern was not written for.

#include <catch2/catch.hpp>

#include "fixture.h"
#include "pki/der.h"

namespace {

using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;
using engine_test::VerdictOf;

namespace der = pki::der;

// An attribute of a subject with a string of this tag.
std::string Hex(const std::string& type, std::uint8_t tag, const std::string& value) {
  return type + "=#" + pki::HexLower(der::Encode(tag, value));
}

const std::string kUtf16Device1("\0d\0e\0v\0i\0c\0e\0-\0001", 16);

constexpr char kIsEntity[] = R"({"match_subject": {"common_name_is_entity": true}})";
constexpr char kPattern[] = R"({"match_subject": {"common_name_patterns": ["*.example"]}})";

std::string SubjectVerdict(const std::string& module, const std::string& subject) {
  return VerdictOf(module, Situation({.subject = subject}).For("device-1"));
}

TEST_CASE("the same commonName in another string type is the same", "[policy][match_subject][hostile]") {
  for (const auto& subject : {Hex("CN", der::kBmpString, kUtf16Device1), Hex("CN", der::kT61String, "device-1"),
                              Hex("CN", der::kPrintableString, "DEVICE-1"), Hex("CN", der::kIa5String, "device-1")}) {
    CAPTURE(subject);
    CHECK(SubjectVerdict(kIsEntity, subject) == "pass");
  }
}

TEST_CASE("a commonName that only looks like the entity's is denied", "[policy][match_subject][hostile]") {
  for (const auto& subject :
       {std::string("CN=dеvice-1"), std::string("CN=device‑1"), std::string("CN=device-1\\ "),
        std::string("CN=\\ device-1"), std::string("CN=device-1\\00"), std::string("CN=device-1\\00.example"),
        Hex("CN", der::kBmpString, "device-1"), Hex("CN", der::kUtf8String, kUtf16Device1),
        Hex("CN", der::kUtf8String,
            "\xc1\xa4"
            "evice-1")}) {
    CAPTURE(subject);
    CHECK(SubjectVerdict(kIsEntity, subject) == "deny");
  }
}

TEST_CASE("a commonName that cannot be read is denied, and one beside it does not help",
          "[policy][match_subject][hostile]") {
  const std::string module = GENERATE(kIsEntity, R"({"match_subject": {"common_name_patterns": ["device-*"]}})",
                                      R"({"match_subject": {"attributes": ["CN=device-1"]}})");
  for (const auto& subject :
       {Hex("CN", der::kInteger, "\1"), Hex("CN", der::kBmpString, "odd"),
        "CN=device-1," + Hex("CN", der::kOctetString, "victim"), "CN=device-1+" + Hex("CN", der::kUtf8String, "\xff"),
        "CN=device-1," + Hex("OU", der::kSequence, "")}) {
    CAPTURE(subject);
    CHECK(SubjectVerdict(module, subject) == "deny");
  }
}

TEST_CASE("a second commonName is found in every string type and by its OID", "[policy][match_subject][hostile]") {
  for (const auto& second : {Hex("CN", der::kBmpString, kUtf16Device1), std::string("2.5.4.3=victim"),
                             Hex("2.5.4.3", der::kT61String, "victim"), std::string("cn=device-1")}) {
    CAPTURE(second);
    CHECK(SubjectVerdict(kIsEntity, "CN=device-1," + second) == "deny");
    CHECK(SubjectVerdict(kIsEntity, second + "+CN=device-1") == "deny");
  }
}

TEST_CASE("a subject with control characters or a wildcard matches no pattern", "[policy][match_subject][hostile]") {
  CHECK(SubjectVerdict(kPattern, "CN=a.example") == "pass");
  for (const auto& name : {"victim.test\\00.example", "a\\0a.example", "a\\7f.example", "*.example", "a*.example"}) {
    CAPTURE(name);
    CHECK(SubjectVerdict(kPattern, "CN=" + std::string(name)) == "deny");
    CHECK(SubjectVerdict(R"({"match_subject": {"attributes": ["OU=*.example"]}})", "OU=" + std::string(name)) ==
          "deny");
  }
}

constexpr char kAnyNames[] = R"({"match_alternative_names": {"allowed_kinds": ["dns", "ip", "email", "uri"]}})";

std::string NameVerdict(const std::string& module, const std::string& name) {
  return VerdictOf(module, Situation({.alternative_names = {name}}));
}

TEST_CASE("a wildcard matches no pattern", "[policy][match_alternative_names][hostile]") {
  const std::string module = R"({"match_alternative_names": {"allowed_kinds": ["dns", "email", "uri"],
      "dns_patterns": ["*.example"], "email_patterns": ["*@example.org"], "uri_patterns": ["urn:*"]}})";
  CHECK(NameVerdict(module, "dns:a.example") == "pass");
  for (const auto* name : {"dns:*.example", "dns:*.a.example", "email:*@example.org", "uri:urn:*"}) {
    CAPTURE(name);
    CHECK(NameVerdict(module, name) == "deny");
  }
}

TEST_CASE("a name that is none of its kind is denied where its kind may be anything",
          "[policy][match_alternative_names][hostile]") {
  for (const auto* name : {"dns:a.example", "dns:_tcp.a-b.example", "dns:*.example", "email:a+b@example.org",
                           "uri:urn:a:b", "uri:https://a.example:8443/?b=c", "ip:192.0.2.1"}) {
    CAPTURE(name);
    CHECK(NameVerdict(kAnyNames, name) == "pass");
  }
  for (const auto& name : std::vector<std::string>{"dns:a..example",
                                                   "dns:.example",
                                                   "dns:a.example.",
                                                   "dns:a b.example",
                                                   "dns:a,b",
                                                   "dns:a/b",
                                                   "dns:a@b",
                                                   "dns:192.0.2.1:80",
                                                   "dns:*",
                                                   "dns:a*.example",
                                                   "dns:*a.example",
                                                   "dns:a.*.example",
                                                   "dns:*.*.example",
                                                   "dns:" + std::string(64, 'a') + ".example",
                                                   "dns:" + std::string(254, 'a'),
                                                   "email:example.org",
                                                   "email:@example.org",
                                                   "email:a@",
                                                   "email:a@b@example.org",
                                                   "email:a b@example.org",
                                                   "email:victim@a.test, b@example.org",
                                                   "uri:a.example",
                                                   "uri::a",
                                                   "uri:1a:b",
                                                   "uri:urn:",
                                                   "uri:urn:a b",
                                                   "uri:/a:b"}) {
    CAPTURE(name);
    CHECK(NameVerdict(kAnyNames, name) == "deny");
  }
}

pki::Extension NamesExtension(const std::vector<pki::GeneralName>& names) {
  return {std::string(pki::kSubjectAlternativeNameOid), false, pki::EncodeGeneralNames(names).value()};
}

TEST_CASE("of two extensions of alternative names the one that is judged is the one that is issued",
          "[policy][match_alternative_names][hostile]") {
  const Situation situation(
      {.extensions = {NamesExtension({{"dns", "a.example"}}), NamesExtension({{"dns", "victim.test"}})}});
  const std::string module =
      R"({"match_alternative_names": {"allowed_kinds": ["dns"], "dns_patterns": ["*.example"]}})";
  const auto judged = Judge(module, situation);
  CHECK(judged.verdict == "pass");
  CHECK(engine_test::TextsOf(judged.certificate.alternative_names) == std::vector<std::string>{"dns:a.example"});
  CHECK(FaultsOf(R"({"copy_extensions": {"oids": ["2.5.29.17"]}})") != "");
}

TEST_CASE("a name of a kind that has no text is denied", "[policy][match_alternative_names][hostile]") {
  // otherName, x400Address, directoryName, ediPartyName and registeredID, and a dNSName that is constructed.
  for (const auto* name : {"a00906032a0304a0020c00", "a300", "a4023000", "a500", "88032a0304", "a2030c0161"}) {
    CAPTURE(name);
    const Situation situation({.extensions = {NamesExtension({{"dns", "a.example"}, {"other", name}})}});
    CHECK(VerdictOf(kAnyNames, situation) == "deny");
  }
}

// The names that a set_alternative_names of this text makes of a request for `subject`; "deny" where it does.
std::string NameMade(const std::string& text, const std::string& subject, const engine_test::Attributes& key = {}) {
  const auto judged =
      Judge(R"({"set_alternative_names": {"names": [")" + text + "\"]}}", Situation({.subject = subject}).WithKey(key));
  return judged.verdict == "deny" ? judged.verdict : engine_test::TextsOf(judged.certificate.alternative_names).at(0);
}

TEST_CASE("a device's own words make no wildcard", "[policy][set_alternative_names][set_subject][hostile]") {
  CHECK(NameMade("dns:${common_name}.example", "CN=a") == "dns:a.example");
  CHECK(NameMade("dns:${common_name}.example", "CN=*") == "deny");
  CHECK(NameMade("dns:${serial_number}.example", R"(SERIALNUMBER=#0c012a)") == "deny");
  CHECK(VerdictOf(R"({"set_subject": {"subject": "CN=${common_name}.example"}})", Situation({.subject = "CN=*"})) ==
        "deny");
}

TEST_CASE("an operator's words may make a wildcard", "[policy][set_alternative_names][hostile]") {
  CHECK(NameMade("dns:*.${common_name}.example", "CN=a") == "dns:*.a.example");
  CHECK(NameMade("dns:${attribute.host}", "CN=a", {{"host", "*.example"}}) == "dns:*.example");
}

TEST_CASE("a device's own words stay one part of a URI", "[policy][set_alternative_names][hostile]") {
  CHECK(NameMade("uri:https://${common_name}.example/", R"(CN=evil.test/?#@:\\ü)") ==
        "uri:https://evil.test%2F%3F%23%40%3A%5C%C3%BC.example/");
  CHECK(NameMade("uri:urn:x:${serial_number}", "SERIALNUMBER=A-1 2") == "uri:urn:x:A-1%202");
  CHECK(NameMade("uri:${attribute.base}/${common_name}", "CN=a/b", {{"base", "https://a.example"}}) ==
        "uri:https://a.example/a%2Fb");
}

TEST_CASE("a device's own words with control characters are put nowhere",
          "[policy][set_alternative_names][set_subject][hostile]") {
  for (const auto* subject : {R"(CN=victim\00)", R"(CN=a\0ab)", R"(CN=a\7f)"}) {
    CAPTURE(subject);
    CHECK(NameMade("email:${common_name}@example.org", subject) == "deny");
    CHECK(NameMade("uri:urn:x:${common_name}", subject) == "deny");
    CHECK(VerdictOf(R"({"set_subject": {"subject": "CN=${common_name}"}})", Situation({.subject = subject})) == "deny");
  }
}

}  // namespace
