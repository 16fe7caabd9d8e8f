// What the audit log is told of operators, settings and the use of keys.
#include "audit/key_uses.h"
#include "audit_events.h"
#include "service/origin.h"
#include "store/postgres/connection_pool.h"
#include "store/postgres/postgres_audit_store.h"
#include "store/postgres/postgres_operator_store.h"
#include "store/postgres/postgres_scep_service_store.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr char kHash[] = "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$aGFzaA";
constexpr char kOtherHash[] = "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$b3RoZXI";
const service::Origin kAlice{"alice", "198.51.100.7"};

// Door is the stores of operators and settings on a database of its own, with the CA "demo" and the operator bob.
class Door {
 public:
  Door() {
    Execute(settings.connection, R"(INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
                                    SELECT 'demo', 'active', policy_id, true, now(), 'alice' FROM policies
                                     WHERE name = 'default')");
    const service::OriginScope scope(kAlice);
    NewOperator bob;
    bob.login = "bob";
    bob.password_hash = kHash;
    bob.certificate_sha256s = {Bytes(32, 'c')};
    bob.grants = {{AccessLevel::kRead, "demo"}, {AccessLevel::kSuperUser, ""}};
    bob.groups = {"night"};
    bob.created_by = "alice";
    New();
    REQUIRE(store.CreateOperator(bob));
  }
  std::vector<json> New() { return events_.New(); }
  json Only() { return events_.Only(); }
  std::int64_t Bob() { return store.GetOperator("bob")->operator_id; }
  OperatorChange Change() const {
    OperatorChange change;
    change.login = "bob";
    change.changed_by = "alice";
    return change;
  }
  Result<void> Begin(char token, std::uint32_t most = 20) {
    return store.BeginSession({Bob(), kHash, Bytes(32, token), now, now + 8h, "192.0.2.1", most});
  }

  const PostgresSettings settings = On(engine_test::Cluster::Get().MakeDatabase());
  ConnectionPool pool{settings};
  PostgresOperatorStore store{pool};
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

 private:
  AuditEvents events_{settings.connection};
};

TEST_CASE_METHOD(Door, "a new operator is told with his certificates and grants, and no password", "[store][audit]") {
  const auto events = New();
  REQUIRE(events.size() == 4);
  for (const auto& event : events) {
    CHECK(event.at("actor") == "alice");
    CHECK(event.at("source") == "198.51.100.7");
    CHECK(event.at("about").at("operator") == "bob");
    CHECK_FALSE(event.contains("ca"));
    CHECK(event.dump().find("argon2id") == std::string::npos);
  }
  CHECK(events[0].at("kind") == "operator_created");
  CHECK(events[0].at("details").at("has_password") == true);
  CHECK(events[0].at("details").at("groups") == json::array({"night"}));
  CHECK(events[1].at("details").at("added_certificate") == pki::HexLower(Bytes(32, 'c')));
  CHECK(events[2].at("details").at("added_grant") == "read");
  CHECK(events[2].at("details").at("of_ca") == "demo");
  CHECK(events[3].at("details").at("added_grant") == "super_user");
  CHECK_FALSE(events[3].at("details").contains("of_ca"));
}

TEST_CASE_METHOD(Door, "each change of an operator is told, and what changes nothing is not", "[store][audit]") {
  New();
  const service::OriginScope scope(kAlice);
  auto change = Change();
  change.is_active = true;
  change.groups = {"night"};
  change.certificates = {Bytes(32, 'c')};
  change.grants = {{AccessLevel::kRead, "demo"}};
  REQUIRE(store.UpdateOperator(change));
  CHECK(New().empty());

  change = Change();
  change.description = "on call";
  change.groups = {"day"};
  change.removed_grants = {{AccessLevel::kRead, "demo"}};
  change.certificates = {Bytes(32, 'd')};
  change.removed_certificates = {Bytes(32, 'c')};
  REQUIRE(store.UpdateOperator(change));
  const auto events = New();
  REQUIRE(events.size() == 4);
  const auto& changes = events[0].at("details").at("changes");
  CHECK(changes.at("description").at("to") == "on call");
  CHECK(changes.at("groups").at("to") == R"(["day", "night"])");
  CHECK(changes.size() == 2);
  CHECK(events[1].at("details").contains("removed_certificate"));
  CHECK(events[2].at("details").contains("added_certificate"));
  CHECK(events[3].at("details").at("removed_grant") == "read");
  for (const auto& event : events) {
    CHECK(event.at("kind") == "operator_changed");
    CHECK(event.at("actor") == "alice");
  }
}

