#ifndef CERTIFIER_ADMIN_SERVICE_CTL_AUDIT_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_AUDIT_ARGUMENTS_H

#include <cstdint>
#include <string>

#include "ctl/watch_arguments.h"

// What the commands of noun "audit" were given.
namespace ctl {

struct AuditList {
  std::string kind;
  std::string actor;
  std::string ca;
  std::string about;
  std::string since, until;
  std::uint32_t limit = 100;
  Watch watch;
};
struct AuditShow {
  std::string id;
};
struct AuditExport {
  std::string out = "-";
  std::uint64_t from = 0;
};
struct AuditKey {};
// AuditVerify needs no admin service.
struct AuditVerify {
  std::string file;
  std::string key;         // The text of it, or a file.
  std::string remembered;  // File of a checkpoint; empty: none.
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_AUDIT_ARGUMENTS_H
