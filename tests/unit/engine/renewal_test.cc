// Renewal by certificate (requirements part 6.2): who may, and what everybody else hears.

#include <catch2/catch.hpp>

#include "enrollment_fixture.h"
#include "policy/document.h"

namespace {

using engine_test::Ask;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::Reply;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using std::chrono::hours;

constexpr hours kDay{24};

const Ask kAsk = {.subject = "CN=device-1,O=Example", .alternative_names = {"dns:a.example", "ip:192.0.2.1"}};

// RenewalFixture is a device with a certificate of 90 days, and the key for the next one.
class RenewalFixture : public EnrollmentFixture {
 public:
  RenewalFixture() { Apply({}); }

  void Apply(const certifier::v1::RequireSigner& rule) { ApplyPolicy("default", VERDICT_ACCEPT, VERDICT_HOLD, rule); }
  void Enrol() {
    Message message;
    message.ask = kAsk;
    message.ask.challenge = Mint();
    const Reply reply = Submit(old_device, message);
    REQUIRE(reply.outcome == "issued");
    certificate = reply.certificate;
  }
  Message Renewal(const Ask& ask = kAsk, std::uint32_t type = 17) const {
    Message message;
    message.ask = ask;
    message.message_type = type;
    message.transaction_id = "renewal";
    message.signer = certificate;
    return message;
  }
  // HeldRenewal is one that waits for an operator.
  engine::store::RequestRecord HeldRenewal() {
    certifier::v1::RequireSigner rule;
    rule.set_then(VERDICT_HOLD);
    Apply(rule);
    Enrol();
    PassToWindow();
    const Reply reply = Submit(new_device, Renewal());
    REQUIRE(reply.outcome == "pending");
    return *store.GetRequest(reply.request_id);
  }
  // In the middle of the window.
  void PassToWindow() { Pass(70 * kDay); }
  std::string Renew(const Message& message) { return Submit(new_device, message).outcome; }
  std::size_t Certificates() { return store.ListCertificates({}, {})->size(); }

  const Device old_device = Device("ecdsa-p256", 0), new_device = Device("ecdsa-p256", 1);
  pki::Bytes certificate;
};

TEST_CASE_METHOD(RenewalFixture, "a certificate vouches for its successor, by type 17 and by type 19",
                 "[enrollment][renewal]") {
  const std::uint32_t type = GENERATE(17u, 19u);
  Enrol();
  PassToWindow();
  const Reply reply = Submit(new_device, Renewal(kAsk, type));
  REQUIRE(reply.outcome == "issued");
  const auto renewed = pki::Certificate::Parse(reply.certificate).value();
  CHECK(renewed.spki() == new_device.key().public_key().spki());
  CHECK(renewed.subject_name()->Matches(*pki::Name::FromString(kAsk.subject)));
  CHECK(UseCount() == 1);
  const auto listed = *store.ListCertificates({}, {});
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].entity == "device-1");
}

TEST_CASE_METHOD(RenewalFixture, "a renewal that is sent again gets the same certificate", "[enrollment][renewal]") {
  Enrol();
  PassToWindow();
  Message message = Renewal();
  message.request = new_device.Request(kAsk);
  const Reply first = Submit(new_device, message);
  CHECK(Submit(new_device, message).certificate == first.certificate);
  CHECK(Certificates() == 2);
}

TEST_CASE_METHOD(RenewalFixture, "a PKCS#10 that never changes renews each certificate once", "[enrollment][renewal]") {
  certifier::v1::RequireSigner rule;
  rule.set_key_may_stay(true);
  Apply(rule);
  Message message;
  message.ask = kAsk;
  message.request = old_device.Request(kAsk);
  message.ask.challenge.clear();
  ApplyPolicy("default", VERDICT_ACCEPT, VERDICT_HOLD, rule);
  const Reply held = Submit(old_device, message);
  REQUIRE(held.outcome == "pending");
  REQUIRE(approval.Approve(held.request_id, pki::HexLower(pki::FingerprintsOf(message.request).sha256), {"alice"}));
  certificate = Submit(old_device, message).certificate;
  REQUIRE_FALSE(certificate.empty());
  for (std::size_t made = 2; made < 5; ++made) {
    PassToWindow();
    message.signer = certificate;
    message.message_type = made % 2 == 0 ? 17 : 19;
    const Reply renewed = Submit(old_device, message);
    CHECK(renewed.outcome == "issued");
    CHECK(Certificates() == made);
    CHECK(Submit(old_device, message).certificate == renewed.certificate);
    CHECK(Certificates() == made);
    certificate = renewed.certificate;
  }
  CHECK(Poll(old_device).certificate == certificate);
}

