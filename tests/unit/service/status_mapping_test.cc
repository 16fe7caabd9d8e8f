#include "service/status_mapping.h"

#include <catch2/catch.hpp>

#include "certifier/v1/error.pb.h"

using grpc::StatusCode;
using result::Reason;

TEST_CASE("every reason has its status, and comes back", "[status]") {
  const auto [reason, code] =
      GENERATE(table<Reason, StatusCode>({{Reason::kMalformed, StatusCode::INVALID_ARGUMENT},
                                          {Reason::kBadAlgorithm, StatusCode::INVALID_ARGUMENT},
                                          {Reason::kBadMessageCheck, StatusCode::INVALID_ARGUMENT},
                                          {Reason::kBadTime, StatusCode::INVALID_ARGUMENT},
                                          {Reason::kUnknownCertificate, StatusCode::NOT_FOUND},
                                          {Reason::kUnauthorized, StatusCode::PERMISSION_DENIED},
                                          {Reason::kPolicyRefused, StatusCode::FAILED_PRECONDITION},
                                          {Reason::kNotFound, StatusCode::NOT_FOUND},
                                          {Reason::kConflict, StatusCode::FAILED_PRECONDITION},
                                          {Reason::kUnavailable, StatusCode::UNAVAILABLE}}));
  const auto status = service::ToStatus({reason, "the detail"});
  CHECK(status.error_code() == code);
  CHECK(status.error_message() == "the detail");
  CHECK(service::FromStatus(status).reason == reason);
  CHECK(service::FromStatus(status).detail == "the detail");
}

TEST_CASE("an internal error's detail stays in the process", "[status]") {
  const auto status = service::ToStatus({Reason::kInternal, "password=secret"});
  CHECK(status.error_code() == StatusCode::INTERNAL);
  CHECK(status.error_message() == "internal error; see the log");
  CHECK(status.error_details().find("secret") == std::string::npos);
  CHECK(service::FromStatus(status).reason == Reason::kInternal);
}

TEST_CASE("a status of somebody else's is unavailable, unauthorized or internal", "[status]") {
  const auto [code, reason] =
      GENERATE(table<StatusCode, Reason>({{StatusCode::UNAVAILABLE, Reason::kUnavailable},
                                          {StatusCode::DEADLINE_EXCEEDED, Reason::kUnavailable},
                                          {StatusCode::CANCELLED, Reason::kUnavailable},
                                          {StatusCode::RESOURCE_EXHAUSTED, Reason::kUnavailable},
                                          {StatusCode::PERMISSION_DENIED, Reason::kUnauthorized},
                                          {StatusCode::UNAUTHENTICATED, Reason::kUnauthorized},
                                          {StatusCode::UNIMPLEMENTED, Reason::kInternal},
                                          {StatusCode::INVALID_ARGUMENT, Reason::kInternal},
                                          {StatusCode::INTERNAL, Reason::kInternal},
                                          {StatusCode::UNKNOWN, Reason::kInternal}}));
  CHECK(service::FromStatus({code, "text"}).reason == reason);
  CHECK(service::FromStatus({code, "text"}).detail == "text");
}

TEST_CASE("details that are none of ours count for nothing", "[status]") {
  CHECK(service::FromStatus({StatusCode::UNAVAILABLE, "text", "\xff\xff"}).reason == Reason::kUnavailable);
  CHECK(service::FromStatus({StatusCode::UNAVAILABLE, "text", ""}).detail == "text");
}

TEST_CASE("a reason that a newer peer knows is internal", "[status]") {
  certifier::v1::ErrorDetail detail;
  detail.set_reason(static_cast<certifier::v1::Reason>(99));
  const grpc::Status status(StatusCode::NOT_FOUND, "text", detail.SerializeAsString());
  CHECK(service::FromStatus(status).reason == Reason::kInternal);
}

TEST_CASE("a detail that is no UTF-8 does not lose the reason", "[status]") {
  const auto error = service::FromStatus(service::ToStatus({Reason::kMalformed, "gr\xfcn"}));
  CHECK(error.reason == Reason::kMalformed);
  CHECK(error.detail == "gr?n");
  CHECK(service::FromStatus(service::ToStatus({Reason::kConflict, "gr\xc3\xbcn"})).detail == "gr\xc3\xbcn");
}
