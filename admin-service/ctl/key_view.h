#ifndef CERTIFIER_ADMIN_SERVICE_CTL_KEY_VIEW_H
#define CERTIFIER_ADMIN_SERVICE_CTL_KEY_VIEW_H

#include <string>

#include "certifier/v1/pre_shared_key.pb.h"
#include "ctl/times.h"

namespace ctl {

// KeyStatus says in a word or two why a key vouches for nothing at `now`, or that it does: "disabled", "expired", "used
// up", "reserved" (by requests that wait), "not yet good", "good".
std::string KeyStatus(const certifier::v1::PreSharedKey& key, Time now);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_KEY_VIEW_H
