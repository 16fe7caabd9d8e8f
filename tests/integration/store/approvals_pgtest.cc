// What a held request waits for, who approved it, and edits of its template.
#include <pqxx/pqxx>
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

// Waiting is a bench with a request that waits for approvals.
template <class Stores>
class Waiting : public Bench<Stores> {
 public:
  std::int64_t Hold(const ApprovalTerms& terms, std::optional<std::int64_t> key = {}) {
    auto held = this->Pending("tx");
    held.terms = terms;
    held.pre_shared_key_id = key;
    held.has_challenge = key.has_value();
    const auto outcome = this->Record(held);
    REQUIRE(outcome);
    return outcome->request_id;
  }
  Bytes digest() const { return this->Identity("tx").csr_sha256; }
  Result<RequestRecord> Add(std::int64_t id, const Approval& approval, const ApprovalTerms& terms = {1, {}, true}) {
    return this->stores.administration().AddApproval({id, digest(), approval, terms, this->Decision(id)});
  }
  Result<void> Approve(std::int64_t id, const Approval& approval, TimePoint since = {}) {
    return this->stores.administration().Approve(
        {id, digest(), this->Certificate(), this->policy_version_id, approval, since, this->Decision(id)});
  }
  Result<RequestRecord> Edit(std::int64_t id, std::uint32_t version, const Bytes& held_template) {
    return this->stores.administration().UpdateTemplate(
        {id, digest(), version, held_template, "alice", this->Decision(id)});
  }
};

bool IsConflict(const Result<void>& outcome) {
  return !outcome && outcome.error().reason == Reason::kConflict;
}
bool IsConflict(const Result<RequestRecord>& outcome) {
  return !outcome && outcome.error().reason == Reason::kConflict;
}

TEMPLATE_TEST_CASE("what a request waits for is kept with it", "[store][approvals]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const ApprovalTerms terms = {3, {"audit", "r\xc3\xa9seau, \"night\""}, true};
  const auto id = bench.Hold(terms);
  const auto record = bench.stores.administration().GetRequest(id);
  CHECK(record->terms == terms);
  CHECK(record->template_version == 1);
  CHECK(record->approvals.empty());
  CHECK(record->key_makers.empty());
}

TEMPLATE_TEST_CASE("approvals are kept one by one, with what was typed, and shown with the request",
                   "[store][approvals]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({3, {}, false});
  auto alice = ApprovedBy("alice", {"audit", "night"});
  alice.fingerprint = Bytes("\0\x1f", 2) + Bytes(30, 'a');
  alice.approved_at = bench.Now() - std::chrono::hours(1);
  REQUIRE(bench.Add(id, alice));
  const auto added = bench.Add(id, ApprovedBy("bob"));
  REQUIRE(added);
  REQUIRE(added->approvals.size() == 2);
  CHECK(added->approvals[0].login == "alice");
  CHECK(added->approvals[0].groups == alice.groups);
  CHECK(added->approvals[0].fingerprint == alice.fingerprint);
  CHECK(added->approvals[0].approved_at == alice.approved_at);
  CHECK(added->approvals[1].login == "bob");
  CHECK(added->approvals[1].groups.empty());
  CHECK(added->state == RequestState::kPending);
  const auto listed = bench.stores.administration().ListRequests({}, {});
  CHECK(listed->front().approvals.size() == 2);
}

TEMPLATE_TEST_CASE("who approves again is counted once, at the later time", "[store][approvals]", MemoryStores,
                   PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({2, {}, true});
  auto early = ApprovedBy("alice");
  early.approved_at = bench.Now() - std::chrono::hours(5);
  REQUIRE(bench.Add(id, early));
  auto late = ApprovedBy("alice", {"audit"});
  late.approved_at = bench.Now();
  const auto added = bench.Add(id, late);
  REQUIRE(added->approvals.size() == 1);
  CHECK(added->approvals[0].approved_at == late.approved_at);
  CHECK(added->approvals[0].groups == late.groups);
  CHECK(IsConflict(bench.Approve(id, late)));
  CHECK(bench.Approve(id, ApprovedBy("bob")));
}

TEMPLATE_TEST_CASE("nothing is issued that too few operators approved, whoever asks", "[store][approvals]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto id = bench.Hold({2, {"audit"}, true});
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("alice", {"audit"}))));
  REQUIRE(bench.Add(id, ApprovedBy("alice")));
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("bob", {"network"}))));
  CHECK(administration.GetRequest(id)->approvals.size() == 1);
  CHECK(administration.GetRequest(id)->state == RequestState::kPending);
  CHECK(bench.Certificates() == 0);
  REQUIRE(bench.Approve(id, ApprovedBy("carol", {"network", "audit"})));
  const auto issued = administration.GetRequest(id);
  CHECK(issued->state == RequestState::kIssued);
  CHECK(issued->decided_by == "carol");
  CHECK(issued->approvals.size() == 2);
}