TEST_CASE_METHOD(RenewalFixture, "the same PKCS#10 gets another certificate when the first one, or the retention, ends",
                 "[enrollment][submit][bounds]") {
  Message message;
  engine::enrollment::KeySpecification twice;
  twice.use_limit = 2;
  twice.expires_at = now() + 1000 * kDay;
  message.ask.challenge = Mint(twice);
  message.request = old_device.Request(message.ask);
  const auto [retention_days, ends_after] = GENERATE(table<std::uint32_t, int>({{0, 30}, {100, 90}}));
  certifier::v1::CaOptions options;
  options.set_retention_days(retention_days);
  SetOptions("demo", options);
  certificate = Submit(old_device, message).certificate;
  REQUIRE_FALSE(certificate.empty());
  Pass((ends_after - 1) * kDay);
  CHECK(Submit(old_device, message).certificate == certificate);
  CHECK(Poll(old_device).certificate == certificate);
  Pass(2 * kDay);
  CHECK(Poll(old_device).outcome == "badCertId");
  const Reply next = Submit(old_device, message);
  CHECK(next.outcome == "issued");
  CHECK(next.certificate != certificate);
  CHECK(Poll(old_device).certificate == next.certificate);
  CHECK(UseCount() == 2);
}

TEST_CASE_METHOD(RenewalFixture, "the renewed certificate renews in its turn", "[enrollment][renewal]") {
  Enrol();
  PassToWindow();
  certificate = Submit(new_device, Renewal()).certificate;
  PassToWindow();
  Message message = Renewal();
  message.transaction_id = "second";
  CHECK(Submit(Device("ecdsa-p256", 2), message).outcome == "issued");
  CHECK(store.ListCertificates({}, {})->front().entity == "device-1");
}

TEST_CASE_METHOD(RenewalFixture, "a renewal waits for its window, and its grace ends", "[enrollment][renewal]") {
  certifier::v1::RequireSigner rule;
  rule.set_window_percent(20);
  rule.set_grace_days(5);
  Apply(rule);
  Enrol();
  const auto [days, outcome] = GENERATE(table<int, std::string>(
      {{0, "badRequest"}, {71, "badRequest"}, {73, "issued"}, {89, "issued"}, {94, "issued"}, {96, "badRequest"}}));
  CAPTURE(days);
  Pass(days * kDay);
  CHECK(Renew(Renewal()) == outcome);
}

TEST_CASE_METHOD(RenewalFixture, "without grace an expired certificate renews nothing", "[enrollment][renewal]") {
  Enrol();
  Pass(91 * kDay);
  CHECK(Renew(Renewal()) == "badRequest");
  CHECK(Certificates() == 1);
}

TEST_CASE_METHOD(RenewalFixture, "a renewal is for the same subject and names", "[enrollment][renewal]") {
  Enrol();
  PassToWindow();
  const auto [ask, outcome] = GENERATE(table<Ask, std::string>(
      {{{.subject = "CN=device-2,O=Example", .alternative_names = kAsk.alternative_names}, "badRequest"},
       {{.subject = "CN=device-1", .alternative_names = kAsk.alternative_names}, "badRequest"},
       {{.subject = kAsk.subject}, "badRequest"},
       {{.subject = kAsk.subject, .alternative_names = {"dns:a.example"}}, "badRequest"},
       {{.subject = kAsk.subject, .alternative_names = {"dns:a.example", "ip:192.0.2.1", "dns:b.example"}},
        "badRequest"},
       {{.subject = kAsk.subject, .alternative_names = {"ip:192.0.2.1", "dns:A.EXAMPLE"}}, "issued"}}));
  CHECK(Renew(Renewal(ask)) == outcome);
}

TEST_CASE_METHOD(RenewalFixture, "the old key may stay only where the policy says so", "[enrollment][renewal]") {
  Enrol();
  PassToWindow();
  CHECK(Submit(old_device, Renewal()).outcome == "badRequest");
  certifier::v1::RequireSigner rule;
  rule.set_key_may_stay(true);
  Apply(rule);
  CHECK(Submit(old_device, Renewal()).outcome == "issued");
}

TEST_CASE_METHOD(RenewalFixture, "a certificate is renewed so often and no more", "[enrollment][renewal][bounds]") {
  certifier::v1::RequireSigner rule;
  rule.set_max_renewals(2);
  Apply(rule);
  Enrol();
  PassToWindow();
  std::vector<std::string> outcomes;
  for (int i = 0; i < 3; i++) {
    Message message = Renewal();
    message.transaction_id = "renewal-" + std::to_string(i);
    outcomes.push_back(Renew(message));
  }
  CHECK(outcomes == std::vector<std::string>{"issued", "issued", "badRequest"});
  CHECK(Certificates() == 3);
}

