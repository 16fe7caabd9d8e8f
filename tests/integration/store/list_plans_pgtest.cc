// Lists and reports of requests, certificates, keys and entities: none reads a large table from its beginning.
#include <map>
#include <set>

#include "store/postgres/entity_queries.h"
#include "store/postgres/key_queries.h"
#include "store/postgres/postgres_report_store.h"
#include "store/postgres/report_queries.h"
#include "store/search.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using Ids = std::vector<std::int64_t>;

// 20,000 of each, of three CAs and a fourth with few: enough that no plan which reads all of a table is a good one.
constexpr const char* kFillRequests = R"sql(
    INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
    SELECT 'ca-' || n, 'active', (SELECT max(policy_id) FROM policies), false, now(), 'test'
      FROM generate_series(2, 4) n;
    INSERT INTO ca_generations (ca_id, state, key_algorithm, certificate, sealed_key, not_before, not_after,
                                generation_number, registration_authority)
    SELECT c.ca_id, 'active', 'rsa-2048', convert_to(c.name, 'UTF8'), 'x', now(), now() + interval '9 years', 1,
           'combined'
      FROM cas c WHERE c.name <> 'demo';
    INSERT INTO entities (name, status, description, created_at, created_by)
    SELECT 'device-' || n || '.branch-' || (n % 500) || '.example', 'active', '', now(), 'test'
      FROM generate_series(1, 20000) n;
    INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, entity_id, rejection_reason, decided_by, fingerprints,
                          unsigned_fingerprints, source_key)
    SELECT CASE WHEN n % 1000 = 0 THEN 4 ELSE 1 + n % 3 END, convert_to(md5('t' || n), 'UTF8'),
           sha256(convert_to('k' || n, 'UTF8')), sha256(convert_to('c' || n, 'UTF8')), s.state,
           convert_to(repeat('x', 900), 'UTF8'), 'CN=device-' || n || '.branch-' || (n % 500) || '.example,O=Acme',
           ARRAY ['dns:device-' || n || '.example'], 'rsa-2048', '10.' || n % 200 || '.' || n % 251 || '.7',
           now() - make_interval(mins => 20000 - n), s.state <> 'pending',
           (SELECT max(policy_version_id) FROM policy_versions),
           CASE WHEN s.state <> 'pending' THEN 2 + n % 20000 END, CASE WHEN s.state = 'rejected' THEN 'no' END,
           CASE WHEN s.state = 'rejected' THEN 'alice' END,
           CASE WHEN s.state = 'pending' THEN sha512(convert_to('f' || n, 'UTF8')) || '1234'::bytea END,
           CASE WHEN s.state = 'pending' THEN sha512(convert_to('u' || n, 'UTF8')) || '1234'::bytea END,
           CASE WHEN s.state = 'pending' THEN '10.0.0.1'::bytea END
      FROM generate_series(1, 20000) n,
           LATERAL (SELECT CASE n % 20 WHEN 7 THEN 'rejected' WHEN 8 THEN 'pending' ELSE 'issued' END) s (state)
)sql";
constexpr const char* kFillOthers = R"sql(
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at)
    SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
           convert_to(repeat('y', 1000), 'UTF8'), r.received_at, r.received_at + interval '10 days', r.received_at
      FROM requests r JOIN ca_generations g ON g.ca_id = r.ca_id WHERE r.state = 'issued' ORDER BY r.request_id;
    INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by)
    SELECT c.certificate_id, 'revoked', 'superseded', now(), 'alice'
      FROM certificates c WHERE c.certificate_id % 2 = 0;
    INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, digest, use_limit, not_before, expires_at,
                                 created_at, created_by)
    SELECT 'K' || n, 2 + n % 20000, CASE WHEN n % 1000 = 0 THEN 4 ELSE 1 + n % 3 END,
           sha256(convert_to('value ' || n, 'UTF8')), 1, now(), now() + make_interval(mins => n), now(), 'test'
      FROM generate_series(1, 20000) n;
    INSERT INTO decisions (decision_id, day, ca_id, transaction_id, record, message_count, last_at, failed_at)
    SELECT md5('d' || n)::uuid, current_date, 1 + n % 3, convert_to('t' || n, 'UTF8'),
           convert_to(repeat('z', 500), 'UTF8'),
           1, now() - make_interval(secs => n), CASE WHEN n % 2 = 0 THEN now() - make_interval(secs => n) END
      FROM generate_series(1, 20000) n;
    INSERT INTO issuance_hours (ca_id, begins_at, issued, refused)
    SELECT 1 + n % 3, date_trunc('hour', now(), 'UTC') - make_interval(hours => 1000 + n), 1, 1
      FROM generate_series(1, 20000) n
)sql";

