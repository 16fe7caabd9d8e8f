// What enrolment reads of PostgreSQL: rows and index entries, counted by the server itself.
#include "store_fixture.h"

namespace store_test {
namespace {

// 20,000 requests of as many devices, each with its certificate and key.
constexpr const char* kFill = R"sql(
    INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id)
    SELECT c.ca_id, convert_to('old-' || n, 'UTF8'), sha256(convert_to('key ' || n, 'UTF8')),
           sha256(convert_to('csr ' || n, 'UTF8')), 'issued', '', 'CN=' || n, '{}', 'rsa-2048', '192.0.2.1', now(),
           false, (SELECT max(v.policy_version_id) FROM policy_versions v)
      FROM cas c, generate_series(1, 20000) n;
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at)
    SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
           convert_to('certificate ' || r.request_id, 'UTF8'), now(), now() + interval '1 day', now()
      FROM requests r, ca_generations g WHERE r.transaction_id LIKE 'old-%';
    INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, digest, use_limit, not_before, expires_at,
                                 created_at, created_by)
    SELECT 'old-' || n, e.entity_id, c.ca_id, sha256(convert_to('value ' || n, 'UTF8')), 1, now(),
           now() + interval '1 day', now(), 'test'
      FROM entities e, cas c, generate_series(1, 20000) n;
)sql";

// ReadSoFar is how many rows and index entries were read in the database. Sessions tell when they end: nobody else may
// have one.
std::int64_t ReadSoFar(const std::string& connection) {
  pqxx::connection session(connection);
  pqxx::nontransaction work(session);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto others = [&] {
    return work
        .exec1(
            "SELECT count(1) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()")[0]
        .as<int>();
  };
  while (others() > 0) REQUIRE(std::chrono::steady_clock::now() < deadline);
  return work
      .exec1(
          "SELECT (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables)"
          "     + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes)")[0]
      .as<std::int64_t>();
}

TEST_CASE("an enrolment reads a few rows, however many there are", "[store][reads]") {
  const bool is_analyzed = GENERATE(false, true);
  CAPTURE(is_analyzed);
  constexpr int kDevices = 20;
  std::string connection;
  std::vector<NewRequest> issued, waiting;
  {
    Bench<PostgresStores> bench;
    connection = bench.stores.settings().connection;
    for (int i = 0; i < kDevices; i++) {
      const std::string number = std::to_string(i);
      issued.push_back(bench.Issued("new-" + number, bench.MakeKey()));
      issued.back().identity.requester_key = bench.DigestOf("requester " + number);
      waiting.push_back(bench.Pending("waits-" + number));
      waiting.back().identity.requester_key = bench.DigestOf("waiting requester " + number);
    }
  }
  Execute(connection, kFill);
  if (is_analyzed) Execute(connection, "ANALYZE");

  const std::int64_t before = ReadSoFar(connection);
  {
    PostgresStores stores(On(connection));
    EnrollmentStore& enrollment = stores.enrollment();
    for (const auto* requests : {&issued, &waiting}) {
      for (const NewRequest& request : *requests) {
        const SignerCertificate signer{"no such serial", "no such certificate"};
        CHECK(Wait<EnrollmentFacts>([&](auto done) {
          enrollment.Find({request.identity, Bytes(32, 'd'), signer}, done);
        }));
        const auto outcome = Wait<RecordOutcome>([&](auto done) { enrollment.Record(request, done); });
        REQUIRE(outcome);
        CHECK(outcome->kind == Kind::kRecorded);
        CHECK(Wait<std::optional<PriorRequest>>([&](auto done) {
                enrollment.FindForPoll(request.identity, done);
              })->has_value());
      }
    }
  }
  const double reads_each = static_cast<double>(ReadSoFar(connection) - before) / (2 * kDevices);
  CAPTURE(reads_each);
  CHECK(reads_each < 100);
}

}  // namespace
}  // namespace store_test
