#ifndef CERTIFIER_TESTS_UNIT_ENGINE_DEVICE_H
#define CERTIFIER_TESTS_UNIT_ENGINE_DEVICE_H

#include <memory>
#include <string>
#include <vector>

#include "pki/certificate.h"
#include "pki/certificate_request.h"
#include "pki/key.h"

namespace engine_test {

// Ask is what a device's PKCS#10 says.
struct Ask {
  std::string subject = "CN=device-1,O=Example";
  std::string challenge = {};
  std::vector<std::string> alternative_names = {};  // "kind:value".
  std::vector<pki::Extension> extensions = {};      // Further requested extensions, as they stand.
};

// Device is a client with one key. The keys of a kind are made once for the whole test program.
class Device {
 public:
  // `algorithm` as pki::PrivateKey::Generate; `number` tells apart two devices with the same kind of key.
  explicit Device(const std::string& algorithm = "ecdsa-p256", int number = 0);

  const pki::PrivateKey& key() const { return *key_; }
  // Request is the DER of a PKCS#10 for this key.
  pki::Bytes Request(const Ask& ask) const;
  // Parsed is the same, read by pki.
  pki::CertificateRequest Parsed(const Ask& ask) const;
  // SignerCertificate is a fresh self-signed throw-away certificate for this key.
  pki::Bytes SignerCertificate() const;

 private:
  std::shared_ptr<const pki::PrivateKey> key_;
};

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_UNIT_ENGINE_DEVICE_H
