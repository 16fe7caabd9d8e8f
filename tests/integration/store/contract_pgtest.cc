// What every store promises, asked of the one in memory and of PostgreSQL.
#include "store_fixture.h"

namespace store_test {
namespace {

TEMPLATE_TEST_CASE("what is issued with a key is recorded with its certificate and counts a use", "[store]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto key = bench.MakeKey(2);
  const auto request = bench.Issued("tx", key);
  REQUIRE(bench.Record(request)->kind == Kind::kRecorded);
  CHECK(bench.UseCount(key) == 1);
  const auto facts = bench.Find(bench.Identity("tx"));
  REQUIRE(facts->identical);
  CHECK(facts->identical->state == RequestState::kIssued);
  CHECK(facts->identical->certificate == request.certificate->certificate);
  CHECK_FALSE(facts->open);
  const auto listed = bench.stores.administration().GetRequest(facts->identical->request_id);
  REQUIRE(listed);
  CHECK(listed->entity == "device");
  CHECK(listed->serial_number == request.certificate->serial_number);
  CHECK(listed->subject_alternative_names == request.subject_alternative_names);
  CHECK(listed->sealed_csr == request.sealed_csr);
  CHECK(listed->received_at == request.received_at);
}

TEMPLATE_TEST_CASE("copies of one request become one row, whoever comes first", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  const auto key = bench.MakeKey(50);
  std::vector<NewRequest> copies;
  for (int i = 0; i < 20; i++) copies.push_back(bench.Issued("tx", key));
  const auto outcomes = bench.RecordAll(copies);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 1);
  CHECK(CountOf(outcomes, Kind::kPrior) == 19);
  for (const auto& outcome : outcomes) {
    if (outcome->prior) CHECK_FALSE(outcome->prior->certificate.empty());
  }
  CHECK(bench.Requests() == 1);
  CHECK(bench.Certificates() == 1);
  CHECK(bench.UseCount(key) == 1);
}

TEMPLATE_TEST_CASE("a key for three gets three of ten, and the others leave nothing", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  const auto key = bench.MakeKey(3);
  std::vector<NewRequest> requests;
  for (int i = 0; i < 10; i++)
    requests.push_back(bench.Issued("tx" + std::to_string(i), key, "csr" + std::to_string(i)));
  const auto outcomes = bench.RecordAll(requests);
  CHECK(CountOf(outcomes, Kind::kRecorded) == 3);
  CHECK(CountOf(outcomes, Kind::kExhausted) == 7);
  CHECK(bench.UseCount(key) == 3);
  CHECK(bench.Requests() == 3);
  CHECK(bench.Certificates() == 3);
}

TEMPLATE_TEST_CASE("a transaction and key have one open request", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto id = bench.RecordPending("tx", "first");
  const auto second = bench.Record(bench.Pending("tx", "second"));
  REQUIRE(second);
  CHECK(second->kind == Kind::kPrior);
  CHECK(second->request_id == id);
  CHECK(bench.Find(bench.Identity("tx", "second"))->open->request_id == id);
  CHECK_FALSE(bench.Find(bench.Identity("tx", "second"))->identical);
}

TEMPLATE_TEST_CASE("what waits keeps its template, and is issued by the version of the policy that accepted it",
                   "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  auto held = bench.Pending("tx");
  held.held_template = Bytes("\0template", 9);
  const auto id = bench.Record(held)->request_id;
  CHECK(administration.GetRequest(id)->held_template == held.held_template);
  const auto later = administration.ApplyPolicy({"default", R"({"name": "default"})", "test"});
  REQUIRE(administration.Approve({id,
                                  held.identity.csr_sha256,
                                  bench.Certificate(),
                                  later->policy_version_id,
                                  ApprovedBy("alice"),
                                  {},
                                  bench.Decision(id)}));
  const auto issued = administration.GetRequest(id);
  CHECK(issued->policy_version_id == later->policy_version_id);
  CHECK(issued->policy_id == later->policy_id);
}

TEST_CASE("others for the key of a request are listed of the CAs that may be seen", "[store]") {
  Bench<PostgresStores> bench;
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateCa(bench.NamedCa("other")));
  const auto other = administration.LoadDirectory()->cas.at(1).ca_id;
  const auto id = bench.RecordPending("tx");
  NewRequest elsewhere = bench.Pending("elsewhere");
  elsewhere.identity.ca_id = other;
  elsewhere.identity.requester_key = bench.Identity("tx").requester_key;
  REQUIRE(bench.Record(elsewhere)->kind == Kind::kRecorded);
  NewRequest stranger = bench.Pending("stranger");
  stranger.identity.requester_key = bench.DigestOf("another key");
  REQUIRE(bench.Record(stranger)->kind == Kind::kRecorded);
  const RequestFilter same = {.same_key_as = id};
  const auto found = administration.ListRequests(same, {});
  REQUIRE(found->size() == 1);
  CHECK(found->front().transaction_id == "elsewhere");
  CHECK(administration.ListRequests(same, {.ca_ids = std::vector<std::int64_t>{bench.ca_id}})->empty());
  CHECK(administration.ListRequests(same, {.ca_ids = std::vector<std::int64_t>{other}})->size() == 1);
}

