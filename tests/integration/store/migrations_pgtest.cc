// The schema on its way: every migration once, and what it makes of rows that were there before.
#include <thread>

#include "policy/document.h"
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

// Apply runs the migrations from `first` to `last` without keeping a list of them.
void Apply(const std::string& connection, int first, int last) {
  for (const Migration& migration : EmbeddedMigrations()) {
    if (migration.version >= first && migration.version <= last) Execute(connection, std::string(migration.sql));
  }
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
  Apply(connection, 1, 4);
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
  Apply(connection, 5, 5);
  pqxx::work work(session);
  const auto states = work.exec1("SELECT string_agg(state, ' ' ORDER BY request_id) FROM requests");
  CHECK(states[0].as<std::string>() == "expired expired rejected pending pending pending");
  CHECK_THROWS_AS(AddRequest(work, "7", "pending", "CN=b", "aa"), pqxx::unique_violation);
}

certifier::v1::Policy PolicyIn(const std::string& connection, const std::string& name) {
  pqxx::connection session(connection);
  pqxx::work work(session);
  const auto row = work.exec_params1(
      "SELECT v.document::text FROM policy_versions v JOIN policies p USING (policy_id) WHERE p.name = $1", name);
  auto document = engine::policy::FromJson(row[0].as<std::string>());
  REQUIRE(document);
  const auto policy = engine::policy::FromProto(*document);
  INFO(name << ": " << (policy ? "" : policy.error().detail));
  REQUIRE(policy);
  return *std::move(document);
}

TEST_CASE("a policy from before the chains says the same as chains", "[store][migrations]") {
  const std::string connection = Cluster::Get().MakeDatabase(false);
  Apply(connection, 1, 7);
  Execute(connection, R"sql(
      WITH made AS (INSERT INTO policies (name) VALUES ('routers') RETURNING policy_id)
      INSERT INTO policy_versions (policy_id, version, document, applied_at, applied_by)
      SELECT policy_id, 1, '{"name": "routers", "allowed_keys": ["rsa-3072"], "validity_days": 42,
             "subject": {"common_name_is_entity": true, "common_name_patterns": ["r-*"]},
             "subject_alternative_name": {"allowed_kinds": ["dns"], "dns_patterns": ["*.example"], "max_count": 2},
             "key_usage": ["digital_signature"], "with_key": "DECISION_HOLD", "without_key": "DECISION_REFUSE",
             "renewal": {"decision": "DECISION_ISSUE", "window_percent": 20, "key_may_stay": true}}', now(), 'alice'
        FROM made)sql");
  Apply(connection, 8, 8);
  const auto policy = PolicyIn(connection, "routers");
  const auto& modules = policy.receive_request().modules();
  REQUIRE(modules.size() == 6);
  CHECK(modules[0].allowed_keys().algorithms(0) == "rsa-3072");
  CHECK(modules[1].match_subject().common_name_is_entity());
  CHECK(modules[1].match_subject().common_name_patterns(0) == "r-*");
  CHECK(modules[2].match_alternative_names().dns_patterns(0) == "*.example");
  CHECK(modules[2].match_alternative_names().max_count() == 2);
  CHECK(modules[3].require_signer().then() == certifier::v1::VERDICT_ACCEPT);
  CHECK(modules[3].require_signer().otherwise() == certifier::v1::VERDICT_PASS);
  CHECK(modules[3].require_signer().window_percent() == 20);
  CHECK(modules[3].require_signer().key_may_stay());
  CHECK(modules[4].require_key().then() == certifier::v1::VERDICT_HOLD);
  CHECK(modules[5].has_deny());
  CHECK(policy.accept_request().modules(0).set_validity().days() == 42);
}

