// certifierctl on requests of which several operators approve, and on what they will get.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ctl_fixture.h"

namespace admin_test {

using nlohmann::json;

TEST_CASE_METHOD(CtlFixture, "request show says who approved, what is missing, and what it will get", "[ctl]") {
  const Answer answer = Run({"request", "show", FakeRequests::kHalfApproved});
  REQUIRE(answer.code == 0);
  CHECK(Has(answer.out, "pending 1/2"));
  CHECK(Has(answer.out, "1 of 2 operators have approved"));
  CHECK(Has(answer.out, "(network)"));
  CHECK(Has(answer.out, "by c0ffee; counts no more"));
  CHECK(Has(answer.out, "certificate template, version 1"));
  CHECK(Has(answer.out, "dns:router.example.net"));
  CHECK_FALSE(Has(answer.out, "\x1b[2J"));
}

TEST_CASE_METHOD(CtlFixture, "an approval that does not suffice says what the request waits for", "[ctl]") {
  const Answer answer = Run({"request", "approve", FakeRequests::kHalfApproved, "--fingerprint", FakeRequests::kMd5});
  REQUIRE(answer.code == 0);
  CHECK(Has(answer.err, "the request waits for more: 1 of 2 operators have approved."));
  CHECK(Has(Run({"request", "approve", "17", "--fingerprint", FakeRequests::kMd5}).err, "at its next poll"));
}

TEST_CASE_METHOD(CtlFixture, "a template goes to a file, and comes back edited", "[ctl]") {
  json document = Printed({"request", "template", "17"});
  CHECK(document["template_version"] == 1);
  CHECK(document["certificate"]["subject"] == "CN=router");
  document["certificate"]["subject"] = "CN=renamed";
  const std::string path = directory() / "template.json";
  std::ofstream(path) << document;
  const Answer answer = Run({"request", "update", "17", "--from", path});
  CHECK(answer.code == 0);
  CHECK(Has(answer.err, "Updated."));
  CHECK(Printed({"request", "template", "17"})["certificate"]["subject"] == "CN=renamed");
  const Answer late = Run({"request", "update", "17", "--from", path});
  CHECK(late.code == 4);
  CHECK(Has(late.err, "certifierctl request template 17"));
}

TEST_CASE_METHOD(CtlFixture, "single fields of a template can be changed by themselves", "[ctl]") {
  REQUIRE(Run({"request", "update", "17", "--subject", "CN=a", "--san", "dns:a.example", "--san", "ip:192.0.2.1",
               "--not-after", "2027-12-24"})
              .code == 0);
  const json certificate = Printed({"request", "template", "17"})["certificate"];
  CHECK(certificate["subject"] == "CN=a");
  CHECK(certificate["subject_alternative_names"] == json{"dns:a.example", "ip:192.0.2.1"});
  CHECK(certificate["not_after"] == "2027-12-24T00:00:00Z");
  REQUIRE(Run({"request", "update", "17", "--no-san"}).code == 0);
  CHECK_FALSE(Printed({"request", "template", "17"})["certificate"].contains("subject_alternative_names"));
  CHECK(Has(Run({"request", "update", "17", "--subject", "CN=a"}).err, "Nothing was changed by that."));
}

TEST_CASE_METHOD(CtlFixture, "of an edited template all is shown, and an approval names the version", "[ctl]") {
  const std::string path = directory() / "template.json";
  std::ofstream(path) << R"({"template_version": 1, "certificate": {
      "subject": "CN=x", "subject_der": "AAAA", "subject_alternative_names": ["dns:y"],
      "subject_alternative_names_der": "AAAA", "key_usage": ["digitalSignature"],
      "extended_key_usage": ["clientAuth"], "not_before": "2026-01-02T00:00:00Z", "not_after": "2027-03-04T00:00:00Z",
      "extensions": [{"oid": "1.2.3.4", "is_critical": true, "value": "DAFh"}], "ca_issuers": ["http://i.example/"],
      "crl_distribution_point": {"urls": ["http://c.example/"]},
      "certificate_policies": {"policies": [{"oid": "1.2.3.5", "cps_uri": "http://p.example/"}]}}})";
  REQUIRE(Run({"request", "update", "17", "--from", path}).code == 0);
  const Answer shown = Run({"request", "show", "17"});
  for (const char* text :
       {"CN=x", "dns:y", "digitalSignature", "clientAuth", "2026-01-02", "2027-03-04", "1.2.3.4 (critical) 0c0161",
        "http://i.example/", "http://c.example/", "1.2.3.5 http://p.example/", "version 2", "alice"}) {
    INFO(text);
    CHECK(Has(shown.out, text));
  }
  // A field that is new must be shown too; two are the DER of what is shown as text.
  CHECK(certifier::v1::CertificateTemplate::descriptor()->field_count() == 12);
  CHECK(Has(shown.err, "--fingerprint 'AS THE DEVICE SHOWS IT' --template-version 2"));
  CHECK(Printed({"request", "show", "17"})["template"]["certificate"]["ca_issuers"][0] == "http://i.example/");
  REQUIRE(Run({"request", "approve", "17", "--fingerprint", FakeRequests::kMd5, "--template-version", "2"}).code == 0);
  CHECK(engine().requests().template_version() == 2);
}

