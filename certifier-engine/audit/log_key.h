#ifndef CERTIFIER_ENGINE_AUDIT_LOG_KEY_H
#define CERTIFIER_ENGINE_AUDIT_LOG_KEY_H

#include "keys/sealer.h"
#include "store/audit_store.h"
#include "transparency/note.h"

namespace engine::audit {

// LoadLogKey opens the key that signs the audit log, and makes one where there is none yet: its name, which is the
// log's origin, is drawn with it. Of engines that make one at once, one does. Bad message check if it was sealed under
// another key-encryption key; otherwise as the store fails.
result::Result<transparency::SignerKey> LoadLogKey(store::AuditStore& store, const keys::Sealer& sealer);

}  // namespace engine::audit

#endif  // CERTIFIER_ENGINE_AUDIT_LOG_KEY_H
