// Lists and searches of a million certificates. By hand, since it fills for minutes: store_pgtest "[million]".
#include <iostream>

#include "store/postgres/postgres_report_store.h"
#include "store/search.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using Clock = std::chrono::steady_clock;
using Terms = engine::store::Terms;

constexpr std::chrono::milliseconds kBar(200);

// 20 CAs. The oldest tenth is of one that is not used any more, of two others are few.
constexpr const char* kFillCas = R"sql(
    INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
    SELECT 'ca-' || n, 'active', (SELECT max(policy_id) FROM policies), false, now(), 'test'
      FROM generate_series(2, 20) n;
    INSERT INTO ca_generations (ca_id, state, key_algorithm, certificate, sealed_key, not_before, not_after,
                                generation_number, registration_authority)
    SELECT c.ca_id, 'active', 'rsa-2048', convert_to(c.name, 'UTF8'), 'x', now(), now() + interval '9 years', 1,
           'combined'
      FROM cas c WHERE c.name <> 'demo';
    INSERT INTO entities (name, status, description, created_at, created_by)
    SELECT 'device-' || n || '.branch-' || (n % 500) || '.example', 'active', '', now(), 'test'
      FROM generate_series(1, 300000) n;
)sql";
constexpr const char* kFillRequests = R"sql(
    INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, entity_id, rejection_reason, decided_by)
    SELECT CASE WHEN n <= 100000 THEN 4 WHEN n % 20000 = 0 THEN 5 WHEN n % 1000 = 0 THEN 6 + n % 15 ELSE 1 + n % 3 END,
           convert_to(md5('t' || n), 'UTF8'), sha256(convert_to('k' || n, 'UTF8')),
           sha256(convert_to('c' || n, 'UTF8')),
           CASE WHEN n % 200 = 7 THEN 'rejected' ELSE 'issued' END, convert_to(repeat('x', 900), 'UTF8'),
           'CN=device-' || (1 + n % 300000) || '.branch-' || (n % 500) || '.example,O='
               || CASE WHEN n <= 100000 THEN 'OldCorp' ELSE 'Acme' END,
           ARRAY ['dns:device-' || (1 + n % 300000) || '.branch-' || (n % 500) || '.example'], 'rsa-2048',
           '10.' || n % 200 || '.' || n % 251 || '.' || n % 253, now() - make_interval(mins => 1100000 - n), true,
           (SELECT max(policy_version_id) FROM policy_versions), 2 + n % 300000,
           CASE WHEN n % 200 = 7 THEN 'no' END, CASE WHEN n % 200 = 7 THEN 'alice' END
      FROM generate_series(1, 1005100) n;
    INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, fingerprints, unsigned_fingerprints, source_key)
    SELECT 1 + n % 3, convert_to(md5('p' || n), 'UTF8'), sha256(convert_to('pk' || n, 'UTF8')),
           sha256(convert_to('pc' || n, 'UTF8')), 'pending', convert_to(repeat('x', 900), 'UTF8'),
           'CN=waiting-' || n || '.example,O=Acme', '{}', 'rsa-2048', '10.0.0.1', now(), false,
           (SELECT max(policy_version_id) FROM policy_versions), sha512(convert_to('f' || n, 'UTF8')) || '1234',
           sha512(convert_to('u' || n, 'UTF8')) || '1234', '10.0.0.1'
      FROM generate_series(1, 100000) n;
)sql";
constexpr const char* kFillCertificates = R"sql(
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at)
    SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
           convert_to(repeat('y', 1000), 'UTF8'), r.received_at, r.received_at + interval '1 year', r.received_at
      FROM requests r JOIN ca_generations g ON g.ca_id = r.ca_id WHERE r.state = 'issued' ORDER BY r.request_id;
    INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by)
    SELECT c.certificate_id, 'revoked', 'superseded', now(), 'alice'
      FROM certificates c WHERE c.certificate_id % 100 = 3;
    INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, digest, use_limit, not_before, expires_at,
                                 created_at, created_by)
    SELECT 'K' || n, 2 + n % 300000, CASE WHEN n <= 100000 THEN 4 WHEN n % 20000 = 0 THEN 5 ELSE 1 + n % 3 END,
           sha256(convert_to('value ' || n, 'UTF8')), 1, now(), now() + interval '1 day', now(), 'test'
      FROM generate_series(1, 1000000) n;
)sql";

