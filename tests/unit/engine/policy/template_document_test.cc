#include "policy/template_document.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "pki/der.h"

namespace {

using engine::policy::FromProto;
using engine::policy::ReadTemplate;
using engine::policy::ToProto;
using engine::policy::WriteTemplate;
using engine_test::Ask;
using engine_test::CertificateTemplate;
using engine_test::Device;
using engine_test::kNow;
using engine_test::Situation;
using engine_test::TextsOf;

using Document = certifier::v1::CertificateTemplate;
using Texts = std::vector<std::string>;

namespace der = pki::der;

// A template with something in every field.
CertificateTemplate Full(const Situation& situation) {
  auto certificate = engine_test::Template(situation);
  certificate.key_usage = pki::kDigitalSignature | pki::kKeyAgreement;
  certificate.extended_key_usage = {"1.3.6.1.5.5.7.3.2", "1.2.3.4"};
  certificate.not_before = kNow;
  certificate.not_after = kNow + engine_test::kDay;
  certificate.copied_extensions = {{"1.2.3.5", true, pki::Bytes("\0value", 6)}, {"1.3.6.1.5.5.7.1.24", false, ""}};
  certificate.ca_issuers = {"http://a.example/"};
  certificate.crl_distribution_point = {"http://b.example/", "ldap://c.example/"};
  certificate.certificate_policies = {{"1.2.3.6", "https://d.example/cps"}, {"1.2.3.7", ""}};
  return certificate;
}

// What a template is after it was stored.
CertificateTemplate Stored(const CertificateTemplate& certificate, const Situation& situation) {
  const auto read = ReadTemplate(WriteTemplate(certificate), *situation.request);
  REQUIRE(read.has_value());
  return *read;
}

// What is wrong with an edit of the template of a plain request.
std::string FaultOf(void (*edit)(Document&)) {
  const Situation situation;
  Document document = ToProto(engine_test::Template(situation));
  edit(document);
  const auto read = FromProto(document, *situation.request);
  if (read) return "";
  CHECK(read.error().reason == result::Reason::kMalformed);
  return read.error().detail;
}

Ask WithOtherName() {
  // otherName [0] of type 1.2.3.4, and a dNSName.
  const auto other = der::Encode(
      der::Context(0, true),
      {der::EncodeOid("1.2.3.4").value(), der::Encode(der::Context(0, true), der::Encode(der::kUtf8String, "upn"))});
  const auto names = der::Encode(der::kSequence, {other, der::Encode(der::Context(2, false), "a.example")});
  return {.extensions = {{std::string(pki::kSubjectAlternativeNameOid), false, names}}};
}

TEST_CASE("a template says everything that it holds", "[policy][template]") {
  const auto document = ToProto(Full(Situation({.alternative_names = {"dns:a.example", "ip:192.0.2.1"}})));
  CHECK(document.subject() == "CN=device-1,O=Example");
  CHECK(document.subject_alternative_names().size() == 2);
  CHECK(document.subject_alternative_names(1) == "ip:192.0.2.1");
  CHECK(Texts(document.key_usage().begin(), document.key_usage().end()) == Texts{"digital_signature", "key_agreement"});
  CHECK(Texts(document.extended_key_usage().begin(), document.extended_key_usage().end()) ==
        Texts{"client_auth", "1.2.3.4"});
  CHECK(document.not_after().seconds() - document.not_before().seconds() == 86400);
  CHECK(document.extensions(0).is_critical());
  CHECK(document.crl_distribution_point().urls_size() == 2);
  CHECK(document.certificate_policies().policies(0).cps_uri() == "https://d.example/cps");
}

TEST_CASE("a template survives being stored", "[policy][template]") {
  const Situation situation({.alternative_names = {"dns:a.example", "ip:192.0.2.1", "uri:urn:a:b"}});
  const auto before = Full(situation);
  const auto after = Stored(before, situation);
  CHECK(after.subject.der() == before.subject.der());
  CHECK(after.alternative_names == before.alternative_names);
  CHECK(after.spki == before.spki);
  CHECK(after.subject_public_key == before.subject_public_key);
  CHECK(after.key_usage == before.key_usage);
  CHECK(after.extended_key_usage == before.extended_key_usage);
  CHECK(after.not_before == before.not_before);
  CHECK(after.not_after == before.not_after);
  CHECK(after.copied_extensions[0].value == before.copied_extensions[0].value);
  CHECK(after.crl_distribution_point == before.crl_distribution_point);
  CHECK(after.certificate_policies[1].oid == "1.2.3.7");
  CHECK(WriteTemplate(after) == WriteTemplate(before));
}

TEST_CASE("what nobody set stays unset", "[policy][template]") {
  const Situation situation({.subject = ""});
  auto certificate = engine_test::Template(situation);
  const auto unset = Stored(certificate, situation);
  CHECK(unset.subject.is_empty());
  CHECK(unset.key_usage == 0);
  CHECK_FALSE(unset.not_before.has_value());
  CHECK_FALSE(unset.not_after.has_value());
  CHECK_FALSE(unset.crl_distribution_point.has_value());
  certificate.crl_distribution_point.emplace();
  CHECK(Stored(certificate, situation).crl_distribution_point == Texts());
}

TEST_CASE("a subject is kept octet for octet", "[policy][template]") {
  // BMPString, T61String beside PrintableString, an unknown type, and a commonName that cannot be read.
  const Situation situation({.subject = "CN=#1e04004100fc,O=#13014f+OU=#1401e4,2.5.4.99=#040161,CN=#020101"});
  const auto& octets = situation.request->subject().der();
  const auto document = ToProto(engine_test::Template(situation));
  CHECK(document.subject_der() == octets);
  CHECK(Stored(engine_test::Template(situation), situation).subject.der() == octets);
}

TEST_CASE("no octets are the template that a request begins as", "[policy][template]") {
  const Situation situation({.alternative_names = {"dns:a.example"}});
  const auto read = ReadTemplate("", *situation.request);
  REQUIRE(read.has_value());
  CHECK(WriteTemplate(*read) == WriteTemplate(engine_test::Template(situation)));
}

TEST_CASE("octets that are no template are an internal failure", "[policy][template]") {
  const auto read = ReadTemplate("\xff\xff", *Situation().request);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().reason == result::Reason::kInternal);
}

