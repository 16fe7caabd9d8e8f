#include <catch2/catch.hpp>

#include "enrollment_fixture.h"

namespace {

using engine::authority::CaSpecification;
using engine_test::EnrollmentFixture;
using result::Reason;

CaSpecification Named(const std::string& name) {
  CaSpecification specification;
  specification.name = name;
  specification.key_algorithm = "ecdsa-p256";
  return specification;
}

TEST_CASE_METHOD(EnrollmentFixture, "a new CA is in the directory at once, with its RA", "[authority]") {
  auto specification = Named("plant");
  specification.subject = "CN=Plant CA,O=Example,C=FI";
  REQUIRE(factory.Create(specification, "alice"));
  const auto ca = directory.snapshot()->FindCa("PLANT");
  REQUIRE(ca != nullptr);
  CHECK(ca->certificate.subject_name()->ToString() == "CN=Plant CA,O=Example,C=FI");
  REQUIRE(ca->registration_authorities.size() == 1);
  const auto& authority = ca->registration_authorities.front();
  CHECK(authority.is_current());
  CHECK(authority.certificate.subject_name()->ToString() == "CN=plant RA,O=Example");
  CHECK(authority.certificate.public_key()->ToString() == "rsa-2048");
  CHECK(pki::PrivateKey::FromPkcs8(authority.private_key.Reveal()).value()->public_key() ==
        *authority.certificate.public_key());
}

TEST_CASE_METHOD(EnrollmentFixture, "the RA's certificate passes OpenSSL's strict verification under its CA",
                 "[authority]") {
  auto specification = Named("plant");
  specification.key_algorithm = GENERATE(as<std::string>(), "rsa-2048", "ecdsa-p256", "ecdsa-p384");
  REQUIRE(factory.Create(specification, "alice"));
  const auto ca = directory.snapshot()->FindCa("plant");
  CHECK(ca->key_algorithm == specification.key_algorithm);
  const auto verified = pki::VerifyIssuedBy(ca->registration_authorities.front().certificate, ca->certificate, now());
  CHECK((verified ? "" : verified.error().detail) == "");
}

TEST_CASE_METHOD(EnrollmentFixture, "the CA certificate says that it is one and no more", "[authority]") {
  REQUIRE(factory.Create(Named("plant"), "alice"));
  const auto ca = directory.snapshot()->FindCa("plant");
  const auto extensions = *ca->certificate.extensions();
  REQUIRE(extensions.size() == 3);
  CHECK(extensions[0].value == pki::BasicConstraintsExtension(true).value);
  CHECK(extensions[1].value == pki::KeyUsageExtension(pki::kKeyCertSign | pki::kCrlSign).value);
  CHECK((extensions[0].is_critical && extensions[1].is_critical));
  CHECK(*ca->certificate.not_before() == now() - std::chrono::minutes(5));
  CHECK(*ca->certificate.not_after() == now() + std::chrono::hours(24) * 3650);
}

TEST_CASE_METHOD(EnrollmentFixture, "a CA that is asked for badly is malformed", "[authority]") {
  auto name = Named("no spaces"), algorithm = Named("a"), days = Named("a"), bits = Named("a"), subject = Named("a"),
       same = Named("a");
  algorithm.key_algorithm = "rsa-1024";
  days.validity_days = 14601;
  bits.registration_authority_key_bits = 1024;
  subject.subject = "no name";
  same.subject = "CN=a RA";
  for (const auto& specification : {name, Named(""), algorithm, days, bits, subject, same}) {
    const auto created = factory.Create(specification, "alice");
    REQUIRE_FALSE(created);
    CHECK(created.error().reason == Reason::kMalformed);
  }
  CHECK(directory.snapshot()->cas.size() == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a taken name is a conflict and an unknown policy is not found", "[authority]") {
  CHECK(factory.Create(Named("Demo"), "alice").error().reason == Reason::kConflict);
  auto specification = Named("plant");
  specification.policy = "nowhere";
  CHECK(factory.Create(specification, "alice").error().reason == Reason::kNotFound);
}

TEST_CASE_METHOD(EnrollmentFixture, "a CA under another key-encryption key is left out", "[authority]") {
  const auto other = *engine::keys::KeyEncryptionKey::FromOctets(pki::Secret(pki::Bytes(32, 'o')));
  engine::authority::Directory blind(store, {other.CaKeySealer(), other.RegistrationAuthorityKeySealer()},
                                     [](const auto&) { return nullptr; });
  CHECK(blind.Reload());
  CHECK(blind.snapshot()->cas.empty());
  CHECK(blind.snapshot()->version > 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "subscribers hear of a change, and of nothing else", "[authority]") {
  int heard = 0;
  auto subscription = directory.Subscribe([&heard] { ++heard; });
  const auto before = directory.snapshot();
  REQUIRE(directory.Reload());
  CHECK(heard == 0);
  CHECK(directory.snapshot() == before);
  CreateCa("plant");
  CHECK(heard == 1);
  CHECK(directory.snapshot()->version > before->version);
  subscription.reset();
  CreateCa("office");
  CHECK(heard == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "only the first CA is the default one", "[authority]") {
  CreateCa("plant");
  CHECK(directory.snapshot()->FindCa("demo")->is_default);
  CHECK_FALSE(directory.snapshot()->FindCa("plant")->is_default);
}

}  // namespace
