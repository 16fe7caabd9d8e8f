// Modules that look at the request's public key: allowed_keys and unique_key.

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>

#include "fixture.h"
#include "pki/digest.h"

namespace {

using engine::policy::KeyUse;
using engine_test::Device;
using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;
using engine_test::VerdictOf;

std::string Allowing(const std::string& algorithms, const std::string& more = "") {
  return R"({"allowed_keys": {"algorithms": [)" + algorithms + "]" + more + "}}";
}

Situation Of(const std::string& algorithm) {
  return Situation({}, Device(algorithm));
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// Keys that pki makes for nobody.
Key RsaWithExponent3() {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr),
                                                                            EVP_PKEY_CTX_free);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> exponent(BN_new(), BN_free);
  EVP_PKEY* generated = nullptr;
  REQUIRE((BN_set_word(exponent.get(), 3) == 1 && EVP_PKEY_keygen_init(context.get()) == 1 &&
           EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 2048) == 1 &&
           EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), exponent.get()) == 1 &&
           EVP_PKEY_keygen(context.get(), &generated) == 1));
  return {generated, EVP_PKEY_free};
}
Key P521() {
  return {EVP_EC_gen("P-521"), EVP_PKEY_free};
}

Situation Of(const Key& key) {
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(X509_REQ_new(), X509_REQ_free);
  REQUIRE((X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
           X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0));
  unsigned char* der = nullptr;
  const int length = i2d_X509_REQ(request.get(), &der);
  REQUIRE(length > 0);
  const pki::Bytes octets(der, der + length);
  OPENSSL_free(der);
  Situation situation;
  situation.request = std::make_shared<const pki::CertificateRequest>(pki::CertificateRequest::Parse(octets).value());
  return situation;
}

TEST_CASE("keys of the kinds that are named are allowed and no others", "[policy][allowed_keys]") {
  const std::string algorithm = GENERATE("rsa-2048", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521");
  const Situation situation = algorithm == "ecdsa-p521" ? Of(P521()) : Of(algorithm);
  for (const auto* allowed : {"rsa-2048", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521"}) {
    CAPTURE(algorithm, allowed);
    CHECK(VerdictOf(Allowing("\"" + std::string(allowed) + "\""), situation) ==
          (algorithm == allowed ? "pass" : "deny"));
  }
}

TEST_CASE("any of several kinds is allowed", "[policy][allowed_keys]") {
  CHECK(VerdictOf(Allowing(R"("rsa-4096", "ecdsa-p384")"), Of("ecdsa-p384")) == "pass");
  CHECK(VerdictOf(Allowing(R"("rsa-4096", "ecdsa-p384")"), Of("ecdsa-p256")) == "deny");
}

TEST_CASE("an RSA key has at least the bits that are named, and at most the most", "[policy][allowed_keys]") {
  CHECK(VerdictOf(Allowing(R"("rsa-3072")"), Of("rsa-2048")) == "deny");
  CHECK(VerdictOf(Allowing(R"("rsa-2048")"), Of("rsa-3072")) == "pass");
  CHECK(VerdictOf(Allowing(R"("rsa-2048")", R"(, "max_rsa_bits": 2048)"), Of("rsa-3072")) == "deny");
  CHECK(VerdictOf(Allowing(R"("rsa-2048")", R"(, "max_rsa_bits": 3072)"), Of("rsa-3072")) == "pass");
}

TEST_CASE("a weak key is denied whatever is allowed", "[policy][allowed_keys]") {
  const auto judged = Judge(Allowing(R"("rsa-2048")"), Of(RsaWithExponent3()));
  CHECK(judged.verdict == "deny");
  CHECK_THAT(judged.finding.saw, Catch::Contains("exponent"));
}

TEST_CASE("a key that is blocked is denied and its neighbour allowed", "[policy][allowed_keys]") {
  const auto spki = Device().key().public_key().spki();
  const auto digest = pki::Digest(pki::DigestAlgorithm::kSha256, spki);
  const std::string other = std::string(64, 'f');
  const std::string module =
      Allowing(R"("ecdsa-p256")", R"(, "blocked_spki_sha256": [")" + other + "\", \"" + pki::HexLower(digest) + "\"]");
  CHECK(VerdictOf(module, Situation()) == "deny");
  CHECK(VerdictOf(module, Situation({}, Device("ecdsa-p256", 1))) == "pass");
}

TEST_CASE("what is wrong with allowed_keys is named", "[policy][allowed_keys]") {
  CHECK(FaultsOf(Allowing("")) == "algorithms is empty");
  CHECK_THAT(FaultsOf(Allowing(R"("rsa-1024")")), Catch::StartsWith("algorithms: \"rsa-1024\" is not rsa-2048,"));
  const std::string bits = "max_rsa_bits is not 2048 to 8192";
  CHECK(FaultsOf(Allowing(R"("rsa-2048")", R"(, "max_rsa_bits": 2047)")) == bits);
  CHECK(FaultsOf(Allowing(R"("rsa-2048")", R"(, "max_rsa_bits": 8193)")) == bits);
  for (const auto& digest : {std::string("00"), std::string(64, 'g'), std::string(66, '0')}) {
    CHECK(FaultsOf(Allowing(R"("rsa-2048")", R"(, "blocked_spki_sha256": [")" + digest + "\"]")) ==
          "blocked_spki_sha256: \"" + digest + "\" is not 64 hexadecimal digits");
  }
  std::string many = "\"" + std::string(64, '0') + "\"";
  for (int i = 0; i < 1000; i++) many += ", \"" + std::string(64, '0') + "\"";
  CHECK(FaultsOf(Allowing(R"("rsa-2048")", R"(, "blocked_spki_sha256": [)" + many + "]")) ==
        "blocked_spki_sha256 has more than 1000 entries");
}

std::string Unique(const std::string& parameters, KeyUse key_use) {
  Situation situation;
  situation.key_use = key_use;
  return VerdictOf(R"({"unique_key": )" + parameters + "}", situation);
}

TEST_CASE("a key that nobody has passes", "[policy][unique_key]") {
  CHECK(Unique("{}", KeyUse::kNobody) == "pass");
  CHECK(Unique(R"({"scope": "SCOPE_ALL"})", KeyUse::kNobody) == "pass");
}

TEST_CASE("a key that somebody else has is denied", "[policy][unique_key]") {
  CHECK(Unique("{}", KeyUse::kOthers) == "deny");
  CHECK(Unique(R"({"scope": "SCOPE_OTHER_ENTITIES"})", KeyUse::kOthers) == "deny");
  CHECK(Unique(R"({"scope": "SCOPE_ALL"})", KeyUse::kOthers) == "deny");
}

TEST_CASE("a key that the same entity has passes unless it must be new", "[policy][unique_key]") {
  CHECK(Unique("{}", KeyUse::kSameEntity) == "pass");
  CHECK(Unique(R"({"scope": "SCOPE_ALL"})", KeyUse::kSameEntity) == "deny");
}

TEST_CASE("a key that is known is held where the module says so", "[policy][unique_key]") {
  CHECK(Unique(R"({"otherwise": "VERDICT_HOLD"})", KeyUse::kOthers) == "hold");
  CHECK(Unique(R"({"otherwise": "VERDICT_HOLD"})", KeyUse::kSameEntity) == "pass");
}

TEST_CASE("what is wrong with unique_key is named", "[policy][unique_key]") {
  CHECK(FaultsOf(R"({"unique_key": {"scope": 9}})") == "scope is none of its values");
  CHECK(FaultsOf(R"({"unique_key": {"otherwise": 9}})") == "otherwise is no verdict");
}

}  // namespace
