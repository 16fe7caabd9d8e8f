// What a webhook is asked, how often, and what becomes of its verdict. Answers that are none, and what an answer may
// change, are in webhook_answer_test.cc.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fake_webhook.h"
#include "fixture.h"
#include "pki/digest.h"

namespace {

using engine_test::Ask;
using engine_test::Device;
using engine_test::FakeWebhook;
using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Judged;
using engine_test::Situation;
using nlohmann::json;
using result::Reason;

std::string Module(const std::string& more = "") {
  return R"({"webhook": {"url": "https://hook.example/judge", "secret": "hook-key")" + more + "}}";
}

Judged JudgeBy(FakeWebhook& webhook, const std::string& module, Situation situation = Situation()) {
  situation.webhooks = &webhook;
  return Judge(module, situation);
}

json QuestionFor(const Situation& situation) {
  FakeWebhook webhook({R"({"verdict": "pass"})"});
  JudgeBy(webhook, Module(), situation);
  return json::parse(webhook.calls.at(0).body);
}

FakeWebhook::Answer Fails(Reason reason) {
  return result::Fail(reason, "failed");
}

TEST_CASE("a webhook's verdict is the module's", "[policy][webhook]") {
  const std::string verdict = GENERATE("pass", "hold", "deny");
  FakeWebhook webhook({R"({"verdict": ")" + verdict + R"(", "reason": "so it is"})"});
  const auto judged = JudgeBy(webhook, Module());
  CHECK(judged.verdict == verdict);
  CHECK(judged.finding.saw == "the webhook answered: so it is");
  CHECK_FALSE(judged.is_vouched_for);
}

TEST_CASE("a webhook's accept is a pass and vouches for nobody unless it may accept", "[policy][webhook]") {
  FakeWebhook webhook({R"({"verdict": "accept"})"});
  const auto pass = JudgeBy(webhook, Module());
  CHECK(pass.verdict == "pass");
  CHECK_FALSE(pass.is_vouched_for);
  const auto accept = JudgeBy(webhook, Module(R"(, "may_accept": true)"));
  CHECK(accept.verdict == "accept");
  CHECK(accept.is_vouched_for);
}

TEST_CASE("a webhook that may accept vouches by nothing but its accept", "[policy][webhook]") {
  FakeWebhook webhook({R"({"verdict": "pass"})"});
  CHECK_FALSE(JudgeBy(webhook, Module(R"(, "may_accept": true)")).is_vouched_for);
}

TEST_CASE("the call is the one that the module says", "[policy][webhook]") {
  FakeWebhook webhook({R"({"verdict": "pass"})"});
  JudgeBy(webhook, Module());
  JudgeBy(webhook, Module(R"(, "timeout_ms": 100)"));
  REQUIRE(webhook.calls.size() == 2);
  CHECK(webhook.calls[0].url == "https://hook.example/judge");
  CHECK(webhook.calls[0].secret == "hook-key");
  CHECK(webhook.calls[0].timeout == std::chrono::milliseconds(3000));
  CHECK(webhook.calls[1].timeout == std::chrono::milliseconds(100));
}

TEST_CASE("the module asks once, and leaves asking again to who calls", "[policy][webhook]") {
  FakeWebhook away({Fails(Reason::kUnavailable), R"({"verdict": "pass"})"});
  CHECK(JudgeBy(away, Module(R"(, "retries": 2)")).verdict == "deny");
  REQUIRE(away.calls.size() == 1);
  CHECK(away.calls[0].retries == 2);
}

TEST_CASE("without an answer the module says what it was told to say", "[policy][webhook]") {
  FakeWebhook webhook({Fails(Reason::kUnavailable)});
  CHECK(JudgeBy(webhook, Module()).verdict == "deny");
  CHECK(JudgeBy(webhook, Module(R"(, "on_failure": "VERDICT_HOLD")")).verdict == "hold");
  const auto pass = JudgeBy(webhook, Module(R"(, "on_failure": "VERDICT_PASS", "may_accept": true)"));
  CHECK(pass.verdict == "pass");
  CHECK_FALSE(pass.is_vouched_for);
}

TEST_CASE("where no webhook is called it is as if it had not answered", "[policy][webhook]") {
  CHECK(Judge(Module(), Situation()).verdict == "deny");
  CHECK(Judge(Module(R"(, "on_failure": "VERDICT_HOLD")"), Situation()).verdict == "hold");
}

TEST_CASE("the question says what is asked for", "[policy][webhook]") {
  const auto question = QuestionFor(Situation({.alternative_names = {"dns:a.example", "ip:192.0.2.1"}}));
  const auto digest = pki::Digest(pki::DigestAlgorithm::kSha256, Device().key().public_key().spki());
  const json names = {"dns:a.example", "ip:192.0.2.1"};
  CHECK(question == json({{"version", 1},
                          {"ca", "demo"},
                          {"is_renewal", false},
                          {"source_address", "192.0.2.7"},
                          {"subject", "CN=device-1,O=Example"},
                          {"subject_alternative_names", names},
                          {"key_algorithm", "ecdsa-p256"},
                          {"spki_sha256", pki::HexLower(digest)},
                          {"template",
                           {{"subject", "CN=device-1,O=Example"},
                            {"subject_alternative_names", names},
                            {"key_usage", json::array()},
                            {"extended_key_usage", json::array()}}}}));
}

TEST_CASE("the question says who stands behind the request", "[policy][webhook]") {
  auto question = QuestionFor(Situation().WithKey({{"secret", "of the key"}}).For("device-1", {{"site", "hall"}}));
  CHECK(question["reference_number"] == "reference-1");
  CHECK(question["entity"] == "device-1");
  CHECK(question["attributes"] == json({{"site", "hall"}}));
  CHECK(QuestionFor(Situation().SignedBy({}))["is_renewal"] == true);
}

TEST_CASE("the question says what the template has become", "[policy][webhook]") {
  FakeWebhook webhook({R"({"verdict": "pass"})"});
  Situation situation;
  situation.webhooks = &webhook;
  auto certificate = engine_test::Template(situation);
  certificate.subject = *pki::Name::FromString("CN=gw");
  certificate.alternative_names = {{"dns", "gw.example"}};
  certificate.key_usage = pki::kDigitalSignature | pki::kKeyAgreement;
  certificate.extended_key_usage = {"1.3.6.1.5.5.7.3.2", "1.2.3.4"};
  certificate.not_after = engine_test::kNow;
  Judge(Module(), situation, certificate);
  CHECK(json::parse(webhook.calls.at(0).body)["template"] ==
        json({{"subject", "CN=gw"},
              {"subject_alternative_names", {"dns:gw.example"}},
              {"key_usage", {"digital_signature", "key_agreement"}},
              {"extended_key_usage", {"client_auth", "1.2.3.4"}},
              {"not_after", "2024-10-04T00:00:00Z"}}));
}

TEST_CASE("the question holds no challenge", "[policy][webhook]") {
  const auto question = QuestionFor(Situation({.challenge = "hunter2-hunter2"}).WithKey());
  CHECK_THAT(question.dump(), !Catch::Contains("hunter2"));
}

TEST_CASE("the question is ASCII and JSON whatever the names", "[policy][webhook]") {
  FakeWebhook webhook({R"({"verdict": "pass"})"});
  JudgeBy(webhook, Module(), Situation({.subject = R"(CN=ü\22\00\0a\\,O=𝄞)"}));
  const std::string& body = webhook.calls.at(0).body;
  CHECK(std::ranges::all_of(body, [](char octet) { return octet >= ' ' && octet < '\x7f'; }));
  CHECK(json::parse(body)["subject"] == R"(CN=ü\"\00\0a\\,O=𝄞)");
}

TEST_CASE("what is wrong with a webhook is named", "[policy][webhook]") {
  const auto faults = [](const std::string& url, const std::string& secret, const std::string& more) {
    return FaultsOf(R"({"webhook": {"url": ")" + url + R"(", "secret": ")" + secret + "\"" + more + "}}");
  };
  const std::string fine = "https://hook.example:8443/judge?a=b";
  CHECK(faults(fine, "hook_Key-1", R"(, "timeout_ms": 30000, "retries": 5)").empty());
  for (const auto* url : {"http://hook.example/", "https://hook example/", "https://hök.example/", ""}) {
    CHECK(faults(url, "key", "") == "url is not https://HOST[:PORT]/PATH");
  }
  CHECK(faults("https://" + std::string(993, 'a'), "key", "") == "url is not https://HOST[:PORT]/PATH");
  for (const auto& secret : {std::string(), std::string("../key"), std::string("a.b"), std::string(65, 'a')}) {
    CHECK(faults(fine, secret, "") == "secret is not 1 to 64 characters of [A-Za-z0-9_-]");
  }
  CHECK(faults(fine, "key", R"(, "timeout_ms": 99)") == "timeout_ms is not 100 to 30000");
  CHECK(faults(fine, "key", R"(, "timeout_ms": 30001)") == "timeout_ms is not 100 to 30000");
  CHECK(faults(fine, "key", R"(, "retries": 6)") == "retries is above 5");
  CHECK(faults(fine, "key", R"(, "on_failure": 9)") == "on_failure is no verdict");
  CHECK(faults(fine, "key", R"(, "on_failure": "VERDICT_ACCEPT")") == "on_failure may not be accept");
}

}  // namespace
