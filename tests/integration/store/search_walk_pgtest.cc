// However search_requests goes through what there is, it finds what reading all of it would find.
#include "store_fixture.h"

namespace store_test {
namespace {

// 24 times 8192 ids, of which every 97th is taken. The newest third waits, and each time has names of its own.
constexpr const char* kFill = R"sql(
    INSERT INTO requests (request_id, ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, rejection_reason, decided_by, fingerprints, unsigned_fingerprints,
                          source_key)
    OVERRIDING SYSTEM VALUE
    SELECT n, CASE WHEN n % 3 = 0 THEN 2 ELSE 1 END, convert_to('t' || n, 'UTF8'),
           sha256(convert_to('k' || n, 'UTF8')), sha256(convert_to('c' || n, 'UTF8')),
           s.state, 'x',
           'CN=' || CASE WHEN n > 130000 THEN 'waiting-' WHEN n < 20000 THEN 'old-'
                         WHEN n BETWEEN 80000 AND 95000 THEN 'middle-' ELSE 'device-' END || n % 1013
               || ',O=' || CASE WHEN n < 20000 THEN 'OldCorp' ELSE 'Acme' END,
           ARRAY ['dns:h' || n % 7 || '.example'], 'rsa-2048', '10.0.0.' || n % 200, now(), false,
           (SELECT max(policy_version_id) FROM policy_versions),
           CASE s.state WHEN 'rejected' THEN 'no' END, CASE s.state WHEN 'rejected' THEN 'alice' END,
           CASE s.state WHEN 'pending' THEN sha512(convert_to('f' || n, 'UTF8')) || '1234' END,
           CASE s.state WHEN 'pending' THEN sha512(convert_to('u' || n, 'UTF8')) || '1234' END,
           CASE s.state WHEN 'pending' THEN '10.0.0.1'::bytea END
      FROM generate_series(100, 24 * 8192, 97) n
     CROSS JOIN LATERAL (SELECT CASE WHEN n > 130000 THEN 'pending' WHEN n % 40 = 10 THEN 'rejected'
                                     ELSE 'issued' END AS state) s;
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at)
    SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
           'y', now(), now() + interval '1 year', now()
      FROM requests r JOIN ca_generations g ON g.ca_id = r.ca_id WHERE r.state = 'issued';
    INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by)
    SELECT c.certificate_id, 'revoked', 'superseded', now(), 'alice' FROM certificates c WHERE c.request_id % 4 = 0;
)sql";

// Each question beside its answer from all rows; what differs, and how much was found in all.
constexpr const char* kCompare = R"sql(
    SELECT count(1) FILTER (WHERE a.found IS DISTINCT FROM b.found) AS wrong, sum(cardinality(b.found)) AS found,
           min(concat_ws(' ', q.required::text, q.optional::text, q.excluded::text, s.states::text, c.cas::text,
                         s.only_good, b4.before, z.size))
               FILTER (WHERE a.found IS DISTINCT FROM b.found) AS first_wrong
      FROM (VALUES ('{device-1*}'::text[], '{}'::text[], '{}'::text[]), ('{waiting-2*}', '{}', '{}'),
                   ('{waiting-250*}', '{}', '{}'), ('{old-*}', '{}', '{}'), ('{OldCorp, old-1*}', '{}', '{}'),
                   ('{middle-*}', '{}', '{}'), ('{middle-1*, h3.*}', '{}', '{}'), ('{nobody*}', '{}', '{}'),
                   ('{}', '{device-1*, waiting-1*}', '{}'), ('{}', '{}', '{device-1*}'), ('{}', '{}', '{h*}'),
                   ('{}', '{}', '{waiting-*, device-*, old-*}'), ('{h1}', '{}', '{waiting*}'),
                   ('{}', '{}', '{Acme}'), ('{example}', '{}', '{}'), ('{}', '{old-7, middle-7}', '{h2}'))
               AS q (required, optional, excluded)
     CROSS JOIN (VALUES (NULL::text[], false), (ARRAY ['pending'], false),
                        (ARRAY ['pending', 'postponed', 'approved', 'issued', 'rejected', 'expired'], false),
                        (ARRAY ['issued', 'rejected'], false),
                        (ARRAY ['issued'], true)) AS s (states, only_good)
     CROSS JOIN (VALUES (NULL::bigint[]), (ARRAY [2]), (ARRAY [1, 2])) AS c (cas)
     CROSS JOIN (VALUES (9223372036854775807), (131000), (79990), (70001), (9000)) AS b4 (before)
     CROSS JOIN (VALUES (1), (40), (5000)) AS z (size)
     CROSS JOIN LATERAL (SELECT ARRAY(SELECT search_requests(q.required, q.optional, q.excluded, c.cas, s.states,
                                                             s.only_good, b4.before, z.size)) AS found) a
     CROSS JOIN LATERAL (SELECT search_query(q.required, q.optional, q.excluded) AS words OFFSET 0) w
     CROSS JOIN LATERAL (SELECT ARRAY(
                             SELECT r.request_id
                               FROM requests r
                              WHERE ts_match_vq(r.search_words, w.words)
                                AND (c.cas IS NULL OR r.ca_id = ANY (c.cas))
                                AND (s.states IS NULL OR r.state = ANY (s.states))
                                AND NOT (s.only_good AND r.request_id % 4 = 0)
                                AND r.request_id < b4.before
                              ORDER BY r.request_id DESC LIMIT z.size) AS found) b
)sql";

}  // namespace

TEST_CASE("a search finds what reading all requests would find, in its order", "[store][search]") {
  Bench<PostgresStores> bench;
  REQUIRE(bench.stores.administration().CreateCa(bench.NamedCa("other")));
  const std::string& connection = bench.stores.settings().connection;
  Execute(connection, kFill);
  Execute(connection, "ANALYZE requests");
  pqxx::connection session(connection);
  pqxx::work work(session);
  const auto row = work.exec1(kCompare);
  CAPTURE(row["first_wrong"].as<std::string>(""));
  CHECK(row["wrong"].as<int>() == 0);
  CHECK(row["found"].as<std::int64_t>() > 50'000);
}

}  // namespace store_test
