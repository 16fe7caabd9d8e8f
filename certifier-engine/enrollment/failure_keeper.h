#ifndef CERTIFIER_ENGINE_ENROLLMENT_FAILURE_KEEPER_H
#define CERTIFIER_ENGINE_ENROLLMENT_FAILURE_KEEPER_H

#include <string_view>

#include "authority/directory.h"
#include "clock.h"
#include "store/decision_store.h"

namespace engine::enrollment {

// GatewayFailure is a FAILURE that a gateway answered by itself. It borrows everything.
struct GatewayFailure {
  std::string_view decision_id;  // UUID.
  std::string_view ca;
  pki::ByteView transaction_id;  // At most 255 octets.
  std::uint32_t message_type = 0;
  std::string_view reason;  // At most 1000 octets are kept.
  std::string_view digest_algorithm, content_encryption_algorithm, source_address;
  TimePoint received_at;
};

// FailureKeeper keeps gateways' reasons beside the engine's own. It decides nothing, and believes a gateway no more
// than that: the record says that it is the gateway's word. Immutable; safe from any thread.
class FailureKeeper {
 public:
  // References must outlive it.
  FailureKeeper(const authority::Directory& directory, store::DecisionJournal& journal, Clock clock)
      : directory_(directory), journal_(journal), clock_(std::move(clock)) {}

  // Keep: malformed for an id that is no UUID or a transactionID out of bounds, unavailable for an unknown CA, or where
  // the journal is full.
  result::Result<void> Keep(const GatewayFailure& failure) const;

 private:
  const authority::Directory& directory_;
  store::DecisionJournal& journal_;
  const Clock clock_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_FAILURE_KEEPER_H
