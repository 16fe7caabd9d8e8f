// Operators, their sessions and the first of them.
#include <atomic>
#include <set>
#include <thread>

#include "store/postgres/connection_pool.h"
#include "store/postgres/postgres_operator_store.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using namespace std::chrono_literals;
using engine_test::Cluster;
using engine_test::Count;

constexpr std::chrono::seconds kIdle = 1h;

Bytes Digest(char letter) {
  return Bytes(32, letter);
}

// Operators is a store on a database of its own, with the CA "demo".
struct Operators {
  Operators() {
    Execute(settings.connection, R"(INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
                                    SELECT 'demo', 'active', policy_id, true, now(), 'alice' FROM policies
                                     WHERE name = 'default')");
  }
  NewOperator Alice() const {
    NewOperator created;
    created.login = "alice";
    created.password_hash = kHash;
    created.certificate_sha256s = {Digest('a')};
    created.grants = {{AccessLevel::kSuperUser, ""}};
    created.groups = {"audit", "night"};
    created.created_by = "test";
    return created;
  }
  OperatorChange Change() const {
    OperatorChange change;
    change.login = "Alice";
    change.changed_by = "test";
    return change;
  }
  std::int64_t Id(const std::string& login) { return store.GetOperator(login)->operator_id; }
  Result<void> Begin(char token, std::uint32_t most = 20) {
    return store.BeginSession({Id("alice"), kHash, Digest(token), now, now + 8h, "192.0.2.1", most});
  }

  static constexpr const char* kHash = "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$aGFzaA";
  const PostgresSettings settings = On(Cluster::Get().MakeDatabase());
  ConnectionPool pool{settings};
  PostgresOperatorStore store{pool};
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
};

TEST_CASE("an operator is found again as it was made, by login, certificate and in the list", "[store][operators]") {
  Operators operators;
  auto wish = operators.Alice();
  wish.description = "on call";
  wish.grants.push_back({AccessLevel::kRead, "DEMO"});
  const auto made = operators.store.CreateOperator(wish);
  REQUIRE(made);
  CHECK(made->login == "alice");
  CHECK(made->description == "on call");
  CHECK(made->is_active);
  CHECK(made->has_password);
  CHECK(made->created_by == "test");
  CHECK(made->groups == std::vector<std::string>{"audit", "night"});
  REQUIRE(made->grants.size() == 2);
  CHECK(made->grants[0].level == AccessLevel::kSuperUser);
  CHECK_FALSE(made->grants[0].ca_id);
  CHECK(made->grants[1].level == AccessLevel::kRead);
  CHECK(made->grants[1].ca == "demo");
  CHECK(made->grants[1].ca_id);
  REQUIRE(made->certificates.size() == 1);
  CHECK(made->certificates[0].sha256 == Digest('a'));
  CHECK(made->certificates[0].added_by == "test");
  CHECK(std::chrono::abs(made->certificates[0].added_at - operators.now) < 1h);
  CHECK(operators.store.GetOperator("ALICE")->operator_id == made->operator_id);
  CHECK(operators.store.FindByCertificate(Digest('a'))->login == "alice");
  CHECK(operators.store.FindByCertificate(Digest('b')).error().reason == Reason::kUnauthorized);
  CHECK(operators.store.GetOperator("bob").error().reason == Reason::kNotFound);
  NewOperator bob;
  bob.login = "bob";
  REQUIRE(operators.store.CreateOperator(bob));
  const auto listed = operators.store.ListOperators({0, 1});
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().login == "bob");
  CHECK_FALSE(listed->front().has_password);
  CHECK(operators.store.ListOperators({listed->front().operator_id, 10})->front().login == "alice");
}

TEST_CASE("what is taken or unknown makes no operator, and leaves nothing behind", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  auto other = operators.Alice();
  other.login = "ALICE";
  CHECK(operators.store.CreateOperator(other).error().reason == Reason::kConflict);
  other.login = "bob";
  const auto taken = operators.store.CreateOperator(other);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().reason == Reason::kConflict);
  CHECK(taken.error().detail == "that certificate is another operator's");
  other.certificate_sha256s = {};
  other.grants = {{AccessLevel::kRead, "nowhere"}};
  CHECK(operators.store.CreateOperator(other).error().reason == Reason::kNotFound);
  CHECK(Count(operators.settings.connection, "operators") == 1);
}

