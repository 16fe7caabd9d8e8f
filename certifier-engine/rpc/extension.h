#ifndef CERTIFIER_ENGINE_RPC_EXTENSION_H
#define CERTIFIER_ENGINE_RPC_EXTENSION_H

#include "certifier/v1/extension.pb.h"
#include "pki/extensions.h"

namespace engine::rpc {

// ToProto is an extension in words.
certifier::v1::Extension ToProto(const pki::Extension& extension);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_EXTENSION_H
