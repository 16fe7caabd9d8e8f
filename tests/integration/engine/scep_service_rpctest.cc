// The settings of the SCEP service: from an administrator to the gateways, and back what they made of them.

#include <catch2/catch.hpp>
#include <pqxx/pqxx>

#include "calls.h"
#include "certifier/v1/ca_directory.grpc.pb.h"
#include "certifier/v1/scep_service.grpc.pb.h"
#include "engine_fixture.h"

namespace engine_test {

namespace {

using namespace std::chrono_literals;
using Code = grpc::StatusCode;
using Clock = std::chrono::steady_clock;

class ScepServiceFixture : public EngineFixture {
 public:
  explicit ScepServiceFixture(const Tweak& tweak = {})
      : engine(StartReady(tweak)), admin(Channel(*engine, Role::kAdmin)), gateway(Channel(*engine, Role::kGateway)) {}

  grpc::Status Update(const v1::UpdateScepServiceRequest& request) {
    v1::UpdateScepServiceResponse response;
    return Call(admin, &v1::ScepService::Stub::UpdateScepService, request, &response);
  }
  grpc::Status Listen(const std::string& listen) {
    v1::UpdateScepServiceRequest request;
    request.set_listen(listen);
    return Update(request);
  }
  grpc::Status Name(const std::string& domain_name) {
    v1::UpdateScepServiceRequest request;
    request.set_domain_name(domain_name);
    return Update(request);
  }
  v1::GetScepServiceResponse Get() {
    v1::GetScepServiceResponse response;
    REQUIRE(Call(admin, &v1::ScepService::Stub::GetScepService, v1::GetScepServiceRequest(), &response).ok());
    return response;
  }
  grpc::Status Report(const v1::ReportScepServiceRequest& request) {
    v1::ReportScepServiceResponse response;
    return Call(gateway, &v1::CaDirectoryService::Stub::ReportScepService, request, &response);
  }
  static v1::ReportScepServiceRequest GoodReport(const std::string& instance = "a1b2") {
    v1::ReportScepServiceRequest report;
    report.set_instance(instance);
    report.set_applied_version(1);
    report.set_listen("0.0.0.0:8080");
    return report;
  }

  const std::unique_ptr<engine::Engine> engine;
  const std::shared_ptr<grpc::Channel> admin, gateway;
};

class ForgetfulFixture : public ScepServiceFixture {
 public:
  ForgetfulFixture()
      : ScepServiceFixture([](engine::Config& config) {
          config.gateway_report_ttl = 1s;
          config.max_gateway_reports = 2;
        }) {}
};

}  // namespace

TEST_CASE_METHOD(ScepServiceFixture, "gateways learn within a second what an administrator set",
                 "[engine][scep-service]") {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 20s);
  v1::CaDirectoryService::Stub stub(gateway);
  const auto watch = stub.Watch(&context, v1::WatchRequest());
  v1::WatchResponse directory;
  REQUIRE(watch->Read(&directory));
  REQUIRE(directory.has_scep_service());
  CHECK(directory.scep_service().version() == 1);
  CHECK(directory.scep_service().is_active());
  CHECK(directory.scep_service().allowed_operations().operations_size() == 8);

  v1::UpdateScepServiceRequest request;
  request.set_if_version(1);
  request.set_listen("0.0.0.0:8081,[::]:8081");
  request.set_is_active(false);
  request.mutable_allowed_operations()->add_operations(v1::SCEP_OPERATION_POLL);
  const auto began = Clock::now();
  REQUIRE(Update(request).ok());
  do {
    REQUIRE(watch->Read(&directory));
  } while (directory.scep_service().version() != 2);
  CHECK(Clock::now() - began < 1s);
  CHECK(directory.scep_service().listen() == "0.0.0.0:8081,[::]:8081");
  CHECK_FALSE(directory.scep_service().is_active());
  REQUIRE(directory.scep_service().allowed_operations().operations_size() == 1);
  CHECK(directory.scep_service().allowed_operations().operations(0) == v1::SCEP_OPERATION_POLL);
  CHECK(Get().settings().changed_by() == "alice");
  context.TryCancel();
}

