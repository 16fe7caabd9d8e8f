#ifndef CERTIFIER_ADMIN_SERVICE_CTL_WATCH_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_WATCH_ARGUMENTS_H

#include <string>

namespace ctl {

// Watch says whether a list is made again and again.
struct Watch {
  bool is_on = false;
  std::string interval = "2s";
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_WATCH_ARGUMENTS_H
