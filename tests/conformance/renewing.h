#ifndef CERTIFIER_TESTS_CONFORMANCE_RENEWING_H
#define CERTIFIER_TESTS_CONFORMANCE_RENEWING_H

#include <string>
#include <vector>

#include "device.h"

namespace conformance {

// Renewing is a device of the shared product whose certificate may be renewed at once, and the message with which it
// does.
struct Renewing {
  // With a key for `policy`: "renewable" has a window as long as the certificate lives.
  explicit Renewing(const std::string& policy = "renewable", const std::string& ca = "demo");
  // Csr is for the next key and the same subject, unless the test says otherwise.
  Bytes Csr(const std::string& common_name = {}, std::vector<Bytes> attributes = {},
            const std::string& key = "next") const;
  Bytes Message(Bytes csr, const std::string& type = "17") const;
  // IsRefused tells whether a renewal is FAILURE badRequest and leaves no certificate.
  bool IsRefused(Bytes csr, const std::string& type = "17") const;

  Device first, next;
  pki::Certificate certificate;
};

// CheckRenewed wants a SUCCESS with a new certificate, for the holder of the old one.
void CheckRenewed(const Renewing& device, const std::string& type = "17");

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_RENEWING_H
