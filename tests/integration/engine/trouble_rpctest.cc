#include <catch2/catch.hpp>
#include <future>
#include <pqxx/pqxx>

#include "calls.h"
#include "certifier/v1/ca_directory.grpc.pb.h"
#include "database.h"
#include "engine_fixture.h"
#include "rpc/entity_service.h"
#include "support/memory_store.h"

namespace engine_test {

namespace {

using namespace std::chrono_literals;
using Code = grpc::StatusCode;

grpc::Status ListEntities(const std::shared_ptr<grpc::Channel>& admin) {
  v1::ListEntitiesResponse response;
  return Call(admin, &v1::EntityService::Stub::ListEntities, v1::ListEntitiesRequest(), &response);
}

// The cluster serves the tests after this one too.
struct StoppedCluster {
  StoppedCluster() { Cluster::Get().Stop(); }
  ~StoppedCluster() { Cluster::Get().Start(); }
};

}  // namespace

TEST_CASE_METHOD(EngineFixture, "past the bound of the queue a request is UNAVAILABLE and leaves no row",
                 "[engine][trouble]") {
  const auto engine = StartReady([](engine::Config& config) {
    config.workers = 1;
    config.max_queued_requests = 1;
  });
  const std::string challenge = MakeCa(*engine, "rsa-2048");
  const auto gateway = Channel(*engine, Role::kGateway);
  const Device device("rsa-2048");
  constexpr std::size_t kAtOnce = 200;
  v1::EnrollmentService::Stub stub(gateway);
  Calls<v1::SubmitRequest, v1::SubmitResponse> calls(kAtOnce);
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    calls.requests[i] = Submission(device, challenge, "tx-" + std::to_string(i));
  }
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    stub.async()->Submit(&calls.contexts[i], &calls.requests[i], &calls.responses[i], calls.Answer(i));
  }
  REQUIRE(calls.WaitForAll());
  std::size_t issued = 0;
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    const std::string words = InWords(calls.statuses[i], calls.responses[i]);
    CHECK((words == "issued" || words == "UNAVAILABLE"));
    if (words == "issued") ++issued;
  }
  CHECK(calls.refused > 0);
  CHECK(issued > 0);
  CHECK(Count(database(), "requests") == static_cast<int>(issued));
  CHECK(Submit(gateway, Submission(device, challenge, "tx-after")) == "issued");
}

TEST_CASE_METHOD(EngineFixture, "past the bound of their queue administrators' calls are UNAVAILABLE",
                 "[engine][trouble]") {
  const auto engine = StartReady([](engine::Config& config) {
    config.admin_workers = 1;
    config.max_queued_admin_calls = 1;
  });
  const auto admin = Channel(*engine, Role::kAdmin);
  pqxx::connection session(database());
  auto lock = std::make_unique<pqxx::work>(session);
  lock->exec("LOCK TABLE entities IN ACCESS EXCLUSIVE MODE");
  v1::EntityService::Stub stub(admin);
  Calls<v1::ListEntitiesRequest, v1::ListEntitiesResponse> calls(4);
  for (std::size_t i = 0; i < calls.contexts.size(); ++i) {
    stub.async()->ListEntities(&calls.contexts[i], &calls.requests[i], &calls.responses[i], calls.Answer(i));
  }
  // One is with the worker, one waits, the others have no place.
  CHECK(Eventually([&] { return calls.refused >= 2; }));
  lock.reset();
  REQUIRE(calls.WaitForAll());
  CHECK(calls.refused < calls.contexts.size());
  CHECK(ListEntities(admin).ok());
}

