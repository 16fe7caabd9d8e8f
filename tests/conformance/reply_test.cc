#include <catch2/catch.hpp>
#include <set>

#include "device.h"
#include "scep/message.h"
#include "tests/unit/pki/openssl_cms.h"
#include "tests/unit/pki/openssl_x509.h"

using namespace conformance;
using testing::Must;
namespace der = pki::der;

namespace {

// Sample is one exchange of each kind; all of them were read by ReadCertRep already, which is the stricter test.
struct Sample {
  Device device;
  CertRep rep;
};

Sample Success() {
  const Device device;
  return {device, Ask(device, device.Request(Shared().admin.CreateKey().value).Build())};
}

Sample Pending() {
  const Device device("manual");
  return {device, Ask(device, device.Request().Build())};
}

Sample Failure() {
  const Device device;
  return {device, Ask(device, device.Request("no such key").Build())};
}

std::vector<Sample> OneOfEach() {
  std::vector<Sample> samples = {Success(), Pending(), Failure()};
  REQUIRE(samples[0].rep.verdict() == "SUCCESS");
  REQUIRE(samples[1].rep.verdict() == "PENDING");
  REQUIRE(samples[2].rep.verdict() == "FAILURE 2");
  return samples;
}

std::uint8_t TagOf(const CertRep& rep, std::string_view oid) {
  return static_cast<std::uint8_t>(rep.attributes.at(std::string(oid)).front());
}

}  // namespace

TEST_CASE("T-63 a CertRep mirrors transactionID and nonce, and its senderNonce is fresh", "[conformance][reply]") {
  std::set<Bytes> nonces;
  for (const Sample& sample : OneOfEach()) {
    CHECK(sample.rep.transaction_id == sample.device.transaction_id);
    CHECK(sample.rep.recipient_nonce == sample.device.nonce);
    CHECK(sample.rep.sender_nonce.size() == 16);
    CHECK(sample.rep.sender_nonce != sample.device.nonce);
    CHECK(nonces.insert(sample.rep.sender_nonce).second);
    CHECK(sample.rep.attributes.at("1.2.840.113549.1.9.3") == testing::Oid("1.2.840.113549.1.7.1"));
    const Bytes digest = pki::Digest(pki::DigestAlgorithm::kSha256, sample.rep.content.value_or(""));
    CHECK(sample.rep.attributes.at("1.2.840.113549.1.9.4") == testing::Element(der::kOctetString, {digest}));
    CHECK(sample.rep.attributes.at(std::string(scep::kMessageTypeOid)) ==
          testing::Element(der::kPrintableString, {"3"}));
  }
}

TEST_CASE("T-64 text attributes are PrintableString and nonces OCTET STRING", "[conformance][reply]") {
  for (const Sample& sample : OneOfEach()) {
    for (const auto oid : {scep::kMessageTypeOid, scep::kPkiStatusOid, scep::kTransactionIdOid}) {
      CHECK(TagOf(sample.rep, oid) == 0x13);
    }
    for (const auto oid : {scep::kSenderNonceOid, scep::kRecipientNonceOid}) CHECK(TagOf(sample.rep, oid) == 0x04);
    if (sample.rep.fail_info) CHECK(TagOf(sample.rep, scep::kFailInfoOid) == 0x13);
  }
}

TEST_CASE("T-65 the signer's certificate is one of GetCACert, octet for octet", "[conformance][reply]") {
  for (const Sample& sample : OneOfEach()) {
    CHECK(sample.rep.signer.der() == Published(Shared().gateway, sample.device.ca).front().der());
  }
}

TEST_CASE("T-66 failInfo stands in a FAILURE alone, content in a SUCCESS alone", "[conformance][reply]") {
  for (const Sample& sample : OneOfEach()) {
    CHECK(sample.rep.fail_info.has_value() == (sample.rep.status == "2"));
    CHECK(sample.rep.content.has_value() == (sample.rep.status == "0"));
  }
}

TEST_CASE("T-67 a SUCCESS is definite DER with one recipient, whose key opens it", "[conformance][reply]") {
  const Sample sample = Success();
  CHECK(IsDer(sample.rep.message));
  CHECK(IsDer(*sample.rep.content));
  const pki::Certificate certificate = Open(sample.rep, sample.device.identity);
  const auto opened = testing::reference::Decrypt(*sample.rep.content, sample.device.identity);
  REQUIRE(opened.has_value());
  CHECK(Must(pki::ParseCertsOnly(*opened)).at(0).der() == certificate.der());
}

TEST_CASE("T-68 a SUCCESS holds one certificate, or the chain behind it where the CA says so", "[conformance][reply]") {
  const Sample sample = Success();
  const auto opened = testing::reference::Decrypt(*sample.rep.content, sample.device.identity);
  REQUIRE(opened.has_value());
  CHECK(testing::reference::CountCertificates(*opened) == 1);

  v1::CreateCaRequest wish;
  wish.set_name("low");
  wish.set_key_algorithm("ecdsa-p256");
  wish.set_policy("automatic");
  wish.set_issuer("elliptic");
  Shared().MakeCa(wish);
  v1::CaOptions options;
  options.set_reply_chain(v1::REPLY_CHAIN_FULL);
  Shared().SetOptions("low", options);
  const auto published = Published(Shared().gateway, "low");
  REQUIRE(published.size() == 3);
  const Device device("low");
  const CertRep rep = Ask(device, device.Request(Shared().admin.CreateKey({.ca = "low"}).value).Build());
  const auto chain = testing::reference::Decrypt(*rep.content, device.identity);
  REQUIRE(chain.has_value());
  const auto certificates = Must(pki::ParseCertsOnly(*chain));
  REQUIRE(certificates.size() == 3);
  CHECK(certificates[0].spki() == device.identity.key->public_key().spki());
  CHECK(certificates[1].der() == published[1].der());
  CHECK(certificates[2].der() == published[2].der());
  CHECK(testing::reference::IsSignedBy(certificates[1].der(), certificates[2].der()));
}

TEST_CASE("T-69 a nonce of 8 octets is echoed, and answered with one of 8", "[conformance][reply]") {
  for (const char* ca : {"demo", "manual"}) {
    Device device(ca);
    device.nonce = "8 octets";
    const CertRep rep = Ask(device, device.Request().Build());
    CHECK(rep.recipient_nonce == Bytes("8 octets"));
    CHECK(rep.sender_nonce.size() == 8);
  }
}
