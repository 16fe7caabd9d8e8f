#include <catch2/catch.hpp>
#include <future>

#include "admin_fixture.h"
#include "service/operator_credentials.h"
#include "service/status_mapping.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;
using std::chrono::milliseconds;

grpc::Status ListCas(const std::shared_ptr<grpc::Channel>& channel, milliseconds timeout = std::chrono::seconds(10)) {
  v1::ListCasResponse response;
  return Call(channel, &v1::CaService::Stub::ListCas, v1::ListCasRequest(), &response, timeout);
}

}  // namespace

TEST_CASE_METHOD(AdminFixture, "an operator's call reaches the engine with his certificate, and the answer comes back",
                 "[admin]") {
  v1::CreateCaRequest request;
  request.set_name("demo");
  v1::CreateCaResponse response;
  const auto tls = Files(Role::kOperator, "alice");
  const auto status = Call(Channel(tls, address()), &v1::CaService::Stub::CreateCa, request, &response);
  REQUIRE(status.ok());
  CHECK(response.ca().subject() == "CN=demo CA");
  CHECK(engine().journal().callers() == std::vector<std::string>{CallerWith(tls)});
  CHECK(engine().journal().last_source() == "127.0.0.1");
}

TEST_CASE_METHOD(AdminFixture, "who has a certificate shows nothing else, and claims nothing", "[admin]") {
  const auto channel = Channel(Role::kOperator, "alice");
  REQUIRE(ListCas(channel).ok());
  const auto shown = engine().journal().callers();
  grpc::ClientContext context;
  context.AddMetadata(service::kOperatorTokenMetadata, std::string(32, 't'));
  context.AddMetadata(service::kOperatorCertificateMetadata, std::string(32, 'c'));
  context.AddMetadata(service::kOperatorSourceMetadata, "192.0.2.1");
  v1::ListCasResponse response;
  REQUIRE(v1::CaService::Stub(channel).ListCas(&context, {}, &response).ok());
  CHECK(engine().journal().callers().back() == shown.front());
  CHECK(engine().journal().last_source() == "127.0.0.1");
}