TEST_CASE("the issuers of a certificate are its CA's certificate and what is above that", "[store]") {
  Bench<PostgresStores> bench;
  auto ca = bench.NamedCa("lower");
  ca.generation.chain = "and what is above";
  auto& administration = bench.stores.administration();
  REQUIRE(administration.CreateCa(ca));
  REQUIRE(bench.Record(bench.Issued("tx")));
  const auto certificate = administration.ListCertificates({}, {})->at(0);
  CHECK(administration.IssuersOf(certificate.certificate_id) == Bytes("certificate of demo"));
  CHECK(administration.IssuersOf(4711).error().reason == Reason::kNotFound);
  Execute(bench.stores.settings().connection,
          "ALTER TABLE certificates DISABLE TRIGGER USER; UPDATE certificates SET ca_generation_id ="
          " (SELECT g.ca_generation_id FROM ca_generations g JOIN cas c ON c.ca_id = g.ca_id WHERE c.name = 'lower')");
  CHECK(administration.IssuersOf(certificate.certificate_id) == Bytes("certificate of lowerand what is above"));
}

TEMPLATE_TEST_CASE("a key is found by its digest and only by that", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto key = bench.MakeKey(7);
  const auto found = bench.Find(bench.Identity("tx"), Bench<TestType>::DigestOf("key1"));
  REQUIRE(found->key);
  CHECK(found->key->pre_shared_key_id == key);
  CHECK(found->key->entity.name == "device");
  CHECK(found->key->entity.is_active);
  CHECK(found->key->ca_id == bench.ca_id);
  CHECK(found->key->use_limit == 7);
  CHECK_FALSE(found->key->policy_id);
  CHECK_FALSE(bench.Find(bench.Identity("tx"), Bench<TestType>::DigestOf("another"))->key);
  CHECK_FALSE(bench.Find(bench.Identity("tx"))->key);
}

TEMPLATE_TEST_CASE("an approval of what was shown issues, once", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto id = bench.RecordPending("tx");
  CHECK(bench.Poll("tx")->state == RequestState::kPending);
  const auto digest = bench.Identity("tx").csr_sha256;
  CHECK(administration
            .Approve({id,
                      bench.Identity("tx", "other").csr_sha256,
                      bench.Certificate(),
                      bench.policy_version_id,
                      ApprovedBy("alice"),
                      {}})
            .error()
            .reason == Reason::kConflict);
  CHECK(bench.Certificates() == 0);
  const auto certificate = bench.Certificate();
  REQUIRE(administration.Approve(
      {id, digest, certificate, bench.policy_version_id, ApprovedBy("alice"), {}, bench.Decision(id)}));
  CHECK(bench.Poll("tx")->certificate == certificate.certificate);
  CHECK(administration.GetRequest(id)->decided_by == "alice");
  CHECK(administration
            .Approve(
                {id, digest, bench.Certificate(), bench.policy_version_id, ApprovedBy("bob"), {}, bench.Decision(id)})
            .error()
            .reason == Reason::kConflict);
  CHECK(administration.Reject(id, "too late", "bob").error().reason == Reason::kConflict);
  CHECK(bench.Certificates() == 1);
}

