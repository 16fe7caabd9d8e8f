// What every store keeps of decisions.
#include "store/postgres/decision_journal.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using Decisions = std::vector<StoredDecision>;

// Journal is where a bench's decisions go.
class Journal {
 public:
  explicit Journal(MemoryStores& stores) : memory_(dynamic_cast<MemoryStore*>(&stores.administration())) {}
  explicit Journal(PostgresStores& stores)
      : postgres_(std::make_unique<PostgresDecisionJournal>(stores.settings())), settings_(stores.settings()) {}

  // Note returns when all of them are in the store.
  void Note(const std::vector<NewDecision>& decisions) {
    for (const auto& decision : decisions) {
      REQUIRE((memory_ != nullptr ? memory_->Note(decision) : postgres_->Note(decision)));
    }
    if (memory_ != nullptr) return;
    postgres_.reset();
    postgres_ = std::make_unique<PostgresDecisionJournal>(settings_);
  }

 private:
  MemoryStore* memory_ = nullptr;
  std::unique_ptr<PostgresDecisionJournal> postgres_;
  PostgresSettings settings_;
};

template <class Stores>
Decisions Found(Bench<Stores>& bench, const DecisionQuery& query, std::uint32_t size = 100) {
  auto found = bench.stores.administration().FindDecisions(query, size);
  INFO((found ? "" : found.error().detail));
  REQUIRE(found);
  return *found;
}

DecisionQuery ByTransaction(const Bytes& transaction_id) {
  DecisionQuery query;
  query.transaction_id = transaction_id;
  return query;
}

template <class Stores>
NewDecision Refusal(Bench<Stores>& bench, const Bytes& transaction_id) {
  NewDecision decision = bench.Decision(1);
  decision.request_id.reset();
  decision.transaction_id = transaction_id;
  decision.csr_sha256 = Bytes(32, 'c');
  decision.record = "why " + transaction_id;
  return decision;
}

TEMPLATE_TEST_CASE("a decision is found by its id, its transactionID and its PKCS#10", "[store][decision]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const NewDecision decision = Refusal(bench, Bytes("tx\0\xff", 4));
  NewDecision other = Refusal(bench, "other");
  other.csr_sha256.clear();
  Journal(bench.stores).Note({decision, other});
  DecisionQuery by_id, by_csr;
  by_id.decision_id = decision.decision_id;
  by_csr.csr_sha256 = decision.csr_sha256;
  for (const auto& query : {by_id, by_csr, ByTransaction(decision.transaction_id)}) {
    const Decisions found = Found(bench, query);
    REQUIRE(found.size() == 1);
    CHECK(found[0].record == decision.record);
    CHECK(found[0].message_count == 1);
    CHECK(found[0].last_at == decision.decided_at);
    CHECK_FALSE(found[0].request_id);
  }
  CHECK(Found(bench, ByTransaction("none")).empty());
}

TEMPLATE_TEST_CASE("the same decision is counted, in one batch and over many", "[store][decision]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  NewDecision decision = Refusal(bench, "tx");
  const auto first_at = decision.decided_at;
  NewDecision later = decision;
  later.record = "the first one's is kept";
  later.decided_at = first_at + std::chrono::minutes(5);
  Journal journal(bench.stores);
  journal.Note({decision, later, decision});
  journal.Note({decision});
  const Decisions found = Found(bench, ByTransaction("tx"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].message_count == 4);
  CHECK(found[0].record == decision.record);
  CHECK(found[0].last_at == later.decided_at);
}

TEMPLATE_TEST_CASE("the decision of a request is on its row, and what belongs to it is found with it",
                   "[store][decision]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  NewRequest request = bench.Pending("tx");
  request.decision = "arrival";
  const auto id = bench.Record(request)->request_id;
  NewDecision poll = bench.Decision(id);
  poll.transaction_id = "tx";
  poll.decided_at += std::chrono::minutes(1);
  poll.record = "poll";
  Journal(bench.stores).Note({poll});
  NewDecision approval = bench.Decision(id);
  approval.decided_at += std::chrono::minutes(2);
  REQUIRE(bench.stores.administration().Approve({id,
                                                 request.identity.csr_sha256,
                                                 bench.Certificate(),
                                                 bench.policy_version_id,
                                                 ApprovedBy("alice"),
                                                 {},
                                                 approval}));
  DecisionQuery query;
  query.request_id = id;
  const Decisions found = Found(bench, query);
  REQUIRE(found.size() == 3);
  CHECK(found[0].record == "approved");
  CHECK(found[1].record == "poll");
  CHECK(found[2].record == "arrival");
  for (const auto& decision : found) CHECK(decision.request_id == id);
  CHECK(Found(bench, query, 2).size() == 2);
  query = {};
  query.csr_sha256 = request.identity.csr_sha256;
  CHECK(Found(bench, query).size() == 1);
  CHECK(Found(bench, ByTransaction("tx")).size() == 2);
}

