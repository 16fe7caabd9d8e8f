#include <catch2/catch.hpp>

#include "device.h"
#include "registration_authority.h"
#include "tests/unit/pki/openssl_x509.h"

using namespace conformance;
using testing::Element;
using testing::Must;
using testing::Oid;
namespace der = pki::der;
namespace reference = testing::reference;

namespace {

constexpr std::uint32_t kDigitalSignature = 0x80, kKeyEncipherment = 0x20;  // OpenSSL's KU_...

std::string CertTarget(const std::string& ca, const std::string& message = {}) {
  return "/scep" + (ca.empty() ? "" : "/" + ca) + "?operation=GetCACert" + message;
}

std::uint32_t KeyUsage(const pki::Certificate& certificate) {
  return reference::ReadCertificate(certificate.der())->key_usage;
}

// CertsOnlyShape checks the frame of a certs-only SignedData: version 1, no digest, no content, no CRL, no signer.
void CheckCertsOnly(const Bytes& message) {
  der::Reader info(Must(der::ReadOnly(message, der::kSequence)).value);
  CHECK(Must(info.Next()).encoding == Oid("1.2.840.113549.1.7.2"));
  const Bytes content(Must(info.Next(der::Context(0, true))).value);
  CHECK(info.empty());
  der::Reader parts(Must(der::ReadOnly(content, der::kSequence)).value);
  CHECK(Must(parts.Next()).encoding == Element(der::kInteger, {"\x01"}));
  CHECK(Must(parts.Next()).encoding == Element(der::kSet, {}));
  CHECK(Must(parts.Next()).encoding == Element(der::kSequence, {Oid("1.2.840.113549.1.7.1")}));
  CHECK(Must(parts.Next(der::Context(0, true))).value.size() > 0);
  CHECK(Must(parts.Next()).encoding == Element(der::kSet, {}));
  CHECK(parts.empty());
}

v1::CaOptions StrictOptions() {
  v1::CaOptions options;
  options.set_strict_ca_identifier(true);
  return options;
}

}  // namespace

TEST_CASE("T-23 where 3DES is switched off it is neither advertised nor taken", "[conformance][ca]") {
  v1::CaOptions options;
  options.set_des3(false);
  Shared().MakeCa("modern", "ecdsa-p256", "automatic");
  Shared().SetOptions("modern", options);
  const int port = Shared().gateway.port();
  CHECK(Get(port, "/scep/modern?operation=GetCACaps").body.find("DES3") == std::string::npos);
  CHECK(Get(port, "/scep?operation=GetCACaps").body.find("DES3") != std::string::npos);
  const Device device("modern");
  const Bytes csr = device.Csr(Shared().admin.CreateKey({.ca = "modern"}).value);
  const Bytes envelope = device.Enveloped(csr).WithCipher(pki::ContentCipher::kDes3Cbc).Build();
  CHECK(Ask(device, device.Signed(envelope).Build()).verdict() == "FAILURE 0");
  CHECK(Requests(device) == 0);
  CHECK(Ask(device, device.RequestOf(csr).Build()).verdict() == "SUCCESS");
}

TEST_CASE("T-26 with an RA GetCACert is certs-only, the RA first and alone with keyEncipherment", "[conformance][ca]") {
  for (const char* ca : {"demo", "manual", "elliptic"}) {
    const HttpReply reply = Get(Shared().gateway.port(), CertTarget(ca));
    CHECK(reply.status == 200);
    CHECK(reply.Field("Content-Type") == "application/x-x509-ca-ra-cert");
    CheckCertsOnly(reply.body);
    const auto certificates = Must(pki::ParseCertsOnly(reply.body));
    REQUIRE(certificates.size() == 2);
    CHECK(KeyUsage(certificates[0]) == (kDigitalSignature | kKeyEncipherment));
    CHECK_FALSE(reference::ReadCertificate(certificates[0].der())->is_ca);
    CHECK((KeyUsage(certificates[1]) & kKeyEncipherment) == 0);
    CHECK(reference::ReadCertificate(certificates[1].der())->is_ca);
    CHECK(reference::IsSignedBy(certificates[0].der(), certificates[1].der()));
  }
}

TEST_CASE("T-27 the RA comes first although DER would sort the CA before it", "[conformance][ca]") {
  const auto certificates = Published(Shared().gateway, "elliptic");
  REQUIRE(certificates.size() == 2);
  REQUIRE(certificates[1].der() < certificates[0].der());
  CHECK(KeyUsage(certificates[0]) == (kDigitalSignature | kKeyEncipherment));
  CHECK(Must(certificates[0].public_key()).type() == pki::KeyType::kRsa);
}

TEST_CASE("T-28 an unknown CA identifier means the default CA, or 404 where they are strict", "[conformance][ca]") {
  Product product;
  product.MakeCa("demo", "ecdsa-p256", "automatic");
  const GatewayProgram& usual = product.gateway;
  const Bytes expected = Get(usual.port(), CertTarget("")).body;
  CHECK(Published(usual, "demo").front().der() == Must(pki::ParseCertsOnly(expected)).front().der());
  const HttpReply unknown = Get(usual.port(), CertTarget("", "&message=unknownCA"));
  CHECK(unknown.status == 200);
  CHECK(unknown.body == expected);
  for (const bool is_strict : {false, true}) {
    if (is_strict) product.SetOptions("demo", StrictOptions());
    for (const char* message : {"&message=default", "&message=0", "&message=CAIdentifier", "&message=", ""}) {
      CAPTURE(message, is_strict);
      const HttpReply reply = Get(usual.port(), CertTarget("", message));
      CHECK(reply.status == 200);
      CHECK(reply.body == expected);
    }
  }
  CHECK(Get(usual.port(), CertTarget("", "&message=unknownCA")).status == 404);
}

TEST_CASE("T-29 an ECDSA CA enrols RSA devices by its RSA RA; a CA with an EC RA is not served", "[conformance][ca]") {
  const Device device("elliptic");
  const auto certificate = Enrol(device, device.Request(Shared().admin.CreateKey({.ca = "elliptic"}).value).Build());
  const auto issuer = Published(Shared().gateway, "elliptic").back();
  CHECK(Must(issuer.public_key()).type() == pki::KeyType::kEcdsaP256);
  CHECK(reference::IsSignedBy(certificate.der(), issuer.der()));

  Product product;
  product.MakeCa("demo", "ecdsa-p256", "automatic");
  product.SetOptions("demo", StrictOptions());
  product.MakeCa("misfit", "ecdsa-p256", "automatic");
  ReplaceRegistrationAuthority(product.engine, "misfit", *testing::Key("EC RA", "ecdsa-p256"));
  const auto is_refused = [&] { return Get(product.gateway.port(), CertTarget("misfit")).status == 503; };
  CHECK(support::Eventually(is_refused));
  CHECK(Get(product.gateway.port(), CertTarget("demo")).status == 200);
}
