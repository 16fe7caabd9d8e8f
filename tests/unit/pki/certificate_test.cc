#include "pki/certificate.h"

#include <catch2/catch.hpp>

#include "identity.h"
#include "pki/certificate_identifier.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::Certificate;
namespace der = pki::der;

namespace {

Certificate Shaped(const CertificateShape& shape) {
  return MakeIdentity(Key("device", "ecdsa-p256"), shape).certificate;
}

Certificate WithSerial(const Bytes& serial_number) {
  CertificateShape shape;
  shape.serial_number = serial_number;
  return Shaped(shape);
}

}  // namespace

TEST_CASE("the parts of a certificate are its own octets", "[pki][certificate]") {
  const auto key = Key("device", "ecdsa-p256");
  const Certificate certificate = Shaped({});
  CHECK(certificate.subject() == CommonName("device"));
  CHECK(certificate.issuer() == CommonName("device"));
  CHECK(certificate.is_self_issued());
  CHECK(certificate.serial_number() == "\x2a");
  CHECK(certificate.spki() == key->public_key().spki());
  CHECK(Must(certificate.public_key()) == key->public_key());
  CHECK(std::chrono::system_clock::to_time_t(Must(certificate.not_before())) == 1704067200);
  CHECK(std::chrono::system_clock::to_time_t(Must(certificate.not_after())) == 2335219200);
}

TEST_CASE("a copy's parts are its own, whatever becomes of the first", "[pki][certificate]") {
  auto first = std::make_unique<Certificate>(Shaped({}));
  const Certificate copy = *first;
  first.reset();
  CHECK(copy.subject() == CommonName("device"));
}

TEST_CASE("serial numbers of any length and sign are kept as they stand", "[pki][certificate]") {
  const Bytes serial_number =
      GENERATE(Bytes(1, '\0'), Bytes("\x80"), Bytes("\xff\x01"), Bytes(32, '\x7f'), Bytes(200, '\xff'));
  const Certificate certificate = WithSerial(serial_number);
  CHECK(certificate.serial_number() == serial_number);
  const Bytes integer = Element(der::kInteger, {serial_number});
  CHECK(certificate.issuer_and_serial_number() == Element(der::kSequence, {CommonName("device"), integer}));
}

TEST_CASE("a certificate without extensions has none", "[pki][certificate]") {
  const Certificate certificate = Shaped({});
  CHECK(Must(certificate.extensions()).empty());
  CHECK(certificate.subject_key_identifier().empty());
}

TEST_CASE("broken extensions do not keep a certificate from being read", "[pki][certificate]") {
  CertificateShape shape;
  shape.extensions = Element(der::Context(3, true), {"\xff\xff"});
  const Certificate certificate = Shaped(shape);
  CHECK_FALSE(certificate.extensions().has_value());
  CHECK(certificate.subject_key_identifier().empty());
}

TEST_CASE("absurd dates do not keep a certificate from being read", "[pki][certificate]") {
  CertificateShape shape;
  shape.not_before = "000000000000Z";
  shape.not_after = "never";
  const Certificate certificate = Shaped(shape);
  CHECK_FALSE(certificate.not_before().has_value());
  CHECK_FALSE(certificate.not_after().has_value());
}

TEST_CASE("a certificate truncated at any length or with trailing octets is malformed", "[pki][certificate]") {
  const Bytes encoding = Shaped({}).der();
  for (std::size_t length = 0; length < encoding.size(); length++) {
    CAPTURE(length);
    CHECK_FALSE(Certificate::Parse(ByteView(encoding).substr(0, length)).has_value());
  }
  CHECK_FALSE(Certificate::Parse(encoding + '\0').has_value());
}

TEST_CASE("PEM holds one certificate or several, in their order", "[pki][certificate]") {
  const Certificate a = WithSerial("\x01"), b = WithSerial("\x02");
  const auto both = Must(Certificate::ManyFromPem(a.ToPem() + "text\n" + b.ToPem()));
  REQUIRE(both.size() == 2);
  CHECK(both[1].der() == b.der());
  CHECK(Must(Certificate::FromPem(a.ToPem() + b.ToPem())).der() == a.der());
  CHECK_FALSE(Certificate::FromPem("").has_value());
  CHECK_FALSE(Certificate::FromPem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").has_value());
}

TEST_CASE("a certificate is named by its issuer and its serial number as an integer", "[pki][certificate]") {
  const Certificate certificate = WithSerial(Bytes("\0\x80", 2));
  const Bytes issuer = CommonName("device");
  CHECK(pki::IsNamedBy(issuer, Bytes("\0\x80", 2), certificate));
  CHECK(pki::IsNamedBy(issuer, Bytes("\0\0\x80", 3), certificate));
  CHECK(pki::IsNamedBy(CommonName("DEVICE"), Bytes("\0\x80", 2), certificate));
  CHECK_FALSE(pki::IsNamedBy(issuer, "\x80", certificate));
  CHECK_FALSE(pki::IsNamedBy(issuer, "", certificate));
  CHECK_FALSE(pki::IsNamedBy(CommonName("other"), Bytes("\0\x80", 2), certificate));
  CHECK_FALSE(pki::IsNamedBy("", Bytes("\0\x80", 2), certificate));
}

TEST_CASE("a negative serial number is not its positive neighbour", "[pki][certificate]") {
  const Certificate certificate = WithSerial("\xff");
  CHECK(pki::IsNamedBy(CommonName("device"), "\xff\xff", certificate));
  CHECK_FALSE(pki::IsNamedBy(CommonName("device"), Bytes("\0\xff", 2), certificate));
}

TEST_CASE("a certificate is identified by its key identifier, or by its key where it has none", "[pki][certificate]") {
  CertificateShape shape;
  shape.key_identifier = "abc";
  const auto& key = Key("device", "ecdsa-p256")->public_key();
  const Bytes digest = pki::Digest(pki::DigestAlgorithm::kSha1, key.subject_public_key());
  CHECK(pki::IsIdentifiedBy("abc", Shaped(shape)));
  CHECK_FALSE(pki::IsIdentifiedBy(digest, Shaped(shape)));
  CHECK(pki::IsIdentifiedBy(digest, Shaped({})));
  CHECK_FALSE(pki::IsIdentifiedBy("", Shaped({})));
}
