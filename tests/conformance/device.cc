#include "device.h"

#include <catch2/catch.hpp>
#include <utility>

#include "tests/integration/engine/cluster.h"

namespace conformance {

namespace {

namespace der = pki::der;
using testing::Must;

const pki::Certificate& RegistrationAuthorityOf(const std::string& ca) {
  static std::map<std::string, pki::Certificate> known;
  if (!known.contains(ca)) known[ca] = Published(Shared().gateway, ca).front();
  return known[ca];
}

std::string FreshName() {
  return "device-" + pki::HexLower(Must(pki::RandomBytes(4)));
}

std::string TransactionIs(const Device& device) {
  return "r.transaction_id = '\\x" + pki::HexLower(device.transaction_id) + "'";
}

}  // namespace

Device::Device(const std::string& ca_name, pki::Certificate registration_authority, const std::string& key)
    : ca(ca_name),
      ra(std::move(registration_authority)),
      identity(testing::MakeIdentity(testing::Key(key), {.common_name = "throw-away"})),
      name(FreshName()),
      transaction_id(pki::HexLower(Must(pki::RandomBytes(16)))),
      nonce(Must(pki::RandomBytes(16))) {}

Device::Device(const std::string& ca_name, const std::string& key)
    : Device(ca_name, RegistrationAuthorityOf(ca_name), key) {}

Bytes Device::CsrWith(std::vector<Bytes> attributes) const {
  testing::RequestShape shape;
  shape.subject = testing::CommonName(name);
  shape.attributes = std::move(attributes);
  return testing::SignedRequest(*identity.key, shape);
}

Bytes Device::Csr(const std::string& challenge) const {
  return challenge.empty() ? CsrWith({}) : CsrWith({testing::Challenge(challenge)});
}

testing::Envelope Device::Enveloped(Bytes content) const {
  return std::move(testing::Envelope(std::move(content)).To(ra));
}

testing::Message Device::Signed(Bytes envelope) const {
  return std::move(testing::Message(std::move(envelope))
                       .WithType("19")
                       .WithTransactionId(transaction_id)
                       .WithNonce(nonce)
                       .SignedBy(identity));
}

testing::Message Device::Poll() const {
  const Bytes names = der::Encode(der::kSequence, {ra.subject(), testing::CommonName(name)});
  return std::move(Signed(Enveloped(names).Build()).WithType("20"));
}

CertRep Ask(const Device& device, const Bytes& message, const GatewayProgram& gateway) {
  CertRep rep = ReadCertRep(Post(gateway.port(), "/scep/" + device.ca + "?operation=PKIOperation", message));
  REQUIRE(rep.signer.der() == device.signer.value_or(device.ra).der());
  REQUIRE(rep.transaction_id == device.transaction_id);
  REQUIRE(rep.recipient_nonce == device.nonce);
  return rep;
}

CertRep Ask(const Device& device, const Bytes& message) {
  return Ask(device, message, Shared().gateway);
}

std::string Verdict(const Device& device, const Bytes& message) {
  return Ask(device, message).verdict();
}

pki::Certificate Enrol(const Device& device, const Bytes& message, const GatewayProgram& gateway) {
  const CertRep rep = Ask(device, message, gateway);
  REQUIRE(rep.verdict() == "SUCCESS");
  pki::Certificate certificate = Open(rep, device.identity);
  REQUIRE(certificate.spki() == device.identity.key->public_key().spki());
  return certificate;
}

pki::Certificate Enrol(const Device& device, const Bytes& message) {
  return Enrol(device, message, Shared().gateway);
}

int Requests(const Device& device) {
  return engine_test::Count(Shared().engine.database(), "requests r WHERE " + TransactionIs(device));
}

int Certificates(const Device& device) {
  return engine_test::Count(Shared().engine.database(),
                            "certificates c JOIN requests r USING (request_id) WHERE " + TransactionIs(device));
}

std::optional<pki::Extension> Extension(const pki::Certificate& certificate, std::string_view oid) {
  for (const auto& extension : Must(certificate.extensions())) {
    if (extension.oid == oid) return extension;
  }
  return std::nullopt;
}

}  // namespace conformance
