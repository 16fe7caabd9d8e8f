#ifndef CERTIFIER_ENGINE_RPC_FINGERPRINT_H
#define CERTIFIER_ENGINE_RPC_FINGERPRINT_H

#include "certifier/v1/fingerprint.pb.h"
#include "pki/digest.h"

namespace engine::rpc {

certifier::v1::Fingerprints ToProto(const pki::Fingerprints& fingerprints);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_FINGERPRINT_H
