#include <catch2/catch.hpp>

#include "openssl_cms.h"
#include "pki/cms.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::DigestAlgorithm;
using result::Reason;
namespace der = pki::der;

namespace {

const Identity& Signer() {
  static const Identity signer = MakeIdentity(Key("signer"));
  return signer;
}
const Identity& EcSigner() {
  static const Identity signer = MakeIdentity(Key("ec signer", "ecdsa-p384"));
  return signer;
}

Bytes SignedByUs(std::optional<ByteView> content, const Identity& signer, DigestAlgorithm digest) {
  const std::vector<pki::AttributeToSign> attributes = {{"1.2.3.4", Element(der::kOctetString, {"value"})}};
  return Must(
      pki::SignContent(content, attributes, signer.certificate, *signer.key, digest, std::chrono::system_clock::now()));
}

Reason ReasonOf(ByteView message) {
  const auto parsed = pki::ParseSignedData(message);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error().reason;
}

}  // namespace

TEST_CASE("what OpenSSL signs is read and verifies, DER and BER", "[cms]") {
  for (const bool streamed : {false, true}) {
    for (const Identity* signer : {&Signer(), &EcSigner()}) {
      const Bytes message = reference::Sign("content", *signer, {.digest = "SHA384", .streamed = streamed});
      const auto signed_data = Must(pki::ParseSignedData(message));
      CHECK(signed_data.content == ByteView("content"));
      REQUIRE(signed_data.signer.has_value());
      CHECK(signed_data.signer->digest == DigestAlgorithm::kSha384);
      CHECK(signed_data.signer->certificate.der() == signer->certificate.der());
      CHECK(pki::VerifySigner(signed_data).has_value());
    }
  }
}

TEST_CASE("what we sign is verified by OpenSSL, with RSA and ECDSA", "[cms]") {
  for (const Identity* signer : {&Signer(), &EcSigner()}) {
    for (const auto digest : {DigestAlgorithm::kSha1, DigestAlgorithm::kSha256, DigestAlgorithm::kSha512}) {
      const Bytes message = SignedByUs("content", *signer, digest);
      CHECK(reference::Verify(message) == Bytes("content"));
      CHECK(pki::VerifySigner(Must(pki::ParseSignedData(message))).has_value());
    }
  }
}

TEST_CASE("absent content is not empty content", "[cms]") {
  CHECK_FALSE(
      Must(pki::ParseSignedData(SignedByUs(std::nullopt, Signer(), DigestAlgorithm::kSha256))).content.has_value());
  const auto empty = Must(pki::ParseSignedData(SignedByUs("", Signer(), DigestAlgorithm::kSha256)));
  CHECK(empty.content == ByteView(""));
  CHECK(pki::VerifySigner(empty).has_value());
}

TEST_CASE("views stay good when the SignedData moves", "[cms]") {
  auto first = Must(pki::ParseSignedData(SignedByUs("content", Signer(), DigestAlgorithm::kSha256)));
  const pki::SignedData second = std::move(first);
  CHECK(second.content == ByteView("content"));
  CHECK(pki::VerifySigner(second).has_value());
}

TEST_CASE("the octets that were parsed are not needed afterwards", "[cms]") {
  auto message = std::make_unique<Bytes>(SignedByUs("content", Signer(), DigestAlgorithm::kSha256));
  const auto signed_data = Must(pki::ParseSignedData(*message));
  message.reset();
  CHECK(pki::VerifySigner(signed_data).has_value());
}

TEST_CASE("attributes are kept with all their values where no certificate matches the signer", "[cms]") {
  const reference::SignOptions options{.attributes = {{"1.2.3.4", der::kOctetString, "a"}},
                                       .without_certificate = true};
  const auto signed_data = Must(pki::ParseSignedData(reference::Sign("content", Signer(), options)));
  CHECK_FALSE(signed_data.signer.has_value());
  CHECK(signed_data.signer_error.reason == Reason::kBadMessageCheck);
  CHECK(pki::VerifySigner(signed_data).error().reason == Reason::kBadMessageCheck);
  const auto found = std::find_if(signed_data.attributes.begin(), signed_data.attributes.end(),
                                  [](const auto& attribute) { return attribute.oid == "1.2.3.4"; });
  REQUIRE(found != signed_data.attributes.end());
  REQUIRE(found->values.size() == 1);
  CHECK(found->values.front().encoding == Element(der::kOctetString, {"a"}));
}

TEST_CASE("a limit that is passed makes a message malformed", "[cms]") {
  const Bytes message = SignedByUs("content", Signer(), DigestAlgorithm::kSha256);
  CHECK(pki::ParseSignedData(message, {.max_certificates = 1, .max_signers = 1, .max_attributes = 4}).has_value());
  CHECK_FALSE(pki::ParseSignedData(message, {.max_certificates = 0}).has_value());
  CHECK_FALSE(pki::ParseSignedData(message, {.max_signers = 0}).has_value());
  CHECK_FALSE(pki::ParseSignedData(message, {.max_attributes = 3}).has_value());
}

TEST_CASE("octets behind a message are malformed unless they are zero, CR or LF", "[cms]") {
  const Bytes message = SignedByUs("content", Signer(), DigestAlgorithm::kSha256);
  const Bytes streamed = reference::Sign("content", Signer(), {.streamed = true});
  for (const Bytes& sound : {message, streamed}) {
    CHECK(pki::ParseSignedData(sound + Bytes("\0\r\n\0", 4)).has_value());
    CHECK(ReasonOf(sound + " ") == Reason::kMalformed);
    CHECK(ReasonOf(sound + sound) == Reason::kMalformed);
  }
}

TEST_CASE("certs-only keeps the order of its certificates and is read by OpenSSL's rules", "[cms]") {
  const Identity large = MakeIdentity(Key("signer"), {.common_name = Bytes(60, 'z')});
  const Bytes message = pki::CertsOnly({large.certificate.der(), EcSigner().certificate.der()});
  const auto certificates = Must(pki::ParseCertsOnly(message));
  REQUIRE(certificates.size() == 2);
  CHECK(certificates[0].der() == large.certificate.der());
  CHECK(certificates[1].der() == EcSigner().certificate.der());
  CHECK(reference::CountCertificates(message) == 2);
}

TEST_CASE("certs-only without a certificate is read as none", "[cms]") {
  CHECK(Must(pki::ParseCertsOnly(pki::CertsOnly({}))).empty());
}
