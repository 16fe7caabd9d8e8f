#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_TRANSACT_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_TRANSACT_H

#include <functional>
#include <pqxx/pqxx>
#include <type_traits>

#include "store/postgres/connection_pool.h"
#include "store/postgres/work.h"

namespace engine::store {

// Guarded runs `body` and turns what libpqxx throws into values, the only place that does: a unique violation is a
// conflict, a lost or refused connection unavailable, a serialisation failure or deadlock unavailable (nothing was
// recorded; the caller may try again), everything else internal. A connection that failed is discarded; with one that
// was lost go the pool's idle ones. Text with a NUL octet is malformed.
result::Result<void> Guarded(ConnectionPool::Lease& lease, const std::function<result::Result<void>()>& body);

// SetOrigin tells the triggers that write audit events whose transaction this is.
void SetOrigin(Work& work);

// Transact leases a connection and runs `body(Work&) -> Result<T>` in one transaction: committed if it succeeds,
// rolled back if it fails or throws. A commit in doubt is unavailable and never repeated. The events that it writes are
// of this thread's service::Origin.
template <class Body>
auto Transact(ConnectionPool& pool, Body body) -> std::invoke_result_t<Body, Work&> {
  ASSIGN_OR_RETURN(auto lease, pool.Acquire());
  std::invoke_result_t<Body, Work&> outcome = result::Fail(result::Reason::kInternal, "no outcome");
  RETURN_IF_ERROR(Guarded(lease, [&]() -> result::Result<void> {
    Work transaction(*lease);
    SetOrigin(transaction);
    outcome = body(transaction);
    if (outcome) transaction.commit();
    return {};
  }));
  return outcome;
}

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_TRANSACT_H
