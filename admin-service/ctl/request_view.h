#ifndef CERTIFIER_ADMIN_SERVICE_CTL_REQUEST_VIEW_H
#define CERTIFIER_ADMIN_SERVICE_CTL_REQUEST_VIEW_H

#include "certifier/v1/request.pb.h"
#include "ctl/output.h"

namespace ctl {

// StateText is "issued", and of several approvals "pending 1/2".
std::string StateText(const certifier::v1::Request& request);

// ShowRequest writes a request, its approvals, and what it will get if it waits.
void ShowRequest(Output& output, const certifier::v1::Request& request);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_REQUEST_VIEW_H
