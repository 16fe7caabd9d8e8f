#include "service/status_mapping.h"

#include <stdexcept>

#include "pki/der.h"
#include "pki/name.h"

namespace service {

namespace {

namespace v1 = certifier::v1;
using result::Reason;

v1::Reason ToProto(Reason reason) {
  switch (reason) {
    case Reason::kMalformed:
      return v1::REASON_MALFORMED;
    case Reason::kBadAlgorithm:
      return v1::REASON_BAD_ALGORITHM;
    case Reason::kBadMessageCheck:
      return v1::REASON_BAD_MESSAGE_CHECK;
    case Reason::kBadTime:
      return v1::REASON_BAD_TIME;
    case Reason::kUnknownCertificate:
      return v1::REASON_UNKNOWN_CERTIFICATE;
    case Reason::kUnauthorized:
      return v1::REASON_UNAUTHORIZED;
    case Reason::kPolicyRefused:
      return v1::REASON_POLICY_REFUSED;
    case Reason::kNotFound:
      return v1::REASON_NOT_FOUND;
    case Reason::kConflict:
      return v1::REASON_CONFLICT;
    case Reason::kUnavailable:
      return v1::REASON_UNAVAILABLE;
    case Reason::kInternal:
      return v1::REASON_INTERNAL;
  }
  throw std::logic_error("no such reason");
}

// An unknown number, from a newer peer, is internal.
Reason FromProto(v1::Reason reason) {
  for (const Reason candidate : {Reason::kMalformed, Reason::kBadAlgorithm, Reason::kBadMessageCheck, Reason::kBadTime,
                                 Reason::kUnknownCertificate, Reason::kUnauthorized, Reason::kPolicyRefused,
                                 Reason::kNotFound, Reason::kConflict, Reason::kUnavailable}) {
    if (ToProto(candidate) == reason) return candidate;
  }
  return Reason::kInternal;
}

grpc::StatusCode CodeOf(Reason reason) {
  switch (reason) {
    case Reason::kMalformed:
    case Reason::kBadAlgorithm:
    case Reason::kBadMessageCheck:
    case Reason::kBadTime:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case Reason::kUnauthorized:
      return grpc::StatusCode::PERMISSION_DENIED;
    case Reason::kPolicyRefused:
    case Reason::kConflict:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case Reason::kUnknownCertificate:
    case Reason::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case Reason::kUnavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case Reason::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  throw std::logic_error("no such reason");
}

Reason ReasonOf(grpc::StatusCode code) {
  if (code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
      code == grpc::StatusCode::CANCELLED || code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    return Reason::kUnavailable;
  }
  if (code == grpc::StatusCode::PERMISSION_DENIED || code == grpc::StatusCode::UNAUTHENTICATED) {
    return Reason::kUnauthorized;
  }
  return Reason::kInternal;
}

// A message with octets that are no UTF-8 does not parse at the other end, and the reason would be lost with it.
std::string ValidUtf8(std::string text) {
  if (pki::DirectoryStringToUtf8(pki::der::kUtf8String, text)) return text;
  for (char& c : text) c = (c & 0x80) != 0 ? '?' : c;
  return text;
}

}  // namespace

v1::ErrorDetail ToErrorDetail(const result::Error& error) {
  v1::ErrorDetail detail;
  detail.set_reason(ToProto(error.reason));
  detail.set_message(error.reason == Reason::kInternal ? "internal error; see the log" : ValidUtf8(error.detail));
  return detail;
}

result::Error FromErrorDetail(const v1::ErrorDetail& detail) {
  return {FromProto(detail.reason()), detail.message()};
}

grpc::Status ToStatus(const result::Error& error) {
  const v1::ErrorDetail detail = ToErrorDetail(error);
  return grpc::Status(CodeOf(error.reason), detail.message(), detail.SerializeAsString());
}

result::Error FromStatus(const grpc::Status& status) {
  v1::ErrorDetail detail;
  if (!status.error_details().empty() && detail.ParseFromString(status.error_details()) &&
      detail.reason() != v1::REASON_UNSPECIFIED) {
    return FromErrorDetail(detail);
  }
  return {ReasonOf(status.error_code()), status.error_message()};
}

}  // namespace service
