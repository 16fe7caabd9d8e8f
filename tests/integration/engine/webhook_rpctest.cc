// Policies that ask a webhook, through a whole engine.

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "engine_fixture.h"
#include "pki/certificate.h"
#include "support/policy_documents.h"
#include "tests/integration/webhook/webhook_server.h"

namespace engine_test {

namespace {

using Catch::Matchers::Contains;

class WebhookFixture : public EngineFixture {
 public:
  WebhookFixture() {
    const auto path = secrets.path() / "hook";
    std::ofstream(path) << std::string(32, 's');
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  service::TlsFiles ServerFiles() {
    return certificates.IssueAs({.name = "hook", .uris = {}, .names = {{"dns", "localhost"}}});
  }

  std::unique_ptr<engine::Engine> StartFor(const WebhookServer& server, const Tweak& tweak = {}) {
    return StartReady([&](engine::Config& config) {
      config.webhook_hosts = {server.Authority()};
      config.webhook_secrets = secrets.path();
      config.webhook_ca = ServerFiles().authority;
      if (tweak) tweak(config);
    });
  }

  // The policy "default", which asks `server` first: where a request arrives, or before it is accepted.
  static v1::Policy Asking(const WebhookServer& server, bool at_accept = false) {
    auto policy = support::PolicyDocument({});
    auto& modules =
        *(at_accept ? policy.mutable_accept_request() : policy.mutable_receive_request())->mutable_modules();
    auto& webhook = *modules.Add()->mutable_webhook();
    webhook.set_url(server.Url());
    webhook.set_secret("hook");
    webhook.set_timeout_ms(10'000);
    for (int i = modules.size() - 1; i > 0; --i) modules.SwapElements(i, i - 1);
    return policy;
  }

  // Apply says "" where the policy was taken, else what is wrong with it.
  std::string Apply(const engine::Engine& engine, const v1::Policy& policy) {
    v1::ApplyPolicyRequest request;
    *request.mutable_policy() = policy;
    v1::ApplyPolicyResponse response;
    return Call(Channel(engine, Role::kAdmin), &v1::PolicyService::Stub::ApplyPolicy, request, &response)
        .error_message();
  }

  std::string SubjectOfIssued(const engine::Engine& engine, const v1::SubmitRequest& request) {
    v1::SubmitResponse response;
    const auto status = Call(Channel(engine, Role::kGateway), &v1::EnrollmentService::Stub::Submit, request, &response);
    if (InWords(status, response) != "issued") return InWords(status, response);
    return pki::Certificate::Parse(response.issued().certificate())->subject_name()->ToString();
  }

  support::Directory secrets;
};

TEST_CASE_METHOD(WebhookFixture, "a webhook decides, and may set the subject", "[engine][webhook]") {
  std::atomic<const char*> answer = R"({"verdict": "deny"})";
  const WebhookServer server(ServerFiles(), [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(answer.load(), "application/json");
  });
  const auto engine = StartFor(server);
  const auto challenge = MakeCa(*engine);
  REQUIRE(Apply(*engine, Asking(server)).empty());
  const auto gateway = Channel(*engine, Role::kGateway);
  CHECK(Submit(gateway, Submission(Device(), challenge, "tx-1")) == "badRequest");
  CHECK(server.requests().size() == 1);
  // Of the device it learns what it shall judge, never what vouches for it.
  CHECK_THAT(server.requests()[0].body, Contains("\"reference_number\"") && !Contains(challenge));
  answer = R"({"verdict": "accept"})";
  CHECK(SubjectOfIssued(*engine, Submission(Device(), challenge, "tx-2")) == "CN=device-1,O=Example");
  answer = R"({"verdict": "pass", "template": {"subject": "CN=named by the webhook"}})";
  CHECK(SubjectOfIssued(*engine, Submission(Device("ecdsa-p256", 1), challenge, "tx-3")) == "CN=named by the webhook");
  answer = R"({"verdict": "pass", "template": {"basic_constraints": {"ca": true}}})";
  CHECK(Submit(gateway, Submission(Device("ecdsa-p256", 2), challenge, "tx-4")) == "badRequest");
}

TEST_CASE_METHOD(WebhookFixture, "a webhook that is away refuses", "[engine][webhook]") {
  auto server = std::make_unique<WebhookServer>(ServerFiles(), Saying("{}"));
  const auto engine = StartFor(*server);
  const auto challenge = MakeCa(*engine);
  REQUIRE(Apply(*engine, Asking(*server)).empty());
  server.reset();
  CHECK(Submit(Channel(*engine, Role::kGateway), Submission(Device(), challenge)) == "badRequest");
  CHECK(Rows() == 0);
}

TEST_CASE_METHOD(WebhookFixture, "a webhook is asked before an operator's approval issues", "[engine][webhook]") {
  std::atomic<const char*> answer = R"({"verdict": "deny", "reason": "not today"})";
  const WebhookServer server(ServerFiles(), [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(answer.load(), "application/json");
  });
  const auto engine = StartFor(server);
  MakeCa(*engine);
  REQUIRE(Apply(*engine, Asking(server, true)).empty());
  REQUIRE(Submit(Channel(*engine, Role::kGateway), Submission(Device(), "")) == "pending");
  CHECK(server.requests().empty());
  const auto admin = Channel(*engine, Role::kAdmin);
  v1::ListRequestsResponse listed;
  REQUIRE(Call(admin, &v1::RequestService::Stub::ListRequests, v1::ListRequestsRequest(), &listed).ok());
  REQUIRE(listed.requests_size() == 1);
  v1::ApproveRequestRequest approval;
  approval.set_request_id(listed.requests(0).request_id());
  approval.set_fingerprint(listed.requests(0).fingerprints().request().sha256().colon());
  v1::ApproveRequestResponse approved;
  CHECK_THAT(Call(admin, &v1::RequestService::Stub::ApproveRequest, approval, &approved).error_message(),
             Contains("not today"));
  answer = R"({"verdict": "pass"})";
  CHECK(Call(admin, &v1::RequestService::Stub::ApproveRequest, approval, &approved).ok());
  CHECK(server.requests().size() == 2);
}

TEST_CASE_METHOD(WebhookFixture, "slow webhooks hold nobody but those who ask them", "[engine][webhook][bounds]") {
  Gate gate;
  const WebhookServer server(ServerFiles(), [&](const httplib::Request&, httplib::Response& response) {
    gate.Pass();
    response.set_content(R"({"verdict": "pass"})", "application/json");
  });
  const auto engine = StartFor(server, [](engine::Config& config) {
    config.workers = 1;
    config.webhook_workers = 1;
    config.max_queued_webhooks = 1;
  });
  const auto challenge = MakeCa(*engine);
  REQUIRE(Apply(*engine, Asking(server)).empty());
  REQUIRE(Apply(*engine, support::PolicyDocument({.name = "plain"})).empty());
  v1::CreateCaRequest plain;
  plain.set_name("plain");
  plain.set_key_algorithm("ecdsa-p256");
  plain.set_policy("plain");
  v1::CreateCaResponse made;
  REQUIRE(Call(Channel(*engine, Role::kAdmin), &v1::CaService::Stub::CreateCa, plain, &made).ok());

  const auto gateway = Channel(*engine, Role::kGateway);
  std::string of_first, of_second;
  const auto submit = [&](const Device& device, const std::string& id, std::string& outcome) {
    return std::thread(
        [&gateway, &outcome, request = Submission(device, challenge, id)] { outcome = Submit(gateway, request); });
  };
  const Device first("ecdsa-p256", 1), second("ecdsa-p256", 2), third("ecdsa-p256", 3);
  auto asking = submit(first, "tx-1", of_first);
  CHECK(Eventually([&] { return server.requests().size() == 1; }));
  auto waiting = submit(second, "tx-2", of_second);
  CHECK(Eventually([&] { return engine->queued_webhooks() == 1; }));
  CHECK(Submit(gateway, Submission(third, challenge, "tx-3")) == "UNAVAILABLE");
  // Without a key it waits for an operator, which asks no webhook.
  auto other = Submission(third, "", "tx-4");
  other.set_ca("plain");
  CHECK(Submit(gateway, other) == "pending");
  gate.Open();
  asking.join();
  waiting.join();
  CHECK(of_first == "issued");
  CHECK(of_second == "issued");
}

TEST_CASE_METHOD(WebhookFixture, "past its time in the queue a request is UNAVAILABLE, and the webhook is not asked",
                 "[engine][webhook][bounds]") {
  Gate gate;
  const WebhookServer server(ServerFiles(), [&](const httplib::Request&, httplib::Response& response) {
    gate.Pass();
    response.set_content(R"({"verdict": "pass"})", "application/json");
  });
  constexpr std::chrono::milliseconds kLongest(1);
  const auto engine = StartFor(server, [&](engine::Config& config) {
    config.webhook_workers = 1;
    config.webhook_queue_timeout = kLongest;
  });
  const auto challenge = MakeCa(*engine);
  REQUIRE(Apply(*engine, Asking(server)).empty());
  const auto gateway = Channel(*engine, Role::kGateway);
  const auto submit = [&](const std::string& id, int device, std::string& outcome) {
    return std::thread([&gateway, &outcome, request = Submission(Device("ecdsa-p256", device), challenge, id)] {
      outcome = Submit(gateway, request);
    });
  };
  std::string of_first, of_second;
  auto asking = submit("tx-1", 1, of_first);
  CHECK(Eventually([&] { return server.requests().size() == 1; }));
  auto waiting = submit("tx-2", 2, of_second);
  CHECK(Eventually([&] { return engine->queued_webhooks() == 1; }));
  const auto queued = std::chrono::steady_clock::now();
  CHECK(Eventually([&] { return std::chrono::steady_clock::now() > queued + kLongest; }));
  gate.Open();
  asking.join();
  waiting.join();
  CHECK(of_first == "issued");
  CHECK(of_second == "UNAVAILABLE");
  CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(WebhookFixture, "nobody of a batch waits for another's webhook", "[engine][webhook]") {
  const WebhookServer server(ServerFiles(), Saying(R"({"verdict": "pass"})"));
  const auto engine = StartFor(server);
  const auto challenge = MakeCa(*engine);
  REQUIRE(Apply(*engine, Asking(server)).empty());
  v1::SubmitBatchRequest batch;
  *batch.add_submissions() = Submission(Device("ecdsa-p256", 1), challenge, "tx-1");
  *batch.add_submissions() = Submission(Device("ecdsa-p256", 2), challenge, "tx-2");
  const auto gateway = Channel(*engine, Role::kGateway);
  v1::SubmitBatchResponse response;
  // The call as a whole is no failure, or else the gateway would give up both.
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::SubmitBatch, batch, &response).ok());
  for (const auto& result : response.results()) CHECK(result.error().reason() == v1::REASON_UNAVAILABLE);
  CHECK(server.requests().empty());
  CHECK(Submit(gateway, batch.submissions(0)) == "issued");
  batch.mutable_submissions()->RemoveLast();
  response.Clear();
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::SubmitBatch, batch, &response).ok());
  CHECK(response.results(0).response().has_issued());
}

TEST_CASE_METHOD(WebhookFixture, "a policy is served where its webhooks can be called", "[engine][webhook]") {
  const WebhookServer server(ServerFiles(), Saying("{}"));
  const auto good = Asking(server);
  {
    const auto engine = StartReady();
    CHECK_THAT(Apply(*engine, good), Contains("--webhook-hosts"));
  }
  const auto engine = StartFor(server);
  CHECK(Apply(*engine, good).empty());
  const auto with = [&](const std::string& url, const std::string& secret) {
    auto policy = good;
    auto& webhook = *policy.mutable_receive_request()->mutable_modules(0)->mutable_webhook();
    webhook.set_url(url);
    webhook.set_secret(secret);
    return Apply(*engine, policy);
  };
  CHECK_THAT(with("https://other.example/", "hook"), Contains("other.example:443 is not in --webhook-hosts"));
  CHECK_THAT(with(server.Url(), "other"), Contains("no secret other in --webhook-secrets"));
  CHECK_THAT(with("https://a@b/", "hook"), Contains("webhook"));
}

TEST_CASE_METHOD(WebhookFixture, "an engine does not start with secrets that it cannot use", "[engine][webhook]") {
  const WebhookServer server(ServerFiles(), Saying("{}"));
  std::ofstream(secrets.path() / "short") << "x";
  engine::Config config;
  EngineFixture::Start([&](engine::Config& usual) { config = usual; });
  config.webhook_hosts = {server.Authority()};
  config.webhook_secrets = secrets.path();
  CHECK_FALSE(engine::Engine::Start(config));
}

}  // namespace

}  // namespace engine_test
