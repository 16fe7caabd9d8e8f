#include <openssl/x509v3.h>

#include <catch2/catch.hpp>
#include <set>

#include "openssl_x509.h"
#include "pki/certificate.h"
#include "request_shape.h"

using namespace testing;
using pki::Bytes;
using pki::DigestAlgorithm;

namespace {

// Tbs is a CA's certificate for `key`, self-issued.
pki::TbsCertificate Tbs(const pki::PrivateKey& key) {
  const auto& spki = key.public_key();
  const auto key_identifier = pki::Digest(DigestAlgorithm::kSha1, spki.subject_public_key());
  return {Must(pki::RandomSerialNumber()),
          CommonName("ca"),
          CommonName("ca"),
          std::chrono::system_clock::from_time_t(1704067200),
          std::chrono::system_clock::from_time_t(4102444800),
          spki.spki(),
          {pki::BasicConstraintsExtension(true), pki::KeyUsageExtension(pki::kKeyCertSign | pki::kCrlSign),
           pki::SubjectKeyIdentifierExtension(spki.subject_public_key()),
           pki::AuthorityKeyIdentifierExtension(key_identifier)}};
}

}  // namespace

TEST_CASE("a certificate of ours is what OpenSSL reads", "[pki][certificate]") {
  const auto key = Key("ca", GENERATE("rsa-2048", "ecdsa-p256", "ecdsa-p384"));
  const auto tbs = Tbs(*key);
  const Bytes encoding = Must(pki::SignCertificate(tbs, *key, DigestAlgorithm::kSha256));
  const auto facts = reference::ReadCertificate(encoding);
  REQUIRE(facts.has_value());
  CHECK(facts->is_signed_by_itself);
  CHECK(facts->version == 2);
  CHECK(facts->is_ca);
  CHECK(facts->serial_number == tbs.serial_number.octets);
  CHECK(facts->key_identifier == pki::Digest(DigestAlgorithm::kSha1, key->public_key().subject_public_key()));
  CHECK(facts->authority_key_identifier == facts->key_identifier);
  CHECK(facts->key_usage == (KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  CHECK(facts->critical == std::vector<std::string>{"2.5.29.19", "2.5.29.15"});
}

TEST_CASE("a certificate of ours is read back by us", "[pki][certificate]") {
  const auto key = Key("ca", "ecdsa-p256");
  const auto tbs = Tbs(*key);
  const auto certificate =
      Must(pki::Certificate::Parse(Must(pki::SignCertificate(tbs, *key, DigestAlgorithm::kSha384))));
  CHECK(Must(certificate.not_before()) == tbs.not_before);
  CHECK(Must(certificate.not_after()) == tbs.not_after);
  CHECK(Must(certificate.extensions()).size() == 4);
  CHECK(certificate.subject_key_identifier().size() == 20);
}

TEST_CASE("the public key is copied octet for octet", "[pki][certificate]") {
  const auto ca = Key("ca", "ecdsa-p256");
  auto tbs = Tbs(*ca);
  // Without the NULL that everybody else writes.
  const Bytes algorithm = Element(pki::der::kSequence, {Oid("1.2.840.113549.1.1.1")});
  const Bytes bits = Element(pki::der::kBitString, {Bytes(1, '\0'), Key("device")->public_key().subject_public_key()});
  tbs.spki = Element(pki::der::kSequence, {algorithm, bits});
  const auto certificate =
      Must(pki::Certificate::Parse(Must(pki::SignCertificate(tbs, *ca, DigestAlgorithm::kSha256))));
  CHECK(certificate.spki() == tbs.spki);
  CHECK(Must(certificate.public_key()).bits() == 2048);
}

TEST_CASE("serial numbers are positive, of 16 octets and never the same", "[pki][certificate]") {
  std::set<Bytes> seen;
  for (int i = 0; i < 500; i++) {
    const Bytes octets = Must(pki::RandomSerialNumber()).octets;
    CHECK(octets.size() == 16);
    CHECK((static_cast<unsigned char>(octets[0]) & 0xc0) == 0x40);
    CHECK(seen.insert(octets).second);
  }
}

TEST_CASE("a serial number with the top bit set is written positive", "[pki][certificate]") {
  const auto key = Key("ca", "ecdsa-p256");
  auto tbs = Tbs(*key);
  tbs.serial_number.octets = Bytes(16, '\xff');
  const auto facts = reference::ReadCertificate(Must(pki::SignCertificate(tbs, *key, DigestAlgorithm::kSha256)));
  REQUIRE(facts.has_value());
  CHECK_FALSE(facts->is_serial_negative);
  CHECK(facts->serial_number == tbs.serial_number.octets);
}

TEST_CASE("a serial number of no octets or of 21 is not written", "[pki][certificate]") {
  const auto key = Key("ca", "ecdsa-p256");
  for (const std::size_t length : {0, 21}) {
    auto tbs = Tbs(*key);
    tbs.serial_number.octets = Bytes(length, '\x01');
    CHECK_FALSE(pki::SignCertificate(tbs, *key, DigestAlgorithm::kSha256).has_value());
  }
}

TEST_CASE("a serial number of 20 octets with the top bit set would take 21 and is not written", "[pki][certificate]") {
  const auto key = Key("ca", "ecdsa-p256");
  auto tbs = Tbs(*key);
  tbs.serial_number.octets = Bytes(20, '\xff');
  CHECK_FALSE(pki::SignCertificate(tbs, *key, DigestAlgorithm::kSha256).has_value());
}

TEST_CASE("an ECDSA certificate with MD5 is a bad algorithm", "[pki][certificate]") {
  const auto key = Key("ca", "ecdsa-p256");
  const auto signed_certificate = pki::SignCertificate(Tbs(*key), *key, DigestAlgorithm::kMd5);
  REQUIRE_FALSE(signed_certificate.has_value());
  CHECK(signed_certificate.error().reason == result::Reason::kBadAlgorithm);
}
