// A gateway that applies the settings of the SCEP service, and reports what came of it.

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <thread>

#include "gateway_fixture.h"
#include "listener.h"

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace certifier::v1;
using Clock = std::chrono::steady_clock;

// Not the words of the program's own flag, which would be no change.
constexpr char kAnywhere[] = "0.0.0.0:0";

std::string At(int port) {
  return "127.0.0.1:" + std::to_string(port);
}

int PortIn(const std::string& listen) {
  return std::stoi(listen.substr(listen.rfind(':') + 1));
}

// ServiceFixture publishes settings one version after another.
class ServiceFixture : public GatewayFixture {
 public:
  ServiceFixture() {
    settings.set_is_active(true);
    for (int operation = 1; ScepOperation_IsValid(operation); ++operation) {
      settings.mutable_allowed_operations()->add_operations(static_cast<ScepOperation>(operation));
    }
  }
  void Publish(FakeEngineServer& engine) {
    settings.set_version(settings.version() + 1);
    PublishAs(engine, settings.version());
  }
  void PublishAs(FakeEngineServer& engine, std::uint64_t version) {
    settings.set_version(version);
    auto directory = DirectoryOf({}, ++directories_);
    *directory.mutable_scep_service() = settings;
    engine.directory().Publish(directory);
  }
  // The newest report, once it is of the settings' version and `accepts` likes it.
  ReportScepServiceRequest Reported(
      FakeEngineServer& engine,
      const std::function<bool(const ReportScepServiceRequest&)>& accepts = [](const auto&) { return true; }) {
    ReportScepServiceRequest newest;
    REQUIRE(Eventually([&] {
      const auto reports = engine.directory().reports();
      if (reports.empty()) return false;
      newest = reports.back();
      return newest.applied_version() == settings.version() && accepts(newest);
    }));
    return newest;
  }
  int Status(int port, const std::string& target = "/scep?operation=GetCACert") {
    auto client = HttpClient::Connect(port);
    const auto reply = client ? client->Exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n") : std::nullopt;
    return reply ? reply->status : 0;
  }
  bool IsRefused(int port) { return !HttpClient::Connect(port).has_value(); }

  ScepServiceSettings settings;

 private:
  std::uint64_t directories_ = 1;  // MakeEngine published the first.
};

TEST_CASE_METHOD(ServiceFixture, "a port is changed under load: no request that came in fails, the new port answers",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady();
  std::atomic<bool> is_over = false;
  std::atomic<int> answered = 0, failed = 0;
  std::thread hammer([&] {
    while (!is_over) {
      auto client = HttpClient::Connect(port());
      if (!client) continue;
      const auto reply = client->Exchange("GET /scep?operation=GetCACert HTTP/1.1\r\nHost: a\r\n\r\n");
      ++(reply && reply->status == 200 ? answered : failed);
    }
  });
  auto device = Device();
  const std::string request = PkcsReq(device);
  HttpClient slow(port());
  slow.Send(request.substr(0, request.size() / 2));
  const bool is_loaded = Eventually([&] { return answered > 50; });
  const auto began = Clock::now();
  settings.set_listen(kAnywhere);
  Publish(*engine);
  const int new_port = PortIn(Reported(*engine).listen());
  const int status = Status(new_port);
  const auto took = Clock::now() - began;
  const bool is_gone = Eventually([&] { return IsRefused(port()); });
  slow.Send(request.substr(request.size() / 2));
  const std::string slow_answer = InWords(device, slow.Read());
  is_over = true;
  hammer.join();
  CHECK(is_loaded);
  CHECK(new_port != port());
  CHECK(status == 200);
  CHECK(took < 2s);
  CHECK(is_gone);
  CHECK(slow_answer == "SUCCESS");
  CHECK(failed == 0);
}

TEST_CASE_METHOD(ServiceFixture, "a port that is taken is reported, the old one stays, and it is tried again",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady({"--service-report-interval", "100ms"});
  auto taken = Listener::Open(kAnywhere, 8);
  REQUIRE(taken);
  const int wanted = taken->port();
  settings.set_listen(At(wanted));
  Publish(*engine);
  const auto report = Reported(*engine);
  CHECK(report.failure() == LISTEN_FAILURE_PORT_TAKEN);
  CHECK(report.listen() == At(port()));
  CHECK(report.instance().size() == 16);
  CHECK(Status(port()) == 200);
  CHECK(HealthStatus("/readyz") == 200);
  taken = tl::unexpected(Listener::Refusal{Listener::Obstacle::kOther, {}});
  const auto later = Reported(*engine, [](const auto& newest) { return newest.failure() == 0; });
  CHECK(later.listen() == At(wanted));
  CHECK(later.instance() == report.instance());
  CHECK(Status(wanted) == 200);
  CHECK(program().err().find("listen_failed") != std::string::npos);
}