TEST_CASE_METHOD(CtlFixture, "an edit that asks for nothing, or for two things, is a mistake", "[ctl]") {
  CHECK(Run({"request", "update", "17"}).code == 2);
  CHECK(Run({"request", "update", "17", "--from", "x.json", "--subject", "CN=a"}).code == 2);
  const std::string path = directory() / "template.json";
  std::ofstream(path) << R"({"certificate": {}})";
  CHECK(Has(Run({"request", "update", "17", "--from", path}).err, "template_version and certificate must be there"));
}

TEST_CASE_METHOD(CtlFixture, "a refused edit says where the rule is, and what is decided has no template", "[ctl]") {
  const Answer refused = Run({"request", "update", "17", "--subject", "CN=forbidden"});
  CHECK(refused.code == 5);
  CHECK(Has(refused.err, "deny by match_subject"));
  CHECK(Has(refused.err, "update_request"));
  CHECK(Run({"request", "template", FakeRequests::kDecided}).code == 4);
}

TEST_CASE_METHOD(CtlFixture, "requests are listed from the oldest on where that is asked for", "[ctl][request]") {
  engine().requests().SetCount(250);
  const json newest = Printed({"request", "list", "--limit", "2"});
  CHECK(newest["requests"][0]["request_id"] == "250");
  const json oldest = Printed({"request", "list", "--oldest-first", "--limit", "120"});
  CHECK(oldest["requests"].size() == 120);
  CHECK(oldest["requests"][119]["request_id"] == "120");
  CHECK(Run({"request", "list", "--oldest-first", "--search", "router"}).code == 2);
}

TEST_CASE_METHOD(CtlFixture, "what a request asks for is shown, and others for its key are listed", "[ctl][request]") {
  CHECK(Has(Run({"request", "show", "17"}).out, "X509v3 Key Usage: <i>Digital Signature"));
  const json others = Printed({"request", "list", "--same-key-as", "17", "--limit", "2"});
  CHECK(others["requests"][0]["request_id"] == "3");
  CHECK(Run({"request", "list", "--same-key-as", "17", "--state", "pending"}).code == 2);
}

TEST_CASE_METHOD(CtlFixture, "a certificate is shown with its issuer, its extensions and its chain", "[ctl]") {
  const auto shown = Run({"certificate", "show", "5f3a"});
  CHECK(shown.code == 0);
  CHECK(Has(shown.out, "CN=Demo CA"));
  CHECK(Has(shown.out, "X509v3 Subject Alternative Name (critical): DNS:a.example DNS:<b>.example"));
  CHECK(Has(shown.out, "the certificate\nthe issuer\nthe root\n"));
}

TEST_CASE_METHOD(CtlFixture, "a request is postponed and resumed", "[ctl][request]") {
  const auto postponed = Run({"request", "postpone", "17", "--reason", "asks the owner"});
  CHECK(postponed.code == 0);
  CHECK(Has(postponed.out, "postponed"));
  CHECK(engine().requests().last_reason() == "Postpone 17 asks the owner");
  const auto resumed = Run({"request", "resume", "17", "--json"});
  CHECK(resumed.code == 0);
  CHECK(json::parse(resumed.out)["state"] == "pending");
  CHECK(engine().requests().last_reason() == "Resume 17 ");
  const auto late = Run({"request", "postpone", "16"});
  CHECK(late.code == 4);
  CHECK(Has(late.err, "certifierctl request show 16"));
}

}  // namespace admin_test
