// The audit log as operators read it, and what a whole engine writes to it.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <catch2/catch.hpp>

#include "certifier/v1/audit.grpc.pb.h"
#include "certifier/v1/key_operation.grpc.pb.h"
#include "engine_fixture.h"
#include "service/operator_credentials.h"
#include "service/status_mapping.h"
#include "transparency/export.h"

namespace engine_test {

namespace {

using result::Reason;
using Stub = v1::AuditService::Stub;
using Details = google::protobuf::Map<std::string, google::protobuf::Value>;

class AuditFixture : public EngineFixture {
 public:
  explicit AuditFixture(const Tweak& tweak = {})
      : engine(StartReady([&](engine::Config& config) {
          config.audit_seal_interval = std::chrono::milliseconds(100);
          if (tweak) tweak(config);
        })),
        admin(Channel(*engine, Role::kAdmin)),
        gateway(Channel(*engine, Role::kGateway)) {}

  void MakeOther(const std::string& registration_authority = "") const {
    v1::CreateCaRequest request;
    request.set_name("other");
    request.set_key_algorithm("rsa-2048");
    request.set_registration_authority(registration_authority);
    v1::CreateCaResponse response;
    REQUIRE(Call(admin, &v1::CaService::Stub::CreateCa, request, &response).ok());
  }
  v1::ListAuditEventsResponse Page(const v1::ListAuditEventsRequest& request, const std::string& login = "alice") {
    v1::ListAuditEventsResponse response;
    const auto status = Call(admin, &Stub::ListAuditEvents, request, &response, login);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }
  std::vector<v1::AuditEvent> All(v1::ListAuditEventsRequest request = {}, const std::string& login = "alice") {
    std::vector<v1::AuditEvent> events;
    do {
      const auto page = Page(request, login);
      events.insert(events.end(), page.events().begin(), page.events().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return events;
  }
  std::vector<v1::AuditEvent> OfKind(const std::string& kind, const std::string& login = "alice") {
    v1::ListAuditEventsRequest request;
    request.set_kind(kind);
    return All(request, login);
  }
  Reason GetRefused(const std::string& id, const std::string& login) {
    v1::GetAuditEventRequest request;
    request.set_event_id(id);
    v1::GetAuditEventResponse response;
    return service::FromStatus(Call(admin, &Stub::GetAuditEvent, request, &response, login)).reason;
  }
  // Export is the whole log, asked for as certifierctl does.
  std::vector<v1::ExportAuditEventsResponse> Export() {
    std::vector<v1::ExportAuditEventsResponse> parts;
    v1::ExportAuditEventsRequest request;
    do {
      auto& part = parts.emplace_back();
      const auto status = Call(admin, &Stub::ExportAuditEvents, request, &part);
      INFO(status.error_message());
      REQUIRE(status.ok());
      request.set_index(part.next_index());
      request.set_unsealed_after(part.next_unsealed_after());
    } while (!parts.back().is_last());
    return parts;
  }
  bool IsAllSealed() const { return Count(database(), "audit_unsealed") == 0; }

  const std::unique_ptr<engine::Engine> engine;
  const std::shared_ptr<grpc::Channel> admin, gateway;
};

// Few events are under one seal.
class SealsFixture : public AuditFixture {
 public:
  SealsFixture() : AuditFixture([](engine::Config& config) { config.audit_seal_batch = 3; }) {}
};

Details DetailsOf(const v1::AuditEvent& event) {
  google::protobuf::Struct object;
  REQUIRE(google::protobuf::util::JsonStringToMessage(event.event(), &object).ok());
  return object.fields().at("details").struct_value().fields();
}

std::string Text(const Details& details, const std::string& name) {
  const auto found = details.find(name);
  return found == details.end() ? std::string() : found->second.string_value();
}

}  // namespace

TEST_CASE_METHOD(AuditFixture, "an issue, a wait and a refusal are told with the device's address and the gateway",
                 "[engine][audit]") {
  const std::string key = MakeCa(*engine);
  const Device issued, waiting, refused;
  REQUIRE(Eventually([&] { return Submit(gateway, Submission(issued, key, "tx-1")) == "issued"; }));
  REQUIRE(Submit(gateway, Submission(waiting, "", "tx-2")) == "pending");
  REQUIRE(Submit(gateway, Submission(refused, "no such key", "tx-3")) == "badRequest");
  REQUIRE(Eventually([&] { return OfKind("request_refused").size() == 1; }));
  for (const char* const kind : {"certificate_issued", "request_held", "request_refused"}) {
    CAPTURE(kind);
    const auto events = OfKind(kind);
    REQUIRE(events.size() == 1);
    CHECK(events[0].actor().empty());
    CHECK(events[0].source() == "192.0.2.1");
    CHECK(events[0].ca() == "demo");
    CHECK(Text(DetailsOf(events[0]), "gateway") == "gateway");
    CHECK(events[0].event().find(key) == std::string::npos);
    CHECK(events[0].event().find("no such key") == std::string::npos);
  }
  CHECK(OfKind("certificate_issued")[0].about().at("entity") == "device-1");
}

TEST_CASE_METHOD(AuditFixture, "what an operator does is told with his login and where he is", "[engine][audit]") {
  grpc::ClientContext context;
  support::ActAs(context, "alice");
  context.AddMetadata(service::kOperatorSourceMetadata, "198.51.100.7");
  v1::CreateEntityRequest request;
  request.set_name("device-1");
  v1::CreateEntityResponse response;
  REQUIRE(v1::EntityService::Stub(admin).CreateEntity(&context, request, &response).ok());
  const auto events = OfKind("entity_created");
  REQUIRE(events.size() == 1);
  CHECK(events[0].actor() == "alice");
  CHECK(events[0].source() == "198.51.100.7");
  CHECK(events[0].about().at("entity") == "device-1");
  v1::ListAuditEventsRequest mine;
  mine.set_actor("alice");
  CHECK(All(mine).front().event_id() == events[0].event_id());
}

TEST_CASE_METHOD(AuditFixture, "a login, a wrong one and a logout are told with where they came from",
                 "[engine][audit]") {
  v1::CreateOperatorRequest bob;
  bob.set_login("Bob");
  bob.set_password("plum-tractor-9-sky");
  v1::CreateOperatorResponse made;
  REQUIRE(Call(admin, &v1::OperatorService::Stub::CreateOperator, bob, &made).ok());
  std::string token;
  const auto log_in = [&](const std::string& login, const std::string& password) {
    grpc::ClientContext context;
    context.AddMetadata(service::kOperatorSourceMetadata, "198.51.100.7");
    v1::LogInRequest request;
    request.set_login(login);
    request.set_password(password);
    v1::LogInResponse response;
    const auto status = v1::OperatorService::Stub(admin).LogIn(&context, request, &response);
    token = response.token();
    return status.ok();
  };
  CHECK_FALSE(log_in("bob", "plum-tractor-9-see"));
  CHECK_FALSE(log_in("plum-tractor-9-sky", "bob"));
  REQUIRE(log_in("bob", "plum-tractor-9-sky"));
  grpc::ClientContext context;
  context.AddMetadata(service::kOperatorTokenMetadata, token);
  context.AddMetadata(service::kOperatorSourceMetadata, "198.51.100.8");
  v1::LogOutResponse out;
  REQUIRE(v1::OperatorService::Stub(admin).LogOut(&context, v1::LogOutRequest(), &out).ok());

  const auto refused = OfKind("operator_refused");
  REQUIRE(refused.size() == 2);
  CHECK_FALSE(refused[0].about().contains("operator"));
  CHECK(refused[1].about().at("operator") == "Bob");
  const auto entered = OfKind("operator_logged_in"), left = OfKind("operator_session_ended");
  REQUIRE(entered.size() == 1);
  REQUIRE(left.size() == 1);
  CHECK(entered[0].actor() == "Bob");
  CHECK(entered[0].source() == "198.51.100.7");
  CHECK(left[0].actor() == "Bob");
  CHECK(left[0].source() == "198.51.100.8");
  for (const auto& event : All()) {
    CHECK(event.event().find("plum-tractor") == std::string::npos);
    CHECK(event.event().find("argon2id") == std::string::npos);
  }
}

TEST_CASE_METHOD(AuditFixture, "a call that an operator has no level for is told, and what a list leaves out is not",
                 "[engine][audit]") {
  MakeCa(*engine);
  MakeOther();
  Execute(database(), support::OperatorSql("reader", {"read:demo"}));
  Execute(database(), support::OperatorSql("chief", {"super_user:demo"}));
  const auto refused_to = [&](auto rpc, const auto& request, auto response, const std::string& login) {
    const auto status = Call(admin, rpc, request, &response, login);
    CHECK(service::FromStatus(status).reason == Reason::kUnauthorized);
  };
  const auto list = [&] {
    v1::ListCasResponse response;
    CHECK(Call(admin, &v1::CaService::Stub::ListCas, v1::ListCasRequest(), &response, "reader").ok());
    CHECK(response.cas_size() == 1);
    v1::GetCaRequest ask;
    ask.set_name("demo");
    v1::GetCaResponse got;
    CHECK(Call(admin, &v1::CaService::Stub::GetCa, ask, &got, "reader").ok());
  };
  list();
  CHECK(OfKind("operator_refused").empty());
  // Before the handler runs, and by it; one of a kind twice.
  v1::CreateCaRequest create;
  create.set_name("mine");
  refused_to(&v1::CaService::Stub::CreateCa, create, v1::CreateCaResponse(), "reader");
  refused_to(&v1::CaService::Stub::CreateCa, create, v1::CreateCaResponse(), "reader");
  v1::GetCaRequest get;
  get.set_name("other");
  refused_to(&v1::CaService::Stub::GetCa, get, v1::GetCaResponse(), "reader");
  v1::UpdateCaRequest update;
  update.set_name("demo");
  update.set_make_default(true);
  refused_to(&v1::CaService::Stub::UpdateCa, update, v1::UpdateCaResponse(), "chief");
  list();
  // What fails otherwise is no refusal.
  get.set_name("nowhere");
  v1::GetCaResponse response;
  CHECK(service::FromStatus(Call(admin, &v1::CaService::Stub::GetCa, get, &response)).reason == Reason::kNotFound);
  std::vector<std::string> told;
  for (const auto& event : OfKind("operator_refused")) {
    told.push_back(event.actor() + " " + Text(DetailsOf(event), "call"));
  }
  CHECK(told == std::vector<std::string>{"chief UpdateCa", "reader GetCa", "reader CreateCa"});
}

TEST_CASE_METHOD(AuditFixture, "what gateways do with the key of a CA without an RA is told when the engine ends",
                 "[engine][audit]") {
  MakeOther("none");
  v1::UnwrapContentKeyRequest request;
  request.set_ca("other");
  request.set_ca_generation(1);
  request.set_key_transport(v1::KEY_TRANSPORT_PKCS1);
  request.set_encrypted_key(std::string(256, 'x'));
  request.set_key_length(16);
  v1::UnwrapContentKeyResponse response;
  const auto unwrap = [&] {
    return Call(gateway, &v1::KeyOperationService::Stub::UnwrapContentKey, request, &response).ok();
  };
  REQUIRE(Eventually(unwrap));
  REQUIRE(unwrap());
  request.set_key_length(15);
  CHECK_FALSE(unwrap());
  engine->Stop();
  const auto event = engine_test::Text(database(), "SELECT event FROM audit_events WHERE kind = 'key_used'");
  CHECK(event.find(R"("uses": 2)") != std::string::npos);
  CHECK(event.find(R"("operation": "unwrap")") != std::string::npos);
  CHECK(event.find(R"("gateway": "gateway")") != std::string::npos);
  CHECK(event.find(R"("source": "127.0.0.1")") != std::string::npos);
}

TEST_CASE_METHOD(AuditFixture, "who reads one CA sees its events, and no others by any way", "[engine][audit]") {
  MakeCa(*engine);
  MakeOther();
  Execute(database(), support::OperatorSql("reader", {"read"}) + support::OperatorSql("demo", {"read:demo"}) +
                          support::OperatorSql("both", {"write:demo", "revocation:other"}) +
                          support::OperatorSql("none", {}));
  const auto everything = All();
  REQUIRE(everything.size() == static_cast<std::size_t>(Count(database(), "audit_events")));
  CHECK(All({}, "reader").size() == everything.size());
  std::size_t demos = 0, others = 0;
  for (const auto& event : everything) {
    demos += event.ca() == "demo" ? 1u : 0u;
    others += event.ca() == "other" ? 1u : 0u;
    CAPTURE(event.event());
    const bool is_demos = event.ca() == "demo";
    CHECK((GetRefused(event.event_id(), "demo") == Reason::kNotFound) != is_demos);
  }
  REQUIRE(demos > 2);
  REQUIRE(others > 2);
  CHECK(All({}, "demo").size() == demos);
  CHECK(All({}, "both").size() == demos + others);
  v1::ListAuditEventsRequest request;
  request.set_page_size(1);
  CHECK(All(request, "demo").size() == demos);
  request.set_ca("other");
  CHECK(All(request, "demo").empty());
  CHECK(All(request, "both").size() == others);
  for (const char* const kind : {"entity_created", "operator_created"}) {
    CHECK_FALSE(OfKind(kind).empty());
    CHECK(OfKind(kind, "demo").empty());
  }
  request = {};
  request.set_about("device-1");
  REQUIRE(All(request).size() == 2);
  CHECK(All(request, "demo").size() == 1);
  request = {};
  request.set_actor("alice");
  for (const auto& event : All(request, "demo")) CHECK(event.ca() == "demo");
  CHECK_FALSE(All(request, "demo").empty());

  v1::ListAuditEventsResponse listed;
  CHECK(service::FromStatus(Call(admin, &Stub::ListAuditEvents, {}, &listed, "none")).reason == Reason::kUnauthorized);
  v1::ExportAuditEventsResponse exported;
  for (const char* const login : {"none", "demo", "both"}) {
    const auto status = Call(admin, &Stub::ExportAuditEvents, {}, &exported, login);
    CHECK(service::FromStatus(status).reason == Reason::kUnauthorized);
  }
  CHECK(Call(admin, &Stub::ExportAuditEvents, {}, &exported, "reader").ok());
}

TEST_CASE_METHOD(AuditFixture, "pages of any size have every event once, the newest first", "[engine][audit]") {
  MakeCa(*engine);
  // The CA's first CRL comes when it comes.
  REQUIRE(Eventually([&] { return !OfKind("crl_issued").empty(); }));
  const auto whole = All();
  for (const std::uint32_t size : {1u, 2u, 7u, 1000u}) {
    v1::ListAuditEventsRequest request;
    request.set_page_size(size);
    const auto events = All(request);
    REQUIRE(events.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); i++) CHECK(events[i].event_id() == whole[i].event_id());
  }
  v1::ListAuditEventsRequest request;
  v1::ListAuditEventsResponse response;
  for (const char* const token : {"x", "1", "1.x", "1.0", "-1.1", "1.99999999999999999999"}) {
    CAPTURE(token);
    request.set_page_token(token);
    CHECK(service::FromStatus(Call(admin, &Stub::ListAuditEvents, request, &response)).reason == Reason::kMalformed);
  }
  CHECK(GetRefused("x", "alice") == Reason::kMalformed);
  CHECK(GetRefused("999999999", "alice") == Reason::kNotFound);
}

TEST_CASE_METHOD(AuditFixture, "filters narrow a list together", "[engine][audit]") {
  MakeCa(*engine);
  MakeOther();
  const auto count = [&](const std::string& kind, const std::string& actor, const std::string& ca,
                         const std::string& about) {
    v1::ListAuditEventsRequest request;
    request.set_kind(kind);
    request.set_actor(actor);
    request.set_ca(ca);
    request.set_about(about);
    return All(request).size();
  };
  CHECK(count("ca_created", "", "", "") == 2);
  CHECK(count("ca_created", "alice", "DEMO", "") == 1);
  CHECK(count("ca_created", "bob", "demo", "") == 0);
  CHECK(count("key_created", "", "demo", "DEVICE-1") == 1);
  CHECK(count("key_created", "", "other", "device-1") == 0);
  CHECK(count("no_such_kind", "", "", "") == 0);
  const auto made = OfKind("entity_created").at(0);
  v1::ListAuditEventsRequest request;
  request.set_kind("entity_created");
  *request.mutable_since() = made.occurred_at();
  CHECK(All(request).size() == 1);
  *request.mutable_until() = made.occurred_at();
  CHECK(All(request).empty());
}

TEST_CASE_METHOD(SealsFixture, "a seal covers as many events as are set, and the whole log verifies",
                 "[engine][audit]") {
  MakeCa(*engine);
  REQUIRE(Eventually([&] { return IsAllSealed() && All().size() > 9; }));
  v1::GetAuditKeyResponse key;
  REQUIRE(Call(admin, &Stub::GetAuditKey, v1::GetAuditKeyRequest(), &key).ok());
  const auto verifier = transparency::VerifierKey::Parse(key.key()).value();
  transparency::LogVerifier log({verifier.name(), {verifier}});
  std::uint64_t most = 0, index = 0;
  for (const auto& part : Export()) {
    if (part.has_seal()) {
      most = std::max(most, part.seal().end_index() - part.seal().first_index());
      log.AddSeal({part.seal().checkpoint(), part.seal().frontier(), part.seal().leaf_hashes()});
    }
    for (const auto& event : part.events()) {
      REQUIRE(event.log_index() == index);
      log.AddEvent(index++, event.event());
    }
  }
  CHECK(most == 3);
  CHECK(key.size() <= index);
  CHECK(log.Finish().finding == transparency::Finding::kOk);
  for (const auto& event : All()) {
    v1::GetAuditEventRequest request;
    request.set_event_id(event.event_id());
    v1::GetAuditEventResponse shown;
    REQUIRE(Call(admin, &Stub::GetAuditEvent, request, &shown).ok());
    REQUIRE(shown.has_inclusion());
    CHECK(shown.inclusion().first_index() <= event.log_index());
    CHECK(event.log_index() < shown.inclusion().end_index());
  }
}

TEST_CASE_METHOD(AuditFixture, "an export shows what is left where many events in a row were taken away",
                 "[engine][audit]") {
  REQUIRE(Eventually([&] { return IsAllSealed(); }));
  // In one transaction, and so under one seal.
  Execute(database(),
          "SELECT record_audit_event('setting_changed', NULL, jsonb_build_object('setting', 'test-' || n), '{}')"
          "  FROM generate_series(1, 1500) n");
  REQUIRE(Eventually([&] { return IsAllSealed(); }));
  const auto sealed = [&] {
    std::vector<std::string> names;
    for (const auto& part : Export()) {
      for (const auto& event : part.events()) {
        const auto at = event.event().find("test-");
        if (at != std::string::npos) names.push_back(event.event().substr(at, event.event().find('"', at) - at));
      }
    }
    return names;
  };
  REQUIRE(sealed().size() == 1500);
  Execute(database(),
          "ALTER TABLE audit_positions DISABLE TRIGGER USER;"
          "DELETE FROM audit_positions p USING audit_events e WHERE e.audit_event_id = p.audit_event_id"
          "   AND e.event::jsonb -> 'about' ->> 'setting' ~ '^test-[0-9]+$'"
          "   AND substr(e.event::jsonb -> 'about' ->> 'setting', 6)::integer BETWEEN 11 AND 1400;"
          "ALTER TABLE audit_positions ENABLE TRIGGER USER");
  const auto left = sealed();
  CHECK(std::ranges::find(left, "test-10") != left.end());
  CHECK(std::ranges::find(left, "test-11") == left.end());
  CHECK(std::ranges::find(left, "test-1401") != left.end());
  CHECK(std::ranges::find(left, "test-1500") != left.end());
}

}  // namespace engine_test
