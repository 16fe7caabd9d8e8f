#include "store/postgres/transact.h"

#include "service/origin.h"
#include "store/postgres/audit_queries.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

// What the schema's refuse_lockout() raises.
constexpr const char* kLockout = "ZF002";

// Classes 53 (resources), 57 (operator intervention) and a lock that did not come free.
bool IsAway(const std::string& state) {
  return state.starts_with("53") || state.starts_with("57") || state == "55P03" || state.starts_with("40");
}

}  // namespace

void SetOrigin(Work& work) {
  const service::Origin& origin = service::CurrentOrigin();
  if (!origin.actor.empty()) work.exec_prepared(kSetOrigin.name, origin.actor, origin.source);
}

result::Result<void> Guarded(ConnectionPool::Lease& lease, const std::function<result::Result<void>()>& body) {
  try {
    return body();
  } catch (const NulInText& error) {
    return Fail(Reason::kMalformed, error.what());
  } catch (const pqxx::unique_violation&) {
    return Fail(Reason::kConflict, "it exists already");
  } catch (const pqxx::broken_connection&) {
    lease.DiscardAll();
    return Fail(Reason::kUnavailable, "the connection to the database was lost");
  } catch (const pqxx::in_doubt_error&) {
    lease.DiscardAll();
    return Fail(Reason::kUnavailable, "the connection to the database was lost while committing");
  } catch (const pqxx::sql_error& error) {
    lease.Discard();
    if (error.sqlstate() == kLockout) {
      return Fail(Reason::kConflict, "nobody would be left who may do everything and can come in");
    }
    return Fail(IsAway(error.sqlstate()) ? Reason::kUnavailable : Reason::kInternal, "database: " + error.sqlstate());
  } catch (const pqxx::failure&) {
    lease.Discard();
    return Fail(Reason::kUnavailable, "the database failed");
  }
}

}  // namespace engine::store
