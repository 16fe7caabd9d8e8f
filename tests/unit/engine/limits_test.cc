// Policies that count what an entity or a public key did before, from the device's side and the operator's.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "enrollment_fixture.h"

namespace {

using certifier::v1::ActiveCertificateLimit;
using engine::store::RecordOutcome;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_HOLD;
using result::Reason;

// Counting is an engine whose policy has one more module in front.
class Counting : public EnrollmentFixture {
 public:
  Counting() { REQUIRE(store.CreateEntity({"device-2", "", "test"})); }

  void Limit(std::uint32_t max, ActiveCertificateLimit::Exceeded exceeded,
             certifier::v1::Verdict with_key = VERDICT_ACCEPT) {
    auto document = support::PolicyDocument({.with_key = with_key});
    auto& limit = *InFront(*document.mutable_accept_request()).mutable_active_certificate_limit();
    limit.set_max(max);
    limit.set_exceeded(exceeded);
    ApplyPolicy(document);
  }
  static certifier::v1::Module& InFront(certifier::v1::PolicyChain& chain) {
    chain.add_modules();
    auto& modules = *chain.mutable_modules();
    for (int i = modules.size() - 1; i > 0; i--) modules.SwapElements(i, i - 1);
    return *modules.Mutable(0);
  }

  // Enrol is the outcome for a fresh key of the entity and a key pair that nobody had, unless `pair` names one.
  engine_test::Reply Enrol(const std::string& entity = "device-1", std::optional<int> pair = {}) {
    made_++;
    engine::enrollment::KeySpecification key;
    key.entity = entity;
    Message message;
    message.ask.challenge = Mint(key);
    message.ask.subject = "CN=" + entity + ",OU=" + std::to_string(made_);
    message.transaction_id = "tx-" + std::to_string(made_);
    return Submit(Device("ecdsa-p256", pair.value_or(100 + made_)), message);
  }
  std::string Md5Of(std::int64_t id) { return pki::HexLower(store.GetRequest(id)->fingerprints.substr(0, 16)); }
  // Good certificates, the newest first, by their serial numbers.
  std::vector<pki::Bytes> Good() {
    std::vector<pki::Bytes> good;
    const auto certificates = store.ListCertificates({}, {}).value();
    for (const auto& certificate : certificates) {
      if (!certificate.revocation) good.push_back(certificate.serial_number);
    }
    return good;
  }