TEST_CASE_METHOD(Door, "a change that is refused is not told", "[store][audit]") {
  New();
  auto change = Change();
  change.is_active = false;
  CHECK_FALSE(store.UpdateOperator(change));  // He is the last super-user.
  change = Change();
  change.description = "lost";
  change.grants = {{AccessLevel::kRead, "nowhere"}};
  CHECK_FALSE(store.UpdateOperator(change));
  CHECK(New().empty());
}

TEST_CASE_METHOD(Door, "passwords are told when they are set, replaced and removed, never what they are",
                 "[store][audit]") {
  New();
  REQUIRE(Begin('s'));
  New();
  {
    const service::OriginScope scope({"bob", "192.0.2.1"});
    REQUIRE(store.SetPassword(Bob(), kHash, kOtherHash, {}));
  }
  auto events = New();
  REQUIRE(events.size() == 2);
  CHECK(events[0].at("kind") == "operator_password_changed");
  CHECK(events[0].at("actor") == "bob");
  CHECK(events[0].at("details").at("password") == "replaced");
  CHECK(events[1].at("kind") == "operator_session_ended");
  for (const std::string& hash : {std::string(), std::string(kHash)}) {
    const service::OriginScope scope(kAlice);
    auto change = Change();
    change.password_hash = hash;
    change.description = "with " + std::to_string(hash.size());
    REQUIRE(store.UpdateOperator(change));
    events = New();
    REQUIRE(events.size() == 2);
    CHECK(events[0].at("actor") == "alice");
    CHECK(events[0].at("details").at("password") == (hash.empty() ? "removed" : "set"));
    CHECK(events[1].at("kind") == "operator_changed");
    for (const auto& event : events) CHECK(event.dump().find("argon2id") == std::string::npos);
  }
}

TEST_CASE_METHOD(Door, "sessions are told as they begin and end, but not their use or their token", "[store][audit]") {
  New();
  {
    const service::OriginScope scope({"bob", "192.0.2.1"});
    REQUIRE(Begin('1'));
  }
  json event = Only();
  CHECK(event.at("kind") == "operator_logged_in");
  CHECK(event.at("actor") == "bob");
  CHECK(event.at("source") == "192.0.2.1");
  REQUIRE(store.FindBySession(Bytes(32, '1'), now + 5min, 1h, SessionUse::kByOperator));
  CHECK(New().empty());
  {
    const service::OriginScope scope({"bob", "192.0.2.9"});
    REQUIRE(store.EndSession(Bytes(32, '1')));
    REQUIRE(store.EndSession(Bytes(32, '1')));
  }
  event = Only();
  CHECK(event.at("kind") == "operator_session_ended");
  CHECK(event.at("actor") == "bob");
  CHECK(event.at("source") == "192.0.2.9");
  CHECK(event.at("details").at("began_from") == "192.0.2.1");
  CHECK(event.dump().find(pki::HexLower(Bytes(32, '1'))) == std::string::npos);

  REQUIRE(Begin('2', 1));
  REQUIRE(Begin('3', 1));
  New();
  REQUIRE(store.ForgetSessions(now + 9h, 1h).value() == 1);
  event = Only();
  CHECK(event.at("kind") == "operator_session_ended");
  CHECK(event.at("actor") == "engine");
}