TEMPLATE_TEST_CASE("an approval that is too old does not count", "[store][approvals]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({2, {}, true});
  auto old = ApprovedBy("alice");
  old.approved_at = bench.Now() - std::chrono::hours(2);
  REQUIRE(bench.Add(id, old));
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("bob"), old.approved_at + std::chrono::seconds(1))));
  CHECK(bench.Approve(id, ApprovedBy("bob"), old.approved_at));
}

TEMPLATE_TEST_CASE("who made or replaced the key's value is not the only one to approve", "[store][approvals]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto key = bench.MakeKey();
  REQUIRE(administration.Rekey({"R1", bench.DigestOf("new"), false, "bob"}));
  const bool is_alone_enough = GENERATE(false, true);
  const auto id = bench.Hold({1, {}, is_alone_enough}, key);
  REQUIRE(administration.Rekey({"R1", bench.DigestOf("newer"), false, "carol"}));
  CHECK(administration.GetRequest(id)->key_makers == std::vector<std::string>{"test", "bob"});
  if (is_alone_enough) {
    CHECK(bench.Approve(id, ApprovedBy("bob")));
    return;
  }
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("test"))));
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("bob"))));
  REQUIRE(bench.Add(id, ApprovedBy("bob"), {1, {}, false}));
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("test"))));
  CHECK(bench.Approve(id, ApprovedBy("alice")));
}

TEMPLATE_TEST_CASE("what is asked for only grows", "[store][approvals]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({2, {"network"}, true});
  CHECK(bench.Add(id, ApprovedBy("alice"), {1, {}, true})->terms == ApprovalTerms{2, {"network"}, true});
  const auto raised = bench.Add(id, ApprovedBy("alice"), {3, {"network", "audit"}, false});
  CHECK(raised->terms == ApprovalTerms{3, {"audit", "network"}, false});
  CHECK(bench.Add(id, ApprovedBy("alice"), {1, {}, true})->terms == raised->terms);
}

TEMPLATE_TEST_CASE("whether the key's maker suffices is what those say who say anything", "[store][approvals]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({});
  const auto after = [&](std::optional<bool> said) {
    return bench.Add(id, ApprovedBy("alice"), {1, {}, said})->terms.key_maker_may_approve_alone;
  };
  CHECK_FALSE(after({}));
  CHECK(after(true) == true);
  CHECK(after({}) == true);
  CHECK(after(false) == false);
  CHECK(after(true) == false);
  CHECK(after({}) == false);
}

TEMPLATE_TEST_CASE("what the policy asks for when it accepts is asked of the stored approvals", "[store][approvals]",
                   MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({});
  ApprovedRequest approved = {id, bench.digest(),     bench.Certificate(), bench.policy_version_id, ApprovedBy("alice"),
                              {}, bench.Decision(id), {2, {}, {}}};
  CHECK(IsConflict(bench.stores.administration().Approve(approved)));
  approved.terms = {1, {"audit"}, {}};
  CHECK(IsConflict(bench.stores.administration().Approve(approved)));
  approved.terms = {};
  CHECK(bench.stores.administration().Approve(approved));
}

TEMPLATE_TEST_CASE("an edit voids the approvals before it", "[store][approvals]", MemoryStores, PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({2, {}, true});
  REQUIRE(bench.Add(id, ApprovedBy("alice")));
  const auto edited = bench.Edit(id, 1, Bytes("\0edited", 7));
  REQUIRE(edited);
  CHECK(edited->template_version == 2);
  CHECK(edited->held_template == Bytes("\0edited", 7));
  CHECK(edited->approvals.size() == 1);
  CHECK(edited->template_edited_by == "alice");
  CHECK(IsConflict(bench.Edit(id, 1, "lost")));
  CHECK(IsConflict(bench.Add(id, ApprovedBy("bob"))));
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("bob"))));
  auto bob = ApprovedBy("bob");
  bob.template_version = 2;
  CHECK(IsConflict(bench.Approve(id, bob)));
  REQUIRE(bench.Add(id, bob));
  auto alice = ApprovedBy("alice");
  alice.template_version = 2;
  REQUIRE(bench.Approve(id, alice));
  CHECK(bench.stores.administration().GetRequest(id)->approvals.size() == 3);
}

TEMPLATE_TEST_CASE("what does not wait is neither approved nor edited", "[store][approvals]", MemoryStores,
                   PostgresStores) {
  Waiting<TestType> bench;
  const auto id = bench.Hold({});
  REQUIRE(bench.stores.administration().Reject(id, "why", "bob"));
  CHECK(IsConflict(bench.Add(id, ApprovedBy("alice"))));
  CHECK(IsConflict(bench.Edit(id, 1, "edited")));
  CHECK(bench.Add(id + 1, ApprovedBy("alice")).error().reason == Reason::kNotFound);
  CHECK(bench.Edit(id + 1, 1, "edited").error().reason == Reason::kNotFound);
  CHECK(bench.stores.administration().GetRequest(id)->approvals.empty());
}

