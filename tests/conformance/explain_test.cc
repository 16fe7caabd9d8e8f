// What operators are told of messages that were refused, by the whole product.

#include <catch2/catch.hpp>

#include "device.h"
#include "registration_authority.h"

using namespace conformance;
using Catch::Matchers::StartsWith;

namespace {

v1::DecisionRecord OnlyDecision(const Device& device) {
  const auto decisions = Shared().admin.Explain(device.transaction_id);
  REQUIRE(decisions.size() == 1);
  return decisions[0];
}

TEST_CASE("what the gateway refuses is explained by its transactionID", "[explain]") {
  const Device device;
  REQUIRE(Verdict(device, device.RequestOf("no PKCS#10").Build()) == "FAILURE 2");
  const auto decision = OnlyDecision(device);
  CHECK_THAT(decision.reason(), StartsWith("gateway: malformed: the envelope holds nothing for us"));
  CHECK(decision.classification() == v1::CLASSIFICATION_UNREADABLE);
  CHECK(decision.outcome() == v1::DECISION_OUTCOME_REJECTED);
  CHECK(decision.message().source_address() == "127.0.0.1");
}

TEST_CASE("what the engine refuses is explained by its transactionID, with what the client used", "[explain]") {
  const Device device;
  REQUIRE(Verdict(device, device.Request("no key of ours").Build()) == "FAILURE 2");
  const auto decision = OnlyDecision(device);
  CHECK(decision.reason() == "key_unknown");
  CHECK(decision.message().digest_algorithm() == "sha256");
  CHECK(decision.message().content_encryption_algorithm() == "aes-128-cbc");
  CHECK(decision.message().has_challenge());
}

}  // namespace
