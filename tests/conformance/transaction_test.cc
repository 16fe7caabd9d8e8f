#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "device.h"
#include "scep/message.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;
using testing::MakeIdentity;
namespace der = pki::der;

namespace {

// OnlyRequest is the one that a device's transaction has in the operators' queue.
v1::Request OnlyRequest(const Device& device) {
  const auto requests =
      Shared().admin.Requests(scep::PrintableTransactionId(scep::TransactionId(device.transaction_id)));
  REQUIRE(requests.size() == 1);
  return requests.front();
}

void Approve(const v1::Request& request) {
  const auto status = Shared().admin.Approve(request.request_id(), request.fingerprints().request().sha256().lower());
  INFO(status.error_message());
  REQUIRE(status.ok());
}

void Reject(const v1::Request& request) {
  REQUIRE(Shared().admin.Reject(request.request_id()).ok());
}

std::string PollVerdict(const Device& device) {
  return Verdict(device, device.Poll().Build());
}

// Held is a device of a manual CA whose request waits.
Device Held(const std::string& ca = "manual") {
  const Device device(ca);
  REQUIRE(Verdict(device, device.Request().Build()) == "PENDING");
  return device;
}

// MakeIntermediate makes a manual CA below "demo".
void MakeIntermediate(const std::string& name) {
  v1::CreateCaRequest wish;
  wish.set_name(name);
  wish.set_key_algorithm("ecdsa-p256");
  wish.set_policy("manual");
  wish.set_issuer("demo");
  Shared().MakeCa(wish);
}

// PollFor asks with any IssuerAndSubject.
Bytes PollFor(const Device& device, ByteView issuer, ByteView subject) {
  const Bytes names = der::Encode(der::kSequence, {issuer, subject});
  return device.Signed(device.Enveloped(names).Build()).WithType("20").Build();
}

// Age makes a device's requests older than any time to live.
void Age(const Device& device) {
  engine_test::Execute(
      Shared().engine.database(),
      "UPDATE requests SET received_at = received_at - interval '31 days' WHERE transaction_id = '\\x" +
          pki::HexLower(device.transaction_id) + "'");
}

// LogHas tells whether `log` has a line about this transactionID.
bool LogHas(const std::string& log, const std::string& transaction_id) {
  std::istringstream lines(log);
  bool has = false;
  for (std::string line; std::getline(lines, line);) {
    if (lines.eof()) break;  // Not whole yet.
    const auto fields = nlohmann::json::parse(line, nullptr, false);
    if (fields.is_discarded()) {
      // gRPC writes here too; but whatever a client sends, a line about it stays one line of JSON.
      REQUIRE_FALSE((line.starts_with('{') || line.find("DROP") != std::string::npos));
      continue;
    }
    has = has || fields.value("transaction_id", "") == transaction_id;
  }
  return has;
}

}  // namespace

TEST_CASE("T-70 the same PKCSReq after issue brings the same certificate and costs no second use",
          "[conformance][transaction]") {
  const Device device;
  const PreSharedKey key = Shared().admin.CreateKey({.uses = 5});
  const Bytes message = device.Request(key.value).Build();
  const auto first = Enrol(device, message);
  const auto second = Enrol(device, message);
  CHECK(second.serial_number() == first.serial_number());
  CHECK(second.der() == first.der());
  CHECK(Requests(device) == 1);
  CHECK(Certificates(device) == 1);
  CHECK(Shared().admin.UseCount(key) == 1);
}

TEST_CASE("T-71 two identical PKCSReqs at once bring one certificate", "[conformance][transaction]") {
  for (int round = 0; round < 5; ++round) {
    const Device device;
    const PreSharedKey key = Shared().admin.CreateKey({.uses = 5});
    const std::string request = PostRequest(kPkiOperation, device.Request(key.value).Build());
    HttpClient one(Shared().gateway.port()), two(Shared().gateway.port());
    one.Send(request);
    two.Send(request);
    const auto first = one.Read(), second = two.Read();
    REQUIRE((first && second));
    CHECK(Open(ReadCertRep(*first), device.identity).der() == Open(ReadCertRep(*second), device.identity).der());
    CHECK(Certificates(device) == 1);
    CHECK(Requests(device) == 1);
    CHECK(Shared().admin.UseCount(key) == 1);
  }
}

