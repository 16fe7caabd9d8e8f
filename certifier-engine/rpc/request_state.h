#ifndef CERTIFIER_ENGINE_RPC_REQUEST_STATE_H
#define CERTIFIER_ENGINE_RPC_REQUEST_STATE_H

#include <optional>

#include "certifier/v1/request.pb.h"
#include "store/types.h"

namespace engine::rpc {

certifier::v1::RequestState ToProto(store::RequestState state);
// FromProto is nothing for unspecified; malformed for a state that this engine does not know.
result::Result<std::optional<store::RequestState>> FromProto(certifier::v1::RequestState state);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_REQUEST_STATE_H
