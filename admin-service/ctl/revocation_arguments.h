#ifndef CERTIFIER_ADMIN_SERVICE_CTL_REVOCATION_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_REVOCATION_ARGUMENTS_H

#include <cstdint>
#include <string>

#include "ctl/search_arguments.h"

// What the commands that take certificates back were given.
namespace ctl {

// RevocationDetails are what revoking and suspending have in common.
struct RevocationDetails {
  std::string serial_number;
  std::string ca;
  std::string invalidity_date;
  std::string comment;
};
struct CertificateRevoke {
  RevocationDetails details;
  std::string reason;
};
// CertificateRevokeAll is of all good certificates that a search finds.
struct CertificateRevokeAll {
  Search search;
  std::string ca;
  std::string reason;
  std::string comment;
  std::uint32_t limit = 1000;
  bool is_sure = false;
};
struct CertificateSuspend {
  RevocationDetails details;
};
struct CertificateReactivate {
  std::string serial_number;
  std::string ca;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_REVOCATION_ARGUMENTS_H
