#include <catch2/catch.hpp>
#include <set>

#include "enrollment_fixture.h"
#include "service/metrics.h"

namespace {

using engine_test::Ask;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::Reply;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;

Ask With(const std::string& challenge, const std::string& subject = "CN=device-1") {
  Ask ask;
  ask.subject = subject;
  ask.challenge = challenge;
  return ask;
}

Message Carrying(const Ask& ask) {
  Message message;
  message.ask = ask;
  return message;
}

std::size_t RequestCount(EnrollmentFixture& engine) {
  return engine.store.ListRequests({}, {})->size();
}

std::size_t CertificateCount(EnrollmentFixture& engine) {
  return engine.store.ListCertificates({}, {})->size();
}

TEST_CASE_METHOD(EnrollmentFixture, "a request with a valid key is issued at once, and its use counted",
                 "[enrollment][submit]") {
  const auto reply = Submit(Device(), Carrying(With(Mint())));
  REQUIRE(reply.outcome == "issued");
  CHECK(pki::Certificate::Parse(reply.certificate)->spki() == Device().key().public_key().spki());
  CHECK(UseCount() == 1);
  const auto requests = *store.ListRequests({}, {});
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].state == engine::store::RequestState::kIssued);
  CHECK(requests[0].entity == "device-1");
  CHECK(requests[0].has_challenge);
  CHECK(requests[0].source_address == "192.0.2.7");
}

TEST_CASE_METHOD(EnrollmentFixture, "what is stored of a request hides its challenge", "[enrollment][submit]") {
  const std::string key = Mint();
  REQUIRE(Submit(Device(), Carrying(With(key))).outcome == "issued");
  const auto request = store.ListRequests({}, {})->front();
  CHECK(request.sealed_csr.find(key) == std::string::npos);
  CHECK(request_sealer.Unseal(request.csr_sha256, request.sealed_csr)->Reveal().find(key) != pki::ByteView::npos);
}

