#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_REQUEST_RECORDS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_REQUEST_RECORDS_H

#include <pqxx/pqxx>

#include "store/administration_store.h"
#include "store/postgres/work.h"

namespace engine::store {

// ReadRequest is a request with its approvals. kNotFound.
Result<RequestRecord> ReadRequest(Work& work, std::int64_t request_id);
// NotPending is why a request could not be changed: kNotFound, or kConflict where it is there.
Result<void> NotPending(Work& work, std::int64_t request_id);

// LockWaiting locks a request that waits, if it is what was looked at; otherwise NotPending.
Result<void> LockWaiting(Work& work, std::int64_t request_id, const Bytes& csr_sha256, std::uint32_t template_version);
// RaiseTerms adds to what a request waits for.
void RaiseTerms(Work& work, std::int64_t request_id, const ApprovalTerms& terms);
// AddApproval writes one operator's yes to a request.
void AddApproval(Work& work, std::int64_t request_id, const Bytes& csr_sha256, const Approval& approval);
// ReadApprovals gives each request the approvals that it has.
void ReadApprovals(Work& work, std::vector<RequestRecord>& requests);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_REQUEST_RECORDS_H
