#ifndef CERTIFIER_ENGINE_RPC_GATEWAY_NAME_H
#define CERTIFIER_ENGINE_RPC_GATEWAY_NAME_H

#include <string_view>

#include "service/grpc_server.h"

namespace engine::rpc {

// GatewayName is the commonName of the certificate of the gateway that calls, as the audit log takes it: at most 64
// characters, and '?' in the place of each that is not printable ASCII. Empty where there is none.
std::string GatewayName(const grpc::ServerContextBase& context);

// PrintableName is GatewayName of a commonName.
std::string PrintableName(std::string_view common_name);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_GATEWAY_NAME_H