TEST_CASE("of operators who approve at once the last to be written sees all", "[store][approvals]") {
  Waiting<PostgresStores> bench;
  constexpr int kOperators = 8;
  const auto id = bench.Hold({kOperators, {}, true});
  std::vector<std::size_t> seen(kOperators);
  std::vector<std::thread> threads;
  for (int i = 0; i < kOperators; ++i) {
    threads.emplace_back([&, i] {
      const auto added = bench.Add(id, ApprovedBy("operator-" + std::to_string(i)));
      if (added) seen[static_cast<std::size_t>(i)] = added->approvals.size();
    });
  }
  for (auto& thread : threads) thread.join();
  std::ranges::sort(seen);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == i + 1);
}

TEST_CASE("every version of an edited template is kept, with who made it", "[store][approvals]") {
  Waiting<PostgresStores> bench;
  const auto id = bench.Hold({});
  REQUIRE(bench.Edit(id, 1, "second"));
  REQUIRE(bench.Edit(id, 2, "third"));
  pqxx::connection connection(bench.stores.settings().connection);
  pqxx::work work(connection);
  const auto rows = work.exec(
      "SELECT template_version, convert_from(held_template, 'UTF8'), coalesce(edited_by, '-') FROM held_templates "
      "ORDER BY template_version");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0][1].as<std::string>() + rows[0][2].as<std::string>() == "-");
  CHECK(rows[1][1].as<std::string>() + rows[1][2].as<std::string>() == "secondalice");
  CHECK(rows[2][1].as<std::string>() + rows[2][2].as<std::string>() == "thirdalice");
}

TEST_CASE("an engine that knows of no approvals holds for one, and issues nothing that waits for more",
          "[store][approvals]") {
  Waiting<PostgresStores> bench;
  const auto& connection = bench.stores.settings().connection;
  const auto id = bench.Hold({2, {}, true});
  constexpr const char* kIssue = "UPDATE requests SET state = 'issued', decided_at = now(), decided_by = 'old'";
  CHECK_THROWS_AS(Execute(connection, kIssue), pqxx::check_violation);
  Execute(connection, R"sql(
      INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                            subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                            policy_version_id, fingerprints, unsigned_fingerprints, source_key)
      SELECT ca_id, 'old', requester_key, sha256('old'), state, sealed_csr, 'CN=old', subject_alternative_names,
             key_algorithm, source_address, received_at, has_challenge, policy_version_id, fingerprints,
             unsigned_fingerprints, source_key FROM requests)sql");
  const auto held = bench.stores.administration().GetRequest(id + 1);
  REQUIRE(held);
  CHECK(held->terms == ApprovalTerms{});
  CHECK(held->template_version == 1);
}

TEST_CASE("the schema takes no approval without a fingerprint, and no request that waits for nothing",
          "[store][approvals]") {
  Waiting<PostgresStores> bench;
  const auto id = bench.Hold({});
  auto approval = ApprovedBy("alice");
  approval.fingerprint = "short";
  CHECK(bench.Add(id, approval).error().reason == Reason::kInternal);
  const auto& connection = bench.stores.settings().connection;
  CHECK_THROWS_AS(Execute(connection, "UPDATE requests SET required_approvals = NULL"), pqxx::check_violation);
  CHECK_THROWS_AS(Execute(connection, "UPDATE requests SET required_approvals = 9"), pqxx::check_violation);
}

}  // namespace
TEST_CASE("an approval counts no more once its operator is inactive", "[store][approvals]") {
  Waiting<PostgresStores> bench;
  auto& administration = bench.stores.administration();
  const auto id = bench.Hold({2, {}, true});
  const auto set = [&](const std::string& status) {
    Execute(bench.stores.settings().connection,
            "INSERT INTO operators (login, status, description, groups, created_at, created_by)"
            " VALUES ('Bob', '" +
                status +
                "', '', '{}', now(), 'test')"
                " ON CONFLICT (lower(login)) DO UPDATE SET status = excluded.status");
  };
  // Somebody must be left who can come in.
  Execute(bench.stores.settings().connection,
          "INSERT INTO operators (login, status, description, password_hash, groups, created_at, created_by)"
          " VALUES ('root', 'active', '', '$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$aGFzaA', '{}', now(), 'test');"
          "INSERT INTO operator_grants (operator_id, level) SELECT operator_id, 'super_user' FROM operators");
  set("active");
  REQUIRE(bench.Add(id, ApprovedBy("bob")));
  CHECK(administration.GetRequest(id)->approvals.at(0).is_operator_active);
  set("inactive");
  CHECK_FALSE(administration.GetRequest(id)->approvals.at(0).is_operator_active);
  CHECK(IsConflict(bench.Approve(id, ApprovedBy("alice"))));
  set("active");
  CHECK(bench.Approve(id, ApprovedBy("alice")));
}

}  // namespace store_test
