#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway_fixture.h"
#include "service/status_mapping.h"

namespace gateway {
namespace {

// Crowd is one device that is served at once, and others that come while the gateway still waits to send the next call.
class Crowd : public GatewayFixture {
 public:
  // StartWithFirst runs the gateway with a long interval and brings the first device in.
  void StartWithFirst(std::vector<std::string> flags = {}) {
    for (int i = 0; i < kMost; i++) Device(i);  // Makes their keys: later there would be no time.
    flags.insert(flags.end(), {"--engine-batch-interval", "1s"});
    StartReady(flags);
    REQUIRE(EnrolInWords() == "SUCCESS");
  }
  // Enrol brings in `count` devices at once and returns what they hear.
  std::vector<std::string> EnrolTogether(int count) {
    std::vector<scep::Client> devices;
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < count; i++) devices.push_back(Device(i));
    for (int i = 0; i < count; i++) {
      clients.push_back(std::make_unique<HttpClient>(port()));
      clients.back()->Send(PkcsReq(devices[static_cast<std::size_t>(i)], i));
    }
    std::vector<std::string> heard;
    for (int i = 0; i < count; i++) {
      const auto n = static_cast<std::size_t>(i);
      heard.push_back(InWords(devices[n], clients[n]->Read()));
    }
    return heard;
  }

 private:
  static constexpr int kMost = 4;
};

using result::Reason;
using Code = grpc::StatusCode;

TEST_CASE_METHOD(GatewayFixture, "an engine that cannot decide now is 503 with Retry-After", "[gateway][engine]") {
  const auto engine = MakeEngine();
  StartReady();
  const Code code = GENERATE(Code::UNAVAILABLE, Code::RESOURCE_EXHAUSTED, Code::CANCELLED, Code::INTERNAL,
                             Code::PERMISSION_DENIED, Code::UNIMPLEMENTED);
  engine->enrollment().set_decide([code](const auto&, auto&) { return grpc::Status(code, "not now"); });
  const HttpReply reply = Enrol();
  CHECK(reply.status == 503);
  CHECK(reply.Field("Retry-After") == "5");
  CHECK(reply.body.find("not now") == std::string::npos);
}

TEST_CASE_METHOD(GatewayFixture, "an engine that does not answer is 503 with Retry-After at the deadline",
                 "[gateway][engine]") {
  const auto engine = MakeEngine();
  StartReady({"--engine-deadline", "300ms"});
  engine->enrollment().Hold();
  const HttpReply reply = Enrol();
  CHECK(reply.status == 503);
  CHECK(reply.Field("Retry-After") == "5");
  engine->enrollment().Release();
  CHECK(EnrolInWords() == "SUCCESS");
}

TEST_CASE_METHOD(GatewayFixture, "the engine's verdict on the device is a CertRep, not a 503", "[gateway][engine]") {
  const auto engine = MakeEngine();
  StartReady();
  const auto [reason, words] =
      GENERATE(table<Reason, std::string>({{Reason::kMalformed, "FAILURE badRequest"},
                                           {Reason::kPolicyRefused, "FAILURE badRequest"},
                                           {Reason::kNotFound, "FAILURE badRequest"},
                                           {Reason::kBadAlgorithm, "FAILURE badAlg"},
                                           {Reason::kBadMessageCheck, "FAILURE badMessageCheck"},
                                           {Reason::kBadTime, "FAILURE badTime"},
                                           {Reason::kUnknownCertificate, "FAILURE badCertId"},
                                           {Reason::kConflict, "503"},
                                           {Reason::kUnauthorized, "503"},
                                           {Reason::kInternal, "503"}}));
  engine->enrollment().set_decide([reason = reason](const auto&, auto&) {
    return service::ToStatus({reason, "a detail"});
  });
  CHECK(EnrolInWords() == words);
}

TEST_CASE_METHOD(GatewayFixture, "an engine that is busy for a moment is asked the same thing again",
                 "[gateway][engine]") {
  const auto engine = MakeEngine();
  StartReady();
  std::atomic<int> calls = 0;
  engine->enrollment().set_decide([&](const auto&, auto& response) {
    if (++calls < 3) return grpc::Status(Code::UNAVAILABLE, "busy");
    response.mutable_pending()->set_request_id("1");
    return grpc::Status::OK;
  });
  CHECK(EnrolInWords() == "PENDING");
  const auto seen = engine->enrollment().calls();
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].SerializeAsString() == seen[1].SerializeAsString());
  CHECK(seen[0].SerializeAsString() == seen[2].SerializeAsString());
}

TEST_CASE_METHOD(GatewayFixture, "failures of its own are reported, so many at once, and nobody waits for it",
                 "[gateway][engine][bounds]") {
  const auto engine = MakeEngine();
  engine->enrollment().Hold();
  StartReady({"--max-failure-reports", "2"});
  auto device = Device();
  const auto refuse = [&] {
    HttpClient client(port());
    client.Send(AsPost(device.MakeMessage("19", "no PKCS#10").value()));
    return InWords(device, client.Read());
  };
  for (int i = 0; i < 5; i++) CHECK(refuse() == "FAILURE badRequest");
  CHECK(Eventually([&] {
    return Health("/metrics").second.find("\ncertifier_failure_reports_dropped_total 3\n") != std::string::npos;
  }));
  CHECK(Eventually([&] { return engine->enrollment().reports().size() == 2; }));
  const auto report = engine->enrollment().reports()[0];
  CHECK(report.ca() == "demo");
  CHECK(report.transaction_id() == device.transaction_id().octets());
  CHECK(report.reason() == "malformed: the envelope holds nothing for us");
  CHECK(report.source_address() == "127.0.0.1");
  CHECK(report.decision_id().size() == 36);
  engine->enrollment().Release();
  CHECK(Eventually([&] {
    refuse();
    return engine->enrollment().reports().size() > 2;
  }));
}

