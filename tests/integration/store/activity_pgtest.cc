// What policies count, and that nobody passes a limit by being second at the same moment.
#include <future>

#include "counting_bench.h"

namespace store_test {
namespace {

TEMPLATE_TEST_CASE("what an entity has and asked is found, and what is not wanted is not", "[store][activity]",
                   MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  const auto other = bench.OtherEntity();
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 4; i++) {
    auto request = bench.IssuedFor("tx" + std::to_string(i), 1, "key" + std::to_string(i));
    request.received_at += std::chrono::seconds(i);
    REQUIRE(bench.Record(request)->kind == Kind::kRecorded);
    ids.push_back(bench.Listed().front().certificate_id);
  }
  REQUIRE(bench.Record(bench.IssuedFor("others", other, "others"))->kind == Kind::kRecorded);
  auto query = bench.Question();
  const auto all = bench.Ask(query);
  CHECK(all.active_certificates == ids);
  REQUIRE(all.recent_requests.size() == 3);
  const auto last = bench.stores.administration().ListRequests({}, {})->at(1);
  CHECK(all.recent_requests.front() == last.received_at);
  CHECK(all.recent_requests.back() == last.received_at - std::chrono::seconds(2));
  CHECK(all.key_use == KeyUse::kNobody);

  query.renewed_certificate_id = ids.at(1);
  query.request_id = last.request_id;
  const auto less = bench.Ask(query);
  CHECK(less.active_certificates == std::vector{ids[0], ids[2], ids[3]});
  CHECK(less.recent_requests.front() == last.received_at - std::chrono::seconds(1));
  CHECK(less.digest != all.digest);

  auto nothing = bench.Question();
  nothing.wants_certificates = nothing.wants_key_use = false;
  nothing.recent_requests = 0;
  const auto none = bench.Ask(nothing);
  CHECK(none.active_certificates.empty());
  CHECK(none.recent_requests.empty());
  CHECK(bench.stores.administration().FindActivity(bench.Question())->digest == all.digest);
  CHECK(bench.stores.administration().FindActivity(query)->active_certificates == less.active_certificates);
}

TEMPLATE_TEST_CASE("a certificate that ended, is revoked or suspended, or is another CA's is not active",
                   "[store][activity]", MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  for (const auto* transaction : {"a", "b", "c"}) REQUIRE(bench.Record(bench.IssuedFor(transaction)));
  CHECK(bench.Ask(bench.Question()).active_certificates.size() == 3);
  auto& administration = bench.stores.administration();
  REQUIRE(administration.Revoke(bench.Listed()[0].serial_number, "demo", {pki::CrlReason::kUnspecified, {}, "", "a"}));
  REQUIRE(
      administration.Revoke(bench.Listed()[1].serial_number, "demo", {pki::CrlReason::kCertificateHold, {}, "", "a"}));
  CHECK(bench.Ask(bench.Question()).active_certificates.size() == 1);
  auto later = bench.Question();
  later.now += std::chrono::hours(2);
  CHECK(bench.Ask(later).active_certificates.empty());
  auto elsewhere = bench.Question();
  elsewhere.ca_id++;
  CHECK(bench.Ask(elsewhere).active_certificates.empty());
}

TEMPLATE_TEST_CASE("who has a public key is found by the PKCS#10's, not by who asked for it", "[store][activity]",
                   MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  const auto other = bench.OtherEntity();
  auto renewed = bench.IssuedFor("tx", 1, "old");
  renewed.subject_key = bench.DigestOf("new");
  REQUIRE(bench.Record(renewed)->kind == Kind::kRecorded);
  CHECK(bench.Ask(bench.Question(1, "new")).key_use == KeyUse::kSameEntity);
  CHECK(bench.Ask(bench.Question(other, "new")).key_use == KeyUse::kOthers);
  CHECK(bench.Ask(bench.Question(1, "old")).key_use == KeyUse::kNobody);
  auto of_none = bench.Pending("waits");
  of_none.identity.requester_key = bench.DigestOf("of none");
  const auto id = bench.Record(of_none)->request_id;
  auto query = bench.Question(1, "of none");
  CHECK(bench.Ask(query).key_use == KeyUse::kOthers);
  query.entity_id.reset();
  CHECK(bench.Ask(query).key_use == KeyUse::kOthers);
  query.request_id = id;
  CHECK(bench.Ask(query).key_use == KeyUse::kNobody);
  REQUIRE(bench.stores.administration().Reject(id, "why", "alice"));
  CHECK(bench.Ask(bench.Question(1, "of none")).key_use == KeyUse::kNobody);
}

TEMPLATE_TEST_CASE("of those who were judged on the same facts one is recorded, in a batch or not", "[store][activity]",
                   MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  const auto other = bench.OtherEntity();
  std::vector<NewRequest> requests;
  for (int i = 0; i < 10; i++) {
    requests.push_back(bench.Judged("tx" + std::to_string(i), 1, "key" + std::to_string(i)));
    requests.push_back(bench.Judged("others" + std::to_string(i), other, "others" + std::to_string(i)));
    requests.push_back(bench.Issued("free" + std::to_string(i)));
  }
  const auto outcomes = bench.RecordAll(requests);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 2 + 10);
  CHECK(CountOf(outcomes, Kind::kChanged) == 18);
  CHECK(bench.Certificates() == 12);
  CHECK(bench.Ask(bench.Question()).active_certificates.size() == 1);
}