// As many failures as a flood of a night leaves, and polls beside them.
constexpr const char* kFillDecisions = R"sql(
    INSERT INTO decisions (decision_id, day, ca_id, transaction_id, record, message_count, last_at, failed_at)
    SELECT md5('d' || n)::uuid, current_date, 1 + n % 3, convert_to('t' || n, 'UTF8'),
           convert_to(repeat('z', 500), 'UTF8'),
           1, now() - make_interval(secs => n), CASE WHEN n % 2 = 0 THEN now() - make_interval(secs => n) END
      FROM generate_series(1, 1000000) n;
)sql";

// How often the large tables were read from end to end, or PostgreSQL says so with a delay: nobody else may be there.
std::int64_t Scans(const std::string& connection) {
  pqxx::connection session(connection);
  pqxx::nontransaction work(session);
  return work
      .exec1(
          "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables"
          " WHERE relname IN ('requests', 'certificates', 'decisions', 'pre_shared_keys', 'entities', 'revocations')")
          [0]
      .as<std::int64_t>();
}

class Million : public Bench<PostgresStores> {
 public:
  Million() {
    for (const char* sql : {kFillCas, kFillRequests, kFillCertificates, kFillDecisions}) {
      Execute(stores.settings().connection, std::string("SET synchronous_commit = off; ") + sql);
    }
    pqxx::connection session(stores.settings().connection);
    pqxx::nontransaction work(session);
    work.exec0("VACUUM ANALYZE");
  }
  // The best of three, as a query is with its plan and pages at hand; it is said how long it takes.
  template <class List>
  void Time(const std::string& what, List list) {
    auto best = Clock::duration::max();
    std::size_t rows = 0;
    for (int i = 0; i < 3; ++i) {
      const auto began = Clock::now();
      const auto found = list();
      best = std::min(best, Clock::now() - began);
      INFO(what << (found ? "" : ": " + found.error().detail));
      REQUIRE(found);
      rows = found->size();
    }
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(best);
    std::cout << what << ": " << rows << " rows in " << taken.count() << " ms\n";
    CAPTURE(what);
    CHECK(taken < kBar);
  }
  void Requests(const std::string& what, const RequestFilter& filter, const Page& page = {}) {
    Time("requests, " + what, [&] { return stores.administration().ListRequests(filter, page); });
  }
  void Certificates(const std::string& what, const CertificateFilter& filter, const Page& page = {}) {
    Time("certificates, " + what, [&] { return stores.administration().ListCertificates(filter, page); });
  }
};

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE_METHOD(Million, "with a million certificates every list and search is answered in 200 ms", "[.][million]") {
  const std::int64_t scans = Scans(stores.settings().connection);
  Requests("all", {});
  Requests("all, a thousand from the middle", {}, {.before = 500'000, .size = 1000});
  Requests("pending", {.state = RequestState::kPending});
  Requests("pending, the last", {.state = RequestState::kPending}, {.before = 1'005'200});
  Requests("pending, the oldest first", {.state = RequestState::kPending, .oldest_first = true});
  Requests("the oldest first, from the middle", {.oldest_first = true}, {.before = 500'000});
  Requests("rejected", {.state = RequestState::kRejected});
  Requests("expired, of which there are none", {.state = RequestState::kExpired});
  Requests("of an old CA", {.ca = "ca-4"});
  Requests("of a CA with few", {}, {.ca_ids = Ids{5}});
  Requests("of some CAs", {}, {.before = 50'000, .ca_ids = Ids{4, 5, 6}});
  Requests("rejected of an old CA", {.state = RequestState::kRejected, .ca = "ca-4"});
  const Bytes digest = pki::Digest(pki::DigestAlgorithm::kSha256, "none");
  Requests("by fingerprint", {.fingerprint = digest});
  Certificates("all", {});
  Certificates("of an old CA", {.ca = "ca-4"});
  Certificates("good, of a CA with few", {.status = CertificateStatus::kGood}, {.ca_ids = Ids{5}});
  Certificates("revoked", {.status = CertificateStatus::kRevoked});
  Certificates("revoked, of a CA with few", {.ca = "ca-5", .status = CertificateStatus::kRevoked});
  Certificates("suspended, of which there are none", {.status = CertificateStatus::kSuspended});
  const std::vector<std::pair<std::string, Terms>> searches = {
      {"one device", {{"device-17.branch-16.example"}, {}, {}}},
      {"a branch", {{"branch-17"}, {}, {}}},
      {"what all have", {{"example"}, {}, {}}},
      {"what only the oldest have", {{"OldCorp"}, {}, {}}},
      {"a branch of the oldest", {{"OldCorp", "branch-17"}, {}, {}}},
      {"one of two branches but not now", {{}, {"branch-17", "branch-18"}, {"Acme"}}},
      {"all but most", {{}, {}, {"Acme"}}},
      {"a beginning", {{"waiting-77*"}, {}, {}}},
      {"what two hundred thousand words begin with", {{"device-1*"}, {}, {}}},
      {"the same of the oldest", {{"OldCorp", "device-1*"}, {}, {}}},
      {"all that begin otherwise", {{}, {}, {"device-1*"}}},
      {"the few that begin otherwise", {{}, {}, {"device-*", "waiting-1*"}}},
      {"none that begin otherwise", {{}, {}, {"example*"}}},
      {"one of two beginnings", {{}, {"device-1*", "branch-1*"}, {}}},
      {"what nobody has", {{"nobody"}, {}, {}}},
      {"an address", {{"10.7.7.7"}, {}, {}}}};
  for (const auto& [what, terms] : searches) {
    Requests("search for " + what, {.terms = terms});
    Requests("search for " + what + ", pending", {.state = RequestState::kPending, .terms = terms});
    Requests("search for " + what + ", rejected", {.state = RequestState::kRejected, .terms = terms});
    Requests("search for " + what + ", of a CA with few", {.ca = "ca-5", .terms = terms});
    Certificates("search for " + what, {.terms = terms});
    Certificates("search for " + what + ", good", {.status = CertificateStatus::kGood, .terms = terms});
    Certificates("search for " + what + ", revoked", {.status = CertificateStatus::kRevoked, .terms = terms});
    Certificates("search for " + what + ", suspended", {.status = CertificateStatus::kSuspended, .terms = terms});
    Time("entities, search for " + what, [&] { return stores.administration().ListEntities(terms, {}); });
  }
  Time("entities", [&] { return stores.administration().ListEntities({}, {}); });
  Time("keys", [&] { return stores.administration().ListKeys("", {}); });
  Time("keys of an old CA", [&] { return stores.administration().ListKeys("", {.ca_ids = Ids{4}}); });
  Time("keys of an entity", [&] { return stores.administration().ListKeys("device-17.branch-17.example", {}); });
  CHECK(Scans(stores.settings().connection) == scans);
}

TEST_CASE_METHOD(Million, "with a million certificates, keys and decisions every report is made in 200 ms",
                 "[.][million]") {
  PostgresReportStore reports(stores.pool());
  const TimePoint now = Now();
  const std::int64_t scans = Scans(stores.settings().connection);
  const auto failures = [&](const std::string& what, const ReportFilter& filter, std::optional<FailurePlace> after) {
    Time("failures, " + what, [&]() -> Result<std::vector<StoredDecision>> {
      ASSIGN_OR_RETURN(auto page, reports.ListFailures(filter, after, 100));
      return std::move(page.failures);
    });
  };
  failures("all", {}, {});
  failures("of a CA with none", {.ca = "ca-20"}, {});
  const std::string middle = "80000000-0000-0000-0000-000000000000";
  failures("from the middle", {},
           FailurePlace{(now - std::chrono::hours(140)).time_since_epoch().count() / 1000, middle});
  for (const ReportFilter& filter : {ReportFilter{}, ReportFilter{.ca_ids = Ids{1, 2}}}) {
    Time("overdue certificates", [&] { return reports.ListOverdueCertificates(filter, now, 100); });
    Time("expiring keys", [&] { return reports.ListExpiringKeys(filter, now, now + std::chrono::hours(48), 100); });
  }
  // All that end are followed by others: each of those that may be looked at is.
  Execute(stores.settings().connection,
          "INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by)"
          " SELECT certificate_id, 'revoked', 'superseded', now(), 'alice' FROM certificates"
          " WHERE not_after BETWEEN now() - interval '15 days' AND now() + interval '15 days' ON CONFLICT DO NOTHING;"
          " UPDATE pre_shared_keys SET use_count = 1; ANALYZE revocations, pre_shared_keys");
  Time("overdue certificates, of which there are none", [&] { return reports.ListOverdueCertificates({}, now, 100); });
  Time("expiring keys, of which none has a use left",
       [&] { return reports.ListExpiringKeys({}, now, now + std::chrono::hours(48), 100); });
  CHECK(Scans(stores.settings().connection) - scans <= 2);  // The two statements that fill.
}

}  // namespace store_test
