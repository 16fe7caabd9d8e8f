#ifndef CERTIFIER_ENGINE_RPC_AUDIT_VIEW_H
#define CERTIFIER_ENGINE_RPC_AUDIT_VIEW_H

#include "certifier/v1/audit.pb.h"
#include "store/audit_store.h"

namespace engine::rpc {

// Fill reads an event out of its octets. Internal if they are not what an event is.
result::Result<void> Fill(const store::AuditEventRecord& record, certifier::v1::AuditEvent& event);

// ParseAuditPlace reads a page token, "TIME.ID"; malformed otherwise. ToToken writes it.
result::Result<store::AuditPlace> ParseAuditPlace(const std::string& token);
std::string ToToken(const store::AuditPlace& place);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_AUDIT_VIEW_H
