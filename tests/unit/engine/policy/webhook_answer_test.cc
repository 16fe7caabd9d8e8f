// What a webhook's answer may change, and answers that are none.

#include <catch2/catch.hpp>

#include "fake_webhook.h"
#include "fixture.h"

namespace {

using engine_test::FakeWebhook;
using engine_test::Judge;
using engine_test::Judged;
using engine_test::kCaEnd;
using engine_test::kNow;
using engine_test::Situation;
using engine_test::TextsOf;

using Texts = std::vector<std::string>;

// What a webhook makes of a request by this answer; one that is no answer holds.
Judged After(const std::string& answer) {
  FakeWebhook webhook({answer});
  Situation situation({.alternative_names = {"dns:a.example"}});
  situation.webhooks = &webhook;
  auto certificate = engine_test::Template(situation);
  certificate.extended_key_usage = {"1.2.3.4"};
  return Judge(R"({"webhook": {"url": "https://hook.example/", "secret": "key", "on_failure": "VERDICT_HOLD",
                   "may_accept": true}})",
               situation, certificate);
}

Judged AfterChange(const std::string& change) {
  return After(R"({"verdict": "pass", "template": )" + change + "}");
}

bool IsUntouched(const Judged& judged) {
  const auto& certificate = judged.certificate;
  return certificate.subject.ToString() == "CN=device-1,O=Example" &&
         TextsOf(certificate.alternative_names) == Texts{"dns:a.example"} && !certificate.not_after &&
         certificate.extended_key_usage == Texts{"1.2.3.4"} && judged.finding.changes.empty() && !judged.is_vouched_for;
}

TEST_CASE("an answer may set the subject", "[policy][webhook]") {
  const auto judged = AfterChange(R"({"subject": "CN=gw,O=Other"})");
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.subject.ToString() == "CN=gw,O=Other");
  CHECK(judged.finding.changes == Texts{"subject: CN=gw,O=Other"});
}

TEST_CASE("an answer may set the alternative names, also to none", "[policy][webhook]") {
  const auto judged = AfterChange(R"({"subject_alternative_names": ["dns:b.example", "ip:2001:DB8::1"]})");
  CHECK(TextsOf(judged.certificate.alternative_names) == Texts{"dns:b.example", "ip:2001:db8::1"});
  CHECK(judged.finding.changes == Texts{R"(alternative_names: ["dns:b.example","ip:2001:DB8::1"])"});
  CHECK(AfterChange(R"({"subject_alternative_names": []})").certificate.alternative_names.empty());
}

TEST_CASE("an answer may set the validity, never past the CA's own", "[policy][webhook]") {
  CHECK(AfterChange(R"({"validity_seconds": 60})").certificate.not_after == kNow + std::chrono::seconds(60));
  for (const auto* seconds : {"86400000", "86400001", "9223372036854775807", "18446744073709551615"}) {
    CHECK(AfterChange(R"({"validity_seconds": )" + std::string(seconds) + "}").certificate.not_after == kCaEnd);
  }
}

TEST_CASE("an answer may set the purposes, also to none", "[policy][webhook]") {
  const auto judged = AfterChange(R"({"extended_key_usage": ["client_auth", "1.2.9"]})");
  CHECK(judged.certificate.extended_key_usage == Texts{"1.3.6.1.5.5.7.3.2", "1.2.9"});
  CHECK(AfterChange(R"({"extended_key_usage": []})").certificate.extended_key_usage.empty());
}

TEST_CASE("an answer without a reason is one", "[policy][webhook]") {
  CHECK(After(R"({"verdict": "deny"})").finding.saw == "the webhook answered");
  CHECK(After(R"({"verdict": "deny", "reason": 7})").finding.saw == "the webhook answered");
  CHECK(After(R"({"verdict": "deny", "unknown": {"a": 1}})").verdict == "deny");
}

TEST_CASE("what is no answer counts as none and changes nothing", "[policy][webhook]") {
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  for (const auto& answer : Texts{"",
                                  "nonsense",
                                  "null",
                                  "7",
                                  "[]",
                                  "\"accept\"",
                                  "{}",
                                  R"({"verdict": "accept")",
                                  R"({"verdict": "accept"} trailing)",
                                  R"({"verdict": 7})",
                                  R"({"verdict": null})",
                                  R"({"verdict": ["accept"]})",
                                  R"({"verdict": {}})",
                                  R"({"verdict": "ACCEPT"})",
                                  R"({"verdict": "issue"})",
                                  R"({"verdict": ""})",
                                  "{\"verdict\": \"accept\xff\"}",
                                  "{\"verdict\": \"accept\", \"reason\": \"\xc3\"}",
                                  R"({"verdict": "accept", "reason": "\ud800"})",
                                  R"({"verdict": 1e400})",
                                  R"({"verdict": NaN})",
                                  "\xef\xbb\xbf",
                                  std::string(1, '\0'),
                                  nested,
                                  R"({"verdict": )" + nested + "}"}) {
    CAPTURE(answer.substr(0, 80));
    const auto judged = After(answer);
    CHECK(judged.verdict == "hold");
    CHECK(IsUntouched(judged));
  }
}