TEST_CASE("a template is for the key of its request, whatever was stored", "[policy][template]") {
  const Situation other({}, Device("ecdsa-p256", 1));
  const auto read = ReadTemplate(WriteTemplate(engine_test::Template()), *other.request);
  REQUIRE(read.has_value());
  CHECK(read->spki == other.request->public_key().spki());
  CHECK(read->subject_public_key == other.request->public_key().subject_public_key());
}

TEST_CASE("a name that has no text is kept by its DER", "[policy][template]") {
  const Situation situation(WithOtherName());
  const auto names = situation.request->alternative_names();
  REQUIRE(names.at(0).kind == "other");
  CHECK(Stored(engine_test::Template(situation), situation).alternative_names == names);
}

TEST_CASE("a name that has no text may be edited away, but not among others", "[policy][template]") {
  const Situation situation(WithOtherName());
  Document document = ToProto(engine_test::Template(situation));
  document.set_subject_alternative_names(1, "dns:b.example");
  CHECK_FALSE(FromProto(document, *situation.request).has_value());
  document.mutable_subject_alternative_names()->DeleteSubrange(0, 1);
  CHECK(TextsOf(FromProto(document, *situation.request)->alternative_names) == Texts{"dns:b.example"});
}

TEST_CASE("an edit of the text counts before the DER", "[policy][template]") {
  const Situation situation({.alternative_names = {"dns:a.example"}});
  Document document = ToProto(engine_test::Template(situation));
  document.set_subject("CN=gw");
  document.set_subject_alternative_names(0, "dns:gw.example");
  const auto read = FromProto(document, *situation.request);
  REQUIRE(read.has_value());
  CHECK(read->subject.ToString() == "CN=gw");
  CHECK(TextsOf(read->alternative_names) == Texts{"dns:gw.example"});
  document.clear_subject();
  document.clear_subject_alternative_names();
  CHECK(FromProto(document, *situation.request)->subject.is_empty());
  CHECK(FromProto(document, *situation.request)->alternative_names.empty());
}

TEST_CASE("DER that cannot be read is malformed, whatever the text", "[policy][template]") {
  CHECK_FALSE(FaultOf([](Document& document) { document.set_subject_der("nonsense"); }).empty());
  CHECK_FALSE(FaultOf([](Document& document) { document.set_subject_alternative_names_der("nonsense"); }).empty());
}