TEST_CASE_METHOD(Door, "of wrong passwords the first, tenth and hundredth of a day are told", "[store][audit]") {
  New();
  const auto guess = [&](const std::string& login, const std::string& source, TimePoint at, int times) {
    for (int i = 0; i < times; i++) REQUIRE(store.NoteRefusedLogin(at, login, source));
  };
  guess("bob", "192.0.2.1", now, 101);
  auto events = New();
  REQUIRE(events.size() == 3);
  for (int attempts = 1; const auto& event : events) {
    CHECK(event.at("kind") == "operator_refused");
    CHECK(event.at("actor") == "");
    CHECK(event.at("source") == "192.0.2.1");
    CHECK(event.at("about").at("operator") == "bob");
    CHECK(event.at("details").at("attempts_of_the_day") == attempts);
    attempts *= 10;
  }
  guess("bob", "192.0.2.2", now, 1);
  guess("", "192.0.2.1", now, 2);
  guess("bob", "192.0.2.1", now + 24h, 1);
  events = New();
  REQUIRE(events.size() == 3);
  CHECK_FALSE(events[1].at("about").contains("operator"));
  // One site of IPv6 is one source.
  guess("", "2001:db8::1", now, 1);
  guess("", "2001:db8::2", now, 1);
  CHECK(New().size() == 1);
  REQUIRE(store.ForgetSessions(now + 24h, 1h));
  CHECK(engine_test::Count(settings.connection, "refused_logins") == 1);
}

TEST_CASE_METHOD(Door,
                 "of refused calls the first, tenth and hundredth of a day are told, each method and source apart",
                 "[store][audit]") {
  New();
  const auto refuse = [&](const std::string& login, const std::string& method, const std::string& source, TimePoint at,
                          int times) {
    for (int i = 0; i < times; i++) REQUIRE(store.NoteRefusedCall(at, login, method, source));
  };
  refuse("bob", "CreateCa", "192.0.2.1", now, 101);
  auto events = New();
  REQUIRE(events.size() == 3);
  for (int attempts = 1; const auto& event : events) {
    CHECK(event.at("kind") == "operator_refused");
    CHECK(event.at("actor") == "bob");
    CHECK(event.at("source") == "192.0.2.1");
    CHECK(event.at("about").at("operator") == "bob");
    CHECK(event.at("details").at("call") == "CreateCa");
    CHECK(event.at("details").at("attempts_of_the_day") == attempts);
    attempts *= 10;
  }
  refuse("bob", "CreateCa", "192.0.2.2", now, 1);
  refuse("bob", "UpdateCa", "192.0.2.1", now, 1);
  refuse("", "Initialize", "192.0.2.1", now, 2);
  refuse("bob", "CreateCa", "192.0.2.1", now + 24h, 1);
  events = New();
  REQUIRE(events.size() == 4);
  CHECK(events[2].at("actor") == "");
  CHECK_FALSE(events[2].at("about").contains("operator"));
  REQUIRE(store.ForgetSessions(now + 24h, 1h));
  CHECK(engine_test::Count(settings.connection, "refused_calls") == 1);
}

TEST_CASE("the first operator, and the offer to make him, are told", "[store][audit]") {
  const auto settings = On(engine_test::Cluster::Get().MakeDatabase());
  AuditEvents events(settings.connection);
  ConnectionPool pool(settings);
  PostgresOperatorStore store(pool);
  const auto now = std::chrono::system_clock::now();
  events.New();
  REQUIRE(store.OfferInitialization(Bytes(32, 't'), now + 1h, false));
  json event = events.Only();
  CHECK(event.at("kind") == "initialization_offered");
  CHECK(event.at("actor") == "engine");
  CHECK(event.dump().find(pki::HexLower(Bytes(32, 't'))) == std::string::npos);
  NewOperator first;
  first.login = "alice";
  first.password_hash = kHash;
  first.grants = {{AccessLevel::kSuperUser, ""}};
  const service::OriginScope scope(kAlice);
  CHECK_FALSE(store.Initialize(Bytes(32, 'x'), now, first));
  CHECK(events.New().empty());
  REQUIRE(store.Initialize(Bytes(32, 't'), now, first));
  const auto made = events.New();
  REQUIRE(made.size() == 2);
  CHECK(made[0].at("kind") == "operator_initialized");
  CHECK(made[0].at("actor") == "alice");
  CHECK(made[0].at("source") == "198.51.100.7");
  CHECK(made[1].at("details").at("added_grant") == "super_user");
  REQUIRE(store.OfferInitialization(Bytes(32, 't'), now + 1h, true));
  CHECK(events.Only().at("details").at("is_recovery") == true);
}

