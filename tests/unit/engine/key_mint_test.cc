// Keys that operators type in, give new values, and end, from the device's side.
#include <catch2/catch.hpp>

#include "enrollment_fixture.h"

namespace {

using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_HOLD;
using result::Reason;

constexpr char kTyped[] = "mK4t-9xQw-2LpZ-7v", kOther[] = "Zr7!-pL2q-Wn5x-Tc";

class MintFixture : public EnrollmentFixture {
 public:
  MintFixture() {
    specification.entity = "device-1";
    specification.ca = "demo";
  }
  std::string Enrol(const std::string& key, int device = 0) {
    Message message;
    message.ask.challenge = key;
    message.ask.subject = "CN=device-1";
    message.transaction_id = "tx-" + std::to_string(++sent_);
    message.source = "192.0.2." + std::to_string(sent_);
    return Submit(Device("ecdsa-p256", device), message).outcome;
  }
  engine::enrollment::KeySpecification specification;

 private:
  int sent_ = 0;
};

TEST_CASE_METHOD(MintFixture, "a value that an operator typed in vouches as it was typed", "[enrollment][key]") {
  const auto minted = mint.MintTyped(specification, pki::Secret(kTyped), "alice");
  REQUIRE(minted);
  CHECK(minted->value.empty());
  CHECK(store.GetKey(minted->reference_number)->is_typed);
  CHECK(Enrol("mk4t-9xqw-2lpz-7v") == "badRequest");
  CHECK(Enrol(kTyped) == "issued");
}

TEST_CASE_METHOD(MintFixture, "a weak value makes no key", "[enrollment][key]") {
  const auto minted = mint.MintTyped(specification, pki::Secret("hunter2"), "alice");
  REQUIRE_FALSE(minted);
  CHECK(minted.error().reason == Reason::kMalformed);
  CHECK_THAT(minted.error().detail, !Catch::Contains("hunter2"));
  CHECK(store.ListKeys("", {})->empty());
}

TEST_CASE_METHOD(MintFixture, "no two keys have one value, and the refusal names neither", "[enrollment][key]") {
  const auto first = mint.MintTyped(specification, pki::Secret(kTyped), "alice");
  const auto second = mint.MintTyped(specification, pki::Secret(kTyped), "alice");
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == Reason::kConflict);
  CHECK_THAT(second.error().detail, !Catch::Contains(kTyped) && !Catch::Contains(first->reference_number));
  CHECK(store.ListKeys("", {})->size() == 1);
  const auto other = mint.Mint(specification, "alice");
  CHECK(mint.Rekey(other->reference_number, pki::Secret(kTyped), "alice").error().reason == Reason::kConflict);
}

TEST_CASE_METHOD(MintFixture, "a key with a new value refuses the old one at once", "[enrollment][key]") {
  specification.use_limit = 3;
  const auto minted = mint.Mint(specification, "alice");
  const std::string old_value(minted->value.Reveal());
  REQUIRE(Enrol(old_value) == "issued");
  const auto rekeyed = mint.Rekey(minted->reference_number, {}, "bob");
  REQUIRE(rekeyed);
  CHECK(rekeyed->key.reference_number == minted->reference_number);
  CHECK(rekeyed->key.use_count == 1);
  CHECK(rekeyed->key.rekeyed_by == "bob");
  CHECK(rekeyed->key.created_by == "alice");
  CHECK(Enrol(old_value, 1) == "badRequest");
  CHECK(Enrol(std::string(rekeyed->value.Reveal()), 1) == "issued");
  const auto typed = mint.Rekey(minted->reference_number, pki::Secret(kOther), "bob");
  REQUIRE(typed);
  CHECK(typed->value.empty());
  CHECK(typed->key.is_typed);
  CHECK(Enrol(kOther, 2) == "issued");
  CHECK(mint.Rekey("NOSUCH00", {}, "bob").error().reason == Reason::kNotFound);
  CHECK(mint.Rekey(minted->reference_number, pki::Secret("short"), "bob").error().reason == Reason::kMalformed);
}

TEST_CASE_METHOD(MintFixture, "a disabled key vouches for nothing, and what waits with it is not approved",
                 "[enrollment][key]") {
  ApplyPolicy("default", VERDICT_HOLD, VERDICT_HOLD);
  specification.use_limit = 2;
  const auto minted = mint.Mint(specification, "alice");
  const std::string value(minted->value.Reveal());
  REQUIRE(Enrol(value) == "pending");
  REQUIRE(store.DisableKey(minted->reference_number, "bob"));
  CHECK(Enrol(value, 1) == "badRequest");
  const auto waiting = store.ListRequests({}, {})->front();
  const auto md5 = pki::HexLower(waiting.fingerprints.substr(0, 16));
  const auto approved = approval.Approve(waiting.request_id, md5, {"alice"});
  REQUIRE_FALSE(approved);
  CHECK(approved.error().reason == Reason::kConflict);
  CHECK_THAT(approved.error().detail, Catch::Contains("is disabled; reject the request"));
  CHECK(mint.Rekey(minted->reference_number, {}, "bob").error().reason == Reason::kConflict);
  CHECK(approval.Reject(waiting.request_id, "disabled", "alice"));
}

