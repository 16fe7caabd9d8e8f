#include <algorithm>
#include <catch2/catch.hpp>

#include "device.h"
#include "tests/integration/engine/cluster.h"

using namespace conformance;

namespace {

HttpReply PostFrom(const GatewayProgram& gateway, const std::string& address, const std::string& ca,
                   const Bytes& message) {
  return Post(gateway.port(), "/scep/" + ca + "?operation=PKIOperation", message,
              "X-Forwarded-For: " + address + "\r\n");
}

std::size_t Occurrences(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) count++;
  return count;
}

// LinesWith are the lines of a log that hold `part`.
std::string LinesWith(const std::string& text, std::string_view part) {
  std::string lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    if (line.find(part) != std::string::npos) lines += line + "\n";
    begin = end + 1;
  }
  return lines;
}

int All(const std::string& table) {
  return engine_test::Count(Shared().engine.database(), table);
}

// TypedVerdict is what a sound request, but for its messageType, is answered with.
std::string TypedVerdict(const Device& device, const std::string& challenge, const std::string& type) {
  return Verdict(device, device.Request(challenge).WithType(type).Build());
}

std::vector<std::string> Types() {
  std::vector<std::string> types;
  for (int type = 0; type < 256; type++) types.push_back(std::to_string(type));
  // What a careless reader takes for 17 or 19.
  for (const char* type :
       {"019", "19 ", " 17", "+17", "0x13", "275", "-237", "65555", "4294967315", "18446744073709551635", ""}) {
    types.emplace_back(type);
  }
  return types;
}

// Holder is a device with a certificate of ours that may renew at once; `model` is another one of the same CA.
Device Holder(const Device& model = Device()) {
  const Device device(model.ca, model.ra);
  const auto key = Shared().admin.CreateKey({.ca = model.ca, .policy = "renewable"});
  const auto certificate = Enrol(device, device.Request(key.value).Build());
  Device next(model.ca, model.ra);
  next.name = device.name;
  next.identity = {device.identity.key, certificate};
  return next;
}

Bytes Renewal(const Device& holder, const std::string& type) {
  testing::RequestShape shape;
  shape.subject = testing::CommonName(holder.name);
  return holder.RequestOf(testing::SignedRequest(*testing::Key("next"), shape)).WithType(type).Build();
}

// PatientCas are a device of each kind of CA at which what has no challenge waits: with an RA and without.
std::vector<Device> PatientCas() {
  static const auto alone = Shared().MakeCaAlone("unaided", "default");
  return {Device("manual"), Device("unaided", alone)};
}

}  // namespace

TEST_CASE("S-05 past its decrypts a source gets 429, and what never comes to a decryption is not charged") {
  const GatewayProgram gateway(
      Shared().engine, {"--failures-per-source", "0", "--decrypts-per-source", "20", "--trusted-proxy", "127.0.0.1"});
  const Device device("manual");
  const Bytes sound = device.Request().Build();
  const auto from = [&](const char* address, const Bytes& message) {
    return PostFrom(gateway, address, "manual", message);
  };
  for (int i = 0; i < 30; i++) {
    CHECK(from("192.0.2.1", device.Request().TamperSignature().Build()).status == 200);
    CHECK(from("192.0.2.1", device.Poll().Build()).status == 200);
    CHECK(from("192.0.2.1", "garbage").status == 400);
  }
  int served = 0;
  int over = 0;
  for (int i = 0; i < 60; i++) {
    const auto reply = from("192.0.2.1", sound);
    served += reply.status == 200;
    over += reply.status == 429;
    if (reply.status == 429) CHECK(reply.Field("Retry-After") == "60");
  }
  CHECK(served + over == 60);
  CHECK(served >= 20);
  CHECK(over > 0);
  CHECK(ReadCertRep(from("192.0.2.1", device.Poll().Build())).verdict() == "PENDING");
  CHECK(ReadCertRep(from("192.0.2.2", sound)).verdict() == "PENDING");
  const std::string metrics = gateway.Metrics();
  CHECK(metrics.find("certifier_scep_over_budget_total{budget=\"source\",of=\"decrypts\"} " + std::to_string(over)) !=
        std::string::npos);
  CHECK(metrics.find("certifier_scep_decrypts_total " + std::to_string(served + 1)) != std::string::npos);
}