TEST_CASE("a recovery's token makes a super-user although there is one, once", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  auto bob = operators.Alice();
  bob.login = "bob";
  bob.certificate_sha256s = {Digest('b')};
  REQUIRE(operators.store.OfferInitialization(Digest('1'), operators.now + 1h, true));
  CHECK(operators.store.CheckInitialization(Digest('2'), operators.now).error().reason == Reason::kConflict);
  CHECK(operators.store.Initialize(Digest('1'), operators.now + 1h, bob).error().reason == Reason::kConflict);
  CHECK(operators.store.CheckInitialization(Digest('1'), operators.now));
  REQUIRE(operators.store.Initialize(Digest('1'), operators.now, bob));
  bob.login = "carol";
  CHECK(operators.store.Initialize(Digest('1'), operators.now, bob).error().reason == Reason::kConflict);
  CHECK(Count(operators.settings.connection, "operators") == 2);
}

TEST_CASE("a change is made whole or not at all", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  auto change = operators.Change();
  change.description = "new";
  change.removed_groups = {"night", "never"};
  change.groups = {"day", "audit"};
  change.certificates = {Digest('a'), Digest('b')};
  change.removed_certificates = {Digest('z')};
  change.grants = {{AccessLevel::kWrite, "demo"}, {AccessLevel::kSuperUser, ""}};
  change.removed_grants = {{AccessLevel::kRead, "demo"}};
  const auto changed = operators.store.UpdateOperator(change);
  REQUIRE(changed);
  CHECK(changed->description == "new");
  CHECK(changed->groups == std::vector<std::string>{"audit", "day"});
  CHECK(changed->certificates.size() == 2);
  CHECK(changed->grants.size() == 2);
  CHECK(changed->has_password);

  auto refused = operators.Change();
  refused.description = "lost";
  refused.grants = {{AccessLevel::kRead, "nowhere"}};
  CHECK(operators.store.UpdateOperator(refused).error().reason == Reason::kNotFound);
  refused.grants = {};
  refused.certificates = {Digest('c'), Digest('d')};
  refused.most_certificates = 3;
  CHECK(operators.store.UpdateOperator(refused).error().reason == Reason::kConflict);
  refused.certificates = {};
  refused.groups = {"x"};
  refused.most_groups = 2;
  CHECK(operators.store.UpdateOperator(refused).error().reason == Reason::kConflict);
  refused.groups = {};
  refused.grants = {{AccessLevel::kRead, ""}};
  refused.most_grants = 2;
  CHECK(operators.store.UpdateOperator(refused).error().reason == Reason::kConflict);
  refused.login = "bob";
  CHECK(operators.store.UpdateOperator(refused).error().reason == Reason::kNotFound);
  const auto stands = operators.store.GetOperator("alice");
  CHECK(stands->description == "new");
  CHECK(stands->certificates.size() == 2);
}

TEST_CASE("the last super-user who can come in stays one", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  const auto refused = [&](const OperatorChange& change) {
    const auto changed = operators.store.UpdateOperator(change);
    return !changed && changed.error().reason == Reason::kConflict;
  };
  auto inactive = operators.Change();
  inactive.is_active = false;
  CHECK(refused(inactive));
  auto degraded = operators.Change();
  degraded.removed_grants = {{AccessLevel::kSuperUser, ""}};
  CHECK(refused(degraded));
  auto limited = degraded;
  limited.grants = {{AccessLevel::kSuperUser, "demo"}};
  CHECK(refused(limited));
  auto keyless = operators.Change();
  keyless.password_hash = "";
  keyless.removed_certificates = {Digest('a')};
  CHECK(refused(keyless));
  CHECK(operators.store.GetOperator("alice")->grants.size() == 1);
  // One way in is enough, and so is another super-user.
  keyless.removed_certificates = {};
  CHECK_FALSE(refused(keyless));
  auto bob = operators.Alice();
  bob.login = "bob";
  bob.certificate_sha256s = {};
  REQUIRE(operators.store.CreateOperator(bob));
  CHECK_FALSE(refused(degraded));
  CHECK_THROWS_WITH(Execute(operators.settings.connection, "DELETE FROM operator_grants"),
                    Catch::Matchers::Contains("no super-user would be left"));
}

