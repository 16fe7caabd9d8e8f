#include "pki/cms_algorithms.h"

#include <catch2/catch.hpp>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using pki::DigestAlgorithm;
using pki::KeyTransport;
using result::Reason;
namespace der = pki::der;

namespace {

Bytes Identifier(std::string_view oid, pki::ByteView parameters = {}) {
  return Element(der::kSequence, {Oid(oid), parameters});
}

const Bytes kNull = Element(der::kNull, {});
constexpr std::string_view kOaep = "1.2.840.113549.1.1.7";

}  // namespace

TEST_CASE("every digest and transport is read as it is written", "[cms]") {
  for (const auto digest : {DigestAlgorithm::kMd5, DigestAlgorithm::kSha1, DigestAlgorithm::kSha224,
                            DigestAlgorithm::kSha256, DigestAlgorithm::kSha384, DigestAlgorithm::kSha512}) {
    CHECK(pki::ParseDigestIdentifier(pki::DigestIdentifier(digest)) == digest);
  }
  for (const auto transport : {KeyTransport::kPkcs1, KeyTransport::kOaepSha1, KeyTransport::kOaepSha256}) {
    CHECK(pki::ParseKeyTransportIdentifier(pki::KeyTransportIdentifier(transport)) == transport);
  }
}

TEST_CASE("OAEP with two digests, another mask or a label is unknown", "[cms]") {
  const Bytes sha256 = Identifier("2.16.840.1.101.3.4.2.1", kNull);
  const Bytes hash_alone = Element(der::kSequence, {Element(der::Context(0, true), {sha256})});
  const Bytes mask = Element(der::Context(1, true), {Identifier("1.2.3", sha256)});
  CHECK_FALSE(pki::ParseKeyTransportIdentifier(Identifier(kOaep, hash_alone)).has_value());
  CHECK_FALSE(pki::ParseKeyTransportIdentifier(Identifier(kOaep, Element(der::kSequence, {mask}))).has_value());
  CHECK(pki::ParseKeyTransportIdentifier(Identifier(kOaep)) == KeyTransport::kOaepSha1);
}

TEST_CASE("a signature algorithm that names another digest is a bad algorithm", "[cms]") {
  const Bytes sha512_with_rsa = Identifier("1.2.840.113549.1.1.13", kNull);
  CHECK(pki::ParseSignerAlgorithm(sha512_with_rsa, DigestAlgorithm::kSha512).has_value());
  CHECK(pki::ParseSignerAlgorithm(sha512_with_rsa, DigestAlgorithm::kSha256).error().reason == Reason::kBadAlgorithm);
}

TEST_CASE("rsaEncryption and id-ecPublicKey as signature algorithms take the digest of the signerInfo", "[cms]") {
  const auto rsa = Must(pki::ParseSignerAlgorithm(Identifier("1.2.840.113549.1.1.1", kNull), DigestAlgorithm::kSha1));
  CHECK(rsa.digest == DigestAlgorithm::kSha1);
  CHECK(rsa.padding == pki::SignaturePadding::kPkcs1);
  const auto ec = Must(pki::ParseSignerAlgorithm(Identifier("1.2.840.10045.2.1"), DigestAlgorithm::kSha384));
  CHECK(ec.digest == DigestAlgorithm::kSha384);
  CHECK(ec.padding == pki::SignaturePadding::kNone);
}

TEST_CASE("a CBC cipher without its IV is malformed, an unknown cipher is none", "[cms]") {
  CHECK(pki::ParseContentEncryption(Identifier("2.16.840.1.101.3.4.1.2")).error().reason == Reason::kMalformed);
  CHECK_FALSE(Must(pki::ParseContentEncryption(Identifier("1.2.3"))).cipher.has_value());
  const Bytes aes = pki::ContentEncryptionIdentifier(pki::ContentCipher::kAes192Cbc, Bytes(16, 'i'));
  CHECK(Must(pki::ParseContentEncryption(aes)).cipher == pki::ContentCipher::kAes192Cbc);
  CHECK(Must(pki::ParseContentEncryption(aes)).iv == Bytes(16, 'i'));
}
