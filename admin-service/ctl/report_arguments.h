#ifndef CERTIFIER_ADMIN_SERVICE_CTL_REPORT_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_REPORT_ARGUMENTS_H

#include <cstdint>
#include <string>

#include "ctl/watch_arguments.h"

// What the commands of noun "report" were given.
namespace ctl {

struct ReportFailures {
  std::string ca;
  std::uint32_t limit = 100;
  Watch watch;
};
struct ReportOverdue {
  std::string ca;
  std::uint32_t limit = 100;
  Watch watch;
};
struct ReportExpiring {
  std::string ca;
  std::string within = "7d";
  std::uint32_t limit = 100;
  Watch watch;
};
struct ReportIssuance {
  std::string ca;
  std::string since = "24h";
  Watch watch;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_REPORT_ARGUMENTS_H
