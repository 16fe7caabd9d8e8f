#ifndef CERTIFIER_ENGINE_SERVICE_IDENTITY_H
#define CERTIFIER_ENGINE_SERVICE_IDENTITY_H

#include <cstdint>
#include <string>
#include <vector>

#include "result/result.h"

namespace engine {

// ServiceIdentity is what a service, or an operator, shows to the others: a certificate of the internal CA.
struct ServiceIdentity {
  std::string directory;           // Holds internal-ca.crt, internal-ca.key, NAME.crt and NAME.key.
  std::string role;                // "gateway", "engine", "admin" or "operator".
  std::string name;                // commonName: the host, or the operator's login; 1 to 64 of [A-Za-z0-9._-].
  std::vector<std::string> hosts;  // DNS names and addresses under which the service is reached.
  std::uint64_t days = 365;
};

// MakeServiceCertificate writes NAME.crt and NAME.key (mode 0600) anew; the internal CA is made on first use. ECDSA
// P-256 throughout. Malformed for a bad name or role; unavailable for files that cannot be read or written.
result::Result<void> MakeServiceCertificate(const ServiceIdentity& identity);

}  // namespace engine

#endif  // CERTIFIER_ENGINE_SERVICE_IDENTITY_H
