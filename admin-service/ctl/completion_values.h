#ifndef CERTIFIER_ADMIN_SERVICE_CTL_COMPLETION_VALUES_H
#define CERTIFIER_ADMIN_SERVICE_CTL_COMPLETION_VALUES_H

#include <string>
#include <vector>

namespace ctl {

// ClosedSet is an option whose values are known without asking a server.
struct ClosedSet {
  std::string command;              // As "request list".
  std::string option;               // As "--state".
  std::vector<std::string> values;  // As people write them.
};

// ClosedSets are those that completion suggests values for.
std::vector<ClosedSet> ClosedSets();

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_COMPLETION_VALUES_H
