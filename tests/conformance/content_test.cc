#include <catch2/catch.hpp>

#include "device.h"
#include "tests/unit/pki/openssl_x509.h"

using namespace conformance;
using testing::Element;
using testing::Must;
using testing::Oid;
namespace der = pki::der;
namespace reference = testing::reference;

namespace {

constexpr std::uint32_t kKeyCertSign = 0x04, kCrlSign = 0x02;  // OpenSSL's KU_...

std::string NewChallenge(const std::string& policy = {}) {
  return Shared().admin.CreateKey({.policy = policy}).value;
}

Bytes AlternativeNames(const std::string& dns_name) {
  return Must(pki::EncodeGeneralNames({{"dns", dns_name}}));
}

Bytes Requested(const std::vector<pki::Extension>& extensions) {
  const Bytes encoded = Must(pki::EncodeExtensions(extensions));
  return testing::Attribute(testing::kPkcs9Extensions, {encoded});
}

// Named is a PKCS#10 with this subject.
Bytes Named(const Device& device, Bytes subject, std::vector<Bytes> attributes) {
  testing::RequestShape shape;
  shape.subject = std::move(subject);
  shape.attributes = std::move(attributes);
  return testing::SignedRequest(*device.identity.key, shape);
}

Bytes NameAttribute(std::string_view oid, std::uint8_t tag, ByteView value) {
  return Element(der::kSequence, {Oid(oid), Element(tag, {value})});
}

// CiscoSubject is one RDN with three attributes below two others.
Bytes CiscoSubject() {
  const Bytes serial = NameAttribute("2.5.4.5", der::kPrintableString, "FTX1234A567");
  const Bytes common = NameAttribute("2.5.4.3", der::kPrintableString, "router");
  const Bytes host = NameAttribute("1.2.840.113549.1.9.2", der::kIa5String, "router.example");
  const Bytes unit = NameAttribute("2.5.4.11", der::kT61String, "branch 7");
  const Bytes country = NameAttribute("2.5.4.6", der::kPrintableString, "FI");
  return Element(der::kSequence, {Element(der::kSet, {unit}), Element(der::kSet, {country}),
                                  Element(der::kSet, {common, serial, host})});
}

std::shared_ptr<const pki::PrivateKey> WeakKey() {
  return Must(pki::PrivateKey::FromPkcs8(reference::Pkcs8("rsa-512")));
}

}  // namespace

TEST_CASE("T-90 alternative names asked for in either attribute are in the certificate", "[conformance][content]") {
  for (const auto attribute : {testing::kPkcs9Extensions, testing::kMicrosoftExtensions}) {
    const Device device;
    const Bytes wanted = testing::ExtensionRequest(attribute, "a.example");
    const Bytes csr = device.CsrWith({testing::Challenge(NewChallenge()), wanted});
    const auto certificate = Enrol(device, device.RequestOf(csr).Build());
    const auto names = Extension(certificate, pki::kSubjectAlternativeNameOid);
    REQUIRE(names.has_value());
    CHECK(names->value == AlternativeNames("a.example"));
    CHECK_FALSE(names->is_critical);
  }
}

TEST_CASE("T-91 nobody becomes a CA by asking for it", "[conformance][content]") {
  const Device device;
  const Bytes wanted = Requested({pki::BasicConstraintsExtension(true),
                                  pki::KeyUsageExtension(pki::kDigitalSignature | pki::kKeyCertSign | pki::kCrlSign)});
  const Bytes csr = device.CsrWith({testing::Challenge(NewChallenge()), wanted});
  const auto facts = reference::ReadCertificate(Enrol(device, device.RequestOf(csr).Build()).der());
  REQUIRE(facts.has_value());
  CHECK_FALSE(facts->is_ca);
  CHECK((facts->key_usage & (kKeyCertSign | kCrlSign)) == 0);
}

TEST_CASE("T-92 a multi-valued subject is issued octet for octet", "[conformance][content]") {
  const Device device;
  const Bytes csr = Named(device, CiscoSubject(), {testing::Challenge(NewChallenge())});
  CHECK(Enrol(device, device.RequestOf(csr).Build()).subject() == CiscoSubject());
}

TEST_CASE("T-93 an empty subject needs an alternative name, which is then critical", "[conformance][content]") {
  const Bytes empty = Element(der::kSequence, {});
  const Device named, nameless;
  const Bytes names = testing::ExtensionRequest(testing::kPkcs9Extensions, "a.example");
  const Bytes csr = Named(named, empty, {testing::Challenge(NewChallenge("nameless")), names});
  const auto certificate = Enrol(named, named.RequestOf(csr).Build());
  CHECK(certificate.subject() == empty);
  const auto extension = Extension(certificate, pki::kSubjectAlternativeNameOid);
  REQUIRE(extension.has_value());
  CHECK(extension->is_critical);
  const Bytes without = Named(nameless, empty, {testing::Challenge(NewChallenge("nameless"))});
  CHECK(Verdict(nameless, nameless.RequestOf(without).Build()) == "FAILURE 2");
  CHECK(Requests(nameless) == 0);
}

TEST_CASE("T-94 an RSA key of 512 bits is FAILURE badRequest", "[conformance][content]") {
  const PreSharedKey key = Shared().admin.CreateKey();
  Device weak;
  weak.identity = testing::MakeIdentity(WeakKey());
  CHECK(Verdict(weak, weak.Request(key.value).Build()) == "FAILURE 2");
  Device mixed;
  testing::RequestShape shape;
  shape.attributes = {testing::Challenge(key.value)};
  const Bytes csr = testing::SignedRequest(*WeakKey(), shape);
  CHECK(Verdict(mixed, mixed.RequestOf(csr).Build()) == "FAILURE 2");
  for (const Device* device : {&weak, &mixed}) CHECK(Requests(*device) == 0);
  CHECK(Shared().admin.UseCount(key) == 0);
}
