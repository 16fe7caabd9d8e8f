#ifndef CERTIFIER_ENGINE_RPC_REVOCATION_H
#define CERTIFIER_ENGINE_RPC_REVOCATION_H

#include "certifier/v1/certificate.pb.h"
#include "store/revocation_store.h"

namespace engine::rpc {

certifier::v1::RevocationReason ToProto(pki::CrlReason reason);
// FromProto is malformed for a reason that this engine does not know.
result::Result<pki::CrlReason> FromProto(certifier::v1::RevocationReason reason);

// FillStatus says whether a certificate is good, and if not, why.
void FillStatus(const std::optional<store::Revocation>& revocation, certifier::v1::Certificate& certificate);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_REVOCATION_H
