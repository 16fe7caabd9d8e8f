#include "pki/certificate_request.h"

#include <catch2/catch.hpp>

#include "openssl_x509.h"
#include "request_shape.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::CertificateRequest;
using result::Reason;
namespace der = pki::der;

namespace {

constexpr int kBmp = 30, kT61 = 20, kIa5 = 22, kPrintable = 19, kUtf8 = 12, kUniversal = 28;  // V_ASN1_...

const pki::PrivateKey& Ec() {
  return *Key("device", "ecdsa-p256");
}

result::Result<CertificateRequest> Parse(const RequestShape& shape) {
  return CertificateRequest::Parse(SignedRequest(Ec(), shape));
}

result::Result<CertificateRequest> ParseWith(std::vector<Bytes> attributes) {
  RequestShape shape;
  shape.attributes = std::move(attributes);
  return Parse(shape);
}

Reason ReasonOf(const result::Result<CertificateRequest>& request) {
  REQUIRE_FALSE(request.has_value());
  return request.error().reason;
}

std::string NamesOf(const CertificateRequest& request) {
  std::string all;
  for (const auto& name : request.alternative_names()) all += ToString(name) + " ";
  return all;
}

}  // namespace

TEST_CASE("a request of OpenSSL's is read", "[pki][request]") {
  const auto key = Key("device", GENERATE("rsa-2048", "ecdsa-p256", "ecdsa-p384"));
  const Bytes encoding = reference::Request(
      *key, {.challenge_type = kPrintable, .challenge = "secret", .alternative_names = "DNS:a.example,IP:10.0.0.1"});
  const auto request = Must(CertificateRequest::Parse(encoding));
  CHECK(request.der() == encoding);
  CHECK(request.subject().ToString() == "CN=device");
  CHECK(request.public_key() == key->public_key());
  CHECK(request.challenge().Reveal() == "secret");
  CHECK(NamesOf(request) == "dns:a.example ip:10.0.0.1 ");
}

TEST_CASE("a request of ours is read by OpenSSL and by us", "[pki][request]") {
  const auto key = Key("device", GENERATE("rsa-2048", "ecdsa-p256"));
  const auto subject = Must(pki::Name::FromString("CN=a,O=b"));
  const Bytes encoding =
      Must(pki::SignCertificateRequest({subject, "gr\xc3\xbcn", {{"dns", "a"}}}, *key, pki::DigestAlgorithm::kSha256));
  CHECK(reference::VerifiesRequest(encoding));
  const auto request = Must(CertificateRequest::Parse(encoding));
  CHECK(request.subject().der() == subject.der());
  CHECK(request.challenge().Reveal() == "gr\xc3\xbcn");
  CHECK(NamesOf(request) == "dns:a ");
}

TEST_CASE("info is what was signed", "[pki][request]") {
  const Bytes encoding = CertificationRequest(Ec());
  const auto request = Must(CertificateRequest::Parse(encoding));
  const auto outer = Must(der::ReadOnly(encoding, der::kSequence));
  CHECK(request.info() == Must(der::Reader(outer.value).Next()).encoding);
}

TEST_CASE("a request whose self-signature is broken is a bad message check", "[pki][request]") {
  Bytes encoding = CertificationRequest(*Key("device"));
  encoding.back() = static_cast<char>(encoding.back() ^ 1);
  CHECK(ReasonOf(CertificateRequest::Parse(encoding)) == Reason::kBadMessageCheck);
}

TEST_CASE("a request for a key of somebody else is a bad message check", "[pki][request]") {
  RequestShape shape;
  shape.spki = Key("other", "ecdsa-p256")->public_key().spki();
  CHECK(ReasonOf(Parse(shape)) == Reason::kBadMessageCheck);
}

TEST_CASE("a signature algorithm of another kind of key is a bad message check", "[pki][request]") {
  RequestShape shape;
  shape.algorithm = pki::SignatureAlgorithmIdentifier(Key("device")->public_key(), pki::DigestAlgorithm::kSha256);
  CHECK(ReasonOf(Parse(shape)) == Reason::kBadMessageCheck);
}

TEST_CASE("a signature algorithm that we do not know is a bad algorithm", "[pki][request]") {
  RequestShape shape;
  shape.algorithm = Element(der::kSequence, {Oid("1.2.3")});
  CHECK(ReasonOf(Parse(shape)) == Reason::kBadAlgorithm);
}

TEST_CASE("octets behind a request are malformed", "[pki][request]") {
  const Bytes encoding = CertificationRequest(Ec());
  CHECK(ReasonOf(CertificateRequest::Parse(encoding + '\0')) == Reason::kMalformed);
  CHECK_FALSE(pki::LooksLikeCertificateRequest(encoding + '\0'));
  CHECK(pki::LooksLikeCertificateRequest(encoding));
}

TEST_CASE("a request truncated at any length is malformed", "[pki][request]") {
  const Bytes encoding = CertificationRequest(Ec());
  for (std::size_t length = 0; length < encoding.size(); length++) {
    CAPTURE(length);
    CHECK(ReasonOf(CertificateRequest::Parse(ByteView(encoding).substr(0, length))) == Reason::kMalformed);
    CHECK_FALSE(pki::LooksLikeCertificateRequest(ByteView(encoding).substr(0, length)));
  }
}

TEST_CASE("a request longer than 64 KiB is malformed", "[pki][request]") {
  const Bytes filler = Attribute("1.2.3", {Element(der::kOctetString, {Bytes(65536, 'x')})});
  CHECK(ReasonOf(ParseWith({filler})) == Reason::kMalformed);
}

