#include <catch2/catch.hpp>

#include "identity.h"
#include "pki/key.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::DigestAlgorithm;
using pki::SignaturePadding;
using result::Reason;
namespace der = pki::der;

namespace {

const Bytes kNull = Element(der::kNull, {});

Bytes Identifier(std::string_view oid, ByteView parameters = {}) {
  return Element(der::kSequence, {Oid(oid), parameters});
}

struct PssShape {
  std::string_view hash = "2.16.840.1.101.3.4.2.1";
  std::string_view mask = "2.16.840.1.101.3.4.2.1";
  Bytes salt = "\x20";
  Bytes trailer = "\x01";
};

Bytes Pss(const PssShape& shape) {
  const Bytes mask = Identifier("1.2.840.113549.1.1.8", Identifier(shape.mask, kNull));
  const Bytes parameters =
      Element(der::kSequence,
              {Element(der::Context(0, true), {Identifier(shape.hash, kNull)}), Element(der::Context(1, true), {mask}),
               Element(der::Context(2, true), {Element(der::kInteger, {shape.salt})}),
               Element(der::Context(3, true), {Element(der::kInteger, {shape.trailer})})});
  return Identifier("1.2.840.113549.1.1.10", parameters);
}

bool IsBadAlgorithm(const Bytes& identifier) {
  const auto algorithm = pki::ParseSignatureAlgorithm(identifier);
  return !algorithm && algorithm.error().reason == Reason::kBadAlgorithm;
}

}  // namespace

TEST_CASE("what a key signs with is read as it is written", "[pki][key]") {
  for (const auto digest : {DigestAlgorithm::kSha1, DigestAlgorithm::kSha224, DigestAlgorithm::kSha256,
                            DigestAlgorithm::kSha384, DigestAlgorithm::kSha512}) {
    for (const char* kind : {"rsa-2048", "ecdsa-p256"}) {
      const auto& key = Key("device", kind)->public_key();
      const auto algorithm = Must(pki::ParseSignatureAlgorithm(pki::SignatureAlgorithmIdentifier(key, digest)));
      CHECK(algorithm.digest == digest);
      CHECK((algorithm.padding == SignaturePadding::kPkcs1) == (key.type() == pki::KeyType::kRsa));
    }
  }
}

TEST_CASE("ECDSA with MD5 has no identifier", "[pki][key]") {
  const auto& key = Key("device", "ecdsa-p256")->public_key();
  CHECK(pki::SignatureAlgorithmIdentifier(key, DigestAlgorithm::kMd5).empty());
}

TEST_CASE("parameters may be NULL or absent, and nothing else", "[pki][key]") {
  CHECK(pki::ParseSignatureAlgorithm(Identifier("1.2.840.113549.1.1.11")).has_value());
  CHECK(pki::ParseSignatureAlgorithm(Identifier("1.2.840.10045.4.3.2", kNull)).has_value());
  CHECK(IsBadAlgorithm(Identifier("1.2.840.113549.1.1.11", Element(der::kSequence, {}))));
  CHECK(IsBadAlgorithm(Identifier("1.2.3", kNull)));
  CHECK_FALSE(pki::ParseSignatureAlgorithm("").has_value());
}

TEST_CASE("PSS is read with its defaults and with SHA-256", "[pki][key]") {
  const auto defaults =
      Must(pki::ParseSignatureAlgorithm(Identifier("1.2.840.113549.1.1.10", Element(der::kSequence, {}))));
  CHECK(defaults.digest == DigestAlgorithm::kSha1);
  CHECK(defaults.padding == SignaturePadding::kPss);
  CHECK(Must(pki::ParseSignatureAlgorithm(Pss({}))).digest == DigestAlgorithm::kSha256);
}

TEST_CASE("PSS with two digests, an odd salt or an odd trailer is a bad algorithm", "[pki][key]") {
  CHECK(IsBadAlgorithm(Pss({.mask = "1.3.14.3.2.26"})));
  CHECK(IsBadAlgorithm(Pss({.salt = Bytes(1, '\0')})));
  CHECK(IsBadAlgorithm(Pss({.salt = "\x01\x20"})));
  CHECK(IsBadAlgorithm(Pss({.trailer = "\x02"})));
  CHECK(IsBadAlgorithm(Pss({.hash = "1.2.3"})));
}