TEST_CASE("what waited before reservations holds a use of its key, the oldest first", "[store][migrations]") {
  const std::string connection = Cluster::Get().MakeDatabase(false);
  Apply(connection, 1, 9);
  Execute(connection, R"sql(
      INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
      SELECT 'demo', 'active', policy_id, true, now(), 'alice' FROM policies WHERE name = 'default';
      INSERT INTO entities (name, status, description, created_at, created_by)
      VALUES ('device', 'active', '', now(), 'alice');
      INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, digest, use_limit, use_count, not_before,
                                   expires_at, created_at, created_by)
      SELECT 'R' || n, e.entity_id, c.ca_id, sha256(convert_to('value ' || n, 'UTF8')), 3, 1, now(),
             now() + interval '1 day', now(), 'alice'
        FROM entities e, cas c, generate_series(1, 2) n)sql");
  pqxx::connection session(connection);
  pqxx::work work(session);
  for (const char* id : {"1", "2", "3", "4", "5"}) AddRequest(work, id, "expired", id, "aa");
  work.exec(R"sql(
      UPDATE requests SET state = 'pending', source_key = 'a' WHERE request_id < 5;
      UPDATE requests SET pre_shared_key_id = (SELECT min(pre_shared_key_id) FROM pre_shared_keys);
      UPDATE requests SET policy_version_id = (SELECT v.policy_version_id FROM policy_versions v JOIN policies p
             USING (policy_id) WHERE p.name = CASE request_id WHEN 2 THEN 'key-and-approval' ELSE 'manual' END))sql");
  work.commit();
  Apply(connection, 10, 10);
  pqxx::nontransaction after(session);
  const auto requests =
      after.exec1("SELECT string_agg(reserves_use || '/' || releases_use, ' ' ORDER BY request_id) FROM requests");
  CHECK(requests[0].as<std::string>() == "true/false true/true false/false false/false false/false");
  const auto keys = after.exec1(
      "SELECT string_agg(use_count || '+' || reserved_count, ' ' ORDER BY pre_shared_key_id)"
      " FROM pre_shared_keys");
  CHECK(keys[0].as<std::string>() == "1+2 1+0");
}

TEST_CASE("the policies that every installation has are valid", "[store][migrations]") {
  const std::string connection = Cluster::Get().MakeDatabase();
  for (const auto* name : {"default", "manual", "issue-for-key", "key-and-approval", "renewals-only"}) {
    CHECK(PolicyIn(connection, name).has_update_request());
  }
  CHECK(PolicyIn(connection, "default").receive_request().modules(5).has_require_approval());
}

// A certificate as the engines of migration 13 write it.
void AddCertificate(pqxx::work& work, const char* request_id) {
  work.exec_params(R"sql(
      INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                                issued_at)
      SELECT min(g.ca_generation_id), convert_to($1, 'UTF8'), $1::text::bigint, 'certificate', now(), now(), now()
        FROM ca_generations g)sql",
                   request_id);
}

TEST_CASE("every certificate knows the entity and the CA of its request, whichever engine wrote it",
          "[store][migrations]") {
  const std::string connection = Cluster::Get().MakeDatabase(false);
  Apply(connection, 1, 13);
  Execute(connection, R"sql(
      INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
      SELECT 'demo', 'active', policy_id, true, now(), 'alice' FROM policies WHERE name = 'default';
      INSERT INTO ca_generations (ca_id, generation_number, state, key_algorithm, certificate, sealed_key, not_before,
                                  not_after, registration_authority, chain)
      SELECT ca_id, 1, 'active', 'rsa-2048', 'certificate', 'sealed', now(), now() + interval '1 day', 'combined', ''
        FROM cas;
      INSERT INTO entities (name, status, description, created_at, created_by)
      VALUES ('device', 'active', '', now(), 'alice'))sql");
  pqxx::connection session(connection);
  {
    pqxx::work work(session);
    for (const char* id : {"1", "2", "3", "4"}) AddRequest(work, id, "issued", id, "aa");
    work.exec("UPDATE requests SET entity_id = (SELECT entity_id FROM entities) WHERE request_id IN (1, 3)");
    AddCertificate(work, "1");
    AddCertificate(work, "2");
    work.commit();
  }
  Apply(connection, 14, 14);
  pqxx::work work(session);
  AddCertificate(work, "3");
  AddCertificate(work, "4");
  const auto known = work.exec(R"sql(
      SELECT t.request_id FROM certificates t JOIN requests r USING (request_id, ca_id)
       WHERE t.entity_id IS NOT DISTINCT FROM r.entity_id ORDER BY t.request_id)sql");
  CHECK(known.size() == 4);
  CHECK(work.exec1("SELECT count(entity_id) FROM certificates")[0].as<int>() == 2);
  CHECK_THROWS_WITH(work.exec("UPDATE certificates SET entity_id = NULL"), Catch::Matchers::Contains("append-only"));
}

}  // namespace
}  // namespace store_test
