#ifndef CERTIFIER_TESTS_CONFORMANCE_DEVICE_H
#define CERTIFIER_TESTS_CONFORMANCE_DEVICE_H

#include <optional>
#include <string>
#include <vector>

#include "cert_rep.h"
#include "product.h"
#include "tests/unit/pki/request_shape.h"
#include "tests/unit/scep/message_builder.h"

namespace conformance {

// Device is one enrolment: a key that is shared with other tests, and a self-signed certificate, a commonName, a
// transactionID and a senderNonce that no other test has. Its messages are written by hand, so that any part can be
// wrong.
struct Device {
  // Of a CA of the shared product.
  explicit Device(const std::string& ca_name = "demo", const std::string& key = "device");
  // Of whatever CA has this RA.
  Device(const std::string& ca_name, pki::Certificate registration_authority, const std::string& key = "device");

  // Csr is a PKCS#10 with this challenge, or without one; CsrWith has these attributes.
  Bytes Csr(const std::string& challenge = {}) const;
  Bytes CsrWith(std::vector<Bytes> attributes) const;
  // Enveloped is for the RA, Signed is a message of type 19 around an envelope.
  testing::Envelope Enveloped(Bytes content) const;
  testing::Message Signed(Bytes envelope) const;
  // Request and RequestOf are sound PKCSReqs, Poll is a sound CertPoll.
  testing::Message Request(const std::string& challenge = {}) const { return RequestOf(Csr(challenge)); }
  testing::Message RequestOf(Bytes csr) const { return Signed(Enveloped(std::move(csr)).Build()); }
  testing::Message Poll() const;

  std::string ca;
  pki::Certificate ra;                     // It receives the envelope and must sign the reply.
  std::optional<pki::Certificate> signer;  // This one must, where there are two RAs.
  testing::Identity identity;
  std::string name;
  Bytes transaction_id, nonce;
};

// Ask posts a message to the CA's path and reads the reply, which must be signed by the RA and carry the device's
// transactionID and nonce. Without a gateway it is the shared one.
CertRep Ask(const Device& device, const Bytes& message);
CertRep Ask(const Device& device, const Bytes& message, const GatewayProgram& gateway);
// Verdict is Ask in a word: "SUCCESS", "PENDING" or "FAILURE 2".
std::string Verdict(const Device& device, const Bytes& message);
// Enrol must succeed; it returns the certificate, whose key must be that of the device.
pki::Certificate Enrol(const Device& device, const Bytes& message);
pki::Certificate Enrol(const Device& device, const Bytes& message, const GatewayProgram& gateway);

// Rows of the shared product's database that a transactionID has: requests, and certificates among them.
int Requests(const Device& device);
int Certificates(const Device& device);

// Extension finds the value of one in a certificate; nothing if it is not there.
std::optional<pki::Extension> Extension(const pki::Certificate& certificate, std::string_view oid);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_DEVICE_H
