#include <catch2/catch.hpp>

#include "device.h"
#include "pki/der.h"
#include "policy/chain.h"
#include "policy/modules.h"
#include "policy/pattern.h"

namespace {

using engine::TimePoint;
using engine::policy::Chain;
using engine::policy::Decision;
using engine::policy::Policy;
using engine::policy::Verdict;
using engine::policy::Voucher;
using engine_test::Ask;
using engine_test::Device;

const TimePoint kNow = TimePoint(std::chrono::hours(480'000));
const TimePoint kCaEnd = kNow + std::chrono::hours(24) * 1000;

Policy Permissive() {
  Policy policy;
  policy.name = "test";
  policy.alternative_names.allowed_kinds = {"dns", "ip", "email", "uri"};
  policy.allowed_keys = {{pki::KeyType::kRsa, 2048}, {pki::KeyType::kEcdsaP256, 256}};
  policy.validity = std::chrono::hours(24) * 365;
  policy.key_usage = pki::kDigitalSignature | pki::kKeyEncipherment | pki::kKeyAgreement;
  policy.extended_key_usage = {"1.3.6.1.5.5.7.3.2"};
  policy.with_key = Decision::kIssue;
  policy.without_key = Decision::kHold;
  return policy;
}

const std::optional<Voucher> kVoucher = Voucher{"device-1", "", {}};
const std::optional<Voucher> kNobody;

Verdict Judge(const Policy& policy, const Ask& ask, const std::optional<Voucher>& voucher = kVoucher,
              const Device& device = Device()) {
  const auto request = device.Parsed(ask);
  return Chain::Standard().Evaluate(policy, {request, voucher, 7, kCaEnd, kNow});
}

bool IsAccepted(const Verdict& verdict) {
  CHECK(verdict.authorization.has_value() == (verdict.kind == Verdict::Kind::kAccept));
  return verdict.kind == Verdict::Kind::kAccept;
}

bool IsRefused(const Verdict& verdict, const std::string& module) {
  CAPTURE(verdict.reason);
  CHECK_FALSE(verdict.authorization.has_value());
  return verdict.kind == Verdict::Kind::kRefuse && verdict.reason.starts_with(module + ": ");
}

TEST_CASE("what the policy allows is accepted as it was asked for", "[policy]") {
  const auto verdict = Judge(Permissive(), {.alternative_names = {"dns:a.example", "ip:192.0.2.1"}});
  REQUIRE(IsAccepted(verdict));
  const auto& certificate = verdict.authorization->certificate();
  CHECK(verdict.authorization->ca_id() == 7);
  CHECK(certificate.subject.ToString() == "CN=device-1,O=Example");
  CHECK(certificate.alternative_names.size() == 2);
  CHECK(certificate.spki == Device().key().public_key().spki());
  CHECK(certificate.extended_key_usage == Permissive().extended_key_usage);
  CHECK(certificate.not_after == kNow + Permissive().validity);
}

TEST_CASE("a policy decides apart for requests with and without a key", "[policy]") {
  Policy policy = Permissive();
  CHECK(Judge(policy, {}, kNobody).kind == Verdict::Kind::kHold);
  policy.with_key = Decision::kHold;
  policy.without_key = Decision::kRefuse;
  CHECK(Judge(policy, {}).kind == Verdict::Kind::kHold);
  CHECK(IsRefused(Judge(policy, {}, kNobody), "vouching"));
}

TEST_CASE("a policy that was never filled in refuses", "[policy]") {
  CHECK(Judge(Policy(), {}).kind == Verdict::Kind::kRefuse);
  CHECK(Judge(Policy(), {}, kNobody).kind == Verdict::Kind::kRefuse);
}

TEST_CASE("a policy that says issue without a key issues nothing", "[policy]") {
  Policy policy = Permissive();
  policy.without_key = Decision::kIssue;
  CHECK(IsRefused(Judge(policy, {}, kNobody), "vouching"));
}

TEST_CASE("a chain that comes to no verdict refuses", "[policy]") {
  const auto request = Device().Parsed({});
  const engine::policy::RequestFacts facts = {request, kVoucher, 7, kCaEnd, kNow};
  CHECK(Chain({}).Evaluate(Permissive(), facts).kind == Verdict::Kind::kRefuse);
  CHECK(Chain::Content().Evaluate(Permissive(), facts).kind == Verdict::Kind::kRefuse);
}

TEST_CASE("keys that are not allowed are refused", "[policy]") {
  Policy policy = Permissive();
  CHECK(IsRefused(Judge(policy, {}, kVoucher, Device("ecdsa-p384")), "key"));
  policy.allowed_keys = {{pki::KeyType::kRsa, 3072}};
  CHECK(IsRefused(Judge(policy, {}, kVoucher, Device("rsa-2048")), "key"));
  CHECK(IsRefused(Judge(policy, {}, kVoucher, Device("ecdsa-p256")), "key"));
  policy.allowed_keys = {{pki::KeyType::kRsa, 2048}};
  CHECK(IsAccepted(Judge(policy, {}, kVoucher, Device("rsa-2048"))));
}

TEST_CASE("usages that a kind of key cannot carry out are left out", "[policy]") {
  const auto ecdsa = Judge(Permissive(), {});
  const auto rsa = Judge(Permissive(), {}, kVoucher, Device("rsa-2048"));
  REQUIRE((IsAccepted(ecdsa) && IsAccepted(rsa)));
  CHECK(ecdsa.authorization->certificate().key_usage == (pki::kDigitalSignature | pki::kKeyAgreement));
  CHECK(rsa.authorization->certificate().key_usage == (pki::kDigitalSignature | pki::kKeyEncipherment));
  Policy policy = Permissive();
  policy.key_usage = pki::kKeyEncipherment;
  CHECK(IsRefused(Judge(policy, {}), "usage"));
}

TEST_CASE("an empty subject needs leave and an alternative name", "[policy]") {
  Policy policy = Permissive();
  const Ask named = {.subject = "", .alternative_names = {"dns:a.example"}};
  CHECK(IsRefused(Judge(policy, named), "subject"));
  policy.subject.may_be_empty = true;
  CHECK(IsAccepted(Judge(policy, named)));
  CHECK(IsRefused(Judge(policy, {.subject = ""}), "subject"));
}

TEST_CASE("the commonName must be the entity's name where the policy says so", "[policy]") {
  Policy policy = Permissive();
  policy.subject.common_name_is_entity = true;
  CHECK(IsAccepted(Judge(policy, {.subject = "CN=DEVICE-1"})));
  CHECK(IsRefused(Judge(policy, {.subject = "CN=device-2"}), "subject"));
  CHECK(IsRefused(Judge(policy, {.subject = "O=device-1"}), "subject"));
  CHECK(IsRefused(Judge(policy, {.subject = "CN=device-1,CN=device-2"}), "subject"));
  CHECK(IsRefused(Judge(policy, {.subject = "CN=device-2,CN=device-1"}), "subject"));
  CHECK(IsRefused(Judge(policy, {.subject = "CN=device-1+CN=device-2"}), "subject"));
  CHECK(Judge(policy, {.subject = "CN=device-2"}, kNobody).kind == Verdict::Kind::kHold);
}

TEST_CASE("the commonName must match one of the patterns", "[policy]") {
  Policy policy = Permissive();
  policy.subject.common_name_patterns = {"router-*.example", "gw"};
  CHECK(IsAccepted(Judge(policy, {.subject = "CN=router-7.example"})));
  CHECK(IsAccepted(Judge(policy, {.subject = "CN=GW"})));
  CHECK(IsRefused(Judge(policy, {.subject = "CN=router-7.example.org"}), "subject"));
  CHECK(IsRefused(Judge(policy, {.subject = "O=gw"}), "subject"));
}

TEST_CASE("alternative names beyond the rule are refused", "[policy]") {
  Policy policy = Permissive();
  policy.alternative_names.allowed_kinds = {"dns"};
  policy.alternative_names.dns_patterns = {"*.example"};
  policy.alternative_names.max_count = 2;
  CHECK(IsAccepted(Judge(policy, {.alternative_names = {"dns:a.example", "dns:b.example"}})));
  CHECK(IsRefused(Judge(policy, {.alternative_names = {"ip:192.0.2.1"}}), "alternative_names"));
  CHECK(IsRefused(Judge(policy, {.alternative_names = {"dns:a.test"}}), "alternative_names"));
  CHECK(IsRefused(Judge(policy, {.alternative_names = {"dns:a.example", "dns:b.example", "dns:c.example"}}),
                  "alternative_names"));
}

TEST_CASE("a name of a kind that we do not know is refused", "[policy]") {
  // registeredID [8] 1.2.3.4.
  const auto names =
      pki::der::Encode(pki::der::kSequence, pki::der::Encode(pki::der::Context(8, false), "\x2a\x03\x04"));
  const Ask ask = {.extensions = {{std::string(pki::kSubjectAlternativeNameOid), false, names}}};
  CHECK(IsRefused(Judge(Permissive(), ask), "alternative_names"));
}

TEST_CASE("a key that is bound to a subject brings no other", "[policy]") {
  const std::optional<Voucher> bound = Voucher{"device-1", "CN=device-1,O=Example", {}};
  CHECK(IsAccepted(Judge(Permissive(), {.subject = "CN=Device-1,O=example"}, bound)));
  CHECK(IsRefused(Judge(Permissive(), {.subject = "CN=device-1"}, bound), "binding"));
  CHECK(IsRefused(Judge(Permissive(), {.subject = "CN=device-2,O=Example"}, bound), "binding"));
}

TEST_CASE("a key that is bound to names brings exactly those", "[policy]") {
  const std::optional<Voucher> bound = Voucher{"device-1", "", {"dns:a.example", "ip:192.0.2.1"}};
  CHECK(IsAccepted(Judge(Permissive(), {.alternative_names = {"ip:192.0.2.1", "dns:A.example"}}, bound)));
  CHECK(IsRefused(Judge(Permissive(), {.alternative_names = {"dns:a.example"}}, bound), "binding"));
  CHECK(IsRefused(Judge(Permissive(), {}, bound), "binding"));
  CHECK(IsRefused(Judge(Permissive(), {.alternative_names = {"dns:a.example", "ip:192.0.2.1", "dns:b.example"}}, bound),
                  "binding"));
}

TEST_CASE("validity is cut at the CA's own end", "[policy]") {
  Policy policy = Permissive();
  policy.validity = std::chrono::hours(24) * 3650;
  const auto verdict = Judge(policy, {});
  REQUIRE(IsAccepted(verdict));
  CHECK(verdict.authorization->certificate().not_after == kCaEnd);
}

TEST_CASE("nothing is accepted for a CA that has ended", "[policy]") {
  const auto request = Device().Parsed({});
  CHECK(IsRefused(Chain::Standard().Evaluate(Permissive(), {request, kVoucher, 7, kNow, kNow}), "validity"));
}

TEST_CASE("a star stands for any characters, none too", "[policy]") {
  using engine::policy::MatchesPattern;
  CHECK(MatchesPattern("", "*"));
  CHECK(MatchesPattern("abc", "a*c"));
  CHECK(MatchesPattern("ac", "A*C"));
  CHECK(MatchesPattern("aXbXc", "a*b*c"));
  CHECK_FALSE(MatchesPattern("abcd", "a*c"));
  CHECK_FALSE(MatchesPattern("", "a"));
  CHECK_FALSE(MatchesPattern("a", ""));
  CHECK_FALSE(MatchesPattern(std::string(5000, 'a'), "*a*a*a*a*a*a*b"));
}

}  // namespace
