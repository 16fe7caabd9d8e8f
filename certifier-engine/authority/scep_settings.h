#ifndef CERTIFIER_ENGINE_AUTHORITY_SCEP_SETTINGS_H
#define CERTIFIER_ENGINE_AUTHORITY_SCEP_SETTINGS_H

#include <string>

#include "store/scep_service.h"

namespace engine::authority {

// CheckScepServiceChange is malformed, with what is wrong, for a change of nothing and for what is none of its kind, of
// all but the description: addresses to listen on are numeric, so that every gateway takes them for the same, and have
// a port of 1 to 65535.
result::Result<void> CheckScepServiceChange(const store::ScepServiceChange& change);

// CheckGatewayReport is malformed for what no gateway of ours reports.
result::Result<void> CheckGatewayReport(const store::GatewayReport& report);

// EnrollmentUrl is what devices are given, with "{ca}" in the place of the CA's name; empty without a domain name.
// Where that has no port, it is the one that the settings have gateways listen on, or else the one that a gateway says.
std::string EnrollmentUrl(const store::ScepServiceState& state);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_SCEP_SETTINGS_H
