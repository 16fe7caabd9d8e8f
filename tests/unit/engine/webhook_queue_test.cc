// How long a request waits for a worker that may ask a webhook.
#include <catch2/catch.hpp>

#include "enrollment_fixture.h"
#include "policy/fake_webhook.h"

namespace {

using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::FakeWebhook;
using engine_test::Reply;

// WebhookQueue is an engine whose policy asks a webhook. Its one worker for that is busy until Open, and requests wait
// for it as long as ten seconds of a clock that stands still.
class WebhookQueue : public EnrollmentFixture {
 public:
  WebhookQueue() {
    auto document = support::PolicyDocument({});
    auto& modules = *document.mutable_receive_request()->mutable_modules();
    auto& module = *modules.Add()->mutable_webhook();
    module.set_url("https://hook.example/");
    module.set_secret("hook");
    for (int i = modules.size() - 1; i > 0; --i) modules.SwapElements(i, i - 1);
    ApplyPolicy(document);
    std::promise<void> begun;
    REQUIRE(pool.TryRun([&] {
      begun.set_value();
      opened_.get_future().wait();
    }));
    begun.get_future().wait();
  }
  ~WebhookQueue() {
    if (!is_open_) Open();
  }

  // Queue returns when the request waits for the worker.
  std::future<Reply> Queue(const std::string& challenge) {
    auto reply = std::make_shared<std::promise<Reply>>();
    request_ = Device().Request({.challenge = challenge});
    signer_ = Device().SignerCertificate();
    asking_submitter.Submit({"demo", "tx-1", 19, signer_, request_, "", now()},
                            [reply](auto answer) { reply->set_value(engine_test::ReplyOf(std::move(answer))); });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (pool.queued() == 0) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::yield();
    }
    return reply->get_future();
  }
  void Wait(std::chrono::milliseconds time) { waited_ = waited_.load() + time; }
  void Open() {
    is_open_ = true;
    opened_.set_value();
  }

 private:
  std::atomic<std::chrono::steady_clock::time_point> waited_{};
  std::promise<void> opened_;
  bool is_open_ = false;
  pki::Bytes request_, signer_;

 public:
  FakeWebhook webhook{{R"({"verdict": "pass"})"}};
  const engine::enrollment::Decider asking{issuer, request_sealer, clock, engine_test::kRetention, &webhook};
  service::WorkerPool pool{"webhook", 1, 4, {std::chrono::seconds(10), [this] { return waited_.load(); }}};
  const engine::enrollment::Submitter asking_submitter{
      {directory, store, store, workers, asking, key_index, guard, clock, &pool}, {}};
};

TEST_CASE_METHOD(WebhookQueue, "who waited longer for a worker than the bound is unavailable, and nobody is asked",
                 "[enrollment][webhook][bounds]") {
  const std::string challenge = Mint();
  auto reply = Queue(challenge);
  Wait(std::chrono::milliseconds(10'001));
  Open();
  CHECK(engine_test::Await(std::move(reply)).outcome == "unavailable");
  CHECK(webhook.calls.empty());
  CHECK(store.ListRequests({}, {})->empty());
  CHECK(UseCount() == 0);
}

TEST_CASE_METHOD(WebhookQueue, "who waited as long as the bound still asks", "[enrollment][webhook][bounds]") {
  const std::string challenge = Mint();
  auto reply = Queue(challenge);
  Wait(std::chrono::milliseconds(10'000));
  Open();
  CHECK(engine_test::Await(std::move(reply)).outcome == "issued");
  CHECK(webhook.calls.size() == 1);
}

}  // namespace