TEST_CASE_METHOD(RenewalFixture, "a policy may hold or refuse renewals", "[enrollment][renewal]") {
  const auto [decision, outcome] =
      GENERATE(table<certifier::v1::Verdict, std::string>({{VERDICT_HOLD, "pending"}, {VERDICT_DENY, "badRequest"}}));
  Enrol();
  PassToWindow();
  certifier::v1::RequireSigner rule;
  rule.set_then(decision);
  Apply(rule);
  CHECK(Renew(Renewal()) == outcome);
  CHECK(Certificates() == 1);
}

TEST_CASE_METHOD(RenewalFixture, "a held renewal is issued to its entity when an operator approves it",
                 "[enrollment][renewal]") {
  const auto request = HeldRenewal();
  CHECK(request.entity == "device-1");
  REQUIRE(approval.Approve(request.request_id, pki::HexLower(request.fingerprints.substr(0, 16)), {"alice"}));
  CHECK(store.ListCertificates({}, {})->front().entity == "device-1");
}

TEST_CASE_METHOD(RenewalFixture,
                 "a held renewal of what was revoked meanwhile is not approved until that is good again",
                 "[enrollment][renewal][approve]") {
  const auto request = HeldRenewal();
  const auto serial_number = pki::Bytes(pki::Certificate::Parse(certificate)->serial_number());
  CHECK(request.renewed_serial_number == serial_number);
  const auto approve = [&] {
    return approval.Approve(request.request_id, pki::HexLower(request.fingerprints.substr(0, 16)), {"alice"});
  };
  engine::store::NewRevocation suspension;
  suspension.reason = pki::CrlReason::kCertificateHold;
  suspension.revoked_by = "alice";
  REQUIRE(store.Revoke(serial_number, "demo", suspension));
  const auto refused = approve();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == result::Reason::kConflict);
  CHECK(refused.error().detail.find(pki::HexLower(serial_number)) != std::string::npos);
  CHECK(Certificates() == 1);
  REQUIRE(store.Reactivate(serial_number, "demo"));
  CHECK(approve());
  CHECK(Certificates() == 2);
}

TEST_CASE_METHOD(RenewalFixture, "a certificate that is not ours octet for octet renews nothing",
                 "[enrollment][renewal]") {
  Enrol();
  PassToWindow();
  Message message = Renewal(kAsk, GENERATE(17u, 19u));
  // The signature's last octet: issuer, serial number and key stay.
  message.signer.back() = static_cast<char>(message.signer.back() ^ 1);
  CHECK(Renew(message) == "badRequest");
  CHECK(Certificates() == 1);
}

TEST_CASE_METHOD(RenewalFixture, "a revoked or suspended certificate renews nothing and is handed out no more",
                 "[enrollment][renewal]") {
  Message message;
  message.ask = kAsk;
  message.ask.challenge = Mint();
  message.request = old_device.Request(message.ask);
  certificate = Submit(old_device, message).certificate;
  REQUIRE(Poll(old_device).outcome == "issued");
  engine::store::NewRevocation revocation;
  revocation.reason = GENERATE(pki::CrlReason::kKeyCompromise, pki::CrlReason::kCertificateHold);
  revocation.revoked_by = "test";
  const auto serial_number = pki::Bytes(pki::Certificate::Parse(certificate)->serial_number());
  REQUIRE(store.Revoke(serial_number, "demo", revocation));
  CHECK(Submit(old_device, message).outcome == "badRequest");
  CHECK(Poll(old_device).outcome == "badRequest");
  PassToWindow();
  CHECK(Renew(Renewal()) == "badRequest");
  CHECK(Certificates() == 1);
}

TEST_CASE_METHOD(RenewalFixture, "a certificate of another CA renews nothing", "[enrollment][renewal]") {
  Enrol();
  PassToWindow();
  CreateCa("other");
  Message message = Renewal(kAsk, GENERATE(17u, 19u));
  message.ca = "other";
  CHECK(Renew(message) == "badRequest");
  CHECK(Certificates() == 1);
}

TEST_CASE_METHOD(RenewalFixture, "a throw-away certificate asks for no renewal, with or without a key",
                 "[enrollment][renewal]") {
  Message message = Renewal();
  message.signer = new_device.SignerCertificate();
  message.ask.challenge = GENERATE(as<std::string>(), "", "a key");
  if (!message.ask.challenge.empty()) message.ask.challenge = Mint();
  CHECK(Renew(message) == "badRequest");
  CHECK(Certificates() == 0);
}

