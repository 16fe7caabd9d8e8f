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
  const auto waiting = store.ListRequests({}, "", "", {})->front();
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
  CHECK(key.last_request_id == store.ListRequests({}, "", "", {})->front().request_id);
}

TEST_CASE_METHOD(MintFixture, "attributes of a key have their bounds", "[enrollment][key][bounds]") {
  specification.attributes = {{"days", "7"}};
  REQUIRE(mint.Mint(specification, "alice"));
  CHECK(store.ListKeys("", {})->front().attributes == R"({"days":"7"})");
  specification.attributes = {{"a space", "7"}};
  CHECK(mint.Mint(specification, "alice").error().reason == Reason::kMalformed);
}

}  // namespace
