#ifndef CERTIFIER_ENGINE_DATABASE_H
#define CERTIFIER_ENGINE_DATABASE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/audit_store.h"
#include "store/key_batch_store.h"
#include "store/operator_store.h"
#include "store/report_store.h"
#include "store/scep_service.h"
#include "store/store.h"

namespace engine {

struct DatabaseSettings {
  std::string connection;     // libpq connection string, without a password.
  std::string password_file;  // Empty: none.
  std::uint64_t connections = 4;
  std::uint64_t writer_batch = 64;
  std::chrono::milliseconds batch_interval{4};
  std::uint64_t max_queued_decisions = 8192;
  store::PendingLimits pending{};
};

// Database is the engine's stores on PostgreSQL.
class Database {
 public:
  // Open makes the stores; they connect by themselves, now or later. Unavailable for a password file that cannot be
  // read.
  static result::Result<std::unique_ptr<Database>> Open(const DatabaseSettings& settings);
  // Migrate applies what is missing of the schema and names each migration that it applied.
  static result::Result<std::vector<std::string>> Migrate(const DatabaseSettings& settings);
  ~Database();

  // CheckSchema fails, with what to do, unless the schema is the one of this program.
  result::Result<void> CheckSchema() const;

  store::EnrollmentStore& enrollment();
  store::DecisionJournal& decisions();
  store::AdministrationStore& administration();
  store::KeyBatchStore& key_batches();
  store::OperatorStore& operators();
  store::ScepServiceStore& scep_service();
  store::ReportStore& reports();
  store::AuditStore& audit();

  // Watch has `changed` called, on another thread, when any engine changed CAs or policies, and after each
  // reconnection.
  void Watch(std::function<void()> changed);
  // EndWatch returns when no call is under way any more.
  void EndWatch();

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace engine

#endif  // CERTIFIER_ENGINE_DATABASE_H
