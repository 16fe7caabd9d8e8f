#include <catch2/catch.hpp>
#include <csignal>

#include "gateway_fixture.h"

namespace gateway {
namespace {

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE_METHOD(GatewayFixture, "on SIGTERM the request in flight is finished, and then the program ends",
                 "[gateway][program]") {
  const auto engine = MakeEngine();
  StartReady();
  engine->enrollment().Hold();
  auto device = Device();
  HttpClient idle(port()), busy(port());
  busy.Send(PkcsReq(device));
  REQUIRE(engine->enrollment().WaitForCalls(1));
  program().Signal(SIGTERM);
  CHECK(idle.IsClosed());
  CHECK(HealthStatus("/readyz") == 503);
  CHECK(HealthStatus("/healthz") == 200);
  CHECK_THROWS(HttpClient(port()));
  engine->enrollment().Release();
  CHECK(InWords(device, busy.Read()) == "SUCCESS");
  CHECK(busy.IsClosed());
  CHECK(program().Wait() == 0);
}

TEST_CASE_METHOD(GatewayFixture, "a request that outlasts the drain is cut, and the program ends all the same",
                 "[gateway][program]") {
  const auto engine = MakeEngine();
  StartReady({"--drain-timeout", "100ms"});
  engine->enrollment().Hold();
  auto device = Device();
  HttpClient busy(port());
  busy.Send(PkcsReq(device));
  REQUIRE(engine->enrollment().WaitForCalls(1));
  program().Signal(SIGTERM);
  CHECK(busy.IsClosed());
  CHECK(program().Wait() == 0);
  engine->enrollment().Release();
}

TEST_CASE_METHOD(GatewayFixture, "SIGTERM ends a gateway that never found its engine", "[gateway][program]") {
  Start();
  program().Signal(SIGTERM);
  CHECK(program().Wait() == 0);
}

TEST_CASE_METHOD(GatewayFixture, "the metrics count what was asked and what became of it", "[gateway][program]") {
  const auto engine = MakeEngine();
  StartReady();
  REQUIRE(EnrolInWords() == "SUCCESS");
  REQUIRE(Get(port(), "/scep?operation=GetCACaps")->status == 200);
  const auto [status, text] = Health("/metrics");
  CHECK(status == 200);
  CHECK(Has(text, "certifier_scep_requests_total{operation=\"PKIOperation\",outcome=\"success\"} 1"));
  CHECK(Has(text, "certifier_scep_requests_total{operation=\"GetCACaps\",outcome=\"served\"} 1"));
  CHECK(Has(text, "certifier_http_connections "));
}

TEST_CASE_METHOD(GatewayFixture, "health and metrics are not on the devices' port", "[gateway][program]") {
  const auto engine = MakeEngine();
  StartReady();
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    const auto reply = Get(port(), path);
    REQUIRE(reply);
    CHECK(reply->status == 404);
  }
  CHECK(HealthStatus("/scep?operation=GetCACert") == 404);
}

TEST_CASE_METHOD(GatewayFixture, "neither a challenge nor a key is in the log", "[gateway][program]") {
  const auto engine = MakeEngine();
  StartReady({"--log-level", "debug"});
  REQUIRE(EnrolInWords() == "SUCCESS");
  REQUIRE(Eventually([this] { return Has(program().out() + program().err(), "PKIOperation"); }));
  const std::string log = program().out() + program().err();
  CHECK_FALSE(Has(log, "secret"));
  CHECK_FALSE(Has(log, "PRIVATE KEY"));
}

}  // namespace
}  // namespace gateway
