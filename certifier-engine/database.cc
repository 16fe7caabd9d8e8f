#include "database.h"

#include <optional>

#include "store/postgres/decision_journal.h"
#include "store/postgres/directory_watcher.h"
#include "store/postgres/migrations.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/postgres_audit_store.h"
#include "store/postgres/postgres_enrollment_store.h"
#include "store/postgres/postgres_operator_store.h"
#include "store/postgres/postgres_report_store.h"
#include "store/postgres/postgres_scep_service_store.h"

namespace engine {

namespace {

store::PostgresSettings PostgresSettingsOf(const DatabaseSettings& settings) {
  store::PostgresSettings postgres;
  postgres.connection = settings.connection;
  postgres.password_file = settings.password_file;
  postgres.connections = settings.connections;
  postgres.max_batch = settings.writer_batch;
  postgres.batch_interval = settings.batch_interval;
  postgres.max_queued_decisions = settings.max_queued_decisions;
  postgres.pending = settings.pending;
  return postgres;
}

}  // namespace

struct Database::Parts {
  explicit Parts(const DatabaseSettings& settings)
      : postgres(PostgresSettingsOf(settings)),
        enrollment(postgres),
        decisions(postgres),
        administration(postgres),
        audit(postgres),
        operators(administration.pool()),
        reports(administration.pool()),
        scep_service(administration.pool()) {}

  const store::PostgresSettings postgres;
  store::PostgresEnrollmentStore enrollment;
  store::PostgresDecisionJournal decisions;
  store::PostgresAdministrationStore administration;
  store::PostgresAuditStore audit;
  store::PostgresOperatorStore operators;
  store::PostgresReportStore reports;
  store::PostgresScepServiceStore scep_service;
  std::optional<store::DirectoryWatcher> watcher;
};

Database::Database(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Database::~Database() = default;

result::Result<std::unique_ptr<Database>> Database::Open(const DatabaseSettings& settings) {
  RETURN_IF_ERROR(PostgresSettingsOf(settings).ConnectionString());
  return std::unique_ptr<Database>(new Database(std::make_unique<Parts>(settings)));
}

result::Result<std::vector<std::string>> Database::Migrate(const DatabaseSettings& settings) {
  return store::Migrate(PostgresSettingsOf(settings));
}

result::Result<void> Database::CheckSchema() const {
  return store::CheckSchema(parts_->postgres);
}

store::EnrollmentStore& Database::enrollment() {
  return parts_->enrollment;
}

store::DecisionJournal& Database::decisions() {
  return parts_->decisions;
}

store::AdministrationStore& Database::administration() {
  return parts_->administration;
}

store::KeyBatchStore& Database::key_batches() {
  return parts_->administration;
}

store::AuditStore& Database::audit() {
  return parts_->audit;
}

store::OperatorStore& Database::operators() {
  return parts_->operators;
}

store::ScepServiceStore& Database::scep_service() {
  return parts_->scep_service;
}

store::ReportStore& Database::reports() {
  return parts_->reports;
}

void Database::Watch(std::function<void()> changed) {
  parts_->watcher.emplace(parts_->postgres, std::move(changed));
}

void Database::EndWatch() {
  parts_->watcher.reset();
}

}  // namespace engine
