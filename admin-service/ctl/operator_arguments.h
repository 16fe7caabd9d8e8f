#ifndef CERTIFIER_ADMIN_SERVICE_CTL_OPERATOR_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_OPERATOR_ARGUMENTS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/watch_arguments.h"

// What the commands about operators, oneself among them, were given.
namespace ctl {

// Files hold one line each; "-" is standard input, empty asks at the terminal.
struct Init {
  std::string login;
  std::string token_file;
  std::string password_file;
  bool has_no_password = false;
};
struct LogIn {
  std::string login;
  std::string password_file;
};
struct LogOut {};
struct WhoAmI {};
struct ChangePassword {
  std::string current_file;
  std::string new_file;
};

struct OperatorCreate {
  std::string login;
  std::string description;
  std::string password_file;
  bool has_password = false;              // Asked for at the terminal where no file is named.
  std::vector<std::string> certificates;  // PEM or DER files, or SHA-256 in hexadecimal.
  std::vector<std::string> grants;        // LEVEL or LEVEL:CA.
  std::vector<std::string> groups;
};
struct OperatorList {
  std::uint32_t limit = 100;
  Watch watch;
};
struct OperatorShow {
  std::string login;
};
// OperatorSet changes nothing of what it leaves out.
struct OperatorSet {
  std::string login;
  bool is_enabled = false, is_disabled = false;
  std::optional<std::string> description;
  std::string password_file;
  bool has_password = false, has_no_password = false;
  std::vector<std::string> certificates, removed_certificates;
  std::vector<std::string> grants, removed_grants;
  std::vector<std::string> groups, removed_groups;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_OPERATOR_ARGUMENTS_H
