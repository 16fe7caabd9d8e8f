#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_MIGRATIONS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_MIGRATIONS_H

#include <string>
#include <string_view>
#include <vector>

#include "store/postgres/settings.h"

namespace engine::store {

// Migration is one numbered file of store/migrations, embedded in the program.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

// EmbeddedMigrations are all of them, in order.
const std::vector<Migration>& EmbeddedMigrations();

// Migrate applies what is missing, each file in a transaction of its own, one migrator at a time, and names what it
// applied. Conflict if the database has a migration that this program has not, or with another text; unavailable if it
// cannot connect.
result::Result<std::vector<std::string>> Migrate(const PostgresSettings& settings);

// CheckSchema is ok if the database has exactly the migrations of this program. Conflict, with what to do, otherwise.
result::Result<void> CheckSchema(const PostgresSettings& settings);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_MIGRATIONS_H