TEST_CASE_METHOD(GatewayFixture, "when an engine dies over a request, another one is asked", "[gateway][engine]") {
  std::vector<std::unique_ptr<FakeEngineServer>> engines;
  for (int i = 0; i < 2; ++i) engines.push_back(MakeEngine("127.0.0.1:0"));
  for (const auto& engine : engines) engine->enrollment().Hold();
  StartReady({}, "ipv4:" + engines[0]->address() + "," + engines[1]->address());
  auto device = Device();
  HttpClient client(port());
  client.Send(PkcsReq(device));
  const auto asked = [](const auto& engine) { return !engine->enrollment().calls().empty(); };
  REQUIRE(Eventually([&] { return asked(engines[0]) || asked(engines[1]); }));
  auto& dying = asked(engines[0]) ? engines[0] : engines[1];
  auto& other = asked(engines[0]) ? engines[1] : engines[0];
  other->enrollment().Release();
  dying.reset();
  CHECK(InWords(device, client.Read()) == "SUCCESS");
  CHECK(other->enrollment().calls().size() == 1);
}

TEST_CASE_METHOD(GatewayFixture, "with one of two engines gone every device is served by the other",
                 "[gateway][engine]") {
  auto first = MakeEngine("127.0.0.1:0");
  const auto second = MakeEngine("127.0.0.1:0");
  StartReady({}, "ipv4:" + first->address() + "," + second->address());
  // Both are in turn.
  REQUIRE(Eventually([&] {
    return EnrolInWords() == "SUCCESS" && !first->enrollment().calls().empty() && !second->enrollment().calls().empty();
  }));
  first.reset();
  for (int i = 0; i < 10; ++i) CHECK(EnrolInWords() == "SUCCESS");
}

TEST_CASE_METHOD(Crowd, "submissions that come close together travel in one call", "[gateway][engine][batch]") {
  const auto engine = MakeEngine();
  StartWithFirst();
  CHECK(EnrolTogether(3) == std::vector<std::string>(3, "SUCCESS"));
  CHECK(engine->enrollment().batches() == std::vector<int>{3});
  CHECK(engine->enrollment().calls().size() == 4);
}

TEST_CASE_METHOD(Crowd, "a call takes no more submissions than its bound", "[gateway][engine][batch][bounds]") {
  const auto engine = MakeEngine();
  StartWithFirst({"--engine-batch", "2"});
  CHECK(EnrolTogether(4) == std::vector<std::string>(4, "SUCCESS"));
  CHECK(engine->enrollment().batches() == std::vector<int>{2, 2});
}

TEST_CASE_METHOD(Crowd, "each submission of a call has a verdict of its own", "[gateway][engine][batch]") {
  const auto engine = MakeEngine();
  StartWithFirst();
  std::atomic<int> calls = 0;
  engine->enrollment().set_decide([&](const auto&, auto& response) {
    switch (calls++) {
      case 0:
        return service::ToStatus({Reason::kBadAlgorithm, "a detail"});
      case 1:
        response.mutable_rejected()->set_fail_info(certifier::v1::FAIL_INFO_BAD_REQUEST);
        return grpc::Status::OK;
      default:
        response.mutable_pending()->set_request_id("1");
        return grpc::Status::OK;
    }
  });
  auto heard = EnrolTogether(3);
  std::sort(heard.begin(), heard.end());
  CHECK(heard == std::vector<std::string>{"FAILURE badAlg", "FAILURE badRequest", "PENDING"});
  CHECK(engine->enrollment().batches() == std::vector<int>{3});
}

TEST_CASE_METHOD(Crowd, "what one engine has no room for is submitted again by itself", "[gateway][engine][batch]") {
  const auto engine = MakeEngine();
  StartWithFirst();
  std::atomic<int> calls = 0;
  engine->enrollment().set_decide([&](const auto&, auto& response) {
    if (calls++ == 1) return service::ToStatus({Reason::kUnavailable, "full"});
    response.mutable_pending()->set_request_id("1");
    return grpc::Status::OK;
  });
  CHECK(EnrolTogether(3) == std::vector<std::string>(3, "PENDING"));
  CHECK(calls == 4);
  CHECK(engine->enrollment().batches() == std::vector<int>{3});
}

TEST_CASE_METHOD(Crowd, "a call that an engine cannot take is made for each submission", "[gateway][engine][batch]") {
  const auto engine = MakeEngine();
  StartWithFirst();
  engine->enrollment().set_batch_refusal({GENERATE(Code::UNIMPLEMENTED, Code::INTERNAL), "an older engine"});
  CHECK(EnrolTogether(3) == std::vector<std::string>(3, "SUCCESS"));
  CHECK(engine->enrollment().batches() == std::vector<int>{3});
  CHECK(engine->enrollment().calls().size() == 4);
}

TEST_CASE_METHOD(Crowd, "a call that no engine has room for is 503 for each", "[gateway][engine][batch]") {
  const auto engine = MakeEngine();
  StartWithFirst();
  engine->enrollment().set_batch_refusal({Code::UNAVAILABLE, "full"});
  CHECK(EnrolTogether(3) == std::vector<std::string>(3, "503"));
  CHECK(engine->enrollment().calls().size() == 1);
}

}  // namespace
}  // namespace gateway