TEST_CASE_METHOD(Door, "a change of the SCEP service's settings is told, each setting as it was and is",
                 "[store][audit]") {
  PostgresScepServiceStore scep(pool);
  New();
  const service::OriginScope scope(kAlice);
  ScepServiceChange change;
  change.changed_by = "alice";
  change.listen = "0.0.0.0:8081";
  change.allowed_operations = {ScepOperation::kPoll};
  REQUIRE(scep.UpdateScepService(change));
  const json event = Only();
  CHECK(event.at("kind") == "setting_changed");
  CHECK(event.at("actor") == "alice");
  CHECK(event.at("source") == "198.51.100.7");
  CHECK(event.at("about").at("setting") == "scep_service");
  CHECK(event.at("details").at("version") == 2);
  const auto& changes = event.at("details").at("changes");
  CHECK(changes.size() == 2);
  CHECK(changes.at("listen").at("from") == "");
  CHECK(changes.at("listen").at("to") == "0.0.0.0:8081");
  CHECK(changes.at("allowed_operations").at("to") == R"(["poll"])");
  REQUIRE(scep.PutGatewayReport({"gateway", "a1b2", 1, "0.0.0.0:8080", std::nullopt, now}, 10));
  CHECK(New().empty());
}

TEST_CASE_METHOD(Door, "uses of a CA's key are counted, and told together", "[store][audit]") {
  PostgresAuditStore audit(settings);
  TimePoint clock = now;
  engine::audit::KeyUses uses(audit, [&] { return clock; });
  New();
  CHECK(uses.Write().value() == 0);
  const CaKeyUse unwrap{"demo", 1, "unwrap", "gw-1", "192.0.2.1"}, sign{"demo", 1, "sign_reply", "gw-1", "192.0.2.1"};
  for (int i = 0; i < 3; i++, clock += 1min) uses.Note(unwrap);
  uses.Note(sign);
  uses.Note({"nowhere", 1, "unwrap", "gw-1", "192.0.2.1"});
  CHECK(uses.Write().value() == 3);
  const auto events = New();
  REQUIRE(events.size() == 2);
  for (const auto& event : events) {
    CHECK(event.at("kind") == "key_used");
    CHECK(event.at("actor") == "engine");
    CHECK(event.at("source") == "192.0.2.1");
    CHECK(event.at("ca") == "demo");
    CHECK(event.at("details").at("gateway") == "gw-1");
    const bool is_unwrap = event.at("details").at("operation") == "unwrap";
    CHECK(event.at("details").at("uses") == (is_unwrap ? 3 : 1));
    CHECK((event.at("details").at("since") == event.at("details").at("until")) != is_unwrap);
  }
  CHECK(uses.Write().value() == 0);
}

TEST_CASE_METHOD(Door, "uses of a key that could not be told are told the next time, with the further ones",
                 "[store][audit]") {
  PostgresAuditStore audit(settings);
  engine::audit::KeyUses uses(audit, [&] { return now; });
  const CaKeyUse use{"demo", 1, "unwrap", "gw-1", ""};
  uses.Note(use);
  Execute(settings.connection, "ALTER TABLE audit_unsealed ADD CONSTRAINT none CHECK (audit_event_id < 0) NOT VALID");
  CHECK_FALSE(uses.Write());
  uses.Note(use);
  CHECK_FALSE(uses.Write());
  Execute(settings.connection, "ALTER TABLE audit_unsealed DROP CONSTRAINT none");
  New();
  CHECK(uses.Write().value() == 1);
  CHECK(Only().at("details").at("uses") == 2);
}

}  // namespace
}  // namespace store_test