TEST_CASE_METHOD(MintFixture, "a key says who used it last, and from where", "[enrollment][key]") {
  specification.use_limit = 5;
  const auto minted = mint.Mint(specification, "alice");
  CHECK_FALSE(store.GetKey(minted->reference_number)->last_used_at);
  REQUIRE(Enrol(std::string(minted->value.Reveal())) == "issued");
  const auto key = *store.GetKey(minted->reference_number);
  CHECK(key.last_used_at == now());
  CHECK(key.last_used_from == "192.0.2.1");
  CHECK(key.last_request_id == store.ListRequests({}, {})->front().request_id);
}

TEST_CASE_METHOD(MintFixture, "a key is good from its beginning to its end, and the two stand in that order",
                 "[enrollment][key][bounds]") {
  const auto hour = std::chrono::hours(1);
  const auto refused = [&](engine::TimePoint from, engine::TimePoint until) {
    specification.not_before = from;
    specification.expires_at = until;
    const auto minted = mint.Mint(specification, "alice");
    return !minted && minted.error().reason == Reason::kMalformed;
  };
  CHECK(refused(now() + 2 * hour, now() + hour));
  CHECK(refused(now() + hour, now() + hour));
  CHECK(refused(now() - 2 * hour, now() - hour));
  CHECK(refused(now() - hour, now()));
  CHECK_FALSE(refused(now() - hour, now() + std::chrono::seconds(1)));
}

TEST_CASE_METHOD(MintFixture, "a key without an end is good for the lifetime from when it is made",
                 "[enrollment][key]") {
  specification.not_before = now() + std::chrono::hours(24);
  const auto minted = mint.Mint(specification, "alice");
  REQUIRE(minted);
  CHECK(minted->expires_at == now() + std::chrono::hours(24) * 30);
}

TEST_CASE_METHOD(MintFixture, "a key has as many as 1,000,000 uses", "[enrollment][key][bounds]") {
  specification.use_limit = 1'000'000;
  CHECK(mint.Mint(specification, "alice")->use_limit == 1'000'000);
  specification.use_limit++;
  CHECK(mint.Mint(specification, "alice").error().reason == Reason::kMalformed);
}

TEST_CASE_METHOD(MintFixture, "a key is bound to the names that it is made for", "[enrollment][key]") {
  specification.subject = "CN=device-1";
  specification.alternative_names = {"dns:a.example", "ip:192.0.2.1"};
  const auto minted = mint.Mint(specification, "alice");
  REQUIRE(minted);
  CHECK(store.GetKey(minted->reference_number)->bound_subject == "CN=device-1");
  CHECK(store.GetKey(minted->reference_number)->bound_alternative_names == specification.alternative_names);
  CHECK(Enrol(std::string(minted->value.Reveal())) == "badRequest");
}

TEST_CASE_METHOD(MintFixture, "a reference number that is taken is drawn anew, three times in all",
                 "[enrollment][key][bounds]") {
  const int conflicts = GENERATE(0, 2, 3);
  store.FailKeys(Reason::kConflict, conflicts);
  const auto minted = mint.Mint(specification, "alice");
  CHECK(minted.has_value() == (conflicts < 3));
  CHECK(store.ListKeys("", {})->size() == (conflicts < 3 ? 1 : 0));
}

TEST_CASE_METHOD(MintFixture, "what fails otherwise is told as it is, and not tried again", "[enrollment][key]") {
  store.FailKeys(Reason::kUnavailable, 1);
  CHECK(mint.Mint(specification, "alice").error().reason == Reason::kUnavailable);
  store.FailKeys(Reason::kUnavailable, 1);
  CHECK(mint.MintTyped(specification, pki::Secret(kTyped), "alice").error().reason == Reason::kUnavailable);
  const auto minted = mint.MintTyped(specification, pki::Secret(kTyped), "alice");
  REQUIRE(minted);
  store.FailKeys(Reason::kUnavailable, 1);
  CHECK(mint.Rekey(minted->reference_number, pki::Secret(kOther), "bob").error().reason == Reason::kUnavailable);
}

TEST_CASE_METHOD(MintFixture, "a disabled key gets no new value, and the refusal says why", "[enrollment][key]") {
  const auto minted = mint.Mint(specification, "alice");
  REQUIRE(store.DisableKey(minted->reference_number, "bob"));
  for (const auto* typed : {"", kTyped}) {
    const auto rekeyed = mint.Rekey(minted->reference_number, pki::Secret(typed), "bob");
    REQUIRE_FALSE(rekeyed);
    CHECK(rekeyed.error().detail == "the key is disabled: make a new one");
  }
}

TEST_CASE_METHOD(MintFixture, "a new value is as strong as a first one, without the entity's name",
                 "[enrollment][key]") {
  const auto minted = mint.Mint(specification, "alice");
  const pki::Secret obvious("device-1-Kq7z-2x");
  CHECK(mint.MintTyped(specification, obvious, "alice").error().reason == Reason::kMalformed);
  CHECK(mint.Rekey(minted->reference_number, obvious, "bob").error().reason == Reason::kMalformed);
}

TEST_CASE_METHOD(MintFixture, "attributes of a key have their bounds", "[enrollment][key][bounds]") {
  specification.attributes = {{"days", "7"}};
  REQUIRE(mint.Mint(specification, "alice"));
  CHECK(store.ListKeys("", {})->front().attributes == R"({"days":"7"})");
  specification.attributes = {{"a space", "7"}};
  CHECK(mint.Mint(specification, "alice").error().reason == Reason::kMalformed);
}

}  // namespace
