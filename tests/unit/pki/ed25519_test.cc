#include "pki/ed25519.h"

#include <catch2/catch.hpp>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using result::Reason;

namespace {

// RFC 8032 section 7.1.
struct Vector {
  const char *seed, *public_key, *message, *signature;
};
const Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
     "55141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb"
     "00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc"
     "027beceea1ec40a"}};

pki::Ed25519Key KeyOf(char seed) {
  return Must(pki::Ed25519Key::FromSeed(pki::Secret(Bytes(32, seed))));
}

Reason ReasonOf(const result::Result<void>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().reason;
}

}  // namespace

TEST_CASE("the vectors of RFC 8032 are signed and verify", "[pki][ed25519]") {
  for (const Vector& vector : kVectors) {
    const auto key = Must(pki::Ed25519Key::FromSeed(pki::Secret(Must(pki::FromHex(vector.seed)))));
    const Bytes message = Must(pki::FromHex(vector.message));
    CHECK(pki::HexLower(key.public_key()) == vector.public_key);
    CHECK(pki::HexLower(Must(key.Sign(message))) == vector.signature);
    CHECK(pki::VerifyEd25519(key.public_key(), message, Must(pki::FromHex(vector.signature))).has_value());
  }
}

TEST_CASE("another message, key or signature does not verify", "[pki][ed25519]") {
  const auto key = KeyOf('a');
  const Bytes signature = Must(key.Sign("message"));
  CHECK(ReasonOf(pki::VerifyEd25519(key.public_key(), "messages", signature)) == Reason::kBadMessageCheck);
  CHECK(ReasonOf(pki::VerifyEd25519(KeyOf('b').public_key(), "message", signature)) == Reason::kBadMessageCheck);
  for (std::size_t bit = 0; bit < signature.size() * 8; bit++) {
    Bytes changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    CHECK_FALSE(pki::VerifyEd25519(key.public_key(), "message", changed).has_value());
  }
}

TEST_CASE("keys, seeds and signatures of another length are malformed", "[pki][ed25519]") {
  const auto key = KeyOf('a');
  const Bytes signature = Must(key.Sign("message"));
  CHECK(ReasonOf(pki::VerifyEd25519(key.public_key(), "message", signature.substr(1))) == Reason::kMalformed);
  CHECK(ReasonOf(pki::VerifyEd25519(key.public_key() + 'x', "message", signature)) == Reason::kMalformed);
  for (const std::size_t length : {0, 31, 33, 64}) {
    const auto refused = pki::Ed25519Key::FromSeed(pki::Secret(Bytes(length, 's')));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == Reason::kMalformed);
  }
}
