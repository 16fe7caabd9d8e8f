// Transactions across two gateways and two engines on one database: further names, and what ends.
#include <catch2/catch.hpp>

#include "replicas.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;

namespace {

// SecondId is the same device under another transactionID.
Device SecondId(Device device) {
  device.transaction_id += "-again";
  return device;
}

}  // namespace

TEST_CASE("P-34 two transactionIDs at two gateways are one request, and both get its certificate",
          "[conformance][transaction][replica]") {
  const Replicas replicas;
  const Device first = replicas.NewDevice(), second = SecondId(first);
  CHECK(replicas.First(first, first.Request().Build()) == "PENDING");
  CHECK(replicas.Second(second, second.Request().Build()) == "PENDING");
  CHECK(replicas.First(second, second.Request().Build()) == "PENDING");
  CHECK(replicas.First(second, second.Poll().Build()) == "PENDING");
  CHECK(replicas.product.admin.Requests(second.transaction_id).empty());
  const auto requests = replicas.product.admin.Requests(first.transaction_id);
  REQUIRE(requests.size() == 1);
  REQUIRE(requests[0].transaction_id_aliases_size() == 1);
  CHECK(requests[0].transaction_id_aliases(0) == second.transaction_id);
  replicas.Approve(first);
  const auto certificate = Enrol(first, first.Poll().Build(), replicas.gateway);
  CHECK(Enrol(second, second.Poll().Build(), replicas.product.gateway).der() == certificate.der());
}

TEST_CASE("P-34 an issued PKCS#10 under a new transactionID brings its certificate from the other gateway",
          "[conformance][transaction][replica]") {
  const Replicas replicas;
  const Device first = replicas.NewDevice(), second = SecondId(first);
  const Bytes csr = first.Csr();
  CHECK(replicas.First(first, first.RequestOf(csr).Build()) == "PENDING");
  replicas.Approve(first);
  const auto certificate = Enrol(second, second.RequestOf(csr).Build(), replicas.gateway);
  CHECK(Enrol(first, first.Poll().Build(), replicas.product.gateway).der() == certificate.der());
}

TEST_CASE("P-45 what one engine expired is gone for the other, and a rejection ends with its retention",
          "[conformance][transaction][replica]") {
  const Replicas replicas;
  const Device expired = replicas.NewDevice(), rejected = replicas.NewDevice("other");
  CHECK(replicas.First(expired, expired.Request().Build()) == "PENDING");
  const Bytes message = rejected.Request().Build();
  CHECK(replicas.Second(rejected, message) == "PENDING");
  replicas.Reject(rejected);
  CHECK(replicas.First(rejected, message) == "FAILURE 2");
  engine_test::Execute(replicas.product.engine.database(),
                       "UPDATE requests SET received_at = received_at - interval '31 days', "
                       "decided_at = decided_at - interval '31 days'");
  CHECK(support::Eventually([&] { return replicas.First(expired, expired.Poll().Build()) == "FAILURE 4"; }));
  CHECK(replicas.Second(expired, expired.Poll().Build()) == "FAILURE 4");
  CHECK(support::Eventually([&] { return replicas.Second(rejected, message) == "PENDING"; }));
  CHECK(replicas.First(rejected, rejected.Poll().Build()) == "PENDING");
}

TEST_CASE("S-40 what waits is bounded across engines, and the device shall come again",
          "[conformance][transaction][replica]") {
  const Replicas replicas({.flags = {"--pending-per-source", "2"}});
  const Device first = replicas.NewDevice(), second = replicas.NewDevice(), third = replicas.NewDevice();
  CHECK(replicas.First(first, first.Request().Build()) == "PENDING");
  CHECK(replicas.Second(second, second.Request().Build()) == "PENDING");
  for (const GatewayProgram* gateway : {&replicas.product.gateway, &replicas.gateway}) {
    const HttpReply reply = Post(gateway->port(), "/scep/demo?operation=PKIOperation", third.Request().Build());
    CHECK(reply.status == 429);
    CHECK_FALSE(reply.Field("Retry-After").empty());
  }
  CHECK(replicas.Second(first, first.Request().Build()) == "PENDING");
  replicas.Reject(second);
  CHECK(replicas.Second(third, third.Request().Build()) == "PENDING");
}
