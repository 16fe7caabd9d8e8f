#ifndef CERTIFIER_ENGINE_AUDIT_EVENT_SEALER_H
#define CERTIFIER_ENGINE_AUDIT_EVENT_SEALER_H

#include <optional>

#include "keys/sealer.h"
#include "store/audit_store.h"
#include "transparency/note.h"

namespace engine::audit {

// EventSealer seals what was written to the audit log. Any number of engines may run one: the store lets one at a time
// seal. For one thread.
class EventSealer {
 public:
  // `most` events are under one seal, 1 to transparency::kMaxBatch. The store must outlive the sealer.
  EventSealer(store::AuditStore& store, keys::Sealer key_sealer, std::uint32_t most);

  // Seal makes one seal and says of how many events: as many as may be, and there may be more; 0, and there is none
  // that is committed, or another engine is at it. The newest seal is verified before one follows it: bad message check
  // if it is not this log's, which only a hand in the database explains. Otherwise as LoadLogKey and as the store
  // fails.
  result::Result<std::size_t> Seal();

 private:
  store::AuditStore& store_;
  const keys::Sealer key_sealer_;
  const std::uint32_t most_;
  std::optional<transparency::SignerKey> key_;
};

}  // namespace engine::audit

#endif  // CERTIFIER_ENGINE_AUDIT_EVENT_SEALER_H