TEST_CASE("a change that cannot be made takes the whole answer with it", "[policy][webhook]") {
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  std::string many = R"("dns:a")";
  for (int i = 0; i < 64; i++) many += R"(, "dns:a")";
  const std::string change =
      GENERATE_COPY(values<std::string>({"7",
                                         "[]",
                                         "null",
                                         "\"CN=gw\"",
                                         nested,
                                         R"({"subject": 7})",
                                         R"({"subject": "gw"})",
                                         R"({"subject": ["CN=gw"]})",
                                         R"({"subject_alternative_names": "dns:a"})",
                                         R"({"subject_alternative_names": {"a": "dns:a"}})",
                                         R"({"subject_alternative_names": [7]})",
                                         R"({"subject_alternative_names": ["a.example"]})",
                                         R"({"subject_alternative_names": ["dns:"]})",
                                         R"({"subject_alternative_names": ["dns:a b"]})",
                                         R"({"subject_alternative_names": ["other:a00b06022a03a005a0030c0161"]})",
                                         R"({"subject_alternative_names": [)" + nested + "]}",
                                         R"({"subject_alternative_names": [)" + many + "]}",
                                         R"({"validity_seconds": 0})",
                                         R"({"validity_seconds": -1})",
                                         R"({"validity_seconds": 1.5})",
                                         R"({"validity_seconds": "60"})",
                                         R"({"validity_seconds": 18446744073709551616})",
                                         R"({"validity_seconds": 1e400})",
                                         R"({"validity_seconds": true})",
                                         R"({"extended_key_usage": "client_auth"})",
                                         R"({"extended_key_usage": [7]})",
                                         R"({"extended_key_usage": ["2.5.29.37.0"]})",
                                         R"({"extended_key_usage": ["1.3.6.1.5.5.7.3.9"]})",
                                         R"({"extended_key_usage": ["nonsense"]})",
                                         R"({"key_usage": ["key_cert_sign"]})",
                                         R"({"basic_constraints": {"ca": true}})",
                                         R"({"extensions": []})"}));
  CAPTURE(change.substr(0, 80));
  // What came before the change in the answer is not made either.
  for (const auto& answer :
       {R"({"verdict": "accept", "template": )" + change + "}", R"({"verdict": "pass", "template": )" + change + "}"}) {
    const auto judged = After(answer);
    CHECK(judged.verdict == "hold");
    CHECK(IsUntouched(judged));
  }
}

TEST_CASE("a reason is cut between characters and holds none that controls", "[policy][webhook]") {
  const auto saw = [](const std::string& reason) {
    return After(R"({"verdict": "deny", "reason": ")" + reason + "\"}").finding.saw;
  };
  const std::string begin = "the webhook answered: ";
  CHECK(saw(std::string(300, 'x')) == begin + std::string(200, 'x'));
  CHECK(saw(std::string(199, 'x') + "äx") == begin + std::string(199, 'x'));
  CHECK(saw(std::string(198, 'x') + "äx") == begin + std::string(198, 'x') + "ä");
  CHECK(saw(std::string(197, 'x') + "𝄞") == begin + std::string(197, 'x'));
  CHECK(saw(R"(a\u0000b\u001b[31m\u007fc)") == begin + "a b [31m c");
}

TEST_CASE("a deny is one whatever else the answer says", "[policy][webhook]") {
  const auto judged = After(R"({"verdict": "deny", "template": {"subject": 7}})");
  CHECK(judged.verdict == "deny");
  CHECK(IsUntouched(judged));
  CHECK(After(R"({"verdict": "deny", "template": 7})").verdict == "deny");
}

TEST_CASE("of several changes none is made where one cannot be", "[policy][webhook]") {
  CHECK(IsUntouched(
      AfterChange(R"({"extended_key_usage": ["client_auth"], "subject": "CN=gw", "validity_seconds": 0})")));
}

}  // namespace
