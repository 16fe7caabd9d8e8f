// P-30 row by row: one gateway has the transaction as it stands, the other one what comes next.
#include <algorithm>
#include <catch2/catch.hpp>

#include "replicas.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;

namespace {

// Like is another key under the transactionID of a device.
Device Like(const Replicas& replicas, const Device& device) {
  Device other = replicas.NewDevice("other");
  other.transaction_id = device.transaction_id;
  return other;
}

std::size_t Rows(const Replicas& replicas, const Device& device) {
  return replicas.product.admin.Requests(device.transaction_id).size();
}

int Issued(const Replicas& replicas) {
  return engine_test::Count(replicas.product.engine.database(), "certificates");
}

// IssuingReplicas issue for a challenge and hold what has none.
Replicas IssuingReplicas() {
  return Replicas({.policy = "default"});
}

v1::CaOptions Refusing() {
  v1::CaOptions options;
  options.set_txid_collision(v1::TRANSACTION_ID_COLLISION_REJECT);
  return options;
}

// Race sends each message to a gateway of its own before it reads a reply.
std::vector<std::string> Race(const Replicas& replicas, const Device& one, const Device& two) {
  const std::string target = "/scep/demo?operation=PKIOperation";
  HttpClient first(replicas.product.gateway.port()), second(replicas.gateway.port());
  const std::string request = PostRequest(target, one.Request().Build()),
                    rival = PostRequest(target, two.Request().Build());
  first.Send(request);
  second.Send(rival);
  const auto reply = first.Read(), rival_reply = second.Read();
  REQUIRE((reply && rival_reply));
  return {ReadCertRep(*reply).verdict(), ReadCertRep(*rival_reply).verdict()};
}

}  // namespace

TEST_CASE("P-30 the PKCS#10 of a certificate that was revoked is FAILURE badRequest at the other gateway",
          "[conformance][transaction][replica]") {
  const Replicas replicas = IssuingReplicas();
  const Device device = replicas.NewDevice();
  const auto key = replicas.product.admin.CreateKey({.uses = 5});
  const Bytes message = device.Request(key.value).Build();
  const auto certificate = Enrol(device, message, replicas.product.gateway);
  CHECK(Enrol(device, message, replicas.gateway).der() == certificate.der());
  replicas.product.admin.Revoke(certificate);
  CHECK(replicas.Second(device, message) == "FAILURE 2");
  CHECK(replicas.First(device, message) == "FAILURE 2");
  CHECK(Rows(replicas, device) == 1);
  CHECK(Issued(replicas) == 1);
  CHECK(replicas.product.admin.UseCount(key) == 1);
}

TEST_CASE("P-30 another PKCS#10 of a key that has its certificate is authorised anew at the other gateway",
          "[conformance][transaction][replica]") {
  const Replicas replicas = IssuingReplicas();
  const auto used = replicas.product.admin.CreateKey(), fresh = replicas.product.admin.CreateKey();
  const Device device = replicas.NewDevice();
  const Bytes message = device.Request(used.value).Build();
  const auto first = Enrol(device, message, replicas.product.gateway);
  Device renamed = device;
  renamed.name += "-renamed";
  CHECK(replicas.Second(renamed, renamed.Request(used.value).Build()) == "FAILURE 2");
  const auto second = Enrol(device, device.Request(fresh.value).Build(), replicas.gateway);
  CHECK(second.serial_number() != first.serial_number());
  CHECK(replicas.product.admin.UseCount(fresh) == 1);
  CHECK(Rows(replicas, device) == 2);
  CHECK(replicas.Second(device, device.Request().Build()) == "PENDING");
  CHECK(Rows(replicas, device) == 3);
  CHECK(Enrol(device, message, replicas.gateway).der() == first.der());
  CHECK(Issued(replicas) == 2);
}

TEST_CASE("P-30 another key under the transactionID of a certificate is a transaction of its own, fully authorised",
          "[conformance][transaction][replica]") {
  const Replicas replicas = IssuingReplicas();
  const auto first_key = replicas.product.admin.CreateKey(), second_key = replicas.product.admin.CreateKey();
  const Device owner = replicas.NewDevice(), other = Like(replicas, owner), waiting = Like(replicas, owner);
  const Bytes message = owner.Request(first_key.value).Build();
  const auto certificate = Enrol(owner, message, replicas.product.gateway);
  CHECK(replicas.Second(other, other.Poll().Build()) == "FAILURE 4");
  CHECK(replicas.Second(other, other.Request(first_key.value).Build()) == "FAILURE 2");
  CHECK(Rows(replicas, owner) == 1);
  CHECK(Enrol(other, other.Request(second_key.value).Build(), replicas.gateway).der() != certificate.der());
  CHECK(replicas.product.admin.UseCount(second_key) == 1);
  CHECK(replicas.Second(waiting, waiting.Request().Build()) == "PENDING");
  CHECK(Rows(replicas, owner) == 3);
  for (const auto& request : replicas.product.admin.Requests(owner.transaction_id)) {
    CHECK_FALSE(request.has_transaction_id_collision());
  }
  CHECK(Enrol(owner, message, replicas.gateway).der() == certificate.der());
}