TEST_CASE("S-22 who guesses challenges is slowed and there is one alarm; the right key from elsewhere is served") {
  // So long that no machine is slow enough to see its end.
  Product product({"--challenge-failures-per-source", "5", "--challenge-delay", "10m"},
                  {"--failures-per-source", "0", "--trusted-proxy", "127.0.0.1"});
  product.MakeCa("demo", "ecdsa-p256", "automatic");
  const auto ra = Published(product.gateway, "demo").front();
  const auto key = product.admin.CreateKey();
  const auto from = [&](const char* address, const std::string& challenge) {
    return PostFrom(product.gateway, address, "demo", Device("demo", ra).Request(challenge).Build());
  };
  const std::string guess = "GUESS-8f14e45fceea";
  for (int i = 0; i < 6; i++) CHECK(ReadCertRep(from("192.0.2.66", guess)).verdict() == "FAILURE 2");
  for (const std::string& challenge : {guess, key.value}) {
    const auto reply = from("192.0.2.66", challenge);
    CHECK(reply.status == 429);
    const int seconds = std::stoi(reply.Field("Retry-After"));
    CHECK((seconds > 500 && seconds <= 600));
  }
  CHECK(product.admin.UseCount(key) == 0);
  CHECK(product.engine.Metrics().find("certifier_challenge_slowed_sources 1") != std::string::npos);
  CHECK(ReadCertRep(from("192.0.2.7", key.value)).verdict() == "SUCCESS");
  // A one-time key that comes again, with another request.
  CHECK(ReadCertRep(from("192.0.2.8", key.value)).verdict() == "FAILURE 2");

  const std::string log = product.engine.output();
  const std::string alarms = LinesWith(log, "\"challenge_alarm\"");
  INFO(alarms);
  CHECK(Occurrences(alarms, "\n") == 2);
  CHECK(Occurrences(alarms, "\"level\":\"error\"") == 2);
  CHECK(LinesWith(alarms, "\"cause\":\"source\"").find("192.0.2.66") != std::string::npos);
  CHECK(LinesWith(alarms, "\"cause\":\"used_up_key\"").find(key.reference_number) != std::string::npos);
  for (const std::string& secret : {guess, key.value}) {
    CHECK(log.find(secret) == std::string::npos);
    CHECK(product.gateway.output().find(secret) == std::string::npos);
  }
  const std::string metrics = product.engine.Metrics();
  CHECK(metrics.find("certifier_challenge_alarms_total{cause=\"source\"} 1") != std::string::npos);
  CHECK(metrics.find("certifier_challenge_alarms_total{cause=\"used_up_key\"} 1") != std::string::npos);
  CHECK(metrics.find("certifier_challenge_delayed_total 2") != std::string::npos);
}

TEST_CASE("S-33 of every messageType only 19 issues for a challenge, and none without") {
  const auto key = Shared().admin.CreateKey({.uses = 1000});
  const int before = All("certificates");
  for (const std::string& type : Types()) {
    CAPTURE(type);
    const Device with, without;
    const std::string verdict = TypedVerdict(with, key.value, type);
    if (type == "19") {
      CHECK(verdict == "SUCCESS");
    } else {
      CHECK(verdict.starts_with("FAILURE"));
    }
    CHECK(TypedVerdict(without, {}, type).starts_with("FAILURE"));
    CHECK(Certificates(with) == (type == "19" ? 1 : 0));
    CHECK(Certificates(without) == 0);
  }
  CHECK(All("certificates") == before + 1);
  CHECK(Shared().admin.UseCount(key) == 1);
}

TEST_CASE("S-33 of every messageType only 17 and 19 renew for a signer of ours") {
  const Device seventeen = Holder(), nineteen = Holder(), other = Holder();
  const int before = All("certificates");
  for (const std::string& type : Types()) {
    CAPTURE(type);
    const Device& holder = type == "17" ? seventeen : type == "19" ? nineteen : other;
    const std::string verdict = Verdict(holder, Renewal(holder, type));
    if (type == "17" || type == "19") {
      CHECK(verdict == "SUCCESS");
    } else {
      CHECK(verdict.starts_with("FAILURE"));
    }
  }
  CHECK(All("certificates") == before + 2);
  // It was not the signer.
  CHECK(Verdict(other, Renewal(other, "17")) == "SUCCESS");
}

TEST_CASE("S-33 where requests wait, with an RA or without, 19 alone leaves one behind for a self-signed signer") {
  for (const Device& model : PatientCas()) {
    const auto key = Shared().admin.CreateKey({.ca = model.ca, .uses = 1000});
    const int requests = All("requests"), certificates = All("certificates");
    for (const std::string& type : Types()) {
      CAPTURE(model.ca, type);
      const bool enrols = type == "19";
      for (const std::string& challenge : {std::string(), key.value}) {
        const Device device(model.ca, model.ra);
        CHECK(TypedVerdict(device, challenge, type).starts_with("FAILURE") == !enrols);
        if (enrols) CHECK(Requests(device) == 1);
      }
    }
    CHECK(All("requests") == requests + 2);
    CHECK(All("certificates") - certificates == static_cast<int>(Shared().admin.UseCount(key)));
  }
}

TEST_CASE("S-33 at a CA without one pre-shared key 19 alone leaves a request behind, and none issues") {
  const int requests = All("requests"), certificates = All("certificates");
  for (const std::string& type : Types()) {
    CAPTURE(type);
    const Device without("keyless"), guessing("keyless");
    const std::string verdict = TypedVerdict(without, {}, type);
    if (type == "19") {
      CHECK(verdict == "PENDING");
    } else {
      CHECK(verdict.starts_with("FAILURE"));
    }
    CHECK(TypedVerdict(guessing, "secret", type).starts_with("FAILURE"));
  }
  CHECK(All("requests") == requests + 1);
  CHECK(All("certificates") == certificates);
}

TEST_CASE("S-33 where requests wait, with an RA or without, 17 and 19 alone leave one behind for a signer of ours") {
  for (const Device& model : PatientCas()) {
    const Device seventeen = Holder(model), nineteen = Holder(model), other = Holder(model);
    const int requests = All("requests");
    for (const std::string& type : Types()) {
      CAPTURE(model.ca, type);
      const bool renews = type == "17" || type == "19";
      const Device& holder = type == "17" ? seventeen : type == "19" ? nineteen : other;
      CHECK(Verdict(holder, Renewal(holder, type)).starts_with("FAILURE") == !renews);
    }
    for (const Device* holder : {&seventeen, &nineteen}) CHECK(Requests(*holder) == 1);
    CHECK(All("requests") == requests + 2);
  }
}
