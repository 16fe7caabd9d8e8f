#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_SETTINGS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_SETTINGS_H

#include <chrono>
#include <cstdint>
#include <string>

#include "store/enrollment_store.h"

namespace engine::store {

// PostgresSettings say where the database is and how far anything may go.
struct PostgresSettings {
  // libpq connection string without a password; several hosts for failover.
  std::string connection;
  // File whose first line is the password; read at each connection. Empty: none.
  std::string password_file;
  std::chrono::seconds connect_timeout{3};
  std::chrono::milliseconds statement_timeout{5000};
  std::chrono::milliseconds lock_timeout{2000};
  // Connections for administrators' calls, and how long a call waits for one.
  std::uint64_t connections = 4;
  std::chrono::milliseconds acquire_timeout{2000};
  // A connection older than this is closed when it comes back, so that fail-over and new settings spread.
  std::chrono::minutes connection_lifetime{30};
  // Rows that one round trip or transaction of enrolment takes, and rows that wait for their turn.
  std::uint64_t max_batch = 64;
  std::uint64_t max_queued = 1024;
  // Two batches of lookups, or two of outcomes, begin at least this far apart, so that under load rows gather: at 1,400
  // enrolments a second it halves the transactions and saves a sixth of PostgreSQL's CPU. An idle engine waits for
  // nothing.
  std::chrono::milliseconds batch_interval{4};
  // Decision records that wait to be written; past it nothing is decided.
  std::uint64_t max_queued_decisions = 8192;
  PendingLimits pending;
  // How often the directory's watcher calls even without a notification.
  std::chrono::milliseconds watch_interval{5000};

  // ConnectionString adds the time-outs and the password. It is a secret. Unavailable if the file cannot be read.
  result::Result<std::string> ConnectionString() const;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_SETTINGS_H