TEST_CASE("T-72 a repeat under a new signer certificate stays one case, and the newer one gets the reply",
          "[conformance][transaction]") {
  Device device = Held();
  device.identity = MakeIdentity(testing::Key("device"), {.common_name = "throw-away", .serial_number = "\x77"});
  CHECK(Verdict(device, device.Request().Build()) == "PENDING");
  CHECK(Requests(device) == 1);
  Approve(OnlyRequest(device));
  Enrol(device, device.Poll().Build());
}

TEST_CASE(
    "T-73 a second key under a pending transactionID is a case of its own and flagged, or refused where the CA says so",
    "[conformance][transaction]") {
  const Device first = Held();
  Device second("manual", "other");
  second.transaction_id = first.transaction_id;
  CHECK(Verdict(second, second.Request().Build()) == "PENDING");
  const auto requests = Shared().admin.Requests(first.transaction_id);
  REQUIRE(requests.size() == 2);
  CHECK(requests.front().has_transaction_id_collision());
  CHECK_FALSE(requests.back().has_transaction_id_collision());
  Approve(requests.front());  // The newest.
  CHECK(PollVerdict(first) == "PENDING");
  Enrol(second, second.Poll().Build());
  Reject(requests.back());
  CHECK(PollVerdict(first) == "FAILURE 2");
  Enrol(second, second.Poll().Build());

  v1::CaOptions options;
  options.set_txid_collision(v1::TRANSACTION_ID_COLLISION_REJECT);
  Shared().MakeCa("exclusive", "ecdsa-p256", "default");
  Shared().SetOptions("exclusive", options);
  const Device owner("exclusive");
  Device intruder("exclusive", "other");
  intruder.transaction_id = owner.transaction_id;
  REQUIRE(Verdict(owner, owner.Request().Build()) == "PENDING");
  CHECK(Verdict(intruder, intruder.Request().Build()) == "FAILURE 2");
  const auto challenge = Shared().admin.CreateKey({.ca = "exclusive"});
  CHECK(Verdict(intruder, intruder.Request(challenge.value).Build()) == "FAILURE 2");
  CHECK(Shared().admin.UseCount(challenge) == 0);
  CHECK(PollVerdict(owner) == "PENDING");
}

TEST_CASE("T-74 after a wrong challenge the right one succeeds in the same transaction", "[conformance][transaction]") {
  const Device device;
  CHECK(Verdict(device, device.Request("no such key").Build()) == "FAILURE 2");
  Enrol(device, device.Request(Shared().admin.CreateKey().value).Build());
}

TEST_CASE("T-75 a poll is answered with what the operator decided", "[conformance][transaction]") {
  const Device approved = Held(), rejected = Held();
  CHECK(PollVerdict(approved) == "PENDING");
  CHECK(PollVerdict(rejected) == "PENDING");
  Approve(OnlyRequest(approved));
  Reject(OnlyRequest(rejected));
  const auto certificate = Enrol(approved, approved.Poll().Build());
  CHECK(certificate.subject() == testing::CommonName(approved.name));
  CHECK(Enrol(approved, approved.Poll().Build()).der() == certificate.der());
  CHECK(PollVerdict(rejected) == "FAILURE 2");
  CHECK(Certificates(rejected) == 0);
}

TEST_CASE("T-76 the names in a poll do not matter", "[conformance][transaction]") {
  MakeIntermediate("subordinate");
  const Device pending = Held("subordinate"), approved = Held("subordinate"), rejected = Held("subordinate");
  Approve(OnlyRequest(approved));
  Reject(OnlyRequest(rejected));
  const auto certificates = Published(Shared().gateway, "subordinate");
  const Bytes ra(certificates[0].subject()), ca(certificates[1].subject()), above(certificates[1].issuer());
  const Bytes wrong = testing::CommonName("somebody else");
  REQUIRE(std::set<Bytes>{ra, ca, above, wrong}.size() == 4);
  for (const Bytes& issuer : {ra, ca, above, wrong}) {
    for (const bool is_right : {true, false}) {
      const auto ask = [&](const Device& device) {
        return Verdict(device, PollFor(device, issuer, is_right ? testing::CommonName(device.name) : wrong));
      };
      CHECK(ask(pending) == "PENDING");
      CHECK(ask(approved) == "SUCCESS");
      CHECK(ask(rejected) == "FAILURE 2");
    }
  }
}

