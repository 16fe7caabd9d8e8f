// What a gateway publishes of the shapes and generations of a CA, and how the CA's options show.

#include <catch2/catch.hpp>

#include "ca_snapshot.h"
#include "tests/unit/gateway/test_directory.h"

namespace gateway {
namespace {

using certifier::v1::CaBundle;
using certifier::v1::REGISTRATION_AUTHORITY_STATE_CURRENT;
using certifier::v1::REGISTRATION_AUTHORITY_STATE_RETIRED;
using certifier::v1::REGISTRATION_AUTHORITY_USAGE_ENCRYPTION;
using certifier::v1::REGISTRATION_AUTHORITY_USAGE_SIGNING;

SnapshotBuild Build(const CaBundle& bundle) {
  return BuildSnapshot(Directory({bundle}), Days(0), NoEngineKey());
}

// Names are the subjects of a certs-only message, in order.
std::vector<std::string> Names(const pki::Bytes& certificates) {
  std::vector<std::string> names;
  const auto parsed = pki::ParseCertsOnly(certificates).value();
  for (const auto& certificate : parsed) {
    names.push_back(certificate.subject_name()->ToString());
  }
  return names;
}

std::string NameOf(const pki::Certificate& certificate) {
  return certificate.subject_name()->ToString();
}

certifier::v1::RegistrationAuthority Half(const TestIssuer& issuer, unsigned key_usage, int key,
                                          certifier::v1::RegistrationAuthorityState state) {
  const bool signs = key_usage == pki::kDigitalSignature;
  TestIssuer::Wish wish = RaWish(issuer, key);
  wish.subject = std::string(signs ? "CN=signing " : "CN=encryption ") + std::to_string(key);
  wish.key_usage = key_usage;
  return Ra(issuer, wish, state,
            signs ? REGISTRATION_AUTHORITY_USAGE_SIGNING : REGISTRATION_AUTHORITY_USAGE_ENCRYPTION);
}

// Generation puts an issuer and its RA into one of a bundle's generations.
void Fill(CaBundle::CaGeneration& generation, std::uint32_t number, const TestIssuer& issuer,
          const certifier::v1::RegistrationAuthority& ra) {
  generation.set_number(number);
  generation.set_certificate(issuer.certificate.der());
  *generation.add_registration_authorities() = ra;
}

TEST_CASE("a split RA is published signing before encryption, and receives by one and signs by the other",
          "[directory]") {
  const TestIssuer demo = MakeIssuer("demo");
  const auto bundle = Bundle(demo, {Half(demo, pki::kDigitalSignature, 0, REGISTRATION_AUTHORITY_STATE_CURRENT),
                                    Half(demo, pki::kKeyEncipherment, 1, REGISTRATION_AUTHORITY_STATE_CURRENT),
                                    Half(demo, pki::kDigitalSignature, 2, REGISTRATION_AUTHORITY_STATE_RETIRED),
                                    Half(demo, pki::kKeyEncipherment, 3, REGISTRATION_AUTHORITY_STATE_RETIRED)});
  const auto snapshot = Build(bundle).snapshot;
  REQUIRE(snapshot->cas().size() == 1);
  const CaEntry& ca = snapshot->cas()[0];
  CHECK(Names(ca.certificates) == std::vector<std::string>{"CN=signing 0", "CN=encryption 1", "CN=demo"});
  REQUIRE(ca.recipients.size() == 2);
  CHECK(NameOf(ca.recipients[0]->certificate) == "CN=encryption 1");
  CHECK(NameOf(ca.recipients[0]->signing_certificate) == "CN=signing 0");
  CHECK(ca.recipients[0]->signing_key->public_key() == TestKey("rsa-2048", 0)->public_key());
  CHECK(NameOf(ca.recipients[1]->certificate) == "CN=encryption 3");
  CHECK(NameOf(ca.recipients[1]->signing_certificate) == "CN=signing 2");
}

TEST_CASE("half of a split RA, or one with the other's usage, is not served", "[directory]") {
  const TestIssuer demo = MakeIssuer("demo");
  auto signing = Half(demo, pki::kDigitalSignature, 0, REGISTRATION_AUTHORITY_STATE_CURRENT);
  auto encryption = Half(demo, pki::kKeyEncipherment, 1, REGISTRATION_AUTHORITY_STATE_CURRENT);
  CHECK(Build(Bundle(demo, {signing})).left_out.size() == 1);
  CHECK(Build(Bundle(demo, {encryption})).left_out.size() == 1);
  signing.set_usage(REGISTRATION_AUTHORITY_USAGE_ENCRYPTION);
  encryption.set_usage(REGISTRATION_AUTHORITY_USAGE_SIGNING);
  CHECK(Build(Bundle(demo, {signing, encryption})).left_out.size() == 1);
}

TEST_CASE("GetCACert gives as much of the chain as the CA's option says", "[directory]") {
  const TestIssuer root = MakeIssuer("root"), middle = MakeIssuer("middle"), demo = MakeIssuer("demo");
  auto bundle = Bundle(demo, {Ra(demo, RaWish(demo))});
  const auto between = root.Issue({.subject = "CN=middle", .key = middle.key, .is_ca = true});
  bundle.mutable_active()->add_chain(between.der());
  bundle.mutable_active()->add_chain(root.certificate.der());
  const auto names = [&](certifier::v1::Chain chain) {
    bundle.mutable_options()->set_chain(chain);
    return Names(Build(bundle).snapshot->cas().at(0).certificates);
  };
  using List = std::vector<std::string>;
  CHECK(names(certifier::v1::CHAIN_FULL) == List{"CN=demo RA", "CN=demo", "CN=middle", "CN=root"});
  CHECK(names(certifier::v1::CHAIN_NO_ROOT) == List{"CN=demo RA", "CN=demo", "CN=middle"});
  CHECK(names(certifier::v1::CHAIN_ISSUER) == List{"CN=demo RA", "CN=demo"});
}

TEST_CASE("the certificates behind an issued one are as many as the CA's option says", "[directory]") {
  const TestIssuer root = MakeIssuer("root"), before = MakeIssuer("demo");
  TestIssuer demo = MakeIssuer("demo");
  demo.certificate = root.Issue(
      {.subject = "CN=demo", .key = demo.key, .key_usage = pki::kKeyCertSign, .is_ca = true, .not_after = Days(300)});
  auto bundle = Bundle(demo, {Ra(demo, RaWish(demo))});
  bundle.mutable_active()->set_number(2);
  bundle.mutable_active()->add_chain(root.certificate.der());
  Fill(*bundle.add_retired(), 1, before, Ra(before, RaWish(before, 1), REGISTRATION_AUTHORITY_STATE_RETIRED));
  const auto above = [&](certifier::v1::ReplyChain option, const TestIssuer& issuer) {
    bundle.mutable_options()->set_reply_chain(option);
    const auto snapshot = Build(bundle).snapshot;
    const auto leaf = issuer.Issue({.subject = "CN=leaf", .key = TestKey("rsa-2048", 5)});
    std::string names;
    for (const auto der : CertificatesAbove(snapshot->cas().at(0), leaf.der(), Days(0))) {
      names += NameOf(pki::Certificate::Parse(der).value()) + " ";
    }
    return names;
  };
  CHECK(above(certifier::v1::REPLY_CHAIN_LEAF, demo).empty());
  CHECK(above(certifier::v1::REPLY_CHAIN_LEAF_ISSUER, demo) == "CN=demo ");
  CHECK(above(certifier::v1::REPLY_CHAIN_NO_ROOT, demo) == "CN=demo ");
  CHECK(above(certifier::v1::REPLY_CHAIN_FULL, demo) == "CN=demo CN=root ");
  CHECK(above(certifier::v1::REPLY_CHAIN_FULL, before) == "CN=demo ");
  CHECK(above(certifier::v1::REPLY_CHAIN_NO_ROOT, before).empty());
  CHECK(above(certifier::v1::REPLY_CHAIN_FULL, root).empty());
}

// A CA that receives envelopes itself, or whatever `key_usage` says.
TestIssuer Alone(unsigned key_usage, const std::string& algorithm = "rsa-2048") {
  TestIssuer issuer = MakeIssuer("alone", algorithm);
  issuer.certificate = issuer.Issue({.subject = "CN=alone", .key = issuer.key, .key_usage = key_usage, .is_ca = true});
  return issuer;
}

constexpr unsigned kBoth = pki::kDigitalSignature | pki::kKeyEncipherment | pki::kKeyCertSign;

TEST_CASE("without an RA GetCACert is the CA's certificate, and the CA receives by the engine's key", "[directory]") {
  const TestIssuer alone = Alone(kBoth);
  std::string opened;
  const auto build =
      BuildSnapshot(Directory({Bundle(alone, {})}), Days(0), [&](const KeyName& name, const pki::PublicKey& key) {
        CHECK(key == alone.key->public_key());
        opened += name.ca + std::to_string(name.generation);
        return EngineKey{alone.key, alone.key};
      });
  REQUIRE(build.left_out.empty());
  const CaEntry& ca = build.snapshot->cas().at(0);
  CHECK(opened == "alone1");
  CHECK(ca.certificates == alone.certificate.der());
  CHECK(ca.certificates_type == "application/x-x509-ca-cert");
  CHECK(Names(ca.chain_certificates) == std::vector<std::string>{"CN=alone"});
  REQUIRE(ca.recipients.size() == 1);
  CHECK(ca.recipients[0]->is_remote);
  CHECK(ca.recipients[0]->certificate.der() == alone.certificate.der());
  CHECK(ca.recipients[0]->signing_certificate.der() == alone.certificate.der());
}

TEST_CASE("a CA without an RA needs both usages and an RSA key", "[directory]") {
  CHECK(Build(Bundle(Alone(pki::kKeyCertSign), {})).left_out.size() == 1);
  CHECK(Build(Bundle(Alone(pki::kKeyCertSign | pki::kDigitalSignature), {})).left_out.size() == 1);
  CHECK(Build(Bundle(Alone(kBoth, "ecdsa-p256"), {})).left_out.size() == 1);
}

TEST_CASE("an intermediate CA without an RA is published alone or with its chain, as its option says", "[directory]") {
  const TestIssuer root = MakeIssuer("root"), alone = Alone(kBoth);
  auto bundle = Bundle(alone, {});
  bundle.mutable_active()->add_chain(root.certificate.der());
  CHECK(Build(bundle).snapshot->cas().at(0).certificates == alone.certificate.der());
  bundle.mutable_options()->set_ca_only_chain(certifier::v1::CA_ONLY_CHAIN_P7);
  const auto build = Build(bundle);
  const CaEntry& ca = build.snapshot->cas().at(0);
  CHECK(ca.certificates_type == "application/x-x509-ca-ra-cert");
  CHECK(Names(ca.certificates) == std::vector<std::string>{"CN=alone", "CN=root"});
}

// A CA "demo" with its generation before and its next one.
struct Generations {
  TestIssuer before = MakeIssuer("demo"), active = MakeIssuer("demo"), next = MakeIssuer("demo");
  CaBundle bundle = Bundle(active, {Ra(active, RaWish(active, 0))});
  Generations() {
    bundle.mutable_active()->set_number(2);
    Fill(*bundle.mutable_next(), 3, next, Ra(next, RaWish(next, 1)));
    bundle.set_next_ca_certificates("signed");
    Fill(*bundle.add_retired(), 1, before, Ra(before, RaWish(before, 2), REGISTRATION_AUTHORITY_STATE_RETIRED));
  }
};

TEST_CASE("the next generation's RA and the retired one's receive behind the published one", "[directory][rollover]") {
  const Generations generations;
  const auto snapshot = Build(generations.bundle).snapshot;
  REQUIRE(snapshot->cas().size() == 1);
  const CaEntry& ca = snapshot->cas()[0];
  REQUIRE(ca.recipients.size() == 3);
  CHECK(ca.recipients[0]->generation == 2);
  CHECK(ca.recipients[1]->generation == 3);
  CHECK(ca.recipients[2]->generation == 1);
  CHECK(ca.next_ca_certificates == "signed");
  CHECK(ca.capabilities.find("GetNextCACert\n") != std::string::npos);
  CHECK(pki::ParseCertsOnly(ca.certificates)->back().der() == generations.active.certificate.der());
}

TEST_CASE("a retired generation whose keys are gone is no CA without an RA", "[directory][rollover]") {
  Generations generations;
  auto& retired = *generations.bundle.mutable_retired(0);
  retired.clear_registration_authorities();
  retired.set_is_crl_only(true);
  const auto build = Build(generations.bundle);
  CHECK(build.left_out.empty());
  CHECK(build.snapshot->cas().at(0).recipients.size() == 2);
  CHECK(build.snapshot->cas().at(0).issuing.size() == 3);
}

TEST_CASE("a next generation that is not in order is left out alone", "[directory][rollover]") {
  Generations generations;
  generations.bundle.mutable_next()->mutable_registration_authorities(0)->set_private_key("garbage");
  const auto build = Build(generations.bundle);
  REQUIRE(build.left_out.size() == 1);
  CHECK_FALSE(build.left_out[0].is_whole_ca);
  const CaEntry& ca = build.snapshot->cas().at(0);
  CHECK(ca.recipients.size() == 2);
  CHECK(ca.next_ca_certificates.empty());
  CHECK(ca.capabilities.find("GetNextCACert") == std::string::npos);
}

}  // namespace
}  // namespace gateway
