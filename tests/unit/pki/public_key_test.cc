#include <catch2/catch.hpp>

#include "openssl_x509.h"
#include "pki/certificate_request.h"
#include "pki/key.h"
#include "request_shape.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::DigestAlgorithm;
using pki::PublicKey;
using pki::SignaturePadding;
using result::Reason;
namespace der = pki::der;

namespace {

const Bytes kUsual("\x01\x00\x01", 3);  // 65537.

// Modulus is an odd number of `bits` bits; nothing is ever computed with it here.
Bytes Modulus(int bits) {
  Bytes modulus(static_cast<std::size_t>((bits + 7) / 8), '\xff');
  modulus[0] = static_cast<char>(0xff >> ((8 - bits % 8) % 8));
  return modulus;
}

std::string Read(ByteView spki) {
  const auto key = PublicKey::FromSpki(spki);
  return key ? key->ToString() : std::string(result::ToString(key.error().reason));
}

// Outline of an EC key on P-256 whose point is `point`.
Bytes P256(ByteView point) {
  return EcSpki("1.2.840.10045.3.1.7", point);
}

}  // namespace

TEST_CASE("RSA keys from 512 to 8192 bits are read, others are bad algorithms", "[pki][key]") {
  CHECK(Read(RsaSpki(Modulus(511), kUsual)) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(512), kUsual)) == "rsa-512");
  CHECK(Read(RsaSpki(Modulus(2047), kUsual)) == "rsa-2047");
  CHECK(Read(RsaSpki(Modulus(8192), kUsual)) == "rsa-8192");
  CHECK(Read(RsaSpki(Modulus(8193), kUsual)) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(65536), kUsual)) == "bad_algorithm");
}

TEST_CASE("an RSA key with an even modulus or a useless exponent is a bad algorithm", "[pki][key]") {
  Bytes even = Modulus(2048);
  even.back() = '\xfe';
  CHECK(Read(RsaSpki(even, kUsual)) == "bad_algorithm");
  CHECK(Read(RsaSpki(ByteView("\0", 1), kUsual)) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(2048), "\x01")) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(2048), "\x02")) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(2048), ByteView("\0", 1))) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(2048), Bytes(9, '\x01'))) == "bad_algorithm");
  CHECK(Read(RsaSpki(Modulus(2048), "\x03")) == "rsa-2048");
  CHECK(Read(RsaSpki(Modulus(2048), Bytes(8, '\x01'))) == "rsa-2048");
}

TEST_CASE("a negative modulus is malformed", "[pki][key]") {
  const Bytes key =
      Element(der::kSequence, {Element(der::kInteger, {Bytes(256, '\xff')}), der::EncodeUnsigned(kUsual)});
  const Bytes algorithm = Element(der::kSequence, {Oid("1.2.840.113549.1.1.1"), Element(der::kNull, {})});
  const Bytes bits = Element(der::kBitString, {ByteView("\0", 1), key});
  CHECK(Read(Element(der::kSequence, {algorithm, bits})) == "malformed");
}

TEST_CASE("EC keys on the three curves are read", "[pki][key]") {
  CHECK(Key("device", "ecdsa-p256")->public_key().ToString() == "ecdsa-p256");
  CHECK(Key("device", "ecdsa-p384")->public_key().bits() == 384);
  CHECK(Must(pki::PrivateKey::FromPkcs8(reference::Pkcs8("P-521")))->public_key().ToString() == "ecdsa-p521");
}

TEST_CASE("keys on other curves and of other kinds are bad algorithms", "[pki][key]") {
  for (const char* kind : {"P-224", "secp256k1", "ED25519"}) {
    const auto key = pki::PrivateKey::FromPkcs8(reference::Pkcs8(kind));
    REQUIRE_FALSE(key.has_value());
    CHECK(key.error().reason == Reason::kBadAlgorithm);
  }
}

TEST_CASE("a point that is compressed or not on the curve is refused", "[pki][key]") {
  Bytes point(Key("device", "ecdsa-p256")->public_key().subject_public_key());
  CHECK(Read(P256(point)) == "ecdsa-p256");
  CHECK(Read(P256("\x02" + point.substr(1, 32))) == "bad_algorithm");
  CHECK(Read(P256(ByteView("\0", 1))) == "bad_algorithm");
  CHECK(Read(P256(point.substr(0, 64))) == "malformed");
  point.back() = static_cast<char>(point.back() ^ 1);
  CHECK(Read(P256(point)) == "malformed");
}

TEST_CASE("a key truncated at any length, with trailing octets or unused bits is refused", "[pki][key]") {
  const Bytes spki = Key("device", "ecdsa-p256")->public_key().spki();
  for (std::size_t length = 0; length < spki.size(); length++)
    CHECK(Read(ByteView(spki).substr(0, length)) == "malformed");
  CHECK(Read(spki + "x") == "malformed");
  Bytes unused = spki;
  unused[unused.find('\x03') + 2] = '\x01';
  CHECK(Read(unused) != "ecdsa-p256");
}

TEST_CASE("a weak key's request is read, so that the policy can say what is wrong", "[pki][key]") {
  const auto key = Must(pki::PrivateKey::FromPkcs8(reference::Pkcs8("rsa-512")));
  const auto request = Must(pki::CertificateRequest::Parse(CertificationRequest(*key)));
  CHECK(request.public_key().bits() == 512);
}

TEST_CASE("a signature holds for its data, digest, padding and key alone", "[pki][key]") {
  const auto key = Key("device", GENERATE("rsa-2048", "ecdsa-p256"));
  const auto padding =
      key->public_key().type() == pki::KeyType::kRsa ? SignaturePadding::kPkcs1 : SignaturePadding::kNone;
  const Bytes signature = Must(key->Sign(DigestAlgorithm::kSha256, "data"));
  const auto verifies = [&](const PublicKey& by, DigestAlgorithm digest, SignaturePadding how, ByteView data) {
    return by.Verify({digest, how}, data, signature).has_value();
  };
  CHECK(verifies(key->public_key(), DigestAlgorithm::kSha256, padding, "data"));
  CHECK_FALSE(verifies(key->public_key(), DigestAlgorithm::kSha256, padding, "datb"));
  CHECK_FALSE(verifies(key->public_key(), DigestAlgorithm::kSha384, padding, "data"));
  CHECK_FALSE(verifies(key->public_key(), DigestAlgorithm::kSha256, SignaturePadding::kPss, "data"));
  CHECK_FALSE(verifies(Key("other", "rsa-2048")->public_key(), DigestAlgorithm::kSha256, padding, "data"));
  CHECK_FALSE(verifies(Key("other", "ecdsa-p256")->public_key(), DigestAlgorithm::kSha256, padding, "data"));
}

TEST_CASE("an empty, a short and a long signature are bad message checks", "[pki][key]") {
  const auto key = Key("device");
  const Bytes signature = Must(key->Sign(DigestAlgorithm::kSha256, "data"));
  for (const Bytes& odd :
       {Bytes(), signature.substr(1), signature + "x", Bytes(1, '\0') + signature, Bytes(100000, 'x')}) {
    const auto verified = key->public_key().Verify({}, "data", odd);
    REQUIRE_FALSE(verified.has_value());
    CHECK(verified.error().reason == Reason::kBadMessageCheck);
  }
}