class Plans : public Bench<PostgresStores> {
 public:
  Plans() {
    for (const char* sql : {kFillRequests, kFillOthers}) {
      Execute(stores.settings().connection, std::string("SET synchronous_commit = off; ") + sql);
    }
    pqxx::connection session(stores.settings().connection);
    pqxx::nontransaction work(session);
    work.exec0("VACUUM ANALYZE");
  }

  // What `read`'s statements read from their beginnings: the names of large tables. The pool has one session, since
  // one is borrowed at a time, and it tells what it counted before it answers.
  std::string ReadWhole(const std::function<bool()>& read) {
    const auto before = Scans();
    // Past the fifth time PostgreSQL may plan once for all values.
    for (int i = 0; i < 6; ++i) REQUIRE(read());
    std::string tables;
    for (const auto& [table, scans] : Scans()) {
      if (scans != before.at(table)) tables += (tables.empty() ? "" : ", ") + table;
    }
    return tables;
  }
  template <class List>
  void CheckList(const std::string& what, List list) {
    INFO(what);
    CHECK(ReadWhole([&] {
            const auto found = list();
            INFO((found ? "" : found.error().detail));
            CHECK(found);
            return found.has_value();
          }).empty());
  }
  void CheckRequests(const std::string& what, const RequestFilter& filter, const Page& page = {}) {
    CheckList("requests, " + what, [&] { return stores.administration().ListRequests(filter, page); });
  }
  void CheckCertificates(const std::string& what, const CertificateFilter& filter, const Page& page = {}) {
    CheckList("certificates, " + what, [&] { return stores.administration().ListCertificates(filter, page); });
  }

  // DropIndex drops the one index of the table that is defined by these words.
  void DropIndex(const std::string& table, const std::string& words) {
    const auto& connection = stores.settings().connection;
    const std::string index =
        engine_test::Text(connection, "SELECT min(i.indexname) FROM pg_indexes i WHERE i.tablename = '" + table +
                                          "' AND i.indexdef LIKE '%" + words + "%' HAVING count(1) = 1");
    REQUIRE_FALSE(index.empty());
    Execute(connection, "DROP INDEX " + index);
  }

  // The statements that the pool's session has run.
  std::set<std::string> Run() {
    auto lease = stores.pool().Acquire();
    REQUIRE(lease);
    pqxx::nontransaction work(**lease);
    std::set<std::string> names;
    for (const auto& row :
         work.exec("SELECT p.name FROM pg_prepared_statements p WHERE p.generic_plans + p.custom_plans > 0")) {
      names.insert(row[0].as<std::string>());
    }
    return names;
  }

 private:
  std::map<std::string, std::int64_t> Scans() {
    auto lease = stores.pool().Acquire();
    REQUIRE(lease);
    pqxx::nontransaction work(**lease);
    work.exec1("SELECT pg_stat_force_next_flush()");
    std::map<std::string, std::int64_t> scans;
    for (const auto& row : work.exec("SELECT t.relname, t.seq_scan FROM pg_stat_user_tables t"
                                     "  JOIN pg_class c ON c.oid = t.relid WHERE c.reltuples >= 1000")) {
      scans[row[0].as<std::string>()] = row[1].as<std::int64_t>();
    }
    for (const char* table :
         {"certificates", "decisions", "entities", "issuance_hours", "pre_shared_keys", "requests", "revocations"}) {
      INFO(table);
      REQUIRE(scans.contains(table));
    }
    return scans;
  }
};

const Bytes kNoDigest(32, 'n');

