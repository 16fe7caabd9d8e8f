// The use of its key that a waiting request reserves, from the device's side and the operator's.
#include <catch2/catch.hpp>

#include "enrollment_fixture.h"

namespace {

using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_HOLD;
using result::Reason;

// Holding is an engine that holds what has a key, and whose keys are good for one certificate.
class Holding : public EnrollmentFixture {
 public:
  Holding() { SetRelease(false); }
  // SetRelease says whether a rejection gives back the use, from now on.
  void SetRelease(bool releases_use) { Apply(VERDICT_HOLD, releases_use); }
  void Apply(certifier::v1::Verdict with_key, bool releases_use) {
    auto document = support::PolicyDocument({"default", with_key, VERDICT_HOLD});
    for (auto& module : *document.mutable_receive_request()->mutable_modules()) {
      if (module.has_require_key()) module.mutable_require_key()->set_rejection_releases_use(releases_use);
    }
    ApplyPolicy(document);
  }
  engine_test::Reply Ask(const std::string& key, const std::string& transaction_id, int device = 0,
                         const std::string& subject = "CN=device-1") {
    Message message;
    message.ask.challenge = key;
    message.ask.subject = subject;
    message.transaction_id = transaction_id;
    return Submit(Device("ecdsa-p256", device), message);
  }
  std::string Md5Of(std::int64_t id) { return pki::HexLower(store.GetRequest(id)->fingerprints.substr(0, 16)); }
  std::uint32_t Reserved() { return store.ListKeys("", {})->front().reserved_count; }
};

TEST_CASE_METHOD(Holding, "a waiting request keeps its use until it is issued", "[enrollment][reservation]") {
  const auto key = Mint();
  const auto waiting = Ask(key, "tx-1");
  REQUIRE(waiting.outcome == "pending");
  CHECK(Reserved() == 1);
  CHECK(Ask(key, "tx-2", 1).outcome == "badRequest");
  REQUIRE(approval.Approve(waiting.request_id, Md5Of(waiting.request_id), {"alice"}));
  CHECK(Reserved() == 0);
  CHECK(UseCount() == 1);
  CHECK(Ask(key, "tx-2", 1).outcome == "badRequest");
}

TEST_CASE_METHOD(Holding, "who repeats its waiting request, under whatever transactionID, is not refused for it",
                 "[enrollment][reservation]") {
  const auto key = Mint();
  const auto first = Ask(key, "tx-1");
  REQUIRE(first.outcome == "pending");
  for (const auto* transaction_id : {"tx-1", "tx-2", "tx-2", "tx-3"}) {
    const auto again = Ask(key, transaction_id);
    CHECK(again.outcome == "pending");
    CHECK(again.request_id == first.request_id);
  }
  CHECK(Reserved() == 1);
  // Another subject asks for a second certificate.
  CHECK(Ask(key, "tx-4", 0, "CN=another").outcome == "badRequest");
  // Nothing of that was a wrong key, but the last.
  CHECK(guard.NoteUsedUp({1, "192.0.2.99"}, store.ListKeys("", {})->front().reference_number, now()).empty());
}

TEST_CASE_METHOD(Holding, "what waits is decided by an operator, also after the policy came to issue",
                 "[enrollment][reservation]") {
  const auto key = Mint();
  const auto first = Ask(key, "tx-1");
  REQUIRE(first.outcome == "pending");
  Apply(VERDICT_ACCEPT, false);
  CHECK(Ask(key, "tx-2").request_id == first.request_id);
  CHECK(store.ListCertificates({}, {})->empty());
  CHECK(Ask(Mint(), "tx-3", 1).outcome == "issued");
}

TEST_CASE_METHOD(Holding, "a rejection gives the use back where the policy that held the request says so",
                 "[enrollment][reservation]") {
  const bool releases_use = GENERATE(true, false);
  SetRelease(releases_use);
  const auto key = Mint();
  const auto waiting = Ask(key, "tx-1");
  REQUIRE(waiting.outcome == "pending");
  SetRelease(!releases_use);
  REQUIRE(approval.Reject(waiting.request_id, "lost its key pair", "alice"));
  CHECK(Reserved() == 0);
  CHECK(UseCount() == (releases_use ? 0 : 1));
  CHECK(Ask(key, "tx-2", 1).outcome == (releases_use ? "pending" : "badRequest"));
}

TEST_CASE_METHOD(Holding, "what expires gives the use back where the policy that held it says so",
                 "[enrollment][reservation]") {
  const bool releases_use = GENERATE(true, false);
  SetRelease(releases_use);
  const auto key = Mint();
  REQUIRE(Ask(key, "tx-1").outcome == "pending");
  Pass(std::chrono::hours(1));
  REQUIRE(store.Expire(now(), {std::chrono::minutes(1), std::chrono::hours(1)}) == 1);
  CHECK(UseCount() == (releases_use ? 0 : 1));
  CHECK(Ask(key, "tx-2", 1).outcome == (releases_use ? "pending" : "badRequest"));
}

}  // namespace