TEST_CASE_METHOD(EngineFixture, "a call that waited longer than its pool has it is UNAVAILABLE, and nothing is done",
                 "[engine][trouble]") {
  engine::store::MemoryStore store;
  std::atomic<std::chrono::steady_clock::time_point> now{};
  std::promise<void> begun, opened;
  service::WorkerPool pool("admin", 1, 1, {500ms, [&now] { return now.load(); }});
  engine::DatabaseSettings settings;
  settings.connection = database();
  const auto stores = engine::Database::Open(settings);
  REQUIRE(stores);
  const engine::operators::Door door((*stores)->operators(), [] { return std::chrono::system_clock::now(); }, 1h);
  engine::rpc::EntityService entities(store, door, pool);
  service::GrpcServer server({.tls = certificates.Issue(Role::kEngine, "engine")});
  server.Add(entities, "certifier.v1.EntityService", {Role::kAdmin});
  REQUIRE(server.Start());
  const auto admin = support::Open(server.port(), certificates.Issue(Role::kAdmin, "admin"));
  pool.Run([&] {
    begun.set_value();
    opened.get_future().wait();
  });
  begun.get_future().wait();
  v1::EntityService::Stub stub(admin);
  Calls<v1::CreateEntityRequest, v1::CreateEntityResponse> calls(1);
  calls.requests[0].set_name("late");
  stub.async()->CreateEntity(&calls.contexts[0], &calls.requests[0], &calls.responses[0], calls.Answer(0));
  CHECK(Eventually([&] { return pool.queued() == 1; }));
  now = now.load() + 501ms;
  opened.set_value();
  REQUIRE(calls.WaitForAll());
  CHECK(calls.refused == 1);
  CHECK(store.ListEntities({}, {})->empty());
  CHECK(ListEntities(admin).ok());
}

TEST_CASE_METHOD(EngineFixture, "without its database the engine is UNAVAILABLE, and with it back it works",
                 "[engine][trouble]") {
  const auto engine = StartReady();
  const std::string challenge = MakeCa(*engine);
  const auto gateway = Channel(*engine, Role::kGateway), admin = Channel(*engine, Role::kAdmin);
  const Device device;
  REQUIRE(Submit(gateway, Submission(device, challenge, "tx-before")) == "issued");
  grpc::ClientContext context;
  v1::CaDirectoryService::Stub directory(gateway);
  const auto watch = directory.Watch(&context, v1::WatchRequest());
  v1::WatchResponse seen;
  REQUIRE(watch->Read(&seen));
  {
    const StoppedCluster away;
    CHECK(Submit(gateway, Submission(device, challenge)) == "UNAVAILABLE");
    CHECK(ListEntities(admin).error_code() == Code::UNAVAILABLE);
    CHECK(Eventually([&] { return !engine->Missing().empty(); }));
    CHECK(engine->Missing().find("database") != std::string::npos);
  }
  CHECK(Eventually([&] { return Submit(gateway, Submission(device, challenge)) == "issued"; }));
  CHECK(Eventually([&] { return engine->Missing().empty(); }));
  CHECK(Eventually([&] { return ListEntities(admin).ok(); }));
  CHECK(Count(database(), "requests") == 2);
  context.TryCancel();
  while (watch->Read(&seen)) {
  }
  CHECK(watch->Finish().error_code() == Code::CANCELLED);
}

TEST_CASE_METHOD(EngineFixture, "a batch that finds no room at all is UNAVAILABLE as a whole",
                 "[engine][trouble][batch]") {
  const auto engine = StartReady();
  const std::string challenge = MakeCa(*engine);
  const auto gateway = Channel(*engine, Role::kGateway);
  v1::SubmitBatchRequest batch;
  for (int i = 0; i < 3; i++) *batch.add_submissions() = Submission(Device(), challenge, "tx-" + std::to_string(i));
  v1::SubmitBatchResponse response;
  const auto submit = [&] { return Call(gateway, &v1::EnrollmentService::Stub::SubmitBatch, batch, &response); };
  {
    const StoppedCluster stopped;
    CHECK(submit().error_code() == grpc::StatusCode::UNAVAILABLE);
    // One that needs no database is answered all the same, and each of the others says what became of it.
    batch.mutable_submissions(1)->set_transaction_id("");
    REQUIRE(submit().ok());
    CHECK(response.results(0).error().reason() == v1::REASON_UNAVAILABLE);
    CHECK(response.results(1).error().reason() == v1::REASON_MALFORMED);
    CHECK(response.results(2).error().reason() == v1::REASON_UNAVAILABLE);
  }
  batch.mutable_submissions(1)->set_transaction_id("tx-1");
  const auto is_issued = [](const auto& result) { return result.response().has_issued(); };
  REQUIRE(Eventually([&] { return submit().ok() && std::ranges::all_of(response.results(), is_issued); }));
  CHECK(Count(database(), "certificates") == 3);
}

