#include "store/postgres/migrations.h"

#include <map>
#include <pqxx/pqxx>

#include "pki/digest.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

constexpr const char* kCreateTable = R"sql(
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
)sql";
// Held by the session, so that two migrators follow each other.
constexpr const char* kLock = "SELECT pg_advisory_lock(4713)";
constexpr const char* kHasTable = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr const char* kListApplied = "SELECT version, checksum FROM schema_migrations";

std::string ChecksumOf(const Migration& migration) {
  return pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, migration.sql));
}

using Applied = std::map<int, std::string>;

// Every applied migration must be one of ours, with the same text.
result::Result<void> Compare(const Applied& applied) {
  std::size_t known = 0;
  for (const Migration& migration : EmbeddedMigrations()) {
    const auto found = applied.find(migration.version);
    if (found == applied.end()) continue;
    known++;
    if (found->second != ChecksumOf(migration)) {
      return Fail(Reason::kConflict, "migration " + std::string(migration.name) + " was applied with another text");
    }
  }
  if (known != applied.size()) {
    return Fail(Reason::kConflict, "the database is newer than this program; use a newer certifier-engine");
  }
  return {};
}

Applied ReadApplied(pqxx::work& work) {
  Applied applied;
  if (!work.exec1(kHasTable)[0].as<bool>()) return applied;
  for (const auto& row : work.exec(kListApplied)) applied[row[0].as<int>()] = row[1].as<std::string>();
  return applied;
}

void Apply(pqxx::connection& connection, const Migration& migration) {
  pqxx::work work(connection);
  work.exec(std::string(migration.sql));
  work.exec_params("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", migration.version,
                   std::string(migration.name), ChecksumOf(migration));
  work.commit();
}

result::Result<std::vector<std::string>> MigrateOn(pqxx::connection& connection) {
  Applied applied;
  {
    pqxx::work work(connection);
    work.exec("SET statement_timeout = 0; SET lock_timeout = 0");
    work.exec(kLock);
    work.exec(kCreateTable);
    applied = ReadApplied(work);
    work.commit();
  }
  RETURN_IF_ERROR(Compare(applied));
  std::vector<std::string> names;
  for (const Migration& migration : EmbeddedMigrations()) {
    if (applied.contains(migration.version)) continue;
    Apply(connection, migration);
    names.emplace_back(migration.name);
  }
  return names;
}

template <class Body>
auto WithConnection(const PostgresSettings& settings, Body body) -> decltype(body(std::declval<pqxx::connection&>())) {
  ASSIGN_OR_RETURN(const std::string connection_string, settings.ConnectionString());
  try {
    pqxx::connection connection(connection_string);
    return body(connection);
  } catch (const pqxx::sql_error& error) {
    return Fail(Reason::kInternal, "database: " + error.sqlstate() + " " + error.what());
  } catch (const pqxx::failure&) {
    return Fail(Reason::kUnavailable, "cannot connect to the database; is it running, and is --database right?");
  }
}

}  // namespace

result::Result<std::vector<std::string>> Migrate(const PostgresSettings& settings) {
  return WithConnection(settings, [](pqxx::connection& connection) { return MigrateOn(connection); });
}

result::Result<void> CheckSchema(const PostgresSettings& settings) {
  return WithConnection(settings, [](pqxx::connection& connection) -> result::Result<void> {
    pqxx::work work(connection);
    const Applied applied = ReadApplied(work);
    RETURN_IF_ERROR(Compare(applied));
    if (applied.size() != EmbeddedMigrations().size()) {
      return Fail(Reason::kConflict, "the database's schema is older than this program; run certifier-engine migrate");
    }
    return {};
  });
}

}  // namespace engine::store
