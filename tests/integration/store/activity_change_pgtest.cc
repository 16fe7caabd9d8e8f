// What changes between a judgement and its record, and what is told when certificates are superseded.
#include <pqxx/pqxx>
#include <thread>

#include "counting_bench.h"
#include "store/postgres/activity.h"
#include "store/postgres/outcome_writer.h"

namespace store_test {
namespace {

TEMPLATE_TEST_CASE("each thing that is counted is in the digest by itself", "[store][activity]", MemoryStores,
                   PostgresStores) {
  Counting<TestType> bench;
  REQUIRE(bench.Record(bench.IssuedFor("tx", 1, "others")));
  const auto before = bench.Ask(bench.Question()).digest;
  auto& administration = bench.stores.administration();
  SECTION("certificates") {
    REQUIRE(
        administration.Revoke(bench.Listed()[0].serial_number, "demo", {pki::CrlReason::kUnspecified, {}, "", "a"}));
  }
  SECTION("requests") {
    auto waiting = bench.Pending("waits");
    waiting.entity_id = 1;
    waiting.identity.requester_key = bench.DigestOf("another");
    REQUIRE(bench.Record(waiting));
  }
  SECTION("the key's use") {
    auto waiting = bench.Pending("waits");
    waiting.entity_id = bench.OtherEntity();
    waiting.identity.requester_key = bench.DigestOf("key");
    REQUIRE(bench.Record(waiting));
  }
  CHECK(bench.Ask(bench.Question()).digest != before);
}

TEMPLATE_TEST_CASE("who waits with a public key has it", "[store][activity]", MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  auto waiting = bench.Pending("waits");
  waiting.entity_id = 1;
  waiting.identity.requester_key = bench.DigestOf("key");
  REQUIRE(bench.Record(waiting));
  CHECK(bench.Ask(bench.Question()).key_use == KeyUse::kSameEntity);
  CHECK(bench.Ask(bench.Question(bench.OtherEntity())).key_use == KeyUse::kOthers);
}

TEMPLATE_TEST_CASE("a certificate is active until its end and not at it", "[store][activity][bounds]", MemoryStores,
                   PostgresStores) {
  Counting<TestType> bench;
  const auto request = bench.IssuedFor("tx");
  REQUIRE(bench.Record(request));
  auto query = bench.Question();
  query.now = request.certificate->not_after - std::chrono::microseconds(1);
  CHECK(bench.Ask(query).active_certificates.size() == 1);
  query.now = request.certificate->not_after;
  CHECK(bench.Ask(query).active_certificates.empty());
}

TEST_CASE("of more certificates than are found the oldest are", "[store][activity][bounds]") {
  Counting<PostgresStores> bench;
  for (int i = 0; i < 2; i++) {
    const std::string number = std::to_string(i);
    REQUIRE(bench.Record(bench.IssuedFor("tx" + number, 1, "key" + number)));
  }
  const auto oldest = bench.Listed().back().certificate_id;
  Execute(bench.stores.settings().connection, R"sql(
      INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                            subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                            policy_version_id, entity_id)
      SELECT r.ca_id, convert_to('more-' || n, 'UTF8'), r.requester_key, sha256(convert_to('csr ' || n, 'UTF8')),
             'issued', '', r.subject, '{}', r.key_algorithm, r.source_address, now(), false, r.policy_version_id,
             r.entity_id
        FROM requests r, generate_series(1, 1999) n WHERE r.transaction_id = 'tx0';
      INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                                issued_at)
      SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
             'certificate', now(), now() + interval '1 day', now()
        FROM requests r, ca_generations g WHERE r.transaction_id LIKE 'more-%')sql");
  REQUIRE(bench.Certificates() == 100);  // A page.
  const auto found = bench.Ask(bench.Question()).active_certificates;
  CHECK(found.size() == kMostActiveCertificates);
  CHECK(found.front() == oldest);
}

TEMPLATE_TEST_CASE("what is revoked already stays as it was, and what only waits supersedes nothing",
                   "[store][activity]", MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  for (const auto* transaction : {"a", "b"}) REQUIRE(bench.Record(bench.IssuedFor(transaction)));
  const auto active = bench.Ask(bench.Question()).active_certificates;
  auto& administration = bench.stores.administration();
  REQUIRE(administration.Revoke(bench.Listed()[1].serial_number, "demo",
                                {pki::CrlReason::kKeyCompromise, {}, "stolen", "alice"}));
  auto waiting = bench.Pending("waits");
  waiting.revokes = active;
  REQUIRE(bench.Record(waiting)->kind == Kind::kRecorded);
  CHECK(bench.Ask(bench.Question()).active_certificates == std::vector{active[1]});
  auto request = bench.IssuedFor("c");
  request.revokes = active;
  REQUIRE(bench.Record(request)->kind == Kind::kRecorded);
  const auto listed = bench.Listed();
  REQUIRE((listed[2].revocation && listed[1].revocation));
  CHECK(listed[2].revocation->reason == pki::CrlReason::kKeyCompromise);
  CHECK(listed[2].revocation->comment == "stolen");
  CHECK(listed[1].revocation->reason == pki::CrlReason::kSuperseded);
}

TEMPLATE_TEST_CASE("another CA's certificate with the same serial number supersedes nothing", "[store][activity]",
                   MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateCa(bench.NamedCa("other")));
  const auto other = administration.LoadDirectory()->cas.at(1);
  REQUIRE(bench.Record(bench.IssuedFor("a")));
  auto copy = bench.IssuedFor("a");
  copy.revokes = bench.Ask(bench.Question()).active_certificates;
  auto elsewhere = bench.Issued("elsewhere");
  elsewhere.identity.ca_id = other.ca_id;
  elsewhere.certificate->ca_generation_id = other.ca_generation_id;
  elsewhere.certificate->serial_number = copy.certificate->serial_number;
  REQUIRE(bench.Record(elsewhere)->kind == Kind::kRecorded);
  CHECK(bench.Record(copy)->kind == Kind::kPrior);
  CHECK(bench.Ask(bench.Question()).active_certificates == copy.revokes);
}