TEST_CASE("a request without the attributes' tag is read", "[pki][request]") {
  RequestShape shape;
  shape.attributes = std::nullopt;
  const auto request = Must(Parse(shape));
  CHECK(request.challenge().empty());
  CHECK(request.requested_extensions().empty());
}

TEST_CASE("a challenge of every string type comes out in UTF-8", "[pki][request]") {
  const auto [type, octets, text] =
      GENERATE(table<int, Bytes, std::string>({{kUtf8, "gr\xc3\xbcn", "gr\xc3\xbcn"},
                                               {kPrintable, "green", "green"},
                                               {kIa5, "gr_en@", "gr_en@"},
                                               {kT61, "gr\xfcn", "gr\xc3\xbcn"},
                                               {kBmp, Bytes("\0g\0\xfc", 4), "g\xc3\xbc"},
                                               {kUniversal, Bytes("\0\0\0g\0\0\0\xfc", 8), "g\xc3\xbc"}}));
  const Bytes encoding =
      reference::Request(Ec(), {.challenge_type = type, .challenge = octets, .alternative_names = {}});
  CHECK(Must(CertificateRequest::Parse(encoding)).challenge().Reveal() == text);
}

TEST_CASE("an empty challenge is none", "[pki][request]") {
  CHECK(Must(ParseWith({Challenge("")})).challenge().empty());
  CHECK(Must(ParseWith({Attribute("1.2.840.113549.1.9.7", {})})).challenge().empty());
}

TEST_CASE("two challenges are malformed, in one attribute or in two, even if equal", "[pki][request]") {
  const Bytes value = Element(der::kUtf8String, {"a"});
  CHECK(ReasonOf(ParseWith({Challenge("a"), Challenge("a")})) == Reason::kMalformed);
  CHECK(ReasonOf(ParseWith({Attribute("1.2.840.113549.1.9.7", {value, value})})) == Reason::kMalformed);
}

TEST_CASE("a challenge of more than 255 octets of UTF-8 is malformed", "[pki][request]") {
  CHECK(Must(ParseWith({Challenge(Bytes(255, 'x'))})).challenge().Reveal().size() == 255);
  CHECK(ReasonOf(ParseWith({Challenge(Bytes(256, 'x'))})) == Reason::kMalformed);
  CHECK(ReasonOf(ParseWith({Challenge(Bytes(128, '\xfc'), der::kT61String)})) == Reason::kMalformed);
}

TEST_CASE("a challenge that is no string is malformed", "[pki][request]") {
  CHECK(ReasonOf(ParseWith({Challenge("\xff")})) == Reason::kMalformed);
  CHECK(ReasonOf(ParseWith({Challenge("a", der::kBmpString)})) == Reason::kMalformed);
  CHECK(ReasonOf(ParseWith({Challenge("a", der::kOctetString)})) == Reason::kMalformed);
}

TEST_CASE("extensions are taken from either attribute, PKCS#9's first", "[pki][request]") {
  const Bytes pkcs9 = ExtensionRequest(kPkcs9Extensions, "pkcs9"),
              vendor = ExtensionRequest(kMicrosoftExtensions, "vendor");
  CHECK(NamesOf(Must(ParseWith({pkcs9}))) == "dns:pkcs9 ");
  CHECK(NamesOf(Must(ParseWith({vendor}))) == "dns:vendor ");
  CHECK(NamesOf(Must(ParseWith({vendor, pkcs9}))) == "dns:pkcs9 ");
}

TEST_CASE("what only the vendor's attribute asks for is asked for, too", "[pki][request]") {
  const Bytes usage = Must(pki::EncodeExtensions({pki::KeyUsageExtension(pki::kDigitalSignature)}));
  const auto request =
      Must(ParseWith({ExtensionRequest(kPkcs9Extensions, "a"), Attribute(kMicrosoftExtensions, {usage})}));
  REQUIRE(request.requested_extensions().size() == 2);
  CHECK(request.requested_extensions()[1].oid == pki::kKeyUsageOid);
}

TEST_CASE("unknown attributes are passed over, malformed ones are not", "[pki][request]") {
  CHECK(ParseWith({Attribute("1.2.3", {Element(der::kInteger, {"\1"})}), Challenge("a")}).has_value());
  CHECK(ReasonOf(ParseWith({Element(der::kSequence, {Oid("1.2.3")})})) == Reason::kMalformed);
  CHECK(ReasonOf(ParseWith({Element(der::kSet, {})})) == Reason::kMalformed);
  CHECK(ReasonOf(ParseWith({Attribute(kPkcs9Extensions, {Element(der::kSet, {})})})) == Reason::kMalformed);
}

TEST_CASE("more than 64 attributes are malformed", "[pki][request]") {
  std::vector<Bytes> attributes(64, Attribute("1.2.3", {}));
  CHECK(ParseWith(attributes).has_value());
  attributes.push_back(Attribute("1.2.3", {}));
  CHECK(ReasonOf(ParseWith(attributes)) == Reason::kMalformed);
}

TEST_CASE("an alternative name with a NUL is malformed", "[pki][request]") {
  const Bytes names = Element(der::kSequence, {Element(der::Context(2, false), {ByteView("a\0b", 3)})});
  const Bytes extensions = Must(pki::EncodeExtensions({{std::string(pki::kSubjectAlternativeNameOid), false, names}}));
  CHECK(ReasonOf(ParseWith({Attribute(kPkcs9Extensions, {extensions})})) == Reason::kMalformed);
}

TEST_CASE("a subject that is no name is malformed", "[pki][request]") {
  RequestShape shape;
  shape.subject = Element(der::kSequence, {Element(der::kSet, {})});
  CHECK(ReasonOf(Parse(shape)) == Reason::kMalformed);
}
