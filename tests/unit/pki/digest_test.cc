#include "pki/digest.h"

#include <catch2/catch.hpp>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using pki::DigestAlgorithm;

namespace {

std::string Parsed(std::string_view typed) {
  const auto octets = pki::ParseFingerprint(typed);
  return octets ? pki::HexLower(*octets) : "refused";
}

const std::string kMd5 = "900150983cd24fb0d6963f7d28e17f72";
const std::string kSha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
const std::string kSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace

// `printf abc | openssl dgst -NAME`, which is FIPS 180's example.
TEST_CASE("digests are those that openssl computes", "[pki][digest]") {
  const auto [algorithm, name, digest] = GENERATE(table<DigestAlgorithm, std::string, std::string>(
      {{DigestAlgorithm::kMd5, "md5", kMd5},
       {DigestAlgorithm::kSha1, "sha1", kSha1},
       {DigestAlgorithm::kSha224, "sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
       {DigestAlgorithm::kSha256, "sha256", kSha256},
       {DigestAlgorithm::kSha384, "sha384",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
       {DigestAlgorithm::kSha512, "sha512",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce8"
        "0e"
        "2a9ac94fa54ca49f"}}));
  CHECK(pki::HexLower(pki::Digest(algorithm, "abc")) == digest);
  CHECK(pki::DigestLength(algorithm) == digest.size() / 2);
  CHECK(pki::ToString(algorithm) == name);
}

TEST_CASE("HMAC is RFC 4231's second example", "[pki][digest]") {
  CHECK(pki::HexLower(pki::HmacSha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// The first is RFC 5869's third example; both come from `openssl kdf ... HKDF`.
TEST_CASE("HKDF with an empty salt is RFC 5869's", "[pki][digest]") {
  const Bytes key(22, '\x0b');
  CHECK(pki::HexLower(pki::HkdfSha256(key, "", 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  CHECK(pki::HexLower(pki::HkdfSha256(key, "ca-key", 42)) ==
        "55810ee4c2f9f7bda111c9aad727f515e582fe35c7cf2466f15661f055a1176dbdbc0b893a9da732a728");
}

TEST_CASE("HKDF gives at most 255 blocks", "[pki][digest]") {
  CHECK(pki::HkdfSha256("k", "i", 255 * 32).size() == 255 * 32);
  CHECK_THROWS_AS(pki::HkdfSha256("k", "i", 255 * 32 + 1), std::length_error);
  CHECK(pki::HkdfSha256("k", "i", 0).empty());
}

TEST_CASE("the three fingerprints are of the same octets", "[pki][digest]") {
  const auto fingerprints = pki::FingerprintsOf("abc");
  CHECK(pki::HexLower(fingerprints.md5) == kMd5);
  CHECK(pki::HexLower(fingerprints.sha1) == kSha1);
  CHECK(pki::HexLower(fingerprints.sha256) == kSha256);
}

TEST_CASE("a fingerprint is written in four notations, each of which is read", "[pki][digest]") {
  const auto notations = pki::NotationsOf(pki::FingerprintsOf("abc").md5);
  CHECK(notations.lower == kMd5);
  CHECK(notations.upper == "900150983CD24FB0D6963F7D28E17F72");
  CHECK(notations.grouped == "90015098 3CD24FB0 D6963F7D 28E17F72");
  CHECK(notations.colon == "90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72");
  for (const auto& text : {notations.lower, notations.upper, notations.grouped, notations.colon})
    CHECK(Parsed(text) == kMd5);
}

TEST_CASE("a fingerprint is read as devices and people write it", "[pki][digest]") {
  for (const char* prefix : {"", " ", "MD5:", "md5: ", "SHA1:", "sha-1:", "SHA256:", "Sha-256: ", "0x", "0X"}) {
    CHECK(Parsed(prefix + kSha1 + "\r\n") == kSha1);
  }
  CHECK(Parsed("9001.5098.3cd2.4fb0-d696.3f7d.28e1.7f72") == kMd5);
  CHECK(Parsed("90015098 3CD24FB0\r\n\tD6963F7D 28E17F72") == kMd5);
  CHECK(Parsed(kSha256) == kSha256);
}

TEST_CASE("a part of a fingerprint, or anything else, is refused", "[pki][digest]") {
  for (const std::string& typed :
       {std::string(), std::string("::"), kMd5.substr(0, 8), kMd5.substr(1), kMd5 + "0", kMd5 + "00",
        kMd5 + kMd5 + "00", "MD5:MD5:" + kMd5, "MD4:" + kMd5, kMd5.substr(2) + "zz", kMd5 + '\0', "_" + kMd5}) {
    CAPTURE(typed);
    CHECK(Parsed(typed) == "refused");
  }
}
