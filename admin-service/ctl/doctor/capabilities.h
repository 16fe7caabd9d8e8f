#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CAPABILITIES_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CAPABILITIES_H

#include <string>
#include <string_view>
#include <vector>

#include "pki/bytes.h"
#include "scep/client.h"

namespace doctor {

// Capabilities are the keywords of GetCACaps (RFC 8894 section 3.5.2).
class Capabilities {
 public:
  Capabilities() = default;
  // Read takes at most 64 lines, whatever ends them, without the white space around them.
  static Capabilities Read(pki::ByteView body);

  const std::vector<std::string>& keywords() const { return keywords_; }
  bool Has(std::string_view keyword) const;
  // Each holds also where SCEPStandard implies it.
  bool has_aes() const { return Has("AES") || Has("SCEPStandard"); }
  bool has_post() const { return Has("POSTPKIOperation") || Has("SCEPStandard"); }
  bool has_sha256() const { return Has("SHA-256") || Has("SCEPStandard"); }

  // Options are what a client would choose: AES-128 and SHA-256, unless the server names others only.
  scep::Client::Options Options() const;

 private:
  std::vector<std::string> keywords_;
};

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CAPABILITIES_H