TEST_CASE("two super-users cannot take each other's place at once", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  auto bob = operators.Alice();
  bob.login = "bob";
  bob.certificate_sha256s = {};
  REQUIRE(operators.store.CreateOperator(bob));
  // Another engine has done all but commit.
  pqxx::connection session(operators.settings.connection);
  pqxx::work first(session);
  first.exec("UPDATE operators SET status = 'inactive' WHERE login = 'bob'");
  first.exec("SET CONSTRAINTS ALL IMMEDIATE");
  std::atomic<bool> is_done = false;
  Result<OperatorRecord> second = OperatorRecord();
  std::thread other([&] {
    auto change = operators.Change();
    change.is_active = false;
    second = operators.store.UpdateOperator(change);
    is_done = true;
  });
  const auto is_waiting = [&] {
    return Count(operators.settings.connection, "pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0;
  };
  const bool has_met = support::Eventually([&] { return is_done || is_waiting(); });
  first.commit();
  other.join();
  CHECK(has_met);
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == Reason::kConflict);
  CHECK(Count(operators.settings.connection, "operators WHERE status = 'active'") == 1);
}

TEST_CASE("a session stands for its operator until it ends, is not used, or he is not active", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  REQUIRE(operators.Begin('1'));
  const auto find = [&](char token, TimePoint at) {
    return operators.store.FindBySession(Digest(token), at, kIdle, SessionUse::kByOperator);
  };
  const auto found = find('1', operators.now + 59min);
  REQUIRE(found);
  CHECK(found->owner.login == "alice");
  CHECK(found->expires_at == operators.now + 8h);
  CHECK_FALSE(find('2', operators.now));
  // Each use counts from anew.
  CHECK(find('1', operators.now + 118min));
  CHECK(find('1', operators.now + 179min).error().reason == Reason::kUnauthorized);
  REQUIRE(operators.Begin('2'));
  // What a page asks by itself is none.
  CHECK(operators.store.FindBySession(Digest('2'), operators.now + 59min, kIdle, SessionUse::kByPage));
  CHECK_FALSE(find('2', operators.now + 61min));
  for (auto at = operators.now; at < operators.now + 8h; at += 30min) CHECK(find('2', at));
  CHECK_FALSE(find('2', operators.now + 8h));
  REQUIRE(operators.Begin('3'));
  REQUIRE(operators.store.EndSession(Digest('3')));
  CHECK_FALSE(find('3', operators.now));
  auto bob = operators.Alice();
  bob.login = "bob";
  bob.certificate_sha256s = {};
  REQUIRE(operators.store.CreateOperator(bob));
  REQUIRE(operators.Begin('4'));
  CHECK(*operators.store.ForgetSessions(operators.now + 30min, kIdle) == 0);
  CHECK(*operators.store.ForgetSessions(operators.now + 8h, kIdle) == 3);
  REQUIRE(operators.Begin('4'));
  CHECK(find('4', operators.now));
  auto change = operators.Change();
  change.is_active = false;
  REQUIRE(operators.store.UpdateOperator(change));
  CHECK_FALSE(find('4', operators.now));
  CHECK_FALSE(operators.store.FindByCertificate(Digest('a')));
  CHECK(operators.Begin('5').error().reason == Reason::kUnauthorized);
  CHECK_FALSE(operators.store.FindPassword("alice")->is_active);
  change.is_active = true;
  REQUIRE(operators.store.UpdateOperator(change));
  // What ended stays so.
  CHECK_FALSE(find('4', operators.now));
}

TEST_CASE("no session begins with a password that was replaced meanwhile, or of who is inactive by now",
          "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  const auto known = operators.store.FindPassword("alice");
  REQUIRE(known);
  auto change = operators.Change();
  change.password_hash = "$argon2id$v=19$m=1024,t=1,p=1$b3RoZXI$b3RoZXI";
  REQUIRE(operators.store.UpdateOperator(change));
  const auto begin = [&](const std::string& hash) {
    return operators.store.BeginSession(
        {known->operator_id, hash, Digest('1'), operators.now, operators.now + 8h, "192.0.2.1", 2});
  };
  const auto begun = begin(known->password_hash);
  REQUIRE_FALSE(begun);
  CHECK(begun.error().reason == Reason::kUnauthorized);
  CHECK_FALSE(operators.store.FindBySession(Digest('1'), operators.now, kIdle, SessionUse::kByOperator));
  CHECK(begin(*change.password_hash));
}