TEST_CASE("T-77 a poll for what is unknown, or by another key, is FAILURE badCertId", "[conformance][transaction]") {
  const Device unknown("manual"), device = Held();
  CHECK(PollVerdict(unknown) == "FAILURE 4");
  Device thief("manual", "other");
  thief.transaction_id = device.transaction_id;
  CHECK(PollVerdict(thief) == "FAILURE 4");
  Approve(OnlyRequest(device));
  CHECK(PollVerdict(thief) == "FAILURE 4");
  Enrol(device, device.Poll().Build());
}

TEST_CASE("T-78 transactionIDs are echoed octet for octet, and do no harm where they are shown",
          "[conformance][transaction]") {
  const Bytes html = "<script>alert(1)</script><img src=x onerror='alert(2)'>&quot;",
              sql = "'; DROP TABLE requests; --", line = "\"}\r\n{\"event\":\"forged\",\"x\":\"\\",
              odd = std::string("\0\x1b[2J\x7f\xff%s%n$(id)", 16);
  for (const Bytes& id : {Bytes("AbC+/="), Bytes("0"), Bytes(255, 'z'), html, sql, line, odd}) {
    Device device("manual");
    device.transaction_id = id;
    const std::string shown = scep::PrintableTransactionId(scep::TransactionId(id));
    CAPTURE(shown);
    CHECK(std::all_of(shown.begin(), shown.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    CHECK(Verdict(device, device.Request().Build()) == "PENDING");
    CHECK(PollVerdict(device) == "PENDING");
    CHECK(Requests(device) == 1);
    CHECK(OnlyRequest(device).transaction_id() == shown);
    for (const auto& log : {std::function([] { return Shared().gateway.log(); }),
                            std::function([] { return Shared().engine.output(); })}) {
      CHECK(support::Eventually([&] { return LogHas(log(), shown); }));
      CHECK(log().find("\n{\"event\":\"forged\"") == std::string::npos);
    }
  }
}

TEST_CASE("T-79 a restart between PENDING and the poll loses nothing", "[conformance][transaction]") {
  Product product;
  product.MakeCa("demo", "ecdsa-p256", "manual");
  const Device device("demo", Published(product.gateway, "demo").front());
  CHECK(Ask(device, device.Request().Build(), product.gateway).verdict() == "PENDING");
  product.engine.Stop();
  product.engine.Start();
  const GatewayProgram restarted(product.engine);
  CHECK(Ask(device, device.Poll().Build(), restarted).verdict() == "PENDING");
  const auto requests = product.admin.Requests(device.transaction_id);
  REQUIRE(requests.size() == 1);
  REQUIRE(product.admin.Approve(requests[0].request_id(), requests[0].fingerprints().request().md5().grouped()).ok());
  Enrol(device, device.Poll().Build(), restarted);
}

TEST_CASE("T-80 without its engine the gateway answers 503 with Retry-After", "[conformance][transaction]") {
  Product product;
  product.MakeCa("demo", "ecdsa-p256", "manual");
  const Device device("demo", Published(product.gateway, "demo").front());
  CHECK(Ask(device, device.Request().Build(), product.gateway).verdict() == "PENDING");
  product.engine.Stop();
  for (const Bytes& message : {device.Poll().Build(), Device("demo", device.ra).Request().Build()}) {
    const HttpReply reply = Post(product.gateway.port(), kPkiOperation, message);
    CHECK(reply.status == 503);
    CHECK(reply.Field("Retry-After") == "5");
    CHECK(reply.Field("Content-Type") == "text/plain");
    CHECK(reply.body == "Service Unavailable\n");
  }
}

TEST_CASE("T-81 a request that waited too long is FAILURE badCertId, and the next one a new case",
          "[conformance][transaction]") {
  const Device device = Held();
  const std::string first = OnlyRequest(device).request_id();
  Age(device);
  CHECK(support::Eventually([&] { return OnlyRequest(device).state() == v1::REQUEST_STATE_EXPIRED; }));
  CHECK(PollVerdict(device) == "FAILURE 4");
  CHECK(Verdict(device, device.Request().Build()) == "PENDING");
  const auto requests = Shared().admin.Requests(device.transaction_id);
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].state() == v1::REQUEST_STATE_PENDING);
  CHECK(requests[1].request_id() == first);
  CHECK(PollVerdict(device) == "PENDING");
}