TEST_CASE_METHOD(ScepServiceFixture, "a change to a version that is not the latest is a conflict",
                 "[engine][scep-service]") {
  v1::UpdateScepServiceRequest request;
  request.set_if_version(1);
  request.set_description("first");
  REQUIRE(Update(request).ok());
  request.set_description("second");
  CHECK(Update(request).error_code() == Code::FAILED_PRECONDITION);
  CHECK(Get().settings().description() == "first");
}

TEST_CASE_METHOD(ScepServiceFixture, "what is no address to listen on is refused", "[engine][scep-service]") {
  for (const char* listen :
       {"8080", "localhost:8080", "0.0.0.0", "0.0.0.0:", "0.0.0.0:0", "0.0.0.0:65536", "0.0.0.0:080", "0.0.0.0:80x",
        "::1:8080", "[0.0.0.0]:8080", "[::1]8080", ":8080", "0.0.0.0:8080,", "0.0.0.0:8080,0.0.0.0:8080",
        " 0.0.0.0:8080", "[::1:8080", "-1.0.0.0:1"}) {
    INFO(listen);
    CHECK(Listen(listen).error_code() == Code::INVALID_ARGUMENT);
  }
  std::string many = "127.0.0.1:1";
  for (int port = 2; port <= 16; ++port) many += ",127.0.0.1:" + std::to_string(port);
  CHECK(Listen(many).ok());
  CHECK(Listen(many + ",127.0.0.1:17").error_code() == Code::INVALID_ARGUMENT);
  CHECK(Listen("[2001:db8::1]:65535").ok());
  CHECK(Listen("").ok());
}

TEST_CASE_METHOD(ScepServiceFixture, "what is no domain name is refused, and so is a change of nothing",
                 "[engine][scep-service]") {
  for (const char* name : {"pki example", "http://pki.example", "pki.example/", "-pki.example", "pki..example",
                           "pki.example.", "pki.example:", "pki.example:0", "pki.example:99999", "pki_1.example"}) {
    INFO(name);
    CHECK(Name(name).error_code() == Code::INVALID_ARGUMENT);
  }
  CHECK(Name(std::string(64, 'a') + ".example").error_code() == Code::INVALID_ARGUMENT);
  for (const char* name : {"pki.example", "PKI-1.example:8080", "192.0.2.1", "[2001:db8::1]:80", "pki", ""}) {
    INFO(name);
    CHECK(Name(name).ok());
  }
  CHECK(Update({}).error_code() == Code::INVALID_ARGUMENT);
  v1::UpdateScepServiceRequest request;
  request.set_description(std::string(1001, 'a'));
  CHECK(Update(request).error_code() == Code::INVALID_ARGUMENT);
  request.set_description("");
  request.mutable_allowed_operations()->add_operations(static_cast<v1::ScepOperation>(99));
  CHECK(Update(request).error_code() == Code::INVALID_ARGUMENT);
}

TEST_CASE_METHOD(ScepServiceFixture, "the URL for devices has the domain name, and the port where devices come",
                 "[engine][scep-service]") {
  CHECK(Get().enrollment_url().empty());
  REQUIRE(Name("pki.example").ok());
  CHECK(Get().enrollment_url() == "http://pki.example:8080/scep/{ca}");
  auto report = GoodReport();
  report.set_listen("[::]:8090");
  REQUIRE(Report(report).ok());
  CHECK(Get().enrollment_url() == "http://pki.example:8090/scep/{ca}");
  REQUIRE(Listen("0.0.0.0:80").ok());
  CHECK(Get().enrollment_url() == "http://pki.example/scep/{ca}");
  REQUIRE(Listen("[::1]:8081,127.0.0.1:8082").ok());
  CHECK(Get().enrollment_url() == "http://pki.example:8081/scep/{ca}");
  REQUIRE(Name("pki.example:9000").ok());
  CHECK(Get().enrollment_url() == "http://pki.example:9000/scep/{ca}");
}

