#ifndef CERTIFIER_ADMIN_SERVICE_CTL_SCEP_VIEW_H
#define CERTIFIER_ADMIN_SERVICE_CTL_SCEP_VIEW_H

#include <string>

#include "certifier/v1/scep_service.pb.h"
#include "ctl/output.h"
#include "ctl/session.h"

namespace ctl {

// Show writes the settings and the gateways.
void Show(Output& output, const certifier::v1::GetScepServiceResponse& service);

// FailureText says in words why a gateway does not listen where it was told to; empty where it does.
std::string FailureText(certifier::v1::ListenFailure failure);

// OperationName is how people write an operation: "GetCACaps".
std::string OperationName(certifier::v1::ScepOperation operation);
// FindOperation reads an operation's name in any case; malformed, with the names that there are, for another.
result::Result<certifier::v1::ScepOperation> FindOperation(const std::string& name);

// EnrollmentUrl is what devices are given, with "{ca}" in it; empty where no domain name is set.
result::Result<std::string> EnrollmentUrl(Session& session);

// UrlFor puts the CA's name in the place of "{ca}".
std::string UrlFor(std::string url, const std::string& ca);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_SCEP_VIEW_H