TEST_CASE_METHOD(ServiceFixture, "an address of another machine is reported as none", "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady();
  settings.set_listen("192.0.2.1:8080");
  Publish(*engine);
  CHECK(Reported(*engine).failure() == LISTEN_FAILURE_NO_SUCH_ADDRESS);
  CHECK(Status(port()) == 200);
  // Whatever was wished last counts.
  settings.set_listen("");
  Publish(*engine);
  const auto report = Reported(*engine);
  CHECK(report.failure() == LISTEN_FAILURE_UNSPECIFIED);
  CHECK(report.listen() == At(port()));
}

TEST_CASE_METHOD(ServiceFixture, "a disabled service answers 503 and still publishes CA certificates",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady();
  settings.set_is_active(false);
  Publish(*engine);
  CHECK(Eventually([&] { return Status(port()) == 503; }));
  CHECK(EnrolInWords() == "503");
  CHECK(Status(port(), "/ca/demo.crt") == 200);
  CHECK(HealthStatus("/healthz") == 200);
  CHECK(HealthStatus("/readyz") == 200);
  CHECK(engine->enrollment().calls().empty());
  settings.set_is_active(true);
  Publish(*engine);
  CHECK(Eventually([&] { return Status(port()) == 200; }));
  CHECK(EnrolInWords() == "SUCCESS");
}

TEST_CASE_METHOD(ServiceFixture, "an engine of a version before sends no settings, and the configuration stands",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  engine->directory().SetOld();
  StartReady();
  CHECK(Status(port()) == 200);
  CHECK(EnrolInWords() == "SUCCESS");
  CHECK(engine->directory().reports().empty());
  // A newer one that takes no reports, as while engines are upgraded one by one.
  settings.set_listen(kAnywhere);
  Publish(*engine);
  CHECK(Eventually([&] { return IsRefused(port()); }));
  CHECK(Status(PortIn(Reported(*engine).listen())) == 200);
}

TEST_CASE_METHOD(ServiceFixture, "without settings from the next engine those of the last one stand",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady();
  settings.set_is_active(false);
  Publish(*engine);
  REQUIRE(Eventually([&] { return Status(port()) == 503; }));
  auto directory = DirectoryOf({"fresh"}, 100);
  engine->directory().Publish(directory);
  REQUIRE(Eventually([&] { return Status(port(), "/ca/fresh.crt") == 200; }));
  CHECK(Status(port()) == 503);
}

TEST_CASE_METHOD(ServiceFixture, "settings of an earlier version than those applied are not gone back to",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady();
  PublishAs(*engine, 7);
  Reported(*engine);
  settings.set_is_active(false);
  settings.set_version(6);
  auto directory = DirectoryOf({"fresh"}, 100);
  *directory.mutable_scep_service() = settings;
  engine->directory().Publish(directory);
  REQUIRE(Eventually([&] { return Status(port(), "/ca/fresh.crt") == 200; }));
  CHECK(Status(port()) == 200);
}

TEST_CASE_METHOD(ServiceFixture, "a directory in pieces brings the settings with the first of them",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady();
  settings.set_is_active(false);
  settings.set_version(2);
  auto directory = DirectoryOf({"fresh"}, 100);
  *directory.mutable_scep_service() = settings;
  engine->directory().PublishInPieces(directory);
  CHECK(Eventually([&] { return Status(port()) == 503; }));
}

TEST_CASE_METHOD(ServiceFixture, "what stands is reported again, and a gateway that ends says so",
                 "[gateway][service]") {
  const auto engine = MakeEngine();
  StartReady({"--service-report-interval", "100ms"});
  Publish(*engine);
  CHECK(Eventually([&] { return engine->directory().reports().size() >= 3; }));
  CHECK_FALSE(engine->directory().reports().back().is_ending());
  program().Signal(SIGTERM);
  CHECK(program().Wait() == 0);
  CHECK(engine->directory().reports().back().is_ending());
}

}  // namespace
}  // namespace gateway