TEST_CASE("P-30 a rejected PKCS#10 is the same FAILURE at the other gateway, and another one is judged anew",
          "[conformance][transaction][replica]") {
  const Replicas replicas = IssuingReplicas();
  const auto key = replicas.product.admin.CreateKey();
  const Device issued = replicas.NewDevice(), held = replicas.NewDevice();
  for (const Device& device : {issued, held}) {
    const Bytes message = device.Request().Build();
    REQUIRE(replicas.First(device, message) == "PENDING");
    replicas.Reject(device);
    CHECK(replicas.Second(device, message) == "FAILURE 2");
    CHECK(replicas.Second(device, device.Poll().Build()) == "FAILURE 2");
    CHECK(Rows(replicas, device) == 1);
  }
  Enrol(issued, issued.Request(key.value).Build(), replicas.gateway);
  CHECK(replicas.product.admin.UseCount(key) == 1);
  Device renamed = held;
  renamed.name += "-renamed";
  CHECK(replicas.Second(renamed, renamed.Request().Build()) == "PENDING");
  CHECK(replicas.First(renamed, renamed.Poll().Build()) == "PENDING");
  CHECK(Rows(replicas, held) == 2);
}

TEST_CASE("P-30 another key under a pending transactionID waits for itself, and the operator sees it flagged",
          "[conformance][transaction][replica]") {
  const Replicas replicas = IssuingReplicas();
  const Device owner = replicas.NewDevice(), other = Like(replicas, owner);
  REQUIRE(replicas.First(owner, owner.Request().Build()) == "PENDING");
  CHECK(replicas.Second(other, other.Request().Build()) == "PENDING");
  const auto requests = replicas.product.admin.Requests(owner.transaction_id);
  REQUIRE(requests.size() == 2);
  CHECK(requests.front().has_transaction_id_collision());
  CHECK_FALSE(requests.back().has_transaction_id_collision());
  REQUIRE(replicas.product.admin.Reject(requests.front().request_id()).ok());
  CHECK(replicas.First(other, other.Poll().Build()) == "FAILURE 2");
  CHECK(replicas.Second(owner, owner.Poll().Build()) == "PENDING");
}

TEST_CASE("P-30 another key under a pending transactionID is FAILURE badRequest where the CA refuses it",
          "[conformance][transaction][replica]") {
  const Replicas replicas({.policy = "default", .options = Refusing()});
  const auto key = replicas.product.admin.CreateKey();
  const Device owner = replicas.NewDevice(), other = Like(replicas, owner);
  REQUIRE(replicas.First(owner, owner.Request().Build()) == "PENDING");
  CHECK(replicas.Second(other, other.Request().Build()) == "FAILURE 2");
  CHECK(replicas.Second(other, other.Request(key.value).Build()) == "FAILURE 2");
  CHECK(replicas.product.admin.UseCount(key) == 0);
  CHECK(Rows(replicas, owner) == 1);
  CHECK(Issued(replicas) == 0);
  CHECK(replicas.Second(owner, owner.Poll().Build()) == "PENDING");
}

TEST_CASE("P-30 of two keys that race for a transactionID one is PENDING and one FAILURE where the CA refuses it",
          "[conformance][transaction][replica]") {
  const Replicas replicas({.policy = "manual", .options = Refusing(), .flags = kEngineUnbounded});
  for (int round = 0; round < 10; ++round) {
    const Device one = replicas.NewDevice(), two = Like(replicas, one);
    auto verdicts = Race(replicas, one, two);
    const Device& winner = verdicts[0] == "PENDING" ? one : two;
    std::sort(verdicts.begin(), verdicts.end());
    CHECK(verdicts == std::vector<std::string>{"FAILURE 2", "PENDING"});
    CHECK(Rows(replicas, one) == 1);
    CHECK(replicas.First(winner, winner.Poll().Build()) == "PENDING");
    CHECK(replicas.Second(winner, winner.Poll().Build()) == "PENDING");
  }
}