TEST_CASE_METHOD(RenewalFixture, "what may not renew may enrol anew as type 19, if it brings a key of its own",
                 "[enrollment][renewal]") {
  Enrol();
  const auto [type, key, outcome] = GENERATE(table<std::uint32_t, bool, std::string>(
      {{19, true, "issued"}, {19, false, "badRequest"}, {17, true, "badRequest"}, {17, false, "badRequest"}}));
  CAPTURE(type, key);
  Message message = Renewal(kAsk, type);  // Too early.
  if (key) message.ask.challenge = Mint();
  CHECK(Submit(old_device, message).outcome == outcome);
  // Another's request in an envelope that was signed with our certificate.
  message.transaction_id = "other";
  if (key) message.ask.challenge = Mint();
  CHECK(Submit(new_device, message).outcome == "badRequest");
}

TEST_CASE_METHOD(RenewalFixture, "an entity's names bind its keys and its renewals, whatever the policy",
                 "[enrollment][renewal]") {
  Message first;
  first.ask = kAsk;
  first.ask.challenge = Mint();
  const auto bind = [&](const std::string& subject, const std::vector<std::string>& names) {
    engine::store::EntityChange change{"device-1"};
    change.subject = subject;
    change.alternative_names = names;
    REQUIRE(store.UpdateEntity(change));
  };
  bind("CN=another", {});
  CHECK(Submit(old_device, first).outcome == "badRequest");
  bind(kAsk.subject, kAsk.alternative_names);
  certificate = Submit(old_device, first).certificate;
  REQUIRE_FALSE(certificate.empty());
  PassToWindow();
  bind("", {"dns:b.example"});
  CHECK(Renew(Renewal()) == "badRequest");
  bind("", {});
  CHECK(Renew(Renewal()) == "issued");
}

// Watched keeps what the last message would have recorded.
class Watched final : public engine::store::EnrollmentStore {
 public:
  explicit Watched(engine::store::EnrollmentStore& store) : store_(store) {}
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
    store_.FindActivity(std::move(query), std::move(done));
  }
  void Record(engine::store::NewRequest request, engine::store::Callback<engine::store::RecordOutcome> done) override {
    recorded = request;
    store_.Record(std::move(request), std::move(done));
  }
  engine::store::NewRequest recorded;

 private:
  engine::store::EnrollmentStore& store_;
};

TEST_CASE_METHOD(RenewalFixture,
                 "a renewal is recorded with how many its rule allows, which engines at once cannot pass",
                 "[enrollment][renewal]") {
  certifier::v1::RequireSigner rule;
  rule.set_max_renewals(2);
  Apply(rule);
  Enrol();
  PassToWindow();
  Watched watched(store);
  const engine::enrollment::Submitter other({directory, watched, store, workers, decider, key_index, guard, clock}, {});
  const Message message = Renewal();
  const auto request = new_device.Request(message.ask);
  std::promise<Reply> reply;
  other.Submit(
      {message.ca, message.transaction_id, message.message_type, message.signer, request, message.source, now(), 0},
      [&](auto answer) { reply.set_value(engine_test::ReplyOf(std::move(answer))); });
  REQUIRE(engine_test::Await(reply.get_future()).outcome == "issued");
  REQUIRE(watched.recorded.renewal);
  CHECK(watched.recorded.renewal->limit == 2);
}

TEST_CASE_METHOD(RenewalFixture, "a renewal waits for a policy that this engine does not know, and uses up no key",
                 "[enrollment][renewal]") {
  ApplyPolicy("first", VERDICT_ACCEPT, VERDICT_DENY);
  engine::enrollment::KeySpecification key;
  key.policy = "first";
  Message message;
  message.ask = kAsk;
  message.ask.challenge = Mint(key);
  certificate = Submit(old_device, message).certificate;
  REQUIRE_FALSE(certificate.empty());
  PassToWindow();
  REQUIRE(store.ApplyPolicy({"first", R"({"name": "first", "rule_of_tomorrow": 1})", "test"}));
  REQUIRE(directory.Reload());
  Message renewal = Renewal(kAsk, 19);
  renewal.ask.challenge = Mint();
  CHECK(Submit(old_device, renewal).outcome == "unavailable");
  CHECK(UseCount() == 1);
}

TEST_CASE("a renewal rule out of its bounds is a fault of the document", "[policy][renewal][bounds]") {
  CHECK(engine::policy::FromProto(support::PolicyDocument({}))->renewal_rules.front().window_percent == 50);
  certifier::v1::RequireSigner rule;
  rule.set_window_percent(101);
  rule.set_grace_days(366);
  rule.set_max_renewals(1001);
  const auto read = engine::policy::FromProto(support::PolicyDocument({.renewal = rule}));
  REQUIRE_FALSE(read);
  for (const char* field : {"window_percent", "grace_days", "max_renewals"}) {
    CHECK(read.error().detail.find(field) != std::string::npos);
  }
  rule.set_window_percent(100);
  rule.set_grace_days(365);
  rule.set_max_renewals(1000);
  CHECK(engine::policy::FromProto(support::PolicyDocument({.renewal = rule})));
}

}  // namespace
