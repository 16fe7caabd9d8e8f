#include "ca_snapshot.h"

#include <catch2/catch.hpp>

#include "ca_selection.h"
#include "tests/unit/gateway/test_directory.h"

namespace gateway {
namespace {

using certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED;
using result::Reason;

SnapshotBuild Build(const certifier::v1::WatchResponse& directory) {
  return BuildSnapshot(directory, Days(0), NoEngineKey());
}

// LeftOut is what keeps a CA with that one RA from being served; empty if nothing does.
std::string LeftOut(const TestIssuer& issuer, const certifier::v1::RegistrationAuthority& ra) {
  const SnapshotBuild build = Build(Directory({Bundle(issuer, {ra}, true)}));
  CHECK(build.snapshot->cas().size() == 1 - build.left_out.size());
  return build.left_out.empty() ? "" : std::string(result::ToString(build.left_out.front().error.reason));
}

TEST_CASE("GetCACert lists the published RA, the CA and its chain, and no retired RA", "[directory]") {
  const TestIssuer root = MakeIssuer("root"), demo = MakeIssuer("demo");
  auto bundle = Bundle(demo, {Ra(demo, RaWish(demo, 1), REGISTRATION_AUTHORITY_STATE_RETIRED), Ra(demo, RaWish(demo))});
  bundle.mutable_active()->add_chain(root.certificate.der());
  const auto snapshot = Build(Directory({bundle})).snapshot;
  const auto certificates = pki::ParseCertsOnly(snapshot->Find("demo")->certificates).value();
  REQUIRE(certificates.size() == 3);
  CHECK(certificates[0].der() == bundle.active().registration_authorities(1).certificate());
  CHECK(certificates[1].der() == demo.certificate.der());
  CHECK(certificates[2].der() == root.certificate.der());
}

TEST_CASE("the RA stays first where the CA's encoding sorts before it", "[directory]") {
  const TestIssuer ca = MakeIssuer("c");
  const auto bundle = Bundle(ca, {Ra(ca, RaWish(ca))});
  REQUIRE(ca.certificate.der().size() < bundle.active().registration_authorities(0).certificate().size());
  const auto snapshot = Build(Directory({bundle})).snapshot;
  CHECK(pki::ParseCertsOnly(snapshot->cas()[0].certificates).value()[0].der() == RaCertificate(bundle).der());
}

TEST_CASE("a retired RA still receives, behind the published one, also when it is out of date", "[directory]") {
  const TestIssuer demo = MakeIssuer("demo");
  auto expired = RaWish(demo, 1);
  expired.not_before = Days(-20);
  expired.not_after = Days(-10);
  const auto bundle = Bundle(demo, {Ra(demo, expired, REGISTRATION_AUTHORITY_STATE_RETIRED), Ra(demo, RaWish(demo))});
  const auto snapshot = Build(Directory({bundle})).snapshot;
  const auto& recipients = snapshot->cas()[0].recipients;
  REQUIRE(recipients.size() == 2);
  CHECK(recipients[0]->certificate.der() == bundle.active().registration_authorities(1).certificate());
  CHECK(recipients[1]->certificate.der() == bundle.active().registration_authorities(0).certificate());
}

TEST_CASE("an RA in order is served", "[directory]") {
  const TestIssuer demo = MakeIssuer("demo");
  CHECK(LeftOut(demo, Ra(demo, RaWish(demo))).empty());
}

TEST_CASE("an RA out of date, of another CA or not yet valid is not served", "[directory]") {
  const TestIssuer demo = MakeIssuer("demo"), other = MakeIssuer("other");
  auto expired = RaWish(demo), early = RaWish(demo);
  expired.not_before = Days(-3);
  expired.not_after = Days(-2);
  early.not_before = Days(2);
  CHECK(LeftOut(demo, Ra(demo, expired)) == "bad_message_check");
  CHECK(LeftOut(demo, Ra(demo, early)) == "bad_message_check");
  CHECK(LeftOut(demo, Ra(other, RaWish(other))) == "bad_message_check");
}

TEST_CASE("an RA whose key is not RSA or not its own is not served", "[directory]") {
  const TestIssuer demo = MakeIssuer("demo");
  auto ecdsa = RaWish(demo);
  ecdsa.key = TestKey("ecdsa-p256");
  CHECK(LeftOut(demo, Ra(demo, ecdsa)) == "bad_algorithm");
  auto foreign = Ra(demo, RaWish(demo));
  foreign.set_private_key(std::string(TestKey("rsa-2048", 1)->ToPkcs8().value().Reveal()));
  CHECK(LeftOut(demo, foreign) == "conflict");
  foreign.set_private_key("garbage");
  CHECK_FALSE(LeftOut(demo, foreign).empty());
}

TEST_CASE("a combined RA without both usages, or that is a CA, is not served", "[directory]") {
  const TestIssuer demo = MakeIssuer("demo");
  auto signs = RaWish(demo), is_ca = RaWish(demo);
  signs.key_usage = pki::kDigitalSignature;
  is_ca.is_ca = true;
  CHECK(LeftOut(demo, Ra(demo, signs)) == "unauthorized");
  CHECK(LeftOut(demo, Ra(demo, is_ca)) == "unauthorized");
}

TEST_CASE("a bad CA is left out by name and the others are served", "[directory]") {
  const TestIssuer good = MakeIssuer("good"), bad = MakeIssuer("bad");
  const auto build = Build(Directory({Bundle(bad, {}, true), Bundle(good, {Ra(good, RaWish(good))})}));
  REQUIRE(build.left_out.size() == 1);
  CHECK(build.left_out[0].ca == "bad");
  CHECK(build.snapshot->Find("good") != nullptr);
  CHECK(build.snapshot->default_ca() == nullptr);
}

// Two CAs, the second of which is the default.
std::shared_ptr<const CaSnapshot> TwoCas(bool is_strict = false) {
  const TestIssuer alpha = MakeIssuer("alpha"), beta = MakeIssuer("beta");
  auto first = Bundle(alpha, {Ra(alpha, RaWish(alpha))}), second = Bundle(beta, {Ra(beta, RaWish(beta))}, true);
  second.mutable_options()->set_strict_ca_identifier(is_strict);
  return Build(Directory({first, second})).snapshot;
}

std::string Selected(const CaSnapshot& snapshot, const CaHint& hint) {
  const auto ca = SelectCa(snapshot, hint);
  return ca ? (*ca)->name : std::string(result::ToString(ca.error().reason));
}

TEST_CASE("a CA is chosen by path, then by identifier, then by default, without regard to case", "[directory]") {
  const auto snapshot = TwoCas();
  CHECK(Selected(*snapshot, {"ALPHA", "beta"}) == "alpha");
  CHECK(Selected(*snapshot, {"", "Alpha"}) == "alpha");
  CHECK(Selected(*snapshot, {"nop", "alpha"}) == "alpha");
  CHECK(Selected(*snapshot, {"", ""}) == "beta");
}

TEST_CASE("an unknown CA name means the default, or nothing where names are strict", "[directory]") {
  const auto strict = TwoCas(true);
  CHECK(Selected(*TwoCas(), {"", "unknown"}) == "beta");
  CHECK(Selected(*strict, {"", "unknown"}) == "not_found");
  CHECK(Selected(*strict, {"unknown", ""}) == "not_found");
}

TEST_CASE("the words of clients that nobody configured mean the default, strict or not", "[directory]") {
  const auto snapshot = TwoCas(), strict = TwoCas(true);
  for (const char* word : {"default", "0", "17", "CAIdentifier", ""}) {
    CHECK(Selected(*snapshot, {"", word}) == "beta");
    CHECK(Selected(*strict, {"", word}) == "beta");
  }
}

TEST_CASE("a message may be for any CA, the default's RA first, or for the one in the path", "[directory]") {
  const auto snapshot = TwoCas();
  const auto all = SelectRecipients(*snapshot, "").value();
  REQUIRE(all.size() == 2);
  CHECK(all[0]->ca == "beta");
  const auto named = SelectRecipients(*snapshot, "alpha").value();
  REQUIRE(named.size() == 1);
  CHECK(named[0]->ca == "alpha");
  CHECK(SelectRecipients(*TwoCas(true), "x").error().reason == Reason::kNotFound);
}

TEST_CASE("without any CA there is nobody to choose", "[directory]") {
  const auto empty = Build(Directory({})).snapshot;
  CHECK(Selected(*empty, {}) == "unavailable");
  CHECK(SelectRecipients(*empty, "").error().reason == Reason::kUnavailable);
}

}  // namespace
}  // namespace gateway