TEMPLATE_TEST_CASE("a rejected request stays rejected, and another PKCS#10 starts anew", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  const auto id = bench.RecordPending("tx", "first");
  REQUIRE(bench.stores.administration().Reject(id, "unknown device", "alice"));
  CHECK(bench.Poll("tx")->state == RequestState::kRejected);
  CHECK(bench.Record(bench.Pending("tx", "first"))->kind == Kind::kPrior);
  CHECK(bench.Record(bench.Pending("tx", "second"))->kind == Kind::kRecorded);
  CHECK(bench.stores.administration().GetRequest(id)->rejection_reason == "unknown device");
}

TEMPLATE_TEST_CASE("what is postponed waits as what is pending does, until it is resumed or decided", "[store]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  const auto id = bench.RecordPending("tx", "first");
  auto& administration = bench.stores.administration();
  const auto is_conflict = [](const auto& result) { return !result && result.error().reason == Reason::kConflict; };
  CHECK(is_conflict(administration.Resume(id, "")));
  REQUIRE(administration.Postpone(id, "later"));
  CHECK(is_conflict(administration.Postpone(id, "")));
  CHECK(bench.Poll("tx")->state == RequestState::kPostponed);
  CHECK(administration.GetRequest(id)->state == RequestState::kPostponed);
  CHECK(bench.Record(bench.Pending("tx", "first"))->kind == Kind::kPrior);
  REQUIRE(administration.Resume(id, ""));
  CHECK(bench.Poll("tx")->state == RequestState::kPending);
  REQUIRE(administration.Postpone(id, ""));
  REQUIRE(administration.Reject(id, "no", "alice"));
  CHECK(is_conflict(administration.Postpone(id, "")));
  CHECK(is_conflict(administration.Resume(id, "")));
  CHECK(administration.Postpone(4711, "").error().reason == Reason::kNotFound);
  CHECK(administration.Resume(4711, "").error().reason == Reason::kNotFound);
  const auto waiting = bench.RecordPending("other", "second");
  REQUIRE(administration.Postpone(waiting, ""));
  CHECK(administration.Expire(bench.Now() + std::chrono::hours(48), {std::chrono::hours(24), std::chrono::hours(240)})
            .value() == 1);
  CHECK(administration.GetRequest(waiting)->state == RequestState::kExpired);
}

TEMPLATE_TEST_CASE("what waited too long expires and makes room", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto old = bench.Pending("tx");
  old.received_at -= std::chrono::hours(48);
  REQUIRE(bench.Record(old));
  bench.RecordPending("young");
  CHECK(bench.stores.administration().Expire(bench.Now(), {std::chrono::hours(24), std::chrono::hours(24)}).value() ==
        1);
  CHECK_FALSE(bench.Poll("tx"));
  CHECK(bench.Poll("young"));
  CHECK(bench.Record(bench.Pending("tx"))->kind == Kind::kRecorded);
}

TEMPLATE_TEST_CASE("requests are found by state, by CA, and by each fingerprint of either set", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  const auto id = bench.RecordPending("tx");
  REQUIRE(bench.Record(bench.Issued("issued")));
  bench.RecordPending("other");
  auto& administration = bench.stores.administration();
  CHECK(administration.ListRequests({.state = RequestState::kPending}, {})->size() == 2);
  CHECK(administration.ListRequests({.state = RequestState::kIssued, .ca = "DEMO"}, {})->size() == 1);
  CHECK(administration.ListRequests({.ca = "nobody"}, {})->empty());
  for (const char set : {'r', 'u'}) {
    for (const std::size_t length : {16u, 20u, 32u}) {
      const auto found = administration.ListRequests({.fingerprint = Bench<TestType>::Digest("tx", set, length)}, {});
      REQUIRE(found->size() == 1);
      CHECK(found->front().request_id == id);
    }
  }
  CHECK(administration.ListRequests({.fingerprint = Bytes(16, 'x')}, {})->empty());
}

