// Operators come in by password and token, and change what others may do.
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "database.h"
#include "engine_fixture.h"
#include "enrollment/lately_wrong.h"
#include "operators/initialization.h"
#include "service/operator_credentials.h"
#include "service/status_mapping.h"

namespace engine_test {

namespace {

using result::Reason;
using Stub = v1::OperatorService::Stub;

constexpr char kPassword[] = "plum-tractor-9-sky";

class OperatorsFixture : public EngineFixture {
 public:
  explicit OperatorsFixture(const Tweak& tweak = {})
      : engine(StartReady(tweak)), admin(Channel(*engine, Role::kAdmin)) {}

  // The reason of a refusal; nothing for success.
  template <class Request, class Response>
  std::optional<Reason> Try(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                            const Request& request, Response* response, const std::string& shown = "",
                            const std::string& source = "192.0.2.1") const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    if (!shown.empty()) context.AddMetadata(service::kOperatorTokenMetadata, shown);
    context.AddMetadata(service::kOperatorSourceMetadata, source);
    Stub stub(admin);
    const auto status = (stub.*rpc)(&context, request, response);
    if (status.ok()) return std::nullopt;
    const auto error = service::FromStatus(status);
    const std::lock_guard lock(mutex_);
    detail = error.detail;
    return error.reason;
  }
  std::optional<Reason> LogIn(const std::string& login, const std::string& password,
                              const std::string& source = "192.0.2.1") {
    v1::LogInRequest request;
    request.set_login(login);
    request.set_password(password);
    v1::LogInResponse response;
    const auto refused = Try(&Stub::LogIn, request, &response, "", source);
    token = response.token();
    return refused;
  }
  std::optional<Reason> WhoAmI(const std::string& shown) const {
    v1::WhoAmIResponse response;
    return Try(&Stub::WhoAmI, v1::WhoAmIRequest(), &response, shown);
  }
  void Create(const std::string& login, const std::string& password) const {
    v1::CreateOperatorRequest request;
    request.set_login(login);
    request.set_password(password);
    request.add_grants()->set_level(v1::ACCESS_LEVEL_READ);
    v1::CreateOperatorResponse response;
    const auto status = Call(admin, &Stub::CreateOperator, request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
    CHECK(response.operator_().has_password());
    CHECK(response.operator_().created_by() == "alice");
  }

  const std::unique_ptr<engine::Engine> engine;
  const std::shared_ptr<grpc::Channel> admin;
  std::string token;
  mutable std::string detail;

 private:
  mutable std::mutex mutex_;  // Guards `detail` while calls are under way together.
};

class ImpatientFixture : public OperatorsFixture {
 public:
  ImpatientFixture()
      : OperatorsFixture([](engine::Config& config) {
          config.login_failures_per_source = 2;
          config.login_failures_per_login = 4;
          config.operator_sessions = 2;
        }) {}
};

// Two tokens of no session are forgiven.
class DistrustfulFixture : public OperatorsFixture {
 public:
  DistrustfulFixture() : OperatorsFixture([](engine::Config& config) { config.token_failures_per_source = 2; }) {}
};

// One password is looked at at a time, one call waits for that, and each takes long enough for others to come.
class CrowdedFixture : public OperatorsFixture {
 public:
  CrowdedFixture()
      : OperatorsFixture([](engine::Config& config) {
          config.password_workers = config.max_queued_passwords = 1;
          config.password_memory = 16 << 20;
          config.password_iterations = 20;
          config.session_ttl = std::chrono::minutes(3);
        }) {}
};

}  // namespace

TEST_CASE_METHOD(CrowdedFixture, "what waits for a look at passwords is bounded, and a session lasts as it is set",
                 "[engine][operators]") {
  Create("bob", kPassword);
  std::array<std::optional<Reason>, 6> answers;
  std::vector<std::thread> callers;
  for (auto& answer : answers) {
    callers.emplace_back([this, &answer] {
      v1::LogInRequest request;
      request.set_login("bob");
      request.set_password(kPassword);
      v1::LogInResponse response;
      answer = Try(&Stub::LogIn, request, &response);
    });
  }
  for (auto& caller : callers) caller.join();
  std::map<std::optional<Reason>, int> outcomes;
  for (const auto& answer : answers) ++outcomes[answer];
  CHECK(outcomes[std::nullopt] >= 1);
  CHECK(outcomes[Reason::kUnavailable] >= 1);
  CHECK(outcomes[std::nullopt] + outcomes[Reason::kUnavailable] == 6);
  CHECK(Text(database(),
             "SELECT count(*) FROM operator_sessions WHERE expires_at - began_at <> interval '3 minutes'") == "0");
}

TEST_CASE_METHOD(CrowdedFixture, "strangers who crowd the passwords keep no operator from another's end",
                 "[engine][operators]") {
  Create("bob", kPassword);
  std::atomic<bool> is_over = false;
  std::atomic<int> crowded = 0;
  std::vector<std::thread> strangers;
  for (int i = 0; i < 4; ++i) {
    strangers.emplace_back([&, source = "198.51.100." + std::to_string(i)] {
      v1::LogInRequest request;
      request.set_login("bob");
      request.set_password(kPassword);
      v1::LogInResponse response;
      while (!is_over) {
        if (Try(&Stub::LogIn, request, &response, "", source) == Reason::kUnavailable) ++crowded;
      }
    });
  }
  CHECK(Eventually([&] { return crowded > 0; }));
  v1::UpdateOperatorRequest change;
  change.set_login("bob");
  v1::UpdateOperatorResponse response;
  for (const char* status : {"inactive", "active", "inactive"}) {
    change.set_status(status);
    CHECK(Call(admin, &Stub::UpdateOperator, change, &response).ok());
  }
  is_over = true;
  for (auto& stranger : strangers) stranger.join();
}

TEST_CASE_METHOD(OperatorsFixture, "what a page asks by itself keeps no session from ending", "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  const std::string unused = "SELECT count(*) FROM operator_sessions WHERE last_used_at < now() - interval '5 minutes'";
  const auto ask = [&](const std::string& watching) {
    Text(database(), "UPDATE operator_sessions SET last_used_at = now() - interval '10 minutes' RETURNING 1");
    grpc::ClientContext context;
    context.AddMetadata(service::kOperatorTokenMetadata, token);
    if (!watching.empty()) context.AddMetadata(service::kOperatorWatchingMetadata, watching);
    v1::WhoAmIResponse response;
    CHECK(Stub(admin).WhoAmI(&context, {}, &response).ok());
    return Text(database(), unused);
  };
  CHECK(ask("yes") == "1");
  CHECK(ask("no") == "0");
  CHECK(ask("") == "0");
}

TEST_CASE_METHOD(OperatorsFixture, "a login is one spelling, whatever the database might take for another",
                 "[engine][operators]") {
  Create("kim", kPassword);
  for (const std::string& login :
       {std::string("kim\0a", 5), std::string("kim "), std::string("\xe2\x84\xaaim"), std::string("k\xc4\xb0m")}) {
    CHECK(LogIn(login, kPassword) == Reason::kUnauthorized);
  }
  CHECK(LogIn("KIM", kPassword) == std::nullopt);
}

TEST_CASE_METHOD(OperatorsFixture, "who was inactive comes back without the sessions from before",
                 "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  const std::string stolen = token;
  v1::UpdateOperatorRequest change;
  change.set_login("bob");
  v1::UpdateOperatorResponse response;
  for (const char* status : {"inactive", "active"}) {
    change.set_status(status);
    REQUIRE(Call(admin, &Stub::UpdateOperator, change, &response).ok());
  }
  CHECK(WhoAmI(stolen) == Reason::kUnauthorized);
  CHECK(LogIn("bob", kPassword) == std::nullopt);
}

TEST_CASE_METHOD(DistrustfulFixture, "who shows tokens of no session waits, and nobody else does",
                 "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  // One that comes again is no further guess: pages that stay open ask on with the token of an ended session.
  for (int i = 0; i < 20; ++i) CHECK(WhoAmI(std::string(32, 'x')) == Reason::kUnauthorized);
  CHECK(WhoAmI(token) == std::nullopt);
  for (const char octet : {'y', 'z'}) CHECK(WhoAmI(std::string(32, octet)) == Reason::kUnauthorized);
  CHECK(WhoAmI(token) == Reason::kUnavailable);
  CHECK(detail == "too many tokens of no session from your address: try again in 2 s");
  v1::WhoAmIResponse who;
  CHECK(Try(&Stub::WhoAmI, v1::WhoAmIRequest(), &who, token, "192.0.2.2") == std::nullopt);
  CHECK(Call(admin, &Stub::WhoAmI, v1::WhoAmIRequest(), &who).ok());
}

TEST_CASE_METHOD(DistrustfulFixture, "of tokens that are of no session the latest are remembered",
                 "[engine][operators]") {
  const auto show = [this](std::size_t number, const std::string& source) {
    v1::WhoAmIResponse who;
    return Try(&Stub::WhoAmI, v1::WhoAmIRequest(), &who, std::to_string(1000 + number) + std::string(28, 'x'), source);
  };
  const auto show_all = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(show(i, "198.51.100." + std::to_string(i % 200)) == Reason::kUnauthorized);
    }
  };
  show_all(engine::enrollment::LatelyWrong::kRemembered);
  for (int i = 0; i < 5; ++i) CHECK(show(0, "192.0.2.1") == Reason::kUnauthorized);
  show_all(engine::enrollment::LatelyWrong::kRemembered + 1);
  // Each of the first three had to make room, and counts again.
  for (std::size_t i = 0; i < 3; ++i) CHECK(show(i, "192.0.2.1") == Reason::kUnauthorized);
  CHECK(show(0, "192.0.2.1") == Reason::kUnavailable);
}