TEMPLATE_TEST_CASE("an approval that fails leaves no decision", "[store][decision]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto id = bench.RecordPending("tx");
  const auto approval = bench.Decision(id);
  REQUIRE_FALSE(bench.stores.administration().Approve(
      {id, Bytes(32, 'x'), bench.Certificate(), bench.policy_version_id, ApprovedBy("alice"), {}, approval}));
  DecisionQuery query;
  query.decision_id = approval.decision_id;
  CHECK(Found(bench, query).empty());
}

TEMPLATE_TEST_CASE("decisions are forgotten by the day", "[store][decision]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto now = std::chrono::floor<std::chrono::days>(bench.Now()) + std::chrono::hours(12);
  constexpr auto kDay = std::chrono::hours(24);
  std::vector<NewDecision> decisions;
  for (const int age : {0, 9, 10, 11}) {
    decisions.push_back(Refusal(bench, "tx " + std::to_string(age)));
    decisions.back().decided_at = now - kDay * age;
  }
  Journal(bench.stores).Note(decisions);
  CHECK(bench.stores.administration().ForgetDecisions(now, kDay * 10).value() == 1);
  CHECK(bench.stores.administration().ForgetDecisions(now, kDay * 10).value() == 0);
  CHECK(Found(bench, ByTransaction("tx 11")).empty());
  CHECK(Found(bench, ByTransaction("tx 10")).size() == 1);
}

TEST_CASE("a row that cannot be written costs no other", "[store][decision]") {
  Bench<PostgresStores> bench;
  NewDecision broken = Refusal(bench, "broken");
  broken.ca_id = 999'999;
  Journal(bench.stores).Note({Refusal(bench, "before"), broken, Refusal(bench, "after")});
  CHECK(Found(bench, ByTransaction("before")).size() == 1);
  CHECK(Found(bench, ByTransaction("after")).size() == 1);
  CHECK(Found(bench, ByTransaction("broken")).empty());
}

TEST_CASE("a full journal takes nothing more", "[store][decision]") {
  Bench<PostgresStores> bench;
  PostgresSettings settings = bench.stores.settings();
  settings.max_queued_decisions = 2;
  // Nothing is written while somebody has the table.
  pqxx::connection session(settings.connection);
  pqxx::work work(session);
  work.exec("LOCK TABLE decisions IN ACCESS EXCLUSIVE MODE");
  PostgresDecisionJournal journal(settings);
  int taken = 0;
  while (taken < 100 && journal.Note(Refusal(bench, "tx " + std::to_string(taken)))) ++taken;
  CHECK(taken >= 2);
  CHECK(taken <= 6);  // Two wait, and at most two batches of two were taken out to be written.
  work.abort();
}

TEST_CASE("decisions are found through indexes", "[store][decision]") {
  Bench<PostgresStores> bench;
  pqxx::connection session(bench.stores.settings().connection);
  pqxx::work work(session);
  work.exec("SET enable_seqscan = off");
  for (const std::string condition : {"decision_id = '00000000-0000-8000-8000-000000000000'", "request_id = 1",
                                      "transaction_id = 'a'", "csr_sha256 = 'a'", "day < '2000-01-01'"}) {
    const auto plan = work.exec("EXPLAIN SELECT 1 FROM decisions WHERE " + condition);
    std::string text;
    for (const auto& row : plan) text += row[0].as<std::string>() + "\n";
    INFO(text);
    CHECK(text.find("Seq Scan") == std::string::npos);
  }
  for (const std::string condition : {"transaction_id = 'a'", "csr_sha256 = 'a'"}) {
    const auto plan = work.exec("EXPLAIN SELECT 1 FROM requests WHERE " + condition);
    CHECK(plan[0][0].as<std::string>().find("Seq Scan") == std::string::npos);
  }
}

}  // namespace
}  // namespace store_test