 private:
  int made_ = 0;
};

TEST_CASE_METHOD(Counting, "an entity has as many certificates as its limit, and more when one ends",
                 "[enrollment][limits]") {
  Limit(2, ActiveCertificateLimit::EXCEEDED_DENY);
  CHECK(Enrol().outcome == "issued");
  CHECK(Enrol().outcome == "issued");
  CHECK(Enrol().outcome == "badRequest");
  CHECK(Enrol("device-2").outcome == "issued");
  const auto oldest = store.ListCertificates({}, {})->back();
  REQUIRE(store.Revoke(oldest.serial_number, "demo", {pki::CrlReason::kUnspecified, {}, "", "alice"}));
  CHECK(Enrol().outcome == "issued");
  CHECK(Enrol().outcome == "badRequest");
  Pass(std::chrono::hours(24) * 91);
  CHECK(Enrol().outcome == "issued");
}

TEST_CASE_METHOD(Counting, "past the limit the oldest is revoked as superseded with the issue of the new one",
                 "[enrollment][limits]") {
  Limit(2, ActiveCertificateLimit::EXCEEDED_REVOKE_OLDEST);
  for (int i = 0; i < 4; i++) REQUIRE(Enrol().outcome == "issued");
  const auto certificates = *store.ListCertificates({}, {});
  REQUIRE(certificates.size() == 4);
  CHECK(Good() == std::vector{certificates[0].serial_number, certificates[1].serial_number});
  REQUIRE(certificates[2].revocation);
  CHECK(certificates[2].revocation->reason == pki::CrlReason::kSuperseded);
  CHECK(certificates[2].revocation->revoked_by == "policy");
  CHECK(certificates[2].revocation->comment == "replaced by the certificate of request 4");
}

TEST_CASE_METHOD(Counting, "a limit that holds waits for an operator, who is bound by it as well",
                 "[enrollment][limits]") {
  Limit(1, ActiveCertificateLimit::EXCEEDED_REVOKE_OLDEST, VERDICT_HOLD);
  const auto first = Enrol();
  const auto second = Enrol();
  REQUIRE(second.outcome == "pending");
  REQUIRE(approval.Approve(first.request_id, Md5Of(first.request_id), {"alice"}));
  CHECK(Good().size() == 1);
  REQUIRE(approval.Approve(second.request_id, Md5Of(second.request_id), {"bob"}));
  CHECK(Good() == std::vector{store.GetRequest(second.request_id)->serial_number});
  CHECK(store.ListCertificates({}, {})->back().revocation->revoked_by == "bob");

  Limit(1, ActiveCertificateLimit::EXCEEDED_DENY, VERDICT_HOLD);
  const auto third = Enrol();
  REQUIRE(third.outcome == "pending");
  const auto refused = approval.Approve(third.request_id, Md5Of(third.request_id), {"alice"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == Reason::kPolicyRefused);
  CHECK(Good().size() == 1);
}

TEST_CASE_METHOD(Counting, "requests past the rate are refused until the period is over", "[enrollment][limits]") {
  auto document = support::PolicyDocument({});
  auto& rate = *InFront(*document.mutable_receive_request()).mutable_request_rate_limit();
  rate.set_max(2);
  rate.set_period_minutes(10);
  ApplyPolicy(document);
  CHECK(Enrol().outcome == "issued");
  Pass(std::chrono::minutes(6));
  CHECK(Enrol().outcome == "issued");
  CHECK(Enrol().outcome == "badRequest");
  CHECK(Enrol("device-2").outcome == "issued");
  Pass(std::chrono::minutes(5));
  CHECK(Enrol().outcome == "issued");
  CHECK(Enrol().outcome == "badRequest");
}

TEST_CASE_METHOD(Counting, "a public key that another entity has is refused", "[enrollment][limits]") {
  auto document = support::PolicyDocument({});
  const bool is_for_all = GENERATE(false, true);
  auto& unique = *InFront(*document.mutable_receive_request()).mutable_unique_key();
  if (is_for_all) unique.set_scope(certifier::v1::UniqueKey::SCOPE_ALL);
  ApplyPolicy(document);
  CHECK(Enrol("device-1", 1).outcome == "issued");
  CHECK(Enrol("device-2", 1).outcome == "badRequest");
  CHECK(Enrol("device-2", 2).outcome == "issued");
  CHECK(Enrol("device-1", 1).outcome == (is_for_all ? "badRequest" : "issued"));
}

// Contested is a store where others record first, so many times, and that counts what it is asked.
class Contested final : public engine::store::EnrollmentStore {
 public:
  Contested(engine::store::EnrollmentStore& store, int changes) : store_(store), changes_(changes) {}
  void Find(engine::store::EnrollmentQuery query,
            engine::store::Callback<engine::store::EnrollmentFacts> done) override {
    store_.Find(std::move(query), std::move(done));
  }
  void FindForPoll(engine::store::RequestIdentity identity,
                   engine::store::Callback<std::optional<engine::store::PriorRequest>> done) override {
    store_.FindForPoll(std::move(identity), std::move(done));
  }
  void FindCertificates(engine::store::CertificateQuery query,
                        engine::store::Callback<engine::store::CertificateFacts> done) override {
    store_.FindCertificates(std::move(query), std::move(done));
  }
  void FindActivity(engine::store::ActivityQuery query,
                    engine::store::Callback<engine::store::Activity> done) override {
    questions++;
    store_.FindActivity(std::move(query), std::move(done));
  }
  void Record(engine::store::NewRequest request, engine::store::Callback<RecordOutcome> done) override {
    if (changes_ == 0) return store_.Record(std::move(request), std::move(done));
    changes_--;
    done(RecordOutcome{RecordOutcome::Kind::kChanged, 0, std::nullopt});
  }
  std::atomic<int> questions = 0;

 private:
  engine::store::EnrollmentStore& store_;
  std::atomic<int> changes_;
};

std::string OutcomeOf(Counting& fixture, Contested& contested, std::optional<std::uint32_t> max_judgements = {},
                      bool has_key = true) {
  engine::enrollment::Submitter::Settings settings;
  settings.max_judgements = max_judgements.value_or(settings.max_judgements);
  const engine::enrollment::Submitter submits({fixture.directory, contested, fixture.store, fixture.workers,
                                               fixture.decider, fixture.key_index, fixture.guard, fixture.clock},
                                              settings);
  engine_test::Ask ask;
  if (has_key) ask.challenge = fixture.Mint();
  const Device device;
  const auto request = device.Request(ask);
  const auto signer = device.SignerCertificate();
  std::promise<engine_test::Reply> reply;
  submits.Submit({"demo", "tx-1", 19, signer, request, "", fixture.now()},
                 [&](auto answer) { reply.set_value(engine_test::ReplyOf(std::move(answer))); });
  return engine_test::Await(reply.get_future()).outcome;
}

TEST_CASE_METHOD(Counting, "who loses the race for facts is judged again, and told to come again the fourth time",
                 "[enrollment][limits]") {
  Limit(1, ActiveCertificateLimit::EXCEEDED_DENY);
  const int changes = GENERATE(0, 1, 3, 4);
  Contested contested(store, changes);
  CHECK(OutcomeOf(*this, contested) == (changes < 4 ? "issued" : "unavailable"));
  CHECK(contested.questions.load() == std::min(changes + 1, 4));
  CHECK(Good().size() == (changes < 4 ? 1 : 0));
}

TEST_CASE_METHOD(Counting, "a message is judged as often as the setting has it", "[enrollment][limits][bounds]") {
  Limit(1, ActiveCertificateLimit::EXCEEDED_DENY);
  const int most = GENERATE(1, 2, 7);
  const bool is_one_too_many = GENERATE(false, true);
  Contested contested(store, is_one_too_many ? most : most - 1);
  CHECK(OutcomeOf(*this, contested, most) == (is_one_too_many ? "unavailable" : "issued"));
  CHECK(contested.questions.load() == most);
  CHECK(Good().size() == (is_one_too_many ? 0 : 1));
}

TEST_CASE_METHOD(Counting, "of a request for no entity nothing is asked that is an entity's", "[enrollment][limits]") {
  auto document = support::PolicyDocument({});
  InFront(*document.mutable_receive_request()).mutable_request_rate_limit()->set_max(1);
  InFront(*document.mutable_receive_request()).mutable_active_certificate_limit()->set_max(1);
  ApplyPolicy(document);
  Contested contested(store, 0);
  const bool has_key = GENERATE(false, true);
  CHECK(OutcomeOf(*this, contested, {}, has_key) == (has_key ? "issued" : "pending"));
  CHECK(contested.questions.load() == (has_key ? 1 : 0));
}

TEST_CASE_METHOD(Counting, "a policy that counts nothing asks nothing", "[enrollment][limits]") {
  Contested contested(store, 0);
  CHECK(OutcomeOf(*this, contested) == "issued");
  CHECK(contested.questions.load() == 0);
}

}  // namespace