TEST_CASE("no session begins with a certificate that is another's or was taken away meanwhile", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  auto bob = operators.Alice();
  bob.login = "bob";
  bob.certificate_sha256s = {Digest('b')};
  REQUIRE(operators.store.CreateOperator(bob));
  const auto begin = [&](char certificate) {
    NewSession session{operators.Id("alice"), "", Digest('1'), operators.now, operators.now + 8h, "192.0.2.1", 2};
    session.certificate_sha256 = Digest(certificate);
    return operators.store.BeginSession(session);
  };
  CHECK(begin('b').error().reason == Reason::kUnauthorized);
  CHECK(begin('c').error().reason == Reason::kUnauthorized);
  REQUIRE(operators.store.FindOwner(Digest('a')));
  auto change = operators.Change();
  change.removed_certificates = {Digest('a')};
  REQUIRE(operators.store.UpdateOperator(change));
  CHECK(begin('a').error().reason == Reason::kUnauthorized);
  CHECK(operators.store.FindOwner(Digest('a')).error().reason == Reason::kNotFound);
  change.removed_certificates = {};
  change.certificates = {Digest('a')};
  change.is_active = false;
  REQUIRE(operators.store.UpdateOperator(change));
  CHECK(begin('a').error().reason == Reason::kUnauthorized);
  CHECK_FALSE(operators.store.FindOwner(Digest('a'))->is_active);
  CHECK_FALSE(operators.store.FindBySession(Digest('1'), operators.now, kIdle, SessionUse::kByOperator));
  change.is_active = true;
  REQUIRE(operators.store.UpdateOperator(change));
  REQUIRE(begin('a'));
  CHECK(operators.store.FindBySession(Digest('1'), operators.now, kIdle, SessionUse::kByOperator));
}

TEST_CASE("past the bound an operator's oldest session ends", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  for (int i = 0; i < 3; ++i) {
    const TimePoint began = operators.now + std::chrono::seconds(i);
    REQUIRE(operators.store.BeginSession({operators.Id("alice"), Operators::kHash, Digest(static_cast<char>('1' + i)),
                                          began, began + 8h, "192.0.2.1", 2}));
  }
  CHECK_FALSE(operators.store.FindBySession(Digest('1'), operators.now, kIdle, SessionUse::kByOperator));
  CHECK(operators.store.FindBySession(Digest('2'), operators.now + 3s, kIdle, SessionUse::kByOperator));
  CHECK(operators.store.FindBySession(Digest('3'), operators.now + 3s, kIdle, SessionUse::kByOperator));
}

TEST_CASE("a new password ends the sessions, but for the one that set it", "[store][operators]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  const std::string next = "$argon2id$v=19$m=1024,t=1,p=1$b3RoZXI$b3RoZXI";
  REQUIRE(operators.Begin('1'));
  REQUIRE(operators.Begin('2'));
  REQUIRE(operators.store.SetPassword(operators.Id("alice"), Operators::kHash, next, Digest('1')));
  CHECK(operators.store.FindBySession(Digest('1'), operators.now, kIdle, SessionUse::kByOperator));
  CHECK_FALSE(operators.store.FindBySession(Digest('2'), operators.now, kIdle, SessionUse::kByOperator));
  CHECK(operators.store.FindPassword("Alice")->password_hash == next);
  CHECK(operators.store.SetPassword(operators.Id("alice"), Operators::kHash, next, "").error().reason ==
        Reason::kConflict);
  auto change = operators.Change();
  change.password_hash = Operators::kHash;
  REQUIRE(operators.store.UpdateOperator(change));
  CHECK_FALSE(operators.store.FindBySession(Digest('1'), operators.now, kIdle, SessionUse::kByOperator));
}