TEST_CASE_METHOD(ScepServiceFixture, "a gateway's report is shown under the name of its certificate until it ends",
                 "[engine][scep-service]") {
  auto report = GoodReport();
  report.set_failure(v1::LISTEN_FAILURE_PORT_TAKEN);
  REQUIRE(Report(report).ok());
  auto shown = Get();
  REQUIRE(shown.gateways_size() == 1);
  CHECK(shown.gateways(0).name() == "gateway");
  CHECK(shown.gateways(0).instance() == "a1b2");
  CHECK(shown.gateways(0).listen() == "0.0.0.0:8080");
  CHECK(shown.gateways(0).failure() == v1::LISTEN_FAILURE_PORT_TAKEN);
  CHECK(shown.gateways(0).has_reported_at());
  report.set_failure(static_cast<v1::ListenFailure>(99));
  REQUIRE(Report(report).ok());
  CHECK(Get().gateways(0).failure() == v1::LISTEN_FAILURE_OTHER);
  report.set_is_ending(true);
  REQUIRE(Report(report).ok());
  CHECK(Get().gateways().empty());
}

TEST_CASE_METHOD(ScepServiceFixture, "what no gateway reports is refused", "[engine][scep-service]") {
  auto report = GoodReport();
  report.set_instance("");
  CHECK(Report(report).error_code() == Code::INVALID_ARGUMENT);
  report = GoodReport(std::string(65, 'a'));
  CHECK(Report(report).error_code() == Code::INVALID_ARGUMENT);
  report = GoodReport();
  report.set_applied_version(0);
  CHECK(Report(report).error_code() == Code::INVALID_ARGUMENT);
  report = GoodReport();
  report.set_listen(std::string(1001, '1'));
  CHECK(Report(report).error_code() == Code::INVALID_ARGUMENT);
  report.set_listen("0.0.0.0:8080\x1b[2J");
  CHECK(Report(report).error_code() == Code::INVALID_ARGUMENT);
  CHECK(Get().gateways().empty());
}

TEST_CASE_METHOD(ForgetfulFixture, "gateways that fell silent are gone, and each name has so many at most",
                 "[engine][scep-service]") {
  for (const char* instance : {"a", "b", "c"}) REQUIRE(Report(GoodReport(instance)).ok());
  CHECK(Get().gateways_size() <= 2);
  CHECK(Eventually([&] { return Get().gateways().empty(); }));
}

TEST_CASE_METHOD(EngineFixture, "past the bound of their queue reports of gateways are UNAVAILABLE",
                 "[engine][scep-service]") {
  const auto engine = StartReady([](engine::Config& config) { config.max_queued_gateway_reports = 1; });
  pqxx::connection session(database());
  auto lock = std::make_unique<pqxx::work>(session);
  lock->exec("LOCK TABLE scep_gateways IN ACCESS EXCLUSIVE MODE");
  const auto gateway = Channel(*engine, Role::kGateway);
  v1::CaDirectoryService::Stub stub(gateway);
  Calls<v1::ReportScepServiceRequest, v1::ReportScepServiceResponse> calls(4);
  for (std::size_t i = 0; i < calls.contexts.size(); ++i) {
    calls.requests[i] = ScepServiceFixture::GoodReport("instance-" + std::to_string(i));
    stub.async()->ReportScepService(&calls.contexts[i], &calls.requests[i], &calls.responses[i], calls.Answer(i));
  }
  // One is with the worker, one waits, the others have no place.
  CHECK(Eventually([&] { return calls.refused >= 2; }));
  lock.reset();
  REQUIRE(calls.WaitForAll());
  CHECK(calls.refused < calls.contexts.size());
}

}  // namespace engine_test