TEMPLATE_TEST_CASE("lists come in pages, newest first", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  for (int i = 0; i < 5; i++) bench.RecordPending("tx" + std::to_string(i));
  std::vector<Bytes> seen;
  std::int64_t before = 0;
  while (true) {
    const auto page = bench.stores.administration().ListRequests({}, {before, 2}).value();
    if (page.empty()) break;
    CHECK(page.size() <= 2);
    for (const auto& request : page) seen.push_back(request.transaction_id);
    before = page.back().request_id;
  }
  CHECK(seen == std::vector<Bytes>{"tx4", "tx3", "tx2", "tx1", "tx0"});
}

TEMPLATE_TEST_CASE("requests come in pages, the oldest first, where that is asked for", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  for (int i = 0; i < 3; i++) bench.RecordPending("tx" + std::to_string(i));
  REQUIRE(bench.Record(bench.Issued("issued")));
  bench.RecordPending("tx3");
  REQUIRE(bench.stores.administration().CreateCa(bench.NamedCa("other")));
  std::vector<Bytes> seen;
  RequestFilter filter;
  filter.oldest_first = true;
  const auto read = [&] {
    seen.clear();
    Page page = {.size = 2};
    while (true) {
      const auto requests = bench.stores.administration().ListRequests(filter, page).value();
      if (requests.empty()) return seen;
      CHECK(requests.size() <= 2);
      for (const auto& request : requests) seen.push_back(request.transaction_id);
      page.before = requests.back().request_id;
    }
  };
  CHECK(read() == std::vector<Bytes>{"tx0", "tx1", "tx2", "issued", "tx3"});
  filter.state = RequestState::kPending;
  CHECK(read() == std::vector<Bytes>{"tx0", "tx1", "tx2", "tx3"});
  filter.ca = "Demo";
  CHECK(read().size() == 4);
  filter.ca = "other";
  CHECK(read().empty());
}