TEST_CASE_METHOD(EngineFixture, "an engine that starts before its database waits for it", "[engine][trouble]") {
  std::unique_ptr<engine::Engine> engine;
  {
    const StoppedCluster away;
    engine = Start();
    CHECK(Submit(Channel(*engine, Role::kGateway), Submission(Device(), "")) == "UNAVAILABLE");
    CHECK_FALSE(engine->Missing().empty());
  }
  CHECK(Eventually([&] { return engine->Missing().empty(); }));
  MakeCa(*engine);
  CHECK(Submit(Channel(*engine, Role::kGateway), Submission(Device(), "")) == "pending");
}

TEST_CASE_METHOD(EngineFixture, "an engine on a database without the schema says what to do and serves nothing",
                 "[engine][trouble]") {
  const std::string empty = Cluster::Get().MakeDatabase(false);
  const auto engine = Start([&](engine::Config& config) { config.database = empty; });
  CHECK(Eventually([&] { return engine->Missing().find("migrate") != std::string::npos; }));
  CHECK(Submit(Channel(*engine, Role::kGateway), Submission(Device(), "")) == "UNAVAILABLE");
}

TEST_CASE_METHOD(EngineFixture, "a CA made on one engine reaches the gateways of all within a second",
                 "[engine][directory]") {
  const auto slow = [](engine::Config& config) { config.directory_refresh = 5s; };
  const auto first = StartReady(slow), second = StartReady(slow);
  const auto gateway = Channel(*second, Role::kGateway);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 20s);
  v1::CaDirectoryService::Stub directory(gateway);
  const auto watch = directory.Watch(&context, v1::WatchRequest());
  v1::WatchResponse seen;
  REQUIRE(watch->Read(&seen));
  CHECK(seen.cas_size() == 0);
  MakeCa(*first);
  const auto made = std::chrono::steady_clock::now();
  while (seen.cas_size() == 0 && watch->Read(&seen)) {
  }
  CHECK(std::chrono::steady_clock::now() - made < 1s);
  REQUIRE(seen.cas_size() == 1);
  CHECK(seen.cas(0).name() == "demo");
  CHECK(seen.cas(0).is_default());
  REQUIRE(seen.cas(0).active().registration_authorities_size() == 1);
  const auto key = pki::PrivateKey::FromPkcs8(seen.cas(0).active().registration_authorities(0).private_key()).value();
  const auto authority =
      pki::Certificate::Parse(seen.cas(0).active().registration_authorities(0).certificate()).value();
  CHECK(key->public_key().spki() == authority.spki());
  CHECK(authority.spki() != pki::Certificate::Parse(seen.cas(0).active().certificate()).value().spki());
  context.TryCancel();
}

TEST_CASE_METHOD(EngineFixture, "a stopping engine ends its streams and answers what it took in", "[engine][trouble]") {
  auto engine = StartReady();
  const std::string challenge = MakeCa(*engine);
  const auto gateway = Channel(*engine, Role::kGateway);
  grpc::ClientContext context;
  v1::CaDirectoryService::Stub directory(gateway);
  const auto watch = directory.Watch(&context, v1::WatchRequest());
  v1::WatchResponse seen;
  REQUIRE(watch->Read(&seen));
  pqxx::connection session(database());
  auto lock = std::make_unique<pqxx::work>(session);
  lock->exec("LOCK TABLE requests IN EXCLUSIVE MODE");
  v1::EnrollmentService::Stub stub(gateway);
  Calls<v1::SubmitRequest, v1::SubmitResponse> calls(1);
  calls.requests[0] = Submission(Device(), challenge);
  stub.async()->Submit(&calls.contexts[0], &calls.requests[0], &calls.responses[0], calls.Answer(0));
  REQUIRE(Eventually([&] { return Count(database(), "pg_locks WHERE NOT granted") > 0; }));
  std::thread stop([&] { engine->Stop(); });
  while (watch->Read(&seen)) {
  }
  CHECK(watch->Finish().error_code() == Code::UNAVAILABLE);
  lock.reset();
  CHECK(calls.WaitForAll());
  CHECK(InWords(calls.statuses[0], calls.responses[0]) == "issued");
  stop.join();
}

}  // namespace engine_test
