#ifndef CERTIFIER_ENGINE_AUDIT_KEY_USES_H
#define CERTIFIER_ENGINE_AUDIT_KEY_USES_H

#include <map>
#include <mutex>

#include "clock.h"
#include "store/audit_store.h"

namespace engine::audit {

// KeyUses counts what gateways have done with the keys of CAs without an RA, which is too often for an event each. Safe
// from any thread.
class KeyUses {
 public:
  // The store must outlive it.
  KeyUses(store::AuditStore& store, Clock clock) : store_(store), clock_(std::move(clock)) {}

  // Note counts one use.
  void Note(const store::CaKeyUse& use);
  // Write makes an event of each count, and gives their number. What cannot be written is kept for the next time, and
  // fails as the store does. Counts that were not written are lost with the process.
  result::Result<std::size_t> Write();

 private:
  struct Count {
    std::uint64_t uses = 0;
    store::TimePoint since, until;
  };

  store::AuditStore& store_;
  const Clock clock_;
  std::mutex mutex_;  // Guards what is below.
  std::map<store::CaKeyUse, Count> counts_;
};

}  // namespace engine::audit

#endif  // CERTIFIER_ENGINE_AUDIT_KEY_USES_H