TEST_CASE("a token makes the first super-user, once", "[store][operators]") {
  Operators operators;
  auto alice = operators.Alice();
  const auto initialize = [&](char token, TimePoint at) {
    const auto made = operators.store.Initialize(Digest(token), at, alice);
    return made ? std::string("made") : std::string(result::ToString(made.error().reason));
  };
  const std::string unauthorized(result::ToString(Reason::kUnauthorized));
  CHECK(initialize('1', operators.now) == unauthorized);
  REQUIRE(operators.store.OfferInitialization(Digest('1'), operators.now + 1h, false));
  REQUIRE(operators.store.OfferInitialization(Digest('2'), operators.now + 1h, false));
  CHECK(initialize('1', operators.now) == unauthorized);
  CHECK(initialize('2', operators.now + 1h) == unauthorized);
  CHECK(operators.store.CheckInitialization(Digest('1'), operators.now).error().reason == Reason::kUnauthorized);
  CHECK(operators.store.CheckInitialization(Digest('2'), operators.now + 1h).error().reason == Reason::kUnauthorized);
  CHECK(operators.store.CheckInitialization(Digest('2'), operators.now));
  alice.grants = {{AccessLevel::kRead, ""}};
  CHECK(initialize('2', operators.now) == result::ToString(Reason::kInternal));
  alice.grants = {{AccessLevel::kSuperUser, ""}};
  CHECK(initialize('2', operators.now) == "made");
  CHECK(initialize('2', operators.now) == result::ToString(Reason::kConflict));
  CHECK(operators.store.CheckInitialization(Digest('2'), operators.now).error().reason == Reason::kConflict);
  CHECK(operators.store.OfferInitialization(Digest('3'), operators.now + 1h, false).error().reason ==
        Reason::kConflict);
  CHECK(Count(operators.settings.connection, "initialization_tokens") == 0);
  CHECK(Count(operators.settings.connection, "operators") == 1);
}

TEST_CASE("who cannot come in by password has somebody's hash to compute on, the same each time",
          "[store][operators]") {
  Operators operators;
  CHECK(operators.store.FindPassword("nobody")->decoy_hash.empty());
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  for (const char* const login : {"b", "c", "d", "e", "f", "g", "h"}) {
    NewOperator other;
    other.login = login;
    other.password_hash = std::string(operators.kHash) + login;
    REQUIRE(operators.store.CreateOperator(other));
  }
  Execute(operators.settings.connection, "UPDATE operators SET status = 'inactive' WHERE login = 'h'");
  std::set<std::string> decoys;
  for (int i = 0; i < 50; i++) {
    const std::string login = "nobody-" + std::to_string(i);
    const auto found = operators.store.FindPassword(login);
    REQUIRE(found);
    CHECK(found->operator_id == 0);
    CHECK_FALSE(found->is_active);
    CHECK(found->password_hash.empty());
    CHECK(operators.store.FindPassword(login)->decoy_hash == found->decoy_hash);
    decoys.insert(found->decoy_hash);
  }
  // Those of all who may come in are among them, and no other's.
  CHECK(decoys.size() == 7);
  CHECK_FALSE(decoys.contains(operators.kHash + std::string("h")));
  CHECK_FALSE(operators.store.FindPassword("h")->decoy_hash.empty());
}

TEST_CASE("text with a NUL octet is malformed, and not what stands before it", "[store][operators][nul]") {
  Operators operators;
  REQUIRE(operators.store.CreateOperator(operators.Alice()));
  const std::string cut("alice\0x", 7);
  const auto is_malformed = [](const auto& answer) {
    return !answer.has_value() && answer.error().reason == Reason::kMalformed;
  };
  CHECK(is_malformed(operators.store.GetOperator(cut)));
  CHECK(is_malformed(operators.store.FindPassword(cut)));
  auto change = operators.Change();
  change.description = cut;
  CHECK(is_malformed(operators.store.UpdateOperator(change)));
  change = operators.Change();
  change.removed_groups = {std::string("audit\0", 6)};
  CHECK(is_malformed(operators.store.UpdateOperator(change)));
  change.login = cut;
  CHECK(is_malformed(operators.store.UpdateOperator(change)));
  CHECK(operators.store.GetOperator("alice")->description.empty());
  CHECK(operators.store.GetOperator("alice")->groups.size() == 2);
}

}  // namespace
}  // namespace store_test