TEST_CASE_METHOD(ImpatientFixture, "who guesses the initialization token waits", "[engine][operators]") {
  Execute(database(),
          "ALTER TABLE operator_certificates DISABLE TRIGGER ALL; ALTER TABLE operator_grants DISABLE TRIGGER ALL;"
          "TRUNCATE operators CASCADE; ALTER TABLE operator_grants ENABLE TRIGGER ALL");
  v1::InitializeRequest request;
  request.set_login("root");
  request.set_password(kPassword);
  request.set_token("2CVHR-7TQ4X");
  v1::InitializeResponse response;
  for (int i = 0; i < 3; ++i) CHECK(Try(&Stub::Initialize, request, &response) == Reason::kUnauthorized);
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kUnavailable);
  CHECK(Try(&Stub::Initialize, request, &response, "", "192.0.2.2") == Reason::kUnauthorized);
  // The first from each address is in the audit log, without what was typed.
  CHECK(Text(database(), R"(SELECT string_agg(concat_ws(' ', event::jsonb->>'actor', event::jsonb->>'source',
                                                        event::jsonb->'about', event::jsonb->'details'), E'\n'
                                              ORDER BY audit_event_id)
                              FROM audit_events WHERE kind = 'operator_refused')") ==
        " 192.0.2.1 {} {\"call\": \"Initialize\", \"attempts_of_the_day\": 1}\n"
        " 192.0.2.2 {} {\"call\": \"Initialize\", \"attempts_of_the_day\": 1}");
}