TEST_CASE("an edit that no template holds is malformed and says what", "[policy][template]") {
  CHECK_FALSE(FaultOf([](Document& document) { document.set_subject("device-1"); }).empty());
  CHECK(FaultOf([](Document& document) { document.add_subject_alternative_names("a.example"); }) ==
        "\"a.example\" is no alternative name");
  CHECK(FaultOf([](Document& document) { document.add_subject_alternative_names("dns:a b"); }) ==
        "\"dns:a b\" is no alternative name");
  CHECK(FaultOf([](Document& document) { document.add_key_usage("key_cert_sign"); }) ==
        "\"key_cert_sign\" is no key usage of an end entity");
  CHECK(FaultOf([](Document& document) { document.add_extended_key_usage("1.3.6.1.5.5.7.3.9"); }) ==
        "\"1.3.6.1.5.5.7.3.9\" is no purpose that a device may have");
  CHECK(FaultOf([](Document& document) { document.add_extended_key_usage("2.5.29.37.00"); }) ==
        "\"2.5.29.37.00\" is no purpose that a device may have");
  CHECK_THAT(FaultOf([](Document& document) { document.add_ca_issuers("ftp://a.example/"); }),
             Catch::StartsWith("ca_issuers: "));
  CHECK_THAT(FaultOf([](Document& document) { document.mutable_crl_distribution_point()->add_urls(""); }),
             Catch::StartsWith("crl_distribution_point: "));
  CHECK_THAT(FaultOf([](Document& document) { document.mutable_certificate_policies()->add_policies(); }),
             Catch::Contains("certificate_policies hold what is none"));
  CHECK(FaultOf([](Document& document) {
          for (const auto* oid : {"1.2.3", "1.2.03"}) {
            document.mutable_certificate_policies()->add_policies()->set_oid(oid);
          }
        }) == "certificate_policies: \"1.2.03\" is no dotted OID; certificate_policies hold what is none");
}

TEST_CASE("an edit puts no extension into a template that may not be copied", "[policy][template]") {
  const auto fault = [](const std::string& oid) {
    const Situation situation;
    Document document = ToProto(engine_test::Template(situation));
    document.add_extensions()->set_oid(oid);
    return !FromProto(document, *situation.request).has_value();
  };
  CHECK_FALSE(fault("1.2.3.4"));
  for (const auto* oid : {"2.5.29.19", "2.5.29.15", "2.5.29.17", "2.5.29.37", "1.3.6.1.5.5.7.1.1"}) CHECK(fault(oid));
  for (const auto* oid : {"2.5.029.19", "02.5.29.19", "2.5.29.019", "nonsense", "1.2.3.", "#551d13", ""}) {
    CAPTURE(oid);
    CHECK(fault(oid));
  }
}

TEST_CASE("an edit with two extensions of a kind is malformed", "[policy][template]") {
  CHECK(FaultOf([](Document& document) {
          for (int i = 0; i < 2; i++) document.add_extensions()->set_oid("1.2.3.4");
        }) == "the extension 1.2.3.4 is there twice");
}

TEST_CASE("an edit to a time that the clock cannot hold is malformed", "[policy][template]") {
  const std::int64_t seconds = GENERATE(as<std::int64_t>{}, -1, 9'223'372'037, 253'402'300'799, INT64_MAX, INT64_MIN);
  const Situation situation;
  Document begins = ToProto(engine_test::Template(situation)), ends = begins;
  begins.mutable_not_before()->set_seconds(seconds);
  CHECK_FALSE(FromProto(begins, *situation.request).has_value());
  ends.mutable_not_after()->set_seconds(seconds);
  CHECK_FALSE(FromProto(ends, *situation.request).has_value());
}

TEST_CASE("lists of more than 256 entries are malformed", "[policy][template]") {
  const std::string fault = "a list has more than 256 entries";
  CHECK(FaultOf([](Document& document) {
          for (int i = 0; i < 257; i++) document.add_subject_alternative_names("dns:a");
        }) == fault);
  CHECK(FaultOf([](Document& document) {
          for (int i = 0; i < 257; i++) document.add_extended_key_usage("client_auth");
        }) == fault);
  CHECK(FaultOf([](Document& document) {
          for (int i = 0; i < 257; i++) document.add_extensions()->set_oid("1.2.3." + std::to_string(i));
        }) == fault);
}

}  // namespace
