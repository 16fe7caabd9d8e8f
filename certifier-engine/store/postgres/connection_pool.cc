#include "store/postgres/connection_pool.h"

#include "store/postgres/activity_queries.h"
#include "store/postgres/approval_queries.h"
#include "store/postgres/audit_queries.h"
#include "store/postgres/ca_queries.h"
#include "store/postgres/decision_queries.h"
#include "store/postgres/entity_queries.h"
#include "store/postgres/key_batch_queries.h"
#include "store/postgres/key_queries.h"
#include "store/postgres/list_queries.h"
#include "store/postgres/operator_queries.h"
#include "store/postgres/policy_queries.h"
#include "store/postgres/queries.h"
#include "store/postgres/report_queries.h"
#include "store/postgres/revocation_queries.h"
#include "store/postgres/scep_service_queries.h"

namespace engine::store {

namespace {

using std::chrono::steady_clock;

std::unique_ptr<pqxx::connection> Open(const std::string& connection_string) {
  auto connection = std::make_unique<pqxx::connection>(connection_string);
  for (const auto& [name, sql] : kAdministrationQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kApprovalQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kAuditQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kActivityQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kDecisionQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kCaQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kKeyBatchQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kEntityQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kPolicyQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kListQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kKeyQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kOperatorQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kRevocationQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kReportQueries) connection->prepare(name, sql);
  for (const auto& [name, sql] : kScepServiceQueries) connection->prepare(name, sql);
  return connection;
}

}  // namespace

ConnectionPool::Lease::Lease(ConnectionPool& pool, std::unique_ptr<pqxx::connection> connection,
                             steady_clock::time_point opened)
    : pool_(&pool), connection_(std::move(connection)), opened_(opened) {}

ConnectionPool::Lease::~Lease() {
  if (pool_ && connection_) pool_->Keep({std::move(connection_), opened_});
}

void ConnectionPool::Lease::DiscardAll() {
  Discard();
  pool_->CloseIdle();
}

result::Result<ConnectionPool::Lease> ConnectionPool::Acquire() {
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, settings_.acquire_timeout, [this] { return lent_ < settings_.connections; })) {
      return result::Fail(result::Reason::kUnavailable, "every connection to the database is in use");
    }
    lent_++;
    while (!idle_.empty()) {
      Idle idle = std::move(idle_.back());
      idle_.pop_back();
      if (steady_clock::now() - idle.opened < settings_.connection_lifetime) {
        return Lease(*this, std::move(idle.connection), idle.opened);
      }
    }
  }
  Lease lease(*this, nullptr, steady_clock::now());
  ASSIGN_OR_RETURN(const std::string connection_string, settings_.ConnectionString());
  try {
    return Lease(std::move(lease), Open(connection_string));
  } catch (const pqxx::failure&) {
    // What it says may quote the connection string.
    return result::Fail(result::Reason::kUnavailable, "cannot connect to the database");
  }
}

void ConnectionPool::Keep(Idle idle) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(idle));
}

void ConnectionPool::CloseIdle() {
  std::vector<Idle> idle;  // Closed after the lock.
  const std::lock_guard lock(mutex_);
  idle.swap(idle_);
}

void ConnectionPool::ReturnPlace() {
  {
    const std::lock_guard lock(mutex_);
    lent_--;
  }
  returned_.notify_one();
}

}  // namespace engine::store
