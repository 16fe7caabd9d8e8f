#include <httplib.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <future>
#include <nlohmann/json.hpp>

#include "admin_fixture.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;

// ProgramFixture runs the admin-service program in front of the fake engine.
class ProgramFixture : public AdminFixture {
 public:
  ProgramFixture()
      : tls_(Files(Role::kAdmin, "admin-program")),
        program_(directory(),
                 {ADMIN_SERVICE, "--listen", "127.0.0.1:0", "--health-listen", "127.0.0.1:0", "--web-listen",
                  "127.0.0.1:0", "--engine", "ipv4:" + engine().address(), "--tls-ca", tls_.authority,
                  "--tls-certificate", tls_.certificate, "--tls-key", tls_.key, "--port-file", port_file()}) {
    const bool is_up = Eventually([this] { return std::filesystem::exists(port_file()); });
    INFO(program_.err());
    REQUIRE(is_up);
    ports_ = nlohmann::json::parse(ReadFile(port_file()));
  }

  Child& program() { return program_; }
  std::string grpc_address() const { return "127.0.0.1:" + std::to_string(ports_["grpc"].get<int>()); }
  int HealthStatus(const std::string& path) const {
    const auto answer = httplib::Client("127.0.0.1", ports_["health"].get<int>()).Get(path);
    return answer ? answer->status : 0;
  }

 private:
  std::filesystem::path port_file() const { return directory() / "ports.json"; }

  service::TlsFiles tls_;
  Child program_;
  nlohmann::json ports_;
};

}  // namespace

TEST_CASE_METHOD(ProgramFixture, "the program is ready while it has an engine", "[admin][program]") {
  CHECK(Eventually([this] { return HealthStatus("/readyz") == 200; }));
  CHECK(HealthStatus("/healthz") == 200);
  engine().Stop();
  CHECK(Eventually([this] { return HealthStatus("/readyz") == 503; }));
  CHECK(HealthStatus("/healthz") == 200);
}

TEST_CASE_METHOD(ProgramFixture, "on SIGTERM the program finishes the call in flight and exits 0", "[admin][program]") {
  v1::EntityService::Stub stub(Channel(Files(Role::kOperator, "alice"), grpc_address()));
  grpc::ClientContext context;
  const v1::ListEntitiesRequest request;
  v1::ListEntitiesResponse response;
  std::promise<grpc::Status> answered;
  stub.async()->ListEntities(&context, &request, &response,
                             [&](const grpc::Status& status) { answered.set_value(status); });
  REQUIRE(engine().entities().WaitForCall());
  REQUIRE(Eventually([this] { return HealthStatus("/readyz") == 200; }));
  program().Signal(SIGTERM);
  REQUIRE(Eventually([this] { return HealthStatus("/readyz") != 200; }));
  engine().entities().Release();
  const grpc::Status status = answered.get_future().get();
  INFO(status.error_message());
  CHECK(status.ok());
  CHECK(response.entities_size() == 1);
  CHECK(program().Wait() == 0);
}

}  // namespace admin_test
