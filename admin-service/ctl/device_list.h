#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DEVICE_LIST_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DEVICE_LIST_H

#include <string_view>
#include <vector>

#include "certifier/v1/key_batch.pb.h"
#include "ctl/arguments.h"
#include "ctl/times.h"
#include "result/result.h"

namespace ctl {

// ListedDevice is a line of the list: the key that it asks for.
struct ListedDevice {
  std::size_t line = 0;
  certifier::v1::PreSharedKeyItem item;
};

inline constexpr std::size_t kMaxListedDevices = 100'000;

// ReadDeviceList reads a CSV list whose first line names its columns: entity (always there), ca, policy, uses,
// not_before, expires, subject, alternative_names (apart by ';' or spaces), attribute:NAME. A field that is empty, or
// whose column is missing, takes the command's default. Distances of time begin `now`. Malformed for anything that can
// be seen to be wrong without the engine: the first ten, each with its line.
result::Result<std::vector<ListedDevice>> ReadDeviceList(std::string_view text, const KeyMint& command, Time now);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DEVICE_LIST_H