TEST_CASE_METHOD(OperatorsFixture, "a password begins a session, whose token stands for its operator",
                 "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("Bob", kPassword) == std::nullopt);
  CHECK(token.size() == 32);
  v1::WhoAmIResponse who;
  REQUIRE(Try(&Stub::WhoAmI, v1::WhoAmIRequest(), &who, token) == std::nullopt);
  CHECK(who.operator_().login() == "bob");
  CHECK(who.has_expires_at());
  v1::ListOperatorsResponse listed;
  CHECK(Try(&Stub::ListOperators, v1::ListOperatorsRequest(), &listed, token) == Reason::kUnauthorized);
  const std::string first = token;
  v1::LogOutResponse out;
  CHECK(Try(&Stub::LogOut, v1::LogOutRequest(), &out, token) == std::nullopt);
  CHECK(WhoAmI(first) == Reason::kUnauthorized);
  CHECK(WhoAmI(std::string(32, 'x')) == Reason::kUnauthorized);
  CHECK(WhoAmI("short") == Reason::kUnauthorized);
  CHECK(Text(database(), "SELECT count(*) FROM operator_sessions") == "0");
}

TEST_CASE_METHOD(OperatorsFixture, "nothing tells a wrong password from a wrong login", "[engine][operators]") {
  Create("bob", kPassword);
  v1::UpdateOperatorRequest gone;
  gone.set_login("bob");
  std::vector<std::string> details;
  CHECK(LogIn("bob", "plum-tractor-9-skY") == Reason::kUnauthorized);
  details.push_back(detail);
  CHECK(LogIn("nobody", kPassword) == Reason::kUnauthorized);
  details.push_back(detail);
  CHECK(LogIn("alice", kPassword) == Reason::kUnauthorized);  // She has none.
  details.push_back(detail);
  gone.set_status("inactive");
  v1::UpdateOperatorResponse response;
  REQUIRE(Call(admin, &Stub::UpdateOperator, gone, &response).ok());
  CHECK(LogIn("bob", kPassword) == Reason::kUnauthorized);
  details.push_back(detail);
  CHECK(details == std::vector<std::string>(4, "the login or the password is wrong"));
}

