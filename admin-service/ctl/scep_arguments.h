#ifndef CERTIFIER_ADMIN_SERVICE_CTL_SCEP_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_SCEP_ARGUMENTS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the commands about the SCEP service as a whole were given.
namespace ctl {

struct ScepShow {};
// ScepSet changes nothing of what it leaves out.
struct ScepSet {
  std::optional<std::string> description;
  bool is_enabled = false, is_disabled = false;
  std::optional<std::string> listen;
  std::optional<std::string> domain_name;
  std::vector<std::string> allowed, refused;  // Operations, or "all".
  std::optional<std::uint64_t> expected_version;
  std::string wait = "5s";
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_SCEP_ARGUMENTS_H
