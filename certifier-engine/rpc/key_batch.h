#ifndef CERTIFIER_ENGINE_RPC_KEY_BATCH_H
#define CERTIFIER_ENGINE_RPC_KEY_BATCH_H

#include "certifier/v1/key_batch.pb.h"
#include "enrollment/key_batch.h"

namespace engine::rpc {

// KeyBatchOf reads a call for keys in bulk; bounds are KeyBatchMint's to check.
enrollment::KeyBatch KeyBatchOf(const certifier::v1::MintPreSharedKeysRequest& request);
void Fill(const enrollment::MintedKeys& minted, certifier::v1::MintPreSharedKeysResponse& response);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_KEY_BATCH_H