// The named queries of lists and reports.
std::set<std::string> ListQueries() {
  std::set<std::string> names = {kListEntities.name,  kSearchEntities.name,   kGetEntity.name,
                                 kCountOfEntity.name, kRequestsOfEntity.name, kCertificatesOfEntity.name,
                                 kListKeys.name,      kListKeysOfEntity.name};
  for (const Query& query : kListQueries) names.insert(query.name);
  for (const Query& query : kReportQueries) names.insert(query.name);
  return names;
}

}  // namespace

TEST_CASE_METHOD(Plans, "no list and no report reads a large table from its beginning", "[store][plans]") {
  CheckRequests("all", {});
  CheckRequests("of a state", {.state = RequestState::kPending});
  CheckRequests("of a state that none has", {.state = RequestState::kExpired});
  CheckRequests("of a CA with few", {.ca = "ca-4"}, {.ca_ids = Ids{1, 4}});
  CheckRequests("the oldest first", {.state = RequestState::kPending, .oldest_first = true});
  CheckRequests("from the middle", {.ca = "demo"}, {.before = 10'000});
  CheckRequests("by fingerprint", {.fingerprint = kNoDigest});
  CheckRequests("for the same key", {.same_key_as = 17});
  CheckCertificates("all", {});
  CheckCertificates("good, of a CA with few", {.status = CertificateStatus::kGood}, {.ca_ids = Ids{4}});
  CheckCertificates("revoked", {.status = CertificateStatus::kRevoked});
  CheckCertificates("suspended, of which there are none", {.ca = "ca-4", .status = CertificateStatus::kSuspended});
  for (const Terms& terms : {Terms{{"example"}, {}, {}}, Terms{{}, {"branch-17", "branch-18"}, {"device-517"}},
                             Terms{{"device-1*"}, {}, {}}}) {
    CAPTURE(terms.required, terms.optional);
    CheckRequests("search", {.terms = terms});
    CheckRequests("search of a state", {.state = RequestState::kPending, .terms = terms});
    CheckCertificates("search", {.terms = terms});
    CheckCertificates("search of the good", {.ca = "ca-4", .status = CertificateStatus::kGood, .terms = terms});
    CheckCertificates("search of the revoked", {.status = CertificateStatus::kRevoked, .terms = terms});
    CheckList("entities, search", [&] { return stores.administration().ListEntities(terms, {}); });
  }
  const std::string device = "device-17.branch-17.example";
  CheckList("entities", [&] { return stores.administration().ListEntities({}, {}); });
  CheckList("an entity", [&] { return stores.administration().GetEntity(device, 10, {}); });
  CheckList("an entity, for some CAs", [&] { return stores.administration().GetEntity(device, 10, Ids{1, 4}); });
  CheckList("keys", [&] { return stores.administration().ListKeys("", {}); });
  CheckList("keys of some CAs", [&] { return stores.administration().ListKeys("", {.ca_ids = Ids{4}}); });
  CheckList("keys of an entity", [&] { return stores.administration().ListKeys(device, {}); });
  PostgresReportStore reports(stores.pool());
  for (const ReportFilter& filter : {ReportFilter{}, ReportFilter{.ca = "ca-2", .ca_ids = Ids{1, 2}}}) {
    CAPTURE(filter.ca);
    CheckList("failures", [&] { return reports.ListFailures(filter, {}, 100); });
    CheckList("overdue certificates", [&] { return reports.ListOverdueCertificates(filter, Now(), 100); });
    CheckList("expiring keys",
              [&] { return reports.ListExpiringKeys(filter, Now(), Now() + std::chrono::hours(48), 100); });
    CheckList("issuance", [&] { return reports.ListIssuance(filter, Now() - std::chrono::hours(48)); });
  }
  std::set<std::string> forgotten = ListQueries();
  for (const auto& name : Run()) forgotten.erase(name);
  CHECK(forgotten == std::set<std::string>());
  // What has lost its index is seen.
  DropIndex("decisions", "failed_at");
  CHECK(ReadWhole([&] { return reports.ListFailures({}, {}, 100).has_value(); }) == "decisions");
}

}  // namespace store_test
