#include "rpc/forwarder.h"

#include <catch2/catch.hpp>

#include "certifier/v1/ca.pb.h"
#include "certifier/v1/request.pb.h"
#include "service/status_mapping.h"

namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr system_clock::time_point kNow{hours(24 * 365)};
const admin::ForwardingSettings kSettings{.default_timeout = seconds(10), .max_timeout = seconds(60)};

}  // namespace

TEST_CASE("the engine gets the client's deadline, the default where there is none, and never more than the most",
          "[admin][forwarder]") {
  CHECK(admin::EngineDeadline(kNow + seconds(3), kNow, kSettings) == kNow + seconds(3));
  CHECK(admin::EngineDeadline(system_clock::time_point::max(), kNow, kSettings) == kNow + seconds(10));
  CHECK(admin::EngineDeadline(kNow + hours(1), kNow, kSettings) == kNow + seconds(60));
  CHECK(admin::EngineDeadline(kNow - seconds(1), kNow, kSettings) == kNow - seconds(1));
}

TEST_CASE("the engine's own answers pass unchanged", "[admin][forwarder]") {
  const auto status = service::ToStatus({result::Reason::kUnavailable, "the database is away"});
  const auto answer = admin::AnswerFor(status);
  CHECK(answer.error_code() == status.error_code());
  CHECK(answer.error_message() == status.error_message());
  CHECK(answer.error_details() == status.error_details());
  CHECK(admin::AnswerFor(grpc::Status::OK).ok());
  CHECK(admin::AnswerFor({grpc::StatusCode::UNIMPLEMENTED, "no"}).error_code() == grpc::StatusCode::UNIMPLEMENTED);
}

TEST_CASE("an engine that did not answer is unavailable, in words about the engine", "[admin][forwarder]") {
  const auto code = GENERATE(grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED);
  const auto error = service::FromStatus(admin::AnswerFor({code, "ipv4:192.0.2.1:9440: connection refused"}));
  CHECK(error.reason == result::Reason::kUnavailable);
  CHECK(error.detail.find("certifier-engine") != std::string::npos);
  CHECK(error.detail.find("192.0.2.1") == std::string::npos);
}

TEST_CASE("a method is named after its request", "[admin][forwarder]") {
  CHECK(admin::MethodOf(*certifier::v1::CreateCaRequest::descriptor()) == "CreateCa");
  CHECK(admin::MethodOf(*certifier::v1::GetRequestRequest::descriptor()) == "GetRequest");
}
