#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <type_traits>

#include "authority/ca_certificate.h"
#include "device.h"
#include "issuance/certificate_issuer.h"
#include "policy/document.h"
#include "policy/evaluation.h"
#include "support/policy_documents.h"

namespace {

using engine::TimePoint;
using engine::authority::CertificationAuthority;
using engine::issuance::Authorization;
using engine::issuance::CertificateIssuer;
using engine_test::Ask;
using engine_test::Device;

static_assert(!std::is_default_constructible_v<Authorization>);
static_assert(!std::is_copy_constructible_v<Authorization>);
static_assert(!std::is_copy_assignable_v<Authorization>);
static_assert(!std::is_move_assignable_v<Authorization>);
static_assert(!std::is_constructible_v<Authorization, std::int64_t, engine::issuance::CertificateTemplate>);
static_assert(!std::is_aggregate_v<Authorization>);

const TimePoint kNow = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
constexpr std::chrono::hours kDay(24);

CertificationAuthority MakeCa(const std::string& algorithm = "ecdsa-p256") {
  std::shared_ptr<const pki::PrivateKey> key = *pki::PrivateKey::Generate(algorithm);
  CertificationAuthority ca;
  ca.ca_id = 7;
  ca.ca_generation_id = 8;
  ca.not_before = kNow - kDay;
  ca.not_after = kNow + kDay * 1000;
  ca.certificate = *engine::authority::MakeRootCertificate(
      {*pki::Name::FromString("CN=Test CA,O=Example"), key->public_key(), {ca.not_before, ca.not_after}}, *key);
  ca.key_identifier = ca.certificate.subject_key_identifier();
  ca.digest = engine::authority::DigestFor(key->public_key());
  ca.key = key;
  return ca;
}

const certifier::v1::Policy kUsual = support::PolicyDocument({.days = 365, .subject_may_be_empty = true});

Authorization Accept(const CertificationAuthority& ca, const Device& device, const Ask& ask,
                     const certifier::v1::Policy& document = kUsual) {
  const auto policy = engine::policy::FromProto(document);
  const engine::policy::KeyFacts key;
  const auto request = device.Parsed(ask);
  engine::policy::Facts facts = {request, ca.ca_id, ca.not_after, kNow};
  facts.key = &key;
  auto evaluation = engine::policy::Evaluator::Receive(*policy, facts);
  INFO(evaluation.reason);
  REQUIRE(evaluation.authorization.has_value());
  return *std::move(evaluation.authorization);
}

pki::Certificate Issue(const CertificationAuthority& ca, const Device& device, const Ask& ask,
                       const certifier::v1::Policy& policy = kUsual) {
  const auto issued = CertificateIssuer(std::chrono::minutes(5)).Issue(ca, Accept(ca, device, ask, policy), kNow);
  REQUIRE(issued.has_value());
  CHECK(issued->ca_generation_id == 8);
  auto certificate = *pki::Certificate::Parse(issued->certificate);
  CHECK(certificate.serial_number() == issued->serial_number);
  return certificate;
}

const pki::Extension* Find(const std::vector<pki::Extension>& extensions, std::string_view oid) {
  const auto found = std::ranges::find(extensions, oid, &pki::Extension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

TEST_CASE("an issued certificate passes OpenSSL's strict verification", "[issuance]") {
  const auto algorithm = GENERATE(as<std::string>(), "ecdsa-p256", "ecdsa-p384", "rsa-2048");
  const auto device = GENERATE(as<std::string>(), "ecdsa-p256", "rsa-2048");
  const auto ca = MakeCa(algorithm);
  const auto certificate = Issue(ca, Device(device), {.alternative_names = {"dns:a.example"}});
  const auto verified = pki::VerifyIssuedBy(certificate, ca.certificate, kNow);
  CHECK((verified ? "" : verified.error().detail) == "");
}

TEST_CASE("an issued certificate says what was authorised, and no more", "[issuance]") {
  const auto ca = MakeCa();
  const auto certificate = Issue(ca, Device(), {.alternative_names = {"dns:a.example", "ip:192.0.2.1"}});
  const auto extensions = *certificate.extensions();
  CHECK(extensions.size() == 6);
  CHECK(certificate.subject_name()->ToString() == "CN=device-1,O=Example");
  CHECK(certificate.issuer() == ca.certificate.subject());
  CHECK(certificate.spki() == Device().key().public_key().spki());
  CHECK(Find(extensions, pki::kBasicConstraintsOid)->value == pki::BasicConstraintsExtension(false).value);
  CHECK(Find(extensions, pki::kBasicConstraintsOid)->is_critical);
  CHECK(Find(extensions, pki::kKeyUsageOid)->value == pki::KeyUsageExtension(pki::kDigitalSignature).value);
  CHECK(Find(extensions, pki::kKeyUsageOid)->is_critical);
  CHECK(Find(extensions, pki::kAuthorityKeyIdentifierOid)->value ==
        pki::AuthorityKeyIdentifierExtension(ca.key_identifier).value);
  CHECK(Find(extensions, pki::kSubjectKeyIdentifierOid) != nullptr);
  CHECK(Find(extensions, pki::kExtendedKeyUsageOid) != nullptr);
  CHECK_FALSE(Find(extensions, pki::kSubjectAlternativeNameOid)->is_critical);
  CHECK(pki::ParseGeneralNames(Find(extensions, pki::kSubjectAlternativeNameOid)->value)->size() == 2);
}

TEST_CASE("a request for a CA's rights gets neither of them", "[issuance]") {
  const Ask ask = {
      .extensions = {pki::BasicConstraintsExtension(true), pki::KeyUsageExtension(pki::kKeyCertSign | pki::kCrlSign)}};
  const auto extensions = *Issue(MakeCa(), Device(), ask).extensions();
  CHECK(Find(extensions, pki::kBasicConstraintsOid)->value == pki::BasicConstraintsExtension(false).value);
  CHECK(Find(extensions, pki::kKeyUsageOid)->value == pki::KeyUsageExtension(pki::kDigitalSignature).value);
  CHECK(std::ranges::count(extensions, pki::kBasicConstraintsOid, &pki::Extension::oid) == 1);
  CHECK(std::ranges::count(extensions, pki::kKeyUsageOid, &pki::Extension::oid) == 1);
}

TEST_CASE("the alternative name is critical where the subject is empty", "[issuance]") {
  const auto certificate = Issue(MakeCa(), Device(), {.subject = "", .alternative_names = {"dns:a.example"}});
  CHECK(Find(*certificate.extensions(), pki::kSubjectAlternativeNameOid)->is_critical);
  CHECK(certificate.subject_name()->is_empty());
}

TEST_CASE("serial numbers are positive, 16 octets long and never the same", "[issuance]") {
  const auto ca = MakeCa();
  std::set<std::string> serial_numbers;
  for (int i = 0; i < 100; ++i) {
    const pki::Bytes serial_number(Issue(ca, Device(), {}).serial_number());
    CHECK(serial_number.size() == 16);
    CHECK((static_cast<unsigned char>(serial_number[0]) & 0x80) == 0);
    serial_numbers.insert(serial_number);
  }
  CHECK(serial_numbers.size() == 100);
}

TEST_CASE("a certificate begins five minutes back and ends with the CA at the latest", "[issuance]") {
  auto ca = MakeCa();
  CHECK(*Issue(ca, Device(), {}).not_before() == kNow - std::chrono::minutes(5));
  CHECK(*Issue(ca, Device(), {}).not_after() == kNow + kDay * 365);
  auto authorization = Accept(ca, Device(), {}, support::PolicyDocument({.days = 900}));
  ca.not_before = kNow - std::chrono::minutes(1);
  ca.not_after = kNow + kDay * 10;
  const auto issued = CertificateIssuer(std::chrono::minutes(5)).Issue(ca, std::move(authorization), kNow);
  REQUIRE(issued.has_value());
  CHECK(issued->not_before == ca.not_before);
  CHECK(issued->not_after == ca.not_after);
}

// The usual policy with further modules before the one that accepts.
template <class Fill>
certifier::v1::Policy With(Fill fill) {
  auto policy = support::PolicyDocument({.days = 365});
  auto& modules = *policy.mutable_accept_request()->mutable_modules();
  modules.RemoveLast();
  fill([&]() -> certifier::v1::Module& { return *modules.Add(); });
  modules.Add()->mutable_accept_all();
  return policy;
}

TEST_CASE("a certificate says what modules of the policy put into its template", "[issuance]") {
  auto ca = MakeCa();
  ca.name = "demo";
  ca.options.set_public_url("http://pki.example");
  const Ask ask = {.extensions = {{"1.2.3.4", false, pki::Bytes("\x05\x00", 2)}}};
  const auto policy = With([](auto add) {
    add().mutable_add_ca_issuers()->add_urls("http://other.example/ca.crt");
    add().mutable_set_crl_distribution_point()->add_urls("http://other.example/ca.crl");
    add().mutable_set_certificate_policies()->add_policies()->set_oid("1.2.3.5");
    add().mutable_copy_extensions()->add_oids("1.2.3.4");
  });
  const auto extensions = *Issue(ca, Device(), ask, policy).extensions();
  CHECK(Find(extensions, pki::kAuthorityInfoAccessOid)->value ==
        pki::CaIssuersExtension({"http://pki.example/ca/demo/1.crt", "http://other.example/ca.crt"}).value);
  CHECK(Find(extensions, pki::kCrlDistributionPointsOid)->value ==
        pki::CrlDistributionPointExtension({"http://other.example/ca.crl"}).value);
  REQUIRE(Find(extensions, "2.5.29.32") != nullptr);
  CHECK(Find(extensions, "2.5.29.32")->value == pki::CertificatePoliciesExtension({{"1.2.3.5", ""}})->value);
  REQUIRE(Find(extensions, "1.2.3.4") != nullptr);
  CHECK(Find(extensions, "1.2.3.4")->value == ask.extensions[0].value);
  const auto plain =
      *Issue(ca, Device(), ask, With([](auto add) { add().mutable_set_crl_distribution_point(); })).extensions();
  CHECK(Find(plain, pki::kCrlDistributionPointsOid) == nullptr);
  CHECK(Find(plain, "1.2.3.4") == nullptr);
}

TEST_CASE("a certificate begins as much earlier as its policy says", "[issuance]") {
  auto policy = support::PolicyDocument({});
  policy.mutable_accept_request()->mutable_modules(0)->mutable_set_validity()->set_backdate_minutes(60);
  CHECK(*Issue(MakeCa(), Device(), {}, policy).not_before() == kNow - std::chrono::hours(1));
}

TEST_CASE("a template with two extensions of a kind is not issued", "[issuance]") {
  const auto ca = MakeCa();
  const auto policy = engine::policy::FromProto(kUsual);
  const auto request = Device().Parsed({});
  engine::policy::Facts facts = {request, ca.ca_id, ca.not_after, kNow};
  facts.approvals = {{"alice", {}}};
  auto certificate = engine::policy::Evaluator::Requested(request);
  certificate.copied_extensions = {{"1.2.3.4", false, "\x05"}, {"1.2.3.4", false, "\x05"}};
  auto evaluation = engine::policy::Evaluator::Accept(*policy, facts, {std::move(certificate)});
  REQUIRE(evaluation.authorization);
  const auto issued = CertificateIssuer(std::chrono::minutes(5)).Issue(ca, *std::move(evaluation.authorization), kNow);
  REQUIRE_FALSE(issued);
  CHECK(issued.error().detail == "the template has two extensions 1.2.3.4");
}

TEST_CASE("a CA that has ended issues nothing", "[issuance]") {
  auto ca = MakeCa();
  auto authorization = Accept(ca, Device(), {});
  ca.not_after = kNow;
  const auto issued = CertificateIssuer(std::chrono::minutes(5)).Issue(ca, std::move(authorization), kNow);
  CHECK(issued.error().reason == result::Reason::kBadTime);
}

TEST_CASE("an authorization for one CA is none for another", "[issuance]") {
  const auto ca = MakeCa();
  auto other = MakeCa();
  other.ca_id = 9;
  const auto issued = CertificateIssuer(std::chrono::minutes(5)).Issue(other, Accept(ca, Device(), {}), kNow);
  CHECK(issued.error().reason == result::Reason::kInternal);
}

}  // namespace
