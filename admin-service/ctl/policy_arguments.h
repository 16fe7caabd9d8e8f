#ifndef CERTIFIER_ADMIN_SERVICE_CTL_POLICY_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_POLICY_ARGUMENTS_H

#include <cstdint>
#include <optional>
#include <string>

#include "ctl/watch_arguments.h"

// What the commands about policies were given.
namespace ctl {

struct PolicyApply {
  std::string file;
  std::optional<std::uint32_t> expected_version;
};
struct PolicyGet {
  std::string name;
  std::uint32_t version = 0;
  std::string format = "yaml";
};
struct PolicyList {
  Watch watch;
};
struct PolicyHistory {
  std::string name;
  std::uint32_t limit = 100;
  Watch watch;
};
struct PolicyDiff {
  std::string name;
  std::uint32_t version = 0;
  std::uint32_t with = 0;
  std::string file;
};
struct PolicyModules {
  std::string name;
};
struct PolicyReplay {
  std::string file;
  std::string since = "30d";
  std::string ca;
  bool is_all = false;
  std::uint32_t limit = 100;
};
struct PolicyTest {
  std::string ca;
  std::string request_file;
  std::string reference_number;
  std::string entity;
  std::string file;
  std::string signer_file;
  bool is_renewal_req = false;
  bool calls_webhooks = false;
};
struct PolicyRollback {
  std::string name;
  std::uint32_t version = 0;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_POLICY_ARGUMENTS_H
