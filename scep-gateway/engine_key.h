#ifndef CERTIFIER_SCEP_GATEWAY_ENGINE_KEY_H
#define CERTIFIER_SCEP_GATEWAY_ENGINE_KEY_H

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>

#include "ca_snapshot.h"

namespace gateway {

// EngineKeys opens the keys of CAs without an RA. They stay with the engine: each operation is a call that blocks its
// thread, for `deadline` at most. Safe from any thread.
class EngineKeys {
 public:
  EngineKeys(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds deadline);
  // As Shutdown.
  ~EngineKeys();

  // Open gives the two seams of one key; they may outlive this object, and are unavailable then.
  EngineKey Open(const KeyName& name, const pki::PublicKey& key) const;

  // Shutdown cancels the calls in flight; they and later ones are unavailable.
  void Shutdown();

 private:
  class Calls;
  class Key;
  const std::shared_ptr<Calls> calls_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_ENGINE_KEY_H
