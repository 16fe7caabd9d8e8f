// The schema on its way: every migration once, and what it makes of rows that were there before.
#include <thread>

#include "store/postgres/migrations.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using engine_test::Cluster;

TEST_CASE("an empty database takes every migration once", "[store][migrations]") {
  const auto settings = On(Cluster::Get().MakeDatabase(false));
  CHECK(CheckSchema(settings).error().reason == Reason::kConflict);
  CHECK(Migrate(settings)->size() == EmbeddedMigrations().size());
  CHECK(CheckSchema(settings));
  CHECK(Migrate(settings)->empty());
}

TEST_CASE("two migrators at once apply each migration once", "[store][migrations]") {
  const auto settings = On(Cluster::Get().MakeDatabase(false));
  Result<std::vector<std::string>> others;
  std::thread other([&] { others = Migrate(settings); });
  const auto mine = Migrate(settings);
  other.join();
  REQUIRE(mine);
  REQUIRE(others);
  CHECK(mine->size() + others->size() == EmbeddedMigrations().size());
  CHECK(CheckSchema(settings));
}

TEST_CASE("a migration with another text is a conflict", "[store][migrations]") {
  const auto settings = On(Cluster::Get().MakeDatabase());
  Execute(settings.connection, "UPDATE schema_migrations SET checksum = 'another'");
  CHECK(CheckSchema(settings).error().reason == Reason::kConflict);
  CHECK(Migrate(settings).error().reason == Reason::kConflict);
}

// A request as the engines of migration 4 could leave it.
constexpr const char* kAddRequest = R"sql(
    INSERT INTO requests (request_id, ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, fingerprints, unsigned_fingerprints, rejection_reason, decided_by)
    SELECT $1::text::bigint, c.ca_id, convert_to($1, 'UTF8'), decode(repeat($4, 32), 'hex'),
           sha256(convert_to($1, 'UTF8')), $2, '', $3, '{}', 'rsa-2048', '192.0.2.1', now(), false,
           (SELECT max(v.policy_version_id) FROM policy_versions v), decode(repeat('00', 68), 'hex'),
           decode(repeat('00', 68), 'hex'), 'why', 'alice'
      FROM cas c
)sql";

void AddRequest(pqxx::work& work, const char* id, const char* state, const char* subject, const char* key) {
  work.exec_params(kAddRequest, id, state, subject, key);
}

TEST_CASE("of several open requests for one key and subject the newest stays open, and others are as they were",
          "[store][migrations]") {
  const std::string connection = Cluster::Get().MakeDatabase(false);
  const auto apply = [&](int first, int last) {
    for (const Migration& migration : EmbeddedMigrations()) {
      if (migration.version >= first && migration.version <= last) Execute(connection, std::string(migration.sql));
    }
  };
  apply(1, 4);
  Execute(connection, R"(INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
                         SELECT 'demo', 'active', policy_id, true, now(), 'alice' FROM policies
                          WHERE name = 'default')");
  pqxx::connection session(connection);
  {
    pqxx::work work(session);
    AddRequest(work, "1", "pending", "CN=a", "aa");
    AddRequest(work, "2", "postponed", "CN=a", "aa");
    AddRequest(work, "3", "rejected", "CN=a", "aa");
    AddRequest(work, "4", "pending", "CN=a", "aa");
    AddRequest(work, "5", "pending", "CN=b", "aa");
    AddRequest(work, "6", "pending", "CN=a", "bb");
    work.commit();
  }
  apply(5, 5);
  pqxx::work work(session);
  const auto states = work.exec1("SELECT string_agg(state, ' ' ORDER BY request_id) FROM requests");
  CHECK(states[0].as<std::string>() == "expired expired rejected pending pending pending");
  CHECK_THROWS_AS(AddRequest(work, "7", "pending", "CN=b", "aa"), pqxx::unique_violation);
}

}  // namespace
}  // namespace store_test