TEST_CASE_METHOD(OperatorsFixture,
                 "who cannot come in costs what an operator's password does, which lets nobody else in",
                 "[engine][operators]") {
  Create("bob", kPassword);
  Create("idle", "another-plum-tractor-9");
  Execute(database(), "UPDATE operators SET status = 'inactive' WHERE login = 'idle'");
  // The work is done on bob's hash.
  for (const char* const login : {"nobody", "idle"}) {
    CHECK(LogIn(login, kPassword) == Reason::kUnauthorized);
    CHECK(token.empty());
  }
  CHECK(LogIn("bob", kPassword) == std::nullopt);
  Execute(database(), "UPDATE operators SET password_hash = '$argon2id$v=19$nonsense' WHERE login = 'bob'");
  for (const char* const login : {"nobody", "idle", "bob"}) CHECK(LogIn(login, kPassword) == Reason::kInternal);
}

TEST_CASE_METHOD(OperatorsFixture, "what is changed of an operator counts at once", "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  const auto list = [&] {
    v1::ListOperatorsResponse listed;
    return Try(&Stub::ListOperators, v1::ListOperatorsRequest(), &listed, token);
  };
  CHECK(list() == Reason::kUnauthorized);
  v1::UpdateOperatorRequest change;
  change.set_login("bob");
  change.add_grants()->set_level(v1::ACCESS_LEVEL_SUPER_USER);
  v1::UpdateOperatorResponse response;
  REQUIRE(Call(admin, &Stub::UpdateOperator, change, &response).ok());
  CHECK(list() == std::nullopt);
  change.Clear();
  change.set_login("bob");
  change.set_status("inactive");
  REQUIRE(Call(admin, &Stub::UpdateOperator, change, &response).ok());
  CHECK(list() == Reason::kUnauthorized);
}

TEST_CASE_METHOD(OperatorsFixture, "who changes his password knows the one before, and keeps this session alone",
                 "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  const std::string other = token;
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  v1::ChangePasswordRequest request;
  request.set_current_password("not-that-one-at-all");
  request.set_new_password("violet-anvil-22-rain");
  v1::ChangePasswordResponse response;
  CHECK(Try(&Stub::ChangePassword, request, &response, token) == Reason::kUnauthorized);
  request.set_current_password(kPassword);
  request.set_new_password("aaaaaaaaaaaaaaaa");
  CHECK(Try(&Stub::ChangePassword, request, &response, token) == Reason::kMalformed);
  request.set_new_password("violet-anvil-22-rain");
  CHECK(Try(&Stub::ChangePassword, request, &response, token) == std::nullopt);
  CHECK(WhoAmI(token) == std::nullopt);
  CHECK(WhoAmI(other) == Reason::kUnauthorized);
  CHECK(LogIn("bob", kPassword) == Reason::kUnauthorized);
  CHECK(LogIn("bob", "violet-anvil-22-rain") == std::nullopt);
}