TEMPLATE_TEST_CASE("names are taken whatever their case, and unknown ones are not found", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  CHECK(administration.CreateCa(bench.NamedCa("DEMO")).error().reason == Reason::kConflict);
  CHECK(administration.CreateEntity({"Device", "", "test"}).error().reason == Reason::kConflict);
  auto ca = bench.NamedCa("other");
  ca.policy = "no such policy";
  CHECK(administration.CreateCa(ca).error().reason == Reason::kNotFound);
  CHECK(administration.GetRequest(4711).error().reason == Reason::kNotFound);
  CHECK(administration.Reject(4711, "why", "alice").error().reason == Reason::kNotFound);
  CHECK(administration.GetPolicyVersion(4711).error().reason == Reason::kNotFound);
  CHECK(administration.GetCertificate("no serial", "").error().reason == Reason::kNotFound);
  NewKey key;
  key.entity = "nobody";
  key.ca = "demo";
  CHECK(administration.CreateKey(key).error().reason == Reason::kNotFound);
  key.entity = "device";
  key.ca = "nowhere";
  CHECK(administration.CreateKey(key).error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("a policy's versions are numbered and the old ones stay", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto next = administration.ApplyPolicy({"Default", R"({"name": "next"})", "alice"});
  REQUIRE(next);
  const auto old = administration.GetPolicyVersion(bench.policy_version_id);
  REQUIRE(old);
  CHECK(next->version == old->version + 1);
  CHECK(next->policy_id == old->policy_id);
  CHECK(old->document.find("next") == std::string::npos);
  const auto directory = administration.LoadDirectory();
  for (const auto& policy : directory->policies) {
    if (policy.policy_id == next->policy_id) CHECK(policy.policy_version_id == next->policy_version_id);
  }
}

TEMPLATE_TEST_CASE("a policy is found by its name and version, and its versions are listed in pages", "[store]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto first = administration.FindPolicy("default", 0);
  REQUIRE(first);
  for (const char* login : {"alice", "bob"}) {
    REQUIRE(administration.ApplyPolicy({"default", R"({"name": "default"})", login}));
  }
  const auto latest = administration.FindPolicy("DEFAULT", 0);
  REQUIRE(latest);
  CHECK(latest->version == first->version + 2);
  CHECK(latest->applied_by == "bob");
  CHECK(administration.FindPolicy("default", first->version + 1)->applied_by == "alice");
  CHECK(administration.FindPolicy("default", first->version + 3).error().reason == Reason::kNotFound);
  CHECK(administration.FindPolicy("nowhere", 0).error().reason == Reason::kNotFound);

  const auto page = administration.ListPolicyVersions("Default", {0, 2});
  REQUIRE(page);
  REQUIRE(page->size() == 2);
  CHECK(page->at(0).version == latest->version);
  CHECK(page->at(0).applied_by == "bob");
  CHECK(page->at(1).version == first->version + 1);
  const auto rest = administration.ListPolicyVersions("default", {page->at(1).version, 1});
  REQUIRE(rest);
  REQUIRE(rest->size() == 1);
  CHECK(rest->at(0).version == first->version);
  CHECK(administration.ListPolicyVersions("default", {1, 100})->empty());
  CHECK(administration.ListPolicyVersions("nowhere", {}).error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("a version that expects another one before it is a conflict and leaves nothing", "[store]",
                   MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto apply = [&](const std::string& name, std::uint32_t expected) {
    return administration.ApplyPolicy({name, R"({"name": "a"})", "alice", expected});
  };
  const std::uint32_t latest = administration.FindPolicy("default", 0)->version;
  CHECK(apply("default", latest + 1).error().reason == Reason::kConflict);
  CHECK(apply("default", 0).error().reason == Reason::kConflict);
  CHECK(administration.FindPolicy("default", 0)->version == latest);
  REQUIRE(apply("default", latest));
  CHECK(apply("default", latest).error().reason == Reason::kConflict);

  CHECK(apply("new", 1).error().reason == Reason::kConflict);
  CHECK(administration.FindPolicy("new", 0).error().reason == Reason::kNotFound);
  REQUIRE(apply("new", 0));
  CHECK(apply("new", 0).error().reason == Reason::kConflict);
}

TEMPLATE_TEST_CASE("an entity's standing and a key's digest are found by their names", "[store]", MemoryStores,
                   PostgresStores) {
  Bench<TestType> bench;
  auto& administration = bench.stores.administration();
  const auto entity = administration.FindEntityStanding("DEVICE");
  REQUIRE(entity);
  CHECK(entity->name == "device");
  CHECK(entity->is_active);
  CHECK(entity->binding.subject.empty());
  CHECK(entity->attributes.empty());
  CHECK(administration.FindEntityStanding("nobody").error().reason == Reason::kNotFound);

  NewKey key;
  key.entity = "device";
  key.ca = "demo";
  key.reference_number = "7QK2M4XA";
  key.digest = Bytes(32, 'd');
  key.expires_at = key.not_before + std::chrono::hours(1);
  REQUIRE(administration.CreateKey(key));
  CHECK(administration.FindKeyDigest("7QK2M4XA") == key.digest);
  CHECK(administration.FindKeyDigest("NOSUCHKY").error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("one CA is the default, and each has its RA", "[store]", MemoryStores, PostgresStores) {
  Bench<TestType> bench;
  REQUIRE(bench.stores.administration().CreateCa(bench.NamedCa("another")));
  const auto directory = bench.stores.administration().LoadDirectory();
  REQUIRE(directory->cas.size() == 2);
  CHECK(directory->cas[0].name == "another");
  CHECK_FALSE(directory->cas[0].is_default);
  CHECK(directory->cas[1].is_default);
  REQUIRE(directory->cas[0].registration_authorities.size() == 1);
  CHECK(directory->cas[0].registration_authorities[0].certificate == "ra of another");
  CHECK(directory->cas[0].registration_authorities[0].is_current());
}

}  // namespace
}  // namespace store_test