TEST_CASE("what a judgement counts is what is locked", "[store][activity]") {
  ActivityQuery query;
  query.entity_id = 7;
  query.subject_key = "k";
  CHECK(LocksOf(query).empty());
  query.recent_requests = 1;
  CHECK(LocksOf(query) == std::vector<std::string>{"certifier entity 7"});
  query.recent_requests = 0;
  query.wants_certificates = true;
  CHECK(LocksOf(query) == std::vector<std::string>{"certifier entity 7"});
  query.wants_key_use = true;
  CHECK(LocksOf(query) == std::vector<std::string>{"certifier entity 7", "certifier key 6b"});
  query.entity_id.reset();
  CHECK(LocksOf(query) == std::vector<std::string>{"certifier key 6b"});
}

TEST_CASE("an approval waits for whoever records by the same entity or key", "[store][activity]") {
  PostgresSettings patient;
  patient.lock_timeout = patient.statement_timeout = std::chrono::seconds(20);
  Counting<PostgresStores> bench(patient);
  const auto& connection = bench.stores.settings().connection;
  auto waiting = bench.Pending("waits");
  waiting.entity_id = 1;
  const auto id = bench.Record(waiting)->request_id;
  auto query = bench.Question();
  query.request_id = id;
  ApprovedRequest approved = {
      id, waiting.identity.csr_sha256, bench.Certificate(), bench.policy_version_id, ApprovedBy("alice"),
      {}, bench.Decision(id)};
  approved.judged_on = JudgedActivity{query, bench.stores.administration().FindActivity(query)->digest};
  const auto lock = GENERATE_COPY(from_range(LocksOf(query)));
  CAPTURE(lock);
  pqxx::connection session(connection);
  auto holder = std::make_unique<pqxx::work>(session);
  holder->exec("SELECT pg_advisory_xact_lock(hashtextextended('" + lock + "', 0))");
  Result<void> outcome;
  std::thread approving([&] { outcome = bench.stores.administration().Approve(approved); });
  CHECK(support::Eventually([&] {
    return engine_test::Count(connection,
                              "pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
                              " (SELECT oid FROM pg_database WHERE datname = current_database())") == 1;
  }));
  holder->commit();
  approving.join();
  CHECK(outcome);
}

// Told keeps the notifications that engines read their directories by.
class Told : public pqxx::notification_receiver {
 public:
  explicit Told(pqxx::connection& session) : pqxx::notification_receiver(session, "certifier_directory") {}
  void operator()(const std::string& payload, int) override { payloads.push_back(payload); }
  std::vector<std::string> payloads;
};

TEST_CASE("engines are told of what a certificate supersedes, and of nothing else", "[store][activity]") {
  Counting<PostgresStores> bench;
  REQUIRE(bench.Record(bench.IssuedFor("a")));
  auto waiting = bench.Pending("waits");
  waiting.entity_id = 1;
  const auto id = bench.Record(waiting)->request_id;
  const auto active = bench.Ask(bench.Question()).active_certificates;
  const bool is_approved = GENERATE(false, true);
  const bool is_superseding = GENERATE(false, true);
  pqxx::connection session(bench.stores.settings().connection);
  Told told(session);
  if (is_approved) {
    ApprovedRequest approved = {
        id, waiting.identity.csr_sha256, bench.Certificate(), bench.policy_version_id, ApprovedBy("alice"),
        {}, bench.Decision(id)};
    if (is_superseding) approved.revokes = active;
    REQUIRE(bench.stores.administration().Approve(approved));
  } else {
    auto request = bench.IssuedFor("b");
    if (is_superseding) request.revokes = active;
    REQUIRE(bench.Record(request)->kind == Kind::kRecorded);
  }
  // Whatever was told before this was.
  Execute(bench.stores.settings().connection, "NOTIFY certifier_directory, 'last'");
  CHECK(support::Eventually([&] {
    session.get_notifs();
    return !told.payloads.empty() && told.payloads.back() == "last";
  }));
  CHECK(told.payloads.size() == (is_superseding ? 2 : 1));
}

TEST_CASE("whoever waits too long for an entity fails nobody else of its batch", "[store][activity]") {
  Counting<PostgresStores> bench;
  auto settings = bench.stores.settings();
  settings.lock_timeout = std::chrono::milliseconds(100);
  OutcomeWriter writer(settings);
  std::vector<Result<RecordOutcome>> outcomes(3);
  std::vector<Recording> batch;
  const auto add = [&](const NewRequest& request) {
    const std::size_t place = batch.size();
    batch.push_back({request, [&outcomes, place](auto outcome) { outcomes[place] = std::move(outcome); }});
  };
  add(bench.IssuedFor("before", 1, "before"));
  add(bench.Judged("judged"));
  add(bench.IssuedFor("after", 1, "after"));
  pqxx::connection connection(settings.connection);
  pqxx::work holder(connection);
  holder.exec("SELECT pg_advisory_xact_lock(hashtextextended('certifier entity 1', 0))");
  writer.Process(std::move(batch));
  CHECK(outcomes[0]->kind == Kind::kRecorded);
  CHECK(outcomes[1].error().reason == Reason::kUnavailable);
  CHECK(outcomes[2]->kind == Kind::kRecorded);
  CHECK(bench.Certificates() == 2);
}

}  // namespace
}  // namespace store_test