TEST_CASE_METHOD(EnrollmentFixture, "no message type but 19 issues", "[enrollment][submit]") {
  engine::enrollment::KeySpecification many;
  many.use_limit = 1000;
  const Ask ask = With(Mint(many));
  for (std::uint32_t type = 0; type < 256; ++type) {
    Message message = Carrying(ask);
    message.message_type = type;
    message.transaction_id = "tx-" + std::to_string(type);
    CAPTURE(type);
    CHECK(Submit(Device(), message).outcome == (type == 19 ? "issued" : "badRequest"));
  }
  CHECK(CertificateCount(*this) == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a request without a challenge waits for an operator", "[enrollment][submit]") {
  const auto reply = Submit(Device(), Carrying(With("")));
  REQUIRE(reply.outcome == "pending");
  const auto request = *store.GetRequest(reply.request_id);
  CHECK_FALSE(request.has_challenge);
  CHECK(request.fingerprints.size() == 68);
  CHECK(request.unsigned_fingerprints.size() == 68);
  CHECK(request.fingerprints != request.unsigned_fingerprints);
  CHECK(CertificateCount(*this) == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "every fault of a key gets the same refusal and leaves nothing",
                 "[enrollment][submit]") {
  CreateCa("other");
  engine::enrollment::KeySpecification foreign, expired, early, bound, named;
  foreign.ca = "other";
  expired.expires_at = now() + std::chrono::minutes(1);
  early.not_before = now() + std::chrono::hours(2);
  bound.subject = "CN=device-2";
  named.alternative_names = {"dns:a.example"};
  const std::string used_up = Mint();
  Message first = Carrying(With(used_up));
  first.transaction_id = "tx-first";
  REQUIRE(Submit(Device(), first).outcome == "issued");
  const std::vector<std::string> challenges = {"no-such-key", used_up,     Mint(foreign), Mint(expired),
                                               Mint(early),   Mint(bound), Mint(named),   used_up + "0"};
  Pass(std::chrono::hours(1));
  for (const auto& challenge : challenges) CHECK(Submit(Device(), Carrying(With(challenge))).outcome == "badRequest");
  CHECK(RequestCount(*this) == 1);
  CHECK(UseCount() == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a key is good as often as it says", "[enrollment][submit]") {
  engine::enrollment::KeySpecification twice;
  twice.use_limit = 2;
  const std::string key = Mint(twice);
  std::vector<std::string> outcomes;
  for (int i = 0; i < 3; ++i) {
    Message message = Carrying(With(key));
    message.transaction_id = "tx-" + std::to_string(i);
    outcomes.push_back(Submit(Device("ecdsa-p256", i), message).outcome);
  }
  CHECK(outcomes == std::vector<std::string>{"issued", "issued", "badRequest"});
}

TEST_CASE_METHOD(EnrollmentFixture, "a key's expiry is judged when the gateway had the message",
                 "[enrollment][submit]") {
  engine::enrollment::KeySpecification soon;
  soon.expires_at = now() + std::chrono::minutes(1);
  Message message = Carrying(With(Mint(soon)));
  Pass(std::chrono::minutes(2));
  message.received_ago = std::chrono::minutes(10);
  CHECK(Submit(Device(), message).outcome == "badRequest");
  message.received_ago = std::chrono::seconds(90);
  CHECK(Submit(Device(), message).outcome == "issued");
}

TEST_CASE_METHOD(EnrollmentFixture, "the policy bound to the key wins over the CA's", "[enrollment][submit]") {
  ApplyPolicy("held", VERDICT_HOLD, VERDICT_HOLD);
  ApplyPolicy("closed", VERDICT_DENY, VERDICT_DENY);
  engine::enrollment::KeySpecification held, closed;
  held.policy = "held";
  closed.policy = "closed";
  const auto reply = Submit(Device(), Carrying(With(Mint(held))));
  REQUIRE(reply.outcome == "pending");
  CHECK(store.GetRequest(reply.request_id)->policy == "held");
  CHECK(store.GetRequest(reply.request_id)->entity == "device-1");
  CHECK(Submit(Device("ecdsa-p256", 1), Carrying(With(Mint(closed)))).outcome == "badRequest");
  CHECK(UseCount() == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "an identical request after issue gets the same certificate",
                 "[enrollment][submit]") {
  Message message;
  message.request = Device().Request(With(Mint()));
  const auto first = Submit(Device(), message);
  const auto second = Submit(Device(), message);
  REQUIRE(first.outcome == "issued");
  CHECK(second.certificate == first.certificate);
  CHECK(UseCount() == 1);
  CHECK(RequestCount(*this) == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "fifty identical requests at once bring one certificate", "[enrollment][submit]") {
  Message message;
  message.request = Device().Request(With(Mint()));
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 50; ++i) replies.push_back(Start(Device(), message));
  std::set<std::string> certificates;
  for (auto& reply : replies) certificates.insert(engine_test::Await(std::move(reply)).certificate);
  CHECK(certificates.size() == 1);
  CHECK_FALSE(certificates.begin()->empty());
  CHECK(CertificateCount(*this) == 1);
  CHECK(UseCount() == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a waiting request is repeated without a second row", "[enrollment][submit]") {
  Message message;
  message.request = Device().Request(With(""));
  const auto first = Submit(Device(), message);
  const auto identical = Submit(Device(), message);
  const auto same_subject = Submit(Device(), Carrying(With("", "CN=device-1")));
  CHECK(first.outcome == "pending");
  CHECK(identical.request_id == first.request_id);
  CHECK(same_subject.request_id == first.request_id);
  CHECK(RequestCount(*this) == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a waiting request with another subject is refused, and the first stays",
                 "[enrollment][submit]") {
  const auto first = Submit(Device(), Carrying(With("")));
  CHECK(Submit(Device(), Carrying(With("", "CN=device-2"))).outcome == "badRequest");
  CHECK(Poll(Device()).request_id == first.request_id);
}

TEST_CASE_METHOD(EnrollmentFixture, "another key in the same transaction is a request of its own",
                 "[enrollment][submit]") {
  const auto first = Submit(Device(), Carrying(With("")));
  const auto second = Submit(Device("ecdsa-p256", 1), Carrying(With("")));
  CHECK(second.outcome == "pending");
  CHECK(second.request_id != first.request_id);
}

TEST_CASE_METHOD(EnrollmentFixture, "a different request after issue is judged anew", "[enrollment][submit]") {
  const auto first = Submit(Device(), Carrying(With(Mint())));
  CHECK(Submit(Device(), Carrying(With("no-such-key"))).outcome == "badRequest");
  const auto second = Submit(Device(), Carrying(With(Mint())));
  REQUIRE(second.outcome == "issued");
  CHECK(second.certificate != first.certificate);
}

TEST_CASE_METHOD(EnrollmentFixture, "an identical request after rejection fails, another is judged anew",
                 "[enrollment][submit]") {
  Message message;
  message.request = Device().Request(With(""));
  const auto reply = Submit(Device(), message);
  REQUIRE(approval.Reject(reply.request_id, "unknown device", "alice"));
  CHECK(Submit(Device(), message).outcome == "badRequest");
  CHECK(Submit(Device(), Carrying(With(Mint()))).outcome == "issued");
}

TEST_CASE_METHOD(EnrollmentFixture, "an expired request is judged anew", "[enrollment][submit]") {
  Message message;
  message.request = Device().Request(With(""));
  const auto first = Submit(Device(), message);
  REQUIRE(store.Expire(now() + std::chrono::seconds(1), {}) == 1);
  CHECK(Poll(Device()).outcome == "badCertId");
  const auto second = Submit(Device(), message);
  CHECK(second.outcome == "pending");
  CHECK(second.request_id != first.request_id);
}

TEST_CASE_METHOD(EnrollmentFixture, "a signer whose key is not the request's is refused", "[enrollment][submit]") {
  Message message = Carrying(With(Mint()));
  message.signer = Device("ecdsa-p256", 1).SignerCertificate();
  CHECK(Submit(Device(), message).outcome == "badRequest");
  CHECK(UseCount() == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "what is no PKCS#10 with a proof of possession is refused",
                 "[enrollment][submit]") {
  const auto good = Device().Request(With(Mint()));
  auto broken = good;
  broken.back() = static_cast<char>(broken.back() ^ 1);
  Message message;
  for (const auto& request : {broken, good.substr(0, good.size() - 1), good + "x", std::string("garbage")}) {
    message.request = request;
    CHECK(Submit(Device(), message).outcome == "badRequest");
  }
  message.request = good;
  message.signer = "garbage";
  CHECK(Submit(Device(), message).outcome == "badRequest");
  CHECK(RequestCount(*this) == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "a key that the policy does not allow is refused", "[enrollment][submit]") {
  CHECK(Submit(Device("ecdsa-p384"), Carrying(With(Mint()))).outcome == "badRequest");
  CHECK(Submit(Device("ecdsa-p384"), Carrying(With(""))).outcome == "badRequest");
  CHECK(RequestCount(*this) == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "a CA that this engine does not know is unavailable; a bad transactionID malformed",
                 "[enrollment][submit]") {
  Message message = Carrying(With(Mint()));
  message.ca = "nowhere";
  CHECK(Submit(Device(), message).outcome == "unavailable");
  message.ca = "DEMO";
  message.transaction_id = "";
  CHECK(Submit(Device(), message).outcome == "malformed");
  message.transaction_id = std::string(256, 'x');
  CHECK(Submit(Device(), message).outcome == "malformed");
  message.transaction_id = std::string(255, '\0');
  CHECK(Submit(Device(), message).outcome == "issued");
}

// AwayStore is a database that cannot be reached.
class AwayStore : public engine::store::EnrollmentStore {
 public:
  void Find(engine::store::EnrollmentQuery, engine::store::Callback<engine::store::EnrollmentFacts> done) override {
    done(result::Fail(result::Reason::kUnavailable, "away"));
  }
  void FindForPoll(engine::store::RequestIdentity,
                   engine::store::Callback<std::optional<engine::store::PriorRequest>> done) override {
    done(result::Fail(result::Reason::kUnavailable, "away"));
  }
  void FindCertificates(engine::store::CertificateQuery,
                        engine::store::Callback<engine::store::CertificateFacts> done) override {
    done(result::Fail(result::Reason::kUnavailable, "away"));
  }
  void FindActivity(engine::store::ActivityQuery, engine::store::Callback<engine::store::Activity> done) override {
    done(result::Fail(result::Reason::kUnavailable, "away"));
  }
  void Record(engine::store::NewRequest, engine::store::Callback<engine::store::RecordOutcome> done) override {
    done(result::Fail(result::Reason::kUnavailable, "away"));
  }
};

Reply SubmitTo(const engine::enrollment::Submitter& submitter, const Device& device, engine::TimePoint now,
               const std::string& challenge = {}) {
  const auto request = device.Request(With(challenge));
  const auto signer = device.SignerCertificate();
  auto reply = std::make_shared<std::promise<Reply>>();
  submitter.Submit({"demo", "tx-1", 19, signer, request, "", now},
                   [reply](auto answer) { reply->set_value(engine_test::ReplyOf(std::move(answer))); });
  return engine_test::Await(reply->get_future());
}

TEST_CASE_METHOD(EnrollmentFixture, "without the database a request is unavailable", "[enrollment][submit]") {
  AwayStore away;
  const engine::enrollment::Submitter submits({directory, away, store, workers, decider, key_index, guard, clock}, {});
  CHECK(SubmitTo(submits, Device(), now()).outcome == "unavailable");
}

// MovingStore is one whose rows change between every look and every writing.
class MovingStore final : public AwayStore {
 public:
  explicit MovingStore(engine::store::EnrollmentStore& store) : store_(store) {}
  void Find(engine::store::EnrollmentQuery query,
            engine::store::Callback<engine::store::EnrollmentFacts> done) override {
    store_.Find(std::move(query), std::move(done));
  }
  void Record(engine::store::NewRequest, engine::store::Callback<engine::store::RecordOutcome> done) override {
    done(engine::store::RecordOutcome{engine::store::RecordOutcome::Kind::kMoved, 0, std::nullopt});
  }

 private:
  engine::store::EnrollmentStore& store_;
};

TEST_CASE_METHOD(EnrollmentFixture, "who loses a race is to come again, and is no guesser of keys",
                 "[enrollment][submit]") {
  MovingStore moving(store);
  const engine::enrollment::Submitter submits({directory, moving, store, workers, decider, key_index, guard, clock},
                                              {});
  const auto wrong = [] {
    const std::string metrics = service::MetricsText();
    const auto line = metrics.find("\ncertifier_challenge_failures_total ");
    return line == std::string::npos ? "" : metrics.substr(line, metrics.find('\n', line + 1) - line);
  };
  CHECK(SubmitTo(submits, Device(), now(), "wrong").outcome == "badRequest");
  const auto before = wrong();
  REQUIRE_FALSE(before.empty());
  CHECK(SubmitTo(submits, Device(), now(), Mint()).outcome == "unavailable");
  CHECK(wrong() == before);
}

TEST_CASE_METHOD(EnrollmentFixture, "before the first load a request is unavailable", "[enrollment][submit]") {
  engine::authority::Directory empty(store, Sealers(), nullptr);
  const engine::enrollment::Submitter submits({empty, store, store, workers, decider, key_index, guard, clock}, {});
  CHECK(SubmitTo(submits, Device(), now()).outcome == "unavailable");
}

TEST_CASE_METHOD(EnrollmentFixture, "a full queue answers unavailable at once", "[enrollment][submit]") {
  service::WorkerPool one("one", 1, 1);
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::promise<void> begun;
  one.Run([&, released] {
    begun.set_value();
    released.wait();
  });
  begun.get_future().wait();
  REQUIRE(one.TryRun([] {}));
  const engine::enrollment::Submitter submits({directory, store, store, one, decider, key_index, guard, clock}, {});
  CHECK(SubmitTo(submits, Device(), now()).outcome == "unavailable");
  release.set_value();
}

}  // namespace