TEST_CASE_METHOD(ImpatientFixture, "who guesses passwords waits, and nobody else does", "[engine][operators]") {
  Create("bob", kPassword);
  Create("carol", kPassword);
  for (int i = 0; i < 3; ++i) CHECK(LogIn("bob", "guess number " + std::to_string(i)) == Reason::kUnauthorized);
  CHECK(LogIn("bob", kPassword) == Reason::kUnavailable);
  CHECK(detail == "too many wrong passwords, tokens or certificates: try again in 2 s");
  CHECK(LogIn("carol", kPassword) == std::nullopt);
  CHECK(LogIn("bob", kPassword, "192.0.2.2") == std::nullopt);
  CHECK(engine->slowed_logins() == 1);
  // And a login has so many sessions.
  const std::string first = token;
  REQUIRE(LogIn("bob", kPassword, "192.0.2.2") == std::nullopt);
  REQUIRE(LogIn("bob", kPassword, "192.0.2.2") == std::nullopt);
  CHECK(WhoAmI(first) == Reason::kUnauthorized);
  CHECK(WhoAmI(token) == std::nullopt);
}

TEST_CASE_METHOD(ImpatientFixture, "who tries one password at many logins waits too", "[engine][operators]") {
  Create("bob", kPassword);
  for (int i = 0; i < 5; ++i) CHECK(LogIn("user-" + std::to_string(i), "guess") == Reason::kUnauthorized);
  CHECK(LogIn("bob", kPassword) == Reason::kUnavailable);
  CHECK(LogIn("bob", kPassword, "192.0.2.2") == std::nullopt);
}

TEST_CASE_METHOD(OperatorsFixture, "an admin service that shows a certificate and a token, or two, is refused",
                 "[engine][operators]") {
  Create("bob", kPassword);
  REQUIRE(LogIn("bob", kPassword) == std::nullopt);
  const auto refused = [&](const std::vector<std::pair<std::string, std::string>>& metadata) {
    grpc::ClientContext context;
    for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
    v1::WhoAmIResponse response;
    return Stub(admin).WhoAmI(&context, {}, &response).error_code() == grpc::StatusCode::PERMISSION_DENIED;
  };
  const std::pair<std::string, std::string> certificate = {service::kOperatorCertificateMetadata,
                                                           support::OperatorCertificate("alice")};
  const std::pair<std::string, std::string> session = {service::kOperatorTokenMetadata, token};
  CHECK_FALSE(refused({certificate}));
  CHECK_FALSE(refused({session}));
  CHECK(refused({}));
  CHECK(refused({certificate, session}));
  CHECK(refused({session, session}));
  CHECK(refused({certificate, certificate}));
  CHECK(refused({session, {service::kOperatorSourceMetadata, std::string(65, 'x')}}));
}

TEST_CASE_METHOD(OperatorsFixture, "the first super-user makes himself with the token, once", "[engine][operators]") {
  v1::InitializeRequest request;
  request.set_login("root");
  request.set_password(kPassword);
  request.set_token("2CVHR-7TQ4X");
  v1::InitializeResponse response;
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kConflict);
  Execute(database(),
          "ALTER TABLE operator_certificates DISABLE TRIGGER ALL; ALTER TABLE operator_grants DISABLE TRIGGER ALL;"
          "TRUNCATE operators CASCADE; ALTER TABLE operator_grants ENABLE TRIGGER ALL");
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kUnauthorized);
  engine::DatabaseSettings settings;
  settings.connection = database();
  const auto stores = engine::Database::Open(settings);
  REQUIRE(stores);
  const auto offered = engine::operators::OfferInitialization((*stores)->operators(), std::chrono::system_clock::now(),
                                                              std::chrono::hours(1), false);
  REQUIRE(offered);
  std::string typed(offered->Reveal());
  std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  // A password is not even looked at before the token.
  request.set_password("short");
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kUnauthorized);
  request.set_token(typed);
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kMalformed);
  request.clear_password();
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kMalformed);
  request.set_password(kPassword);
  REQUIRE(Try(&Stub::Initialize, request, &response) == std::nullopt);
  CHECK(response.operator_().grants(0).level() == v1::ACCESS_LEVEL_SUPER_USER);
  CHECK(Try(&Stub::Initialize, request, &response) == Reason::kConflict);
  REQUIRE(LogIn("root", kPassword) == std::nullopt);
  v1::ListOperatorsResponse listed;
  CHECK(Try(&Stub::ListOperators, v1::ListOperatorsRequest(), &listed, token) == std::nullopt);
}

}  // namespace engine_test
