// What needs an operator, as a whole engine finds it.
#include <catch2/catch.hpp>

#include "certifier/v1/report.grpc.pb.h"
#include "engine_fixture.h"
#include "service/status_mapping.h"
#include "support/access.h"
#include "timestamp.h"

namespace engine_test {

namespace {

using result::Reason;
using Stub = v1::ReportService::Stub;

class ReportFixture : public EngineFixture {
 public:
  ReportFixture()
      : engine(StartReady([](engine::Config& config) { config.audit_seal_interval = std::chrono::milliseconds(100); })),
        admin(Channel(*engine, Role::kAdmin)),
        gateway(Channel(*engine, Role::kGateway)) {}

  template <class Request, class Response>
  Response Get(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*), const Request& request,
               const std::string& login = "alice") {
    Response response;
    const auto status = Call(admin, rpc, request, &response, login);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }
  template <class Request, class Response>
  Reason Refused(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*), const Request& request) {
    Response response;
    return service::FromStatus(Call(admin, rpc, request, &response, "alice")).reason;
  }
  v1::ListFailuresResponse Failures(const std::string& login = "alice", const std::string& token = "",
                                    std::uint32_t size = 0) {
    v1::ListFailuresRequest request;
    request.set_page_token(token);
    request.set_page_size(size);
    return Get(&Stub::ListFailures, request, login);
  }

  const std::unique_ptr<engine::Engine> engine;
  const std::shared_ptr<grpc::Channel> admin, gateway;
};

}  // namespace

TEST_CASE_METHOD(ReportFixture, "what failed is listed with its reason, and what waits or was issued is not",
                 "[engine][report]") {
  const std::string key = MakeCa(*engine);
  const Device issued, waiting, refused, other;
  REQUIRE(Eventually([&] { return Submit(gateway, Submission(issued, key, "tx-1")) == "issued"; }));
  REQUIRE(Submit(gateway, Submission(waiting, "", "tx-2")) == "pending");
  auto wrong = Submission(refused, "no such key", "tx-3");
  wrong.set_certification_request(
      refused.Request({.challenge = "no such key", .alternative_names = {"dns:a.example"}}));
  REQUIRE(Submit(gateway, wrong) == "badRequest");
  REQUIRE(Submit(gateway, wrong) == "badRequest");
  REQUIRE(Submit(gateway, Submission(other, "nor this", "tx-4")) == "badRequest");
  REQUIRE(Eventually([&] { return Failures().failures_size() == 2; }));
  const auto first = Failures("alice", "", 1);
  REQUIRE(first.failures_size() == 1);
  const auto second = Failures("alice", first.next_page_token(), 1);
  REQUIRE(second.failures_size() == 1);
  CHECK(second.next_page_token().empty());
  CHECK(first.failures(0).message().transaction_id() == "tx-4");
  const auto& repeated = second.failures(0);
  CHECK(repeated.message().transaction_id() == "tx-3");
  CHECK(repeated.reason() == "key_unknown");
  CHECK(repeated.message().source_address() == "192.0.2.1");
  CHECK(Eventually([&] { return Failures().failures(1).message_count() == 2; }));
  // All of it is explained, not listed.
  CHECK(repeated.steps_size() == 1);
  CHECK(repeated.steps(0).verdict() == v1::VERDICT_DENY);
  CHECK(repeated.message().subject_alternative_names().empty());
  CHECK(repeated.ShortDebugString().find("no such key") == std::string::npos);

  v1::ListIssuanceRequest hours;
  *hours.mutable_since() = engine::ToTimestamp(std::chrono::system_clock::now() - std::chrono::hours(2));
  REQUIRE(Eventually([&] {
    std::uint64_t issues = 0, refusals = 0;
    const auto counted = Get(&Stub::ListIssuance, hours);
    for (const auto& hour : counted.hours()) issues += hour.issued(), refusals += hour.refused();
    return issues == 1 && refusals == 2;
  }));
  v1::ListExpiringKeysRequest keys;
  keys.mutable_within()->set_seconds(366 * 86400);
  CHECK(Get(&Stub::ListExpiringKeys, keys).keys_size() == 1);
  CHECK(Get(&Stub::ListOverdueCertificates, v1::ListOverdueCertificatesRequest()).certificates().empty());

  Execute(database(),
          "INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)"
          " SELECT 'other', 'active', policy_id, false, now(), 'test' FROM cas;" +
              support::OperatorSql("foreign", {"super_user:other"}));
  CHECK(Failures("foreign").failures().empty());
  CHECK(Get(&Stub::ListIssuance, hours, "foreign").hours().empty());
  CHECK(Get(&Stub::ListExpiringKeys, keys, "foreign").keys().empty());
}

TEST_CASE_METHOD(ReportFixture, "what makes no sense is malformed", "[engine][report]") {
  for (const char* token : {"x", "1.", "1.2", "0.61f8f3ca-b265-8d2e-8d70-8d48ed766b5c",
                            "9223372036854775807.61f8f3ca-b265-8d2e-8d70-8d48ed766b5c"}) {
    CAPTURE(token);
    v1::ListFailuresRequest request;
    request.set_page_token(token);
    CHECK(Refused(&Stub::ListFailures, request) == Reason::kMalformed);
  }
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{366 * 86400 + 1}}) {
    CAPTURE(seconds);
    v1::ListExpiringKeysRequest request;
    request.mutable_within()->set_seconds(seconds);
    CHECK(Refused(&Stub::ListExpiringKeys, request) == Reason::kMalformed);
  }
  CHECK(Refused(&Stub::ListIssuance, v1::ListIssuanceRequest()) == Reason::kMalformed);
}

}  // namespace engine_test