TEMPLATE_TEST_CASE("two entities do not both get one public key", "[store][activity]", MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  const auto other = bench.OtherEntity();
  const auto outcomes = bench.RecordAll({bench.Judged("a"), bench.Judged("b", other)});
  CHECK(CountOf(outcomes, Kind::kRecorded) == 1);
  CHECK(CountOf(outcomes, Kind::kChanged) == 1);
}

TEST_CASE("two engines do not both take the last place of a limit", "[store][activity]") {
  Counting<PostgresStores> bench;
  PostgresStores second(On(bench.stores.settings().connection));
  for (int round = 0; round < 20; round++) {
    const std::string number = std::to_string(round);
    const auto one = bench.Judged("one" + number, 1, "one" + number);
    const auto two = bench.Judged("two" + number, 1, "two" + number);
    std::promise<Result<RecordOutcome>> answer;
    second.enrollment().Record(two, [&](auto outcome) { answer.set_value(std::move(outcome)); });
    const auto outcome_of_one = bench.Record(one);
    auto pending = answer.get_future();
    REQUIRE(pending.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    const auto outcome_of_two = pending.get();
    REQUIRE(outcome_of_one);
    REQUIRE(outcome_of_two);
    CHECK(CountOf({outcome_of_one, outcome_of_two}, Kind::kRecorded) == 1);
    CHECK(CountOf({outcome_of_one, outcome_of_two}, Kind::kChanged) == 1);
  }
  CHECK(bench.Certificates() == 20);
}

TEMPLATE_TEST_CASE("what a new certificate supersedes is revoked with it, and the next CRL is due", "[store][activity]",
                   MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  auto& administration = bench.stores.administration();
  for (const auto* transaction : {"a", "b", "c"}) REQUIRE(bench.Record(bench.IssuedFor(transaction)));
  const auto sign = [&](const CrlDraft&) -> Result<NewCrl> {
    return NewCrl{bench.Now(), bench.Now() + std::chrono::hours(24), "crl"};
  };
  const auto active = bench.Ask(bench.Question()).active_certificates;
  REQUIRE(administration.Revoke(bench.Listed().back().serial_number, "demo",
                                {pki::CrlReason::kCertificateHold, {}, "", "alice"}));
  REQUIRE(administration.IssueCrl({bench.ca_generation_id, bench.Now(), 2}, sign).value());
  REQUIRE(administration.DueCrls(bench.Now())->empty());
  auto request = bench.IssuedFor("d");
  request.revokes = {active[0], active[1]};
  const bool is_approved = GENERATE(false, true);
  if (is_approved) {
    auto waiting = bench.Pending("d");
    waiting.entity_id = 1;
    const auto id = bench.Record(waiting)->request_id;
    ApprovedRequest approved = {
        id, waiting.identity.csr_sha256, bench.Certificate(), bench.policy_version_id, ApprovedBy("al\"i\\ce"),
        {}, bench.Decision(id)};
    approved.revokes = request.revokes;
    REQUIRE(administration.Approve(approved));
  } else {
    REQUIRE(bench.Record(request)->kind == Kind::kRecorded);
  }
  const auto left = bench.Ask(bench.Question()).active_certificates;
  CHECK(left.size() == 2);
  CHECK(left.front() == active[2]);
  const auto listed = bench.Listed();
  REQUIRE(listed.at(2).revocation);
  CHECK(listed.at(2).revocation->reason == pki::CrlReason::kSuperseded);
  CHECK(listed.at(2).revocation->revoked_by == (is_approved ? "al\"i\\ce" : "policy"));
  CHECK(listed.at(3).revocation->reason == pki::CrlReason::kSuperseded);
  CHECK(administration.DueCrls(bench.Now()).value() == std::vector{bench.ca_generation_id});
}

TEMPLATE_TEST_CASE("what is not recorded supersedes nothing", "[store][activity]", MemoryStores, PostgresStores) {
  Counting<TestType> bench;
  REQUIRE(bench.Record(bench.IssuedFor("a")));
  auto copy = bench.IssuedFor("a");
  copy.revokes = bench.Ask(bench.Question()).active_certificates;
  CHECK(bench.Record(copy)->kind == Kind::kPrior);
  CHECK(bench.Ask(bench.Question()).active_certificates == copy.revokes);
}

TEMPLATE_TEST_CASE("an approval that was judged on other facts changes nothing", "[store][activity]", MemoryStores,
                   PostgresStores) {
  Counting<TestType> bench;
  auto waiting = bench.Pending("waits");
  waiting.entity_id = 1;
  const auto id = bench.Record(waiting)->request_id;
  auto query = bench.Question();
  query.request_id = id;
  auto& administration = bench.stores.administration();
  const auto known = administration.FindActivity(query);
  REQUIRE(known);
  REQUIRE(bench.Record(bench.IssuedFor("between")));
  ApprovedRequest approved = {
      id, waiting.identity.csr_sha256, bench.Certificate(), bench.policy_version_id, ApprovedBy("alice"),
      {}, bench.Decision(id)};
  approved.judged_on = JudgedActivity{query, known->digest};
  CHECK(administration.Approve(approved).error().reason == Reason::kConflict);
  CHECK(administration.GetRequest(id)->state == RequestState::kPending);
  approved.judged_on->digest = administration.FindActivity(query)->digest;
  CHECK(administration.Approve(approved));
}

// 20,000 certificates of as many entities.
constexpr const char* kFill = R"sql(
    INSERT INTO entities (name, status, description, created_at, created_by)
    SELECT 'old-' || n, 'active', '', now(), 'test' FROM generate_series(1, 20000) n;
    INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, entity_id)
    SELECT c.ca_id, convert_to('old-' || e.entity_id, 'UTF8'), sha256(convert_to('key ' || e.entity_id, 'UTF8')),
           sha256(convert_to('csr ' || e.entity_id, 'UTF8')), 'issued', '', 'CN=' || e.entity_id, '{}', 'rsa-2048',
           '192.0.2.1', now(), false, (SELECT max(v.policy_version_id) FROM policy_versions v), e.entity_id
      FROM cas c, entities e WHERE e.name LIKE 'old-%';
    INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                          subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                          policy_version_id, entity_id)
    SELECT c.ca_id, convert_to('over-' || n, 'UTF8'), sha256(convert_to('over ' || n, 'UTF8')),
           sha256(convert_to('over ' || n, 'UTF8')), 'issued', '', 'CN=over', '{}', 'rsa-2048',
           '192.0.2.1', now() - interval '2 days', false,
           (SELECT max(v.policy_version_id) FROM policy_versions v), 1
      FROM cas c, generate_series(1, 20000) n;
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at)
    SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
           'certificate', now(), now() + interval '1 day', now()
      FROM requests r, ca_generations g WHERE r.transaction_id LIKE 'old-%';
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at)
    SELECT g.ca_generation_id, substr(sha256(convert_to('serial ' || r.request_id, 'UTF8')), 1, 16), r.request_id,
           'certificate', now() - interval '2 days', now() - interval '1 day', now() - interval '2 days'
      FROM requests r, ca_generations g WHERE r.transaction_id LIKE 'over-%';
)sql";

