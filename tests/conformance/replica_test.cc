// Transactions across two gateways and two engines on one database.
#include <catch2/catch.hpp>
#include <memory>

#include "device.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;

namespace {

// Replicas are a product with a second engine, and a second gateway in front of that.
struct Replicas {
  explicit Replicas(const std::vector<std::string>& flags = {}) : product(flags), engine(product.engine, flags) {
    product.MakeCa("manual", "ecdsa-p256", "manual");
    gateway = std::make_unique<GatewayProgram>(engine);
    ra = std::make_unique<pki::Certificate>(Published(product.gateway, "manual").front());
  }
  Device NewDevice(const std::string& key = "device") const { return Device("manual", *ra, key); }
  std::string First(const Device& device, const Bytes& message) const {
    return Ask(device, message, product.gateway).verdict();
  }
  std::string Second(const Device& device, const Bytes& message) const {
    return Ask(device, message, *gateway).verdict();
  }

  Product product;
  EngineProgram engine;
  std::unique_ptr<GatewayProgram> gateway;
  std::unique_ptr<pki::Certificate> ra;
};

// SecondId is the same device under another transactionID.
Device SecondId(Device device) {
  device.transaction_id += "-again";
  return device;
}

}  // namespace

TEST_CASE("P-34 two transactionIDs at two gateways are one request, and both get its certificate",
          "[conformance][transaction][replica]") {
  Replicas replicas;
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
  REQUIRE(replicas.product.admin.Approve(requests[0].request_id(), requests[0].fingerprints().request().md5().lower())
              .ok());
  const auto certificate = Enrol(first, first.Poll().Build(), *replicas.gateway);
  CHECK(Enrol(second, second.Poll().Build(), replicas.product.gateway).der() == certificate.der());
}

TEST_CASE("P-34 an issued PKCS#10 under a new transactionID brings its certificate from the other gateway",
          "[conformance][transaction][replica]") {
  Replicas replicas;
  const Device first = replicas.NewDevice(), second = SecondId(first);
  const Bytes csr = first.Csr();
  CHECK(replicas.First(first, first.RequestOf(csr).Build()) == "PENDING");
  const auto requests = replicas.product.admin.Requests(first.transaction_id);
  REQUIRE(requests.size() == 1);
  REQUIRE(replicas.product.admin.Approve(requests[0].request_id(), requests[0].fingerprints().request().md5().lower())
              .ok());
  const auto certificate = Enrol(second, second.RequestOf(csr).Build(), *replicas.gateway);
  CHECK(Enrol(first, first.Poll().Build(), replicas.product.gateway).der() == certificate.der());
}

TEST_CASE("P-45 what one engine expired is gone for the other, and a rejection ends with its retention",
          "[conformance][transaction][replica]") {
  Replicas replicas;
  const Device expired = replicas.NewDevice(), rejected = replicas.NewDevice("other");
  CHECK(replicas.First(expired, expired.Request().Build()) == "PENDING");
  const Bytes message = rejected.Request().Build();
  CHECK(replicas.Second(rejected, message) == "PENDING");
  REQUIRE(replicas.product.admin.Reject(replicas.product.admin.Requests(rejected.transaction_id)[0].request_id()).ok());
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
  Replicas replicas({"--pending-per-source", "2"});
  const Device first = replicas.NewDevice(), second = replicas.NewDevice(), third = replicas.NewDevice();
  CHECK(replicas.First(first, first.Request().Build()) == "PENDING");
  CHECK(replicas.Second(second, second.Request().Build()) == "PENDING");
  for (const GatewayProgram* gateway : {&replicas.product.gateway, replicas.gateway.get()}) {
    const HttpReply reply = Post(gateway->port(), "/scep/manual?operation=PKIOperation", third.Request().Build());
    CHECK(reply.status == 429);
    CHECK_FALSE(reply.Field("Retry-After").empty());
  }
  CHECK(replicas.Second(first, first.Request().Build()) == "PENDING");
  REQUIRE(replicas.product.admin.Reject(replicas.product.admin.Requests(second.transaction_id)[0].request_id()).ok());
  CHECK(replicas.Second(third, third.Request().Build()) == "PENDING");
}