TEST_CASE_METHOD(AdminFixture, "who has no certificate comes in with a token, or to get one", "[admin]") {
  service::TlsFiles none;
  none.authority = Files(Role::kOperator).authority;
  const auto channel = Channel(none, address());
  CHECK(ListCas(channel).error_code() == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(engine().journal().callers().empty());
  const auto list = [&](const std::vector<std::string>& tokens) {
    grpc::ClientContext context;
    for (const auto& token : tokens) context.AddMetadata(service::kOperatorTokenMetadata, token);
    v1::ListCasResponse response;
    return v1::CaService::Stub(channel).ListCas(&context, {}, &response).error_code();
  };
  CHECK(list({std::string(31, 't')}) == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(list({std::string(32, 't'), std::string(32, 'u')}) == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(engine().journal().callers().empty());
  CHECK(list({std::string(32, 't')}) == grpc::StatusCode::OK);
  CHECK(engine().journal().callers() == std::vector<std::string>{"token " + std::string(32, 't')});
  v1::LogInResponse session;
  // The fake engine's own words.
  CHECK(Call(channel, &v1::OperatorService::Stub::LogIn, v1::LogInRequest(), &session).error_message() ==
        "the login or the password is wrong");
  v1::InitializeResponse made;
  CHECK(Call(channel, &v1::OperatorService::Stub::Initialize, v1::InitializeRequest(), &made).error_message() ==
        "the token is wrong or over");
  v1::WhoAmIResponse who;
  CHECK(Call(channel, &v1::OperatorService::Stub::WhoAmI, v1::WhoAmIRequest(), &who).error_code() ==
        grpc::StatusCode::PERMISSION_DENIED);
}

TEST_CASE_METHOD(AdminFixture, "other roles are refused before the engine hears of it", "[admin]") {
  const Role role = GENERATE(Role::kGateway, Role::kEngine, Role::kAdmin);
  const auto status = ListCas(Channel(role, "other"));
  CHECK(status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(engine().journal().callers().empty());
}

TEST_CASE_METHOD(AdminFixture, "a stranger's certificate ends in the handshake", "[admin]") {
  support::TestCertificates strangers;
  service::TlsFiles tls = strangers.Issue(Role::kOperator, "mallory");
  tls.authority = Files(Role::kOperator).authority;
  CHECK(ListCas(Channel(tls, address())).error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(engine().journal().callers().empty());
}

TEST_CASE_METHOD(AdminFixture, "the engine's refusal arrives with its reason and its words", "[admin]") {
  v1::GetCaRequest request;
  request.set_name("nowhere");
  v1::GetCaResponse response;
  const auto status = Call(Channel(Role::kOperator), &v1::CaService::Stub::GetCa, request, &response);
  const result::Error error = service::FromStatus(status);
  CHECK(error.reason == result::Reason::kNotFound);
  CHECK(error.detail == "no CA is named \"nowhere\"");
}

TEST_CASE_METHOD(AdminFixture, "an engine that is away is unavailable in clear words", "[admin]") {
  const auto channel = Channel(Role::kOperator);
  REQUIRE(ListCas(channel).ok());
  engine().Stop();
  const result::Error error = service::FromStatus(ListCas(channel));
  CHECK(error.reason == result::Reason::kUnavailable);
  CHECK(error.detail.find("certifier-engine is away") != std::string::npos);
}

TEST_CASE_METHOD(AdminFixture, "the time that the operator's client has left is the engine's too", "[admin]") {
  const auto channel = Channel(Role::kOperator);
  REQUIRE(ListCas(channel, std::chrono::seconds(4)).ok());
  CHECK(engine().journal().last_time_left() <= milliseconds(4'040));
  CHECK(engine().journal().last_time_left() > std::chrono::seconds(1));
}

TEST_CASE_METHOD(AdminFixture, "a call without a deadline gets ten seconds, one with a long one a minute", "[admin]") {
  const auto channel = Channel(Role::kOperator);
  // gRPC rounds a timeout up on the wire, by less than a hundredth.
  REQUIRE(ListCas(channel, milliseconds(0)).ok());
  CHECK(engine().journal().last_time_left() <= milliseconds(10'100));
  CHECK(engine().journal().last_time_left() > std::chrono::seconds(5));
  REQUIRE(ListCas(channel, std::chrono::hours(1)).ok());
  CHECK(engine().journal().last_time_left() <= milliseconds(60'600));
  CHECK(engine().journal().last_time_left() > std::chrono::seconds(30));
}

TEST_CASE_METHOD(AdminFixture, "a call that the operator gives up is given up at the engine", "[admin]") {
  grpc::ClientContext context;
  v1::EntityService::Stub stub(Channel(Role::kOperator));
  v1::ListEntitiesRequest request;
  v1::ListEntitiesResponse response;
  std::promise<grpc::Status> answered;
  stub.async()->ListEntities(&context, &request, &response,
                             [&](const grpc::Status& status) { answered.set_value(status); });
  REQUIRE(engine().entities().WaitForCall());
  context.TryCancel();
  CHECK(engine().entities().WaitForCancel());
  CHECK(answered.get_future().get().error_code() == grpc::StatusCode::CANCELLED);
}

TEST_CASE_METHOD(AdminFixture, "calls that wait for the engine do not hold up others", "[admin]") {
  constexpr int kWaiting = 32;
  v1::EntityService::Stub stub(Channel(Role::kOperator));
  const v1::ListEntitiesRequest request;
  std::vector<grpc::ClientContext> contexts(kWaiting);
  std::vector<v1::ListEntitiesResponse> responses(kWaiting);
  std::vector<std::promise<grpc::Status>> answers(kWaiting);
  for (std::size_t i = 0; i < kWaiting; ++i) {
    stub.async()->ListEntities(&contexts[i], &request, &responses[i],
                               [&answer = answers[i]](const grpc::Status& status) { answer.set_value(status); });
  }
  REQUIRE(engine().entities().WaitForCall());
  CHECK(ListCas(Channel(Role::kOperator, "bob")).ok());
  engine().entities().Release();
  for (auto& answer : answers) CHECK(answer.get_future().get().ok());
}

TEST_CASE_METHOD(AdminFixture, "who has no certificate has so many calls at once, and takes none from operators",
                 "[admin]") {
  constexpr std::size_t kMost = 16;
  auto nobody = Files(Role::kOperator, "nobody");
  nobody.certificate.clear();
  nobody.key.clear();
  const auto channel = Channel(nobody, address());
  v1::EntityService::Stub stub(channel);
  const v1::ListEntitiesRequest request;
  std::vector<grpc::ClientContext> contexts(kMost + 1);
  std::vector<v1::ListEntitiesResponse> responses(kMost + 1);
  std::vector<std::promise<grpc::Status>> answers(kMost + 1);
  for (std::size_t i = 0; i <= kMost; ++i) {
    contexts[i].AddMetadata(service::kOperatorTokenMetadata, std::string(32, 't'));
    stub.async()->ListEntities(&contexts[i], &request, &responses[i],
                               [&answer = answers[i]](const grpc::Status& status) { answer.set_value(status); });
  }
  // One of them has no place; the others wait for the engine.
  std::vector<std::future<grpc::Status>> waiting;
  for (auto& answer : answers) waiting.push_back(answer.get_future());
  const auto refused = [&] {
    return std::count_if(waiting.begin(), waiting.end(), [](const auto& one) {
      return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
  };
  REQUIRE(support::Eventually([&] { return refused() == 1; }));
  CHECK(ListCas(Channel(Role::kOperator, "bob")).ok());
  engine().entities().Release();
  std::size_t answered = 0;
  for (auto& one : waiting) {
    const grpc::Status status = one.get();
    if (status.ok()) ++answered;
    if (!status.ok()) CHECK(status.error_message().find("too many calls from your address") != std::string::npos);
  }
  CHECK(answered == kMost);
  // Their places are free again.
  grpc::ClientContext context;
  context.AddMetadata(service::kOperatorTokenMetadata, std::string(32, 't'));
  v1::ListEntitiesResponse response;
  CHECK(stub.ListEntities(&context, request, &response).ok());
}

}  // namespace admin_test
