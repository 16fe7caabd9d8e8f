// GetCRL (requirements P-50 to P-52).

#include <catch2/catch.hpp>

#include "device.h"
#include "pki/crl.h"
#include "scep/message.h"
#include "tests/unit/pki/openssl_cms.h"

using namespace conformance;
using testing::Must;
namespace der = pki::der;
namespace reference = testing::reference;

namespace {

Bytes Wanted(pki::ByteView issuer, pki::ByteView serial_number) {
  return der::Encode(der::kSequence, {issuer, der::Encode(der::kInteger, serial_number)});
}

CertRep AskCrl(const Device& device, pki::ByteView issuer, pki::ByteView serial_number) {
  return Ask(device, device.Signed(device.Enveloped(Wanted(issuer, serial_number)).Build()).WithType("22").Build());
}

// CrlIn is the CRL in a SUCCESS, which holds nothing else.
Bytes CrlIn(const CertRep& rep, const Device& device) {
  REQUIRE(rep.verdict() == "SUCCESS");
  const auto content = reference::Decrypt(*rep.content, device.identity);
  REQUIRE(content.has_value());
  const auto crl = reference::OnlyCrl(*content);
  REQUIRE(crl.has_value());
  return *crl;
}

Bytes ServedCrl(const std::string& ca) {
  const auto target = "/crl/" + ca + ".crl";
  REQUIRE(support::Eventually([&] { return Get(Shared().gateway.port(), target).status == 200; }));
  return Get(Shared().gateway.port(), target).body;
}

}  // namespace

TEST_CASE(
    "T-96 GetCRL brings the current CRL for the CA's own serial number and for a leaf's, and FAILURE 4 for a "
    "foreign issuer",
    "[conformance][get-crl]") {
  for (const char* ca : {"demo", "elliptic"}) {
    const Bytes served = ServedCrl(ca);
    const auto issuer = Published(Shared().gateway, ca).back();
    const Device enrolled(ca), stranger(ca);
    const auto leaf = Enrol(enrolled, enrolled.Request(Shared().admin.CreateKey({.ca = ca}).value).Build());
    CHECK(CrlIn(AskCrl(stranger, issuer.subject(), issuer.serial_number()), stranger) == served);
    CHECK(CrlIn(AskCrl(stranger, issuer.subject(), leaf.serial_number()), stranger) == served);
    const Bytes foreign = Must(pki::Name::FromString("CN=nobody of ours")).der();
    CHECK(AskCrl(stranger, foreign, leaf.serial_number()).verdict() == "FAILURE 4");
  }
}

TEST_CASE("T-97 two GetCRLs with one constant transactionID are answered, each for itself", "[conformance][get-crl]") {
  ServedCrl("demo");
  const auto issuer = Published(Shared().gateway, "demo").back();
  Device one("demo", "device"), two("demo", "next");
  one.transaction_id = two.transaction_id = "SSCEP transactionId";
  for (int i = 0; i < 2; i++) {
    CHECK(CrlIn(AskCrl(one, issuer.subject(), issuer.serial_number()), one) == ServedCrl("demo"));
    CHECK(CrlIn(AskCrl(two, issuer.subject(), issuer.serial_number()), two) == ServedCrl("demo"));
  }
  CHECK(Requests(one) == 0);
}