// Reads is how many rows and index entries were read in the database, by sessions that have ended.
std::int64_t Reads(const std::string& connection) {
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

TEST_CASE("what an entity did is found by a few rows, however much is over and however many others there are",
          "[store][activity][reads]") {
  const bool is_analyzed = GENERATE(false, true);
  CAPTURE(is_analyzed);
  std::string connection;
  ActivityQuery query;
  {
    Counting<PostgresStores> bench;
    connection = bench.stores.settings().connection;
    REQUIRE(bench.Record(bench.IssuedFor("mine")));
    query = bench.Question();
  }
  Execute(connection, kFill);
  if (is_analyzed) Execute(connection, "ANALYZE");
  const std::int64_t before = Reads(connection);
  constexpr int kQuestions = 50;
  {
    PostgresStores stores(On(connection));
    for (int i = 0; i < kQuestions; i++) {
      const auto found = Counting<PostgresStores>::Ask(stores.enrollment(), query);
      CHECK(found.active_certificates.size() == 1);
      CHECK(found.key_use == KeyUse::kSameEntity);
    }
  }
  const double reads_each = static_cast<double>(Reads(connection) - before) / kQuestions;
  CAPTURE(reads_each);
  CHECK(reads_each < 100);
}

}  // namespace
}  // namespace store_test
