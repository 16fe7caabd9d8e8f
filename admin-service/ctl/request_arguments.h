#ifndef CERTIFIER_ADMIN_SERVICE_CTL_REQUEST_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_REQUEST_ARGUMENTS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/search_arguments.h"
#include "ctl/watch_arguments.h"

// What the commands of noun "request" were given.
namespace ctl {

struct RequestList {
  std::string state;
  std::string ca;
  std::string fingerprint;
  bool is_oldest_first = false;
  std::string same_key_as;
  Search search;
  std::uint32_t limit = 100;
  Watch watch;
};
struct RequestShow {
  std::string id;
};
struct RequestTemplate {
  std::string id;
};
struct RequestUpdate {
  std::string id;
  std::string file;                            // Empty: the changes below.
  std::optional<std::string> subject;          // RFC 4514.
  std::vector<std::string> alternative_names;  // All of them; empty: as they are.
  bool has_no_alternative_name = false;
  std::string not_after;
};
struct RequestApprove {
  std::string id;
  std::string fingerprint;
  std::uint32_t template_version = 0;  // 0: nobody has edited what it will get.
};
struct RequestReject {
  std::string id;
  std::string reason;
};

struct RequestPostpone {
  std::string id;
  std::string reason;
};

struct RequestResume {
  std::string id;
  std::string reason;
};

struct RequestExplain {
  std::string text;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_REQUEST_ARGUMENTS_H
