// Entities and keys as administrators see and change them, asked of the store in memory and of PostgreSQL.
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

// The text of two attributes as both stores may write it.
std::string Compact(std::string json) {
  std::erase(json, ' ');
  return json;
}

TEMPLATE_TEST_CASE("an entity keeps what it was made with", "[store][entities]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  NewEntity entity{"Router 7", "hall 2", "alice"};
  entity.binding = {"CN=router-7\\, hall", {"dns:a.example", "ip:192.0.2.1"}};
  entity.attributes = R"({"site":"hall 2"})";
  REQUIRE(administration.CreateEntity(entity));
  const auto found = administration.GetEntity("ROUTER 7", 5, {});
  REQUIRE(found);
  CHECK(found->entity.name == "Router 7");
  CHECK(found->entity.is_active);
  CHECK(found->entity.description == "hall 2");
  CHECK(found->entity.created_by == "alice");
  CHECK(found->entity.binding.subject == entity.binding.subject);
  CHECK(found->entity.binding.alternative_names == entity.binding.alternative_names);
  CHECK(Compact(found->entity.attributes) == R"({"site":"hall2"})");
  CHECK(found->key_count + found->request_count + found->certificate_count == 0);
  CHECK(administration.ListEntities({}, {})->front().binding.subject == entity.binding.subject);
  CHECK(administration.GetEntity("nobody", 5, {}).error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("a change of an entity leaves what it does not name", "[store][entities]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  EntityChange change{"DEVICE"};
  change.description = "a note";
  change.subject = "CN=device";
  change.alternative_names = std::vector<std::string>{"dns:a.example", "dns:b.example"};
  change.attributes = R"({"days":"7","site":"hall"})";
  REQUIRE(administration.UpdateEntity(change));
  EntityChange status{"device"};
  status.is_active = false;
  auto changed = administration.UpdateEntity(status);
  REQUIRE(changed);
  CHECK_FALSE(changed->is_active);
  CHECK(changed->description == "a note");
  CHECK(changed->binding.subject == "CN=device");
  CHECK(changed->binding.alternative_names == *change.alternative_names);
  CHECK(Compact(changed->attributes) == change.attributes);

  EntityChange empty{"device"};
  empty.is_active = true;
  empty.description = "";
  empty.subject = "";
  empty.alternative_names = std::vector<std::string>();
  empty.removed_attributes = {"site", "absent"};
  empty.attributes = R"({"days":"8"})";
  changed = administration.UpdateEntity(empty);
  REQUIRE(changed);
  CHECK(changed->is_active);
  CHECK(changed->description.empty());
  CHECK(changed->binding.subject.empty());
  CHECK(changed->binding.alternative_names.empty());
  CHECK(Compact(changed->attributes) == R"({"days":"8"})");
  change.name = "nobody";
  CHECK(administration.UpdateEntity(change).error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("an entity with too many attributes is not changed at all", "[store][entities][bounds]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  EntityChange change{"device"};
  change.most_attributes = 2;
  change.attributes = R"({"a":"1","b":"2"})";
  REQUIRE(administration.UpdateEntity(change));
  change.attributes = R"({"c":"3"})";
  change.description = "too much";
  CHECK(administration.UpdateEntity(change).error().reason == Reason::kConflict);
  CHECK(administration.GetEntity("device", 0, {})->entity.description.empty());
  CHECK(Compact(administration.GetEntity("device", 0, {})->entity.attributes) == R"({"a":"1","b":"2"})");
  change.removed_attributes = {"a"};
  CHECK(administration.UpdateEntity(change));
}

TEMPLATE_TEST_CASE("an entity is changed by who has all CAs of its keys and certificates, or made it without any",
                   "[store][entities]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateCa(bench.NamedCa("second")));
  std::int64_t demo = 0, second = 0;
  const auto directory = administration.LoadDirectory();
  for (const auto& ca : directory->cas) (ca.name == "demo" ? demo : second) = ca.ca_id;
  REQUIRE(administration.CreateEntity({"fresh", "", "maker"}));
  const auto may = [&](const std::string& name, const std::vector<std::int64_t>& cas, const std::string& login) {
    EntityChange change{name};
    change.description = "by " + login;
    change.ca_ids = cas;
    change.changed_by = login;
    const auto changed = administration.UpdateEntity(change);
    if (!changed) CHECK(changed.error().reason == Reason::kUnauthorized);
    return changed.has_value();
  };
  CHECK(may("fresh", {second}, "maker"));
  CHECK_FALSE(may("fresh", {second, demo}, "mallory"));
  bench.MakeKey();
  CHECK_FALSE(may("device", {second}, "test"));
  CHECK_FALSE(may("device", {}, "test"));
  CHECK(may("device", {demo}, "bob"));
  CHECK(administration.GetEntity("device", 0, {})->entity.description == "by bob");
  CHECK(may("device", {demo, second}, "bob"));
  NewKey key;
  key.entity = "device";
  key.ca = "second";
  key.reference_number = "OTHER";
  key.digest = bench.DigestOf("other");
  key.use_limit = 1;
  key.not_before = bench.Now();
  key.expires_at = bench.Now() + std::chrono::hours(1);
  key.created_by = "alice";
  REQUIRE(administration.CreateKey(key));
  CHECK_FALSE(may("device", {demo}, "bob"));
  CHECK(may("device", {demo, second}, "bob"));
}

TEST_CASE("an entity's name with a NUL octet is malformed everywhere, and no other entity's",
          "[store][entities][nul]") {
  Bench<PostgresStores> bench;
  auto& administration = bench.stores.administration();
  bench.MakeKey();
  const std::string cut("device\0x", 8);
  const auto is_malformed = [](const auto& answer) {
    return !answer.has_value() && answer.error().reason == Reason::kMalformed;
  };
  EntityChange change{cut};
  change.is_active = false;
  CHECK(is_malformed(administration.UpdateEntity(change)));
  CHECK(administration.GetEntity("device", 0, {})->entity.is_active);
  CHECK(is_malformed(administration.GetEntity(cut, 0, {})));
  CHECK(is_malformed(administration.FindEntityStanding(cut)));
  CHECK(is_malformed(administration.ListKeys(cut, {})));
  CHECK(is_malformed(administration.CreateEntity({std::string("new\0", 4), "", "test"})));
  Terms terms;
  terms.required = {std::string("device\0x", 8)};
  CHECK(is_malformed(administration.ListEntities(terms, {})));
  // The connection is as good as before.
  CHECK(administration.GetEntity("device", 0, {}));
}

TEST_CASE("a key of another CA that is made meanwhile keeps an entity from being changed", "[store][entities][locks]") {
  PostgresSettings patient;
  patient.lock_timeout = patient.statement_timeout = std::chrono::seconds(20);
  Bench<PostgresStores> bench(patient);
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateCa(bench.NamedCa("second")));
  bench.MakeKey();
  EntityChange change{"device"};
  change.description = "mine";
  change.changed_by = "bob";
  const auto directory = administration.LoadDirectory();
  for (const auto& ca : directory->cas) {
    if (ca.name == "demo") change.ca_ids = {{ca.ca_id}};
  }
  pqxx::connection session(bench.stores.settings().connection);
  pqxx::work other(session);
  other.exec(R"(INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, digest, use_limit, not_before,
                                             expires_at, created_at, created_by)
                SELECT 'OTHER', k.entity_id, (SELECT ca_id FROM cas WHERE name = 'second'), sha256('other'), 1,
                       k.not_before, k.expires_at, k.created_at, k.created_by
                  FROM pre_shared_keys k)");
  Result<EntityRecord> changed = result::Fail(Reason::kInternal, "not yet");
  std::thread caller([&] { changed = administration.UpdateEntity(change); });
  const bool has_waited = support::Eventually([&] {
    return engine_test::Count(bench.stores.settings().connection,
                              "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1;
  });
  other.commit();
  caller.join();
  CHECK(has_waited);
  CHECK(changed.error().reason == Reason::kUnauthorized);
  CHECK(administration.GetEntity("device", 0, {})->entity.description.empty());
}

TEMPLATE_TEST_CASE("what an inactive entity's key vouched for is not approved until it is active again",
                   "[store][entities]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto held = bench.Held("tx", bench.MakeKey());
  const auto id = bench.Record(held)->request_id;
  const auto approve = [&] {
    return administration.Approve({id,
                                   held.identity.csr_sha256,
                                   bench.Certificate(),
                                   bench.policy_version_id,
                                   ApprovedBy("alice"),
                                   {},
                                   bench.Decision(id)});
  };
  EntityChange change{"device"};
  change.is_active = false;
  REQUIRE(administration.UpdateEntity(change));
  CHECK_FALSE(administration.GetRequest(id)->is_entity_active);
  CHECK_FALSE(bench.Find(bench.Identity("another"), bench.DigestOf("key1"))->key->entity.is_active);
  CHECK(approve().error().reason == Reason::kConflict);
  change.is_active = true;
  REQUIRE(administration.UpdateEntity(change));
  CHECK(approve());
}

TEMPLATE_TEST_CASE("an entity is shown with how much it has, and the newest of it", "[store][entities]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateEntity({"other", "", "test"}));
  const auto key = bench.MakeKey(9);
  std::vector<NewRequest> issued;
  for (const auto* transaction : {"a", "b", "c"}) {
    issued.push_back(bench.Issued(transaction, key));
    REQUIRE(bench.Record(issued.back()));
  }
  const auto waiting = bench.Record(bench.Held("waits", key))->request_id;
  bench.RecordPending("nobody's");
  NewRevocation suspension;
  suspension.reason = pki::CrlReason::kCertificateHold;
  suspension.revoked_by = "alice";
  REQUIRE(administration.Revoke(issued.back().certificate->serial_number, "", suspension));
  const auto shown = administration.GetEntity("device", 2, {});
  REQUIRE(shown);
  CHECK(shown->key_count == 1);
  CHECK(shown->request_count == 4);
  CHECK(shown->certificate_count == 3);
  REQUIRE(shown->requests.size() == 2);
  CHECK(shown->requests[0].request_id == waiting);
  CHECK(shown->requests[0].state == RequestState::kPending);
  CHECK(shown->requests[1].subject == issued.back().subject);
  REQUIRE(shown->certificates.size() == 2);
  CHECK(shown->certificates[0].serial_number == issued.back().certificate->serial_number);
  CHECK(shown->certificates[0].status == EntityOverview::Certificate::Status::kSuspended);
  CHECK(shown->certificates[1].status == EntityOverview::Certificate::Status::kGood);
  CHECK(shown->certificates[1].ca == "demo");
  CHECK(administration.GetEntity("other", 2, {})->request_count == 0);
}

TEMPLATE_TEST_CASE("a key knows its type, its attributes and its last use", "[store][keys]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  NewKey typed;
  typed.entity = "device";
  typed.ca = "demo";
  typed.reference_number = "TYPED";
  typed.digest = bench.DigestOf("typed");
  typed.use_limit = 5;
  typed.not_before = bench.Now();
  typed.expires_at = bench.Now() + std::chrono::hours(1);
  typed.created_by = "alice";
  typed.attributes = R"({"days":"7"})";
  typed.is_typed = true;
  REQUIRE(administration.CreateKey(typed));
  const auto unused = administration.GetKey("typed");
  REQUIRE(unused);
  CHECK(unused->is_typed);
  CHECK(Compact(unused->attributes) == typed.attributes);
  CHECK_FALSE((unused->last_used_at || unused->rekeyed_at || unused->disabled_at));
  CHECK(unused->last_request_id == 0);
  CHECK(Compact(bench.Find(bench.Identity("tx"), typed.digest)->key->attributes) == typed.attributes);

  auto issued = bench.Issued("first", unused->pre_shared_key_id);
  issued.source_address = "192.0.2.1";
  REQUIRE(bench.Record(issued));
  auto held = bench.Held("second", unused->pre_shared_key_id);
  held.source_address = "2001:db8::2";
  held.received_at += std::chrono::seconds(5);
  const auto last = bench.Record(held)->request_id;
  const auto used = administration.GetKey("TYPED");
  CHECK(used->last_used_at == held.received_at);
  CHECK(used->last_used_from == "2001:db8::2");
  CHECK(used->last_request_id == last);
  // What is left out is no use.
  CHECK(bench.Record(held)->kind == Kind::kPrior);
  CHECK(administration.GetKey("TYPED")->use_count == 1);
  CHECK(administration.GetKey("absent").error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("a key with a new value is found by that alone, and keeps everything else", "[store][keys]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto key = bench.MakeKey(3);
  bench.MakeKey(1);
  REQUIRE(bench.Record(bench.Issued("tx", key)));
  const auto rekeyed = administration.Rekey({"r1", bench.DigestOf("new"), true, "bob"});
  REQUIRE(rekeyed);
  CHECK(rekeyed->pre_shared_key_id == key);
  CHECK(rekeyed->use_count == 1);
  CHECK(rekeyed->is_typed);
  CHECK(rekeyed->rekeyed_by == "bob");
  CHECK(rekeyed->rekeyed_at);
  CHECK_FALSE(bench.Find(bench.Identity("another"), bench.DigestOf("key1"))->key);
  CHECK(bench.Find(bench.Identity("another"), bench.DigestOf("new"))->key->pre_shared_key_id == key);
  CHECK(administration.Rekey({"R1", bench.DigestOf("key2"), false, "bob"}).error().reason == Reason::kConflict);
  CHECK(administration.Rekey({"absent", bench.DigestOf("other"), false, "bob"}).error().reason == Reason::kNotFound);
  CHECK(bench.Find(bench.Identity("another"), bench.DigestOf("new"))->key);
}

TEMPLATE_TEST_CASE("a disabled key stays disabled, and by whom it was first", "[store][keys]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto held = bench.Held("tx", bench.MakeKey(2));
  const auto id = bench.Record(held)->request_id;
  const auto disabled = administration.DisableKey("r1", "bob");
  REQUIRE(disabled);
  CHECK(disabled->disabled_by == "bob");
  const auto again = administration.DisableKey("R1", "carol");
  CHECK(again->disabled_by == "bob");
  CHECK(again->disabled_at == disabled->disabled_at);
  CHECK(bench.Find(bench.Identity("another"), bench.DigestOf("key1"))->key->is_disabled);
  CHECK(administration.GetRequest(id)->is_key_disabled);
  CHECK(administration
            .Approve({id,
                      held.identity.csr_sha256,
                      bench.Certificate(),
                      bench.policy_version_id,
                      ApprovedBy("alice"),
                      {},
                      bench.Decision(id)})
            .error()
            .reason == Reason::kConflict);
  CHECK(administration.Rekey({"R1", bench.DigestOf("new"), false, "bob"}).error().reason == Reason::kConflict);
  CHECK(administration.DisableKey("absent", "bob").error().reason == Reason::kNotFound);
  CHECK(administration.Reject(id, "disabled", "alice"));
}

}  // namespace
}  // namespace store_test
