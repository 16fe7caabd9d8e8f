#include <catch2/catch.hpp>

#include "openssl_x509.h"
#include "pki/key.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::KeyTransport;
using pki::PrivateKey;
using result::Reason;

TEST_CASE("a key goes through PKCS#8 and PEM and stays the same", "[pki][key]") {
  const auto key = Key("device", GENERATE("rsa-2048", "ecdsa-p256", "ecdsa-p384"));
  CHECK(Must(PrivateKey::FromPkcs8(Must(key->ToPkcs8()).Reveal()))->public_key() == key->public_key());
  CHECK(Must(PrivateKey::FromPem(Must(key->ToPem()).Reveal()))->public_key() == key->public_key());
}

TEST_CASE("a key of an unknown kind is not made", "[pki][key]") {
  for (const char* kind : {"", "rsa", "rsa-1024", "rsa-2048 ", "RSA-2048", "ecdsa-p521", "ed25519"}) {
    const auto key = PrivateKey::Generate(kind);
    REQUIRE_FALSE(key.has_value());
    CHECK(key.error().reason == Reason::kBadAlgorithm);
  }
}

TEST_CASE("PKCS#8 truncated at any length or with trailing octets is malformed", "[pki][key]") {
  const auto pkcs8 = Must(Key("device", "ecdsa-p256")->ToPkcs8());
  const Bytes encoding(pkcs8.Reveal());
  for (std::size_t length = 0; length < encoding.size(); length++) {
    CAPTURE(length);
    CHECK_FALSE(PrivateKey::FromPkcs8(ByteView(encoding).substr(0, length)).has_value());
  }
  CHECK_FALSE(PrivateKey::FromPkcs8(encoding + '\0').has_value());
  CHECK_FALSE(PrivateKey::FromPkcs8(Key("device")->public_key().spki()).has_value());
}

TEST_CASE("PEM without an unencrypted PKCS#8 key is refused without a question", "[pki][key]") {
  for (const char* pem :
       {"", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n"
        "\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    CAPTURE(pem);
    CHECK_FALSE(PrivateKey::FromPem(pem).has_value());
  }
}

TEST_CASE("a refused key's reason does not quote the key", "[pki][key]") {
  const auto key = PrivateKey::FromPem("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error().detail.find("secret") == std::string::npos);
  CHECK(key.error().detail.find("c2Vj") == std::string::npos);
}

TEST_CASE("a content key that was encrypted comes back by every transport", "[pki][key]") {
  const auto transport = GENERATE(KeyTransport::kPkcs1, KeyTransport::kOaepSha1, KeyTransport::kOaepSha256);
  const auto key = Key("device");
  const Bytes content_key(16, 'k');
  const Bytes wrapped = Must(key->public_key().Encrypt(transport, content_key));
  CHECK(Must(key->UnwrapContentKey(transport, wrapped, 16)).Reveal() == content_key);
}

TEST_CASE("a bad block gives another key each time, and no failure", "[pki][key]") {
  const auto key = Key("device");
  const Bytes wrapped = Must(key->public_key().Encrypt(KeyTransport::kPkcs1, Bytes(16, 'k')));
  for (const Bytes& bad :
       {Bytes(), Bytes("x"), Bytes(256, '\0'), Bytes(256, '\xff'), wrapped.substr(1), wrapped + "x"}) {
    const auto once = Must(key->UnwrapContentKey(KeyTransport::kPkcs1, bad, 16));
    const auto twice = Must(key->UnwrapContentKey(KeyTransport::kPkcs1, bad, 16));
    CHECK(once.Reveal().size() == 16);
    CHECK(once.Reveal() != twice.Reveal());
  }
}

TEST_CASE("a content key of another length gives a random one of the right length", "[pki][key]") {
  const auto key = Key("device");
  const Bytes wrapped = Must(key->public_key().Encrypt(KeyTransport::kPkcs1, Bytes(24, 'k')));
  for (const std::size_t length : {8, 16, 23, 25, 32}) {
    const auto unwrapped = Must(key->UnwrapContentKey(KeyTransport::kPkcs1, wrapped, length));
    CHECK(unwrapped.Reveal().size() == length);
    CHECK(unwrapped.Reveal() != Bytes(length, 'k'));
  }
}

TEST_CASE("an EC key receives nothing", "[pki][key]") {
  const auto key = Key("device", "ecdsa-p256");
  CHECK(key->public_key().Encrypt(KeyTransport::kPkcs1, "k").error().reason == Reason::kBadAlgorithm);
  CHECK(key->UnwrapContentKey(KeyTransport::kPkcs1, "x", 16).error().reason == Reason::kInternal);
}
