#include "rpc/report_service.h"

#include <algorithm>

#include "enrollment/find_decisions.h"
#include "pki/uuid.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

namespace v1 = certifier::v1;

// So that an answer stays below gRPC's bound for a message, whatever devices send.
constexpr std::uint32_t kMostFailures = 400;
// The year 9999, which PostgreSQL's times reach.
constexpr std::int64_t kLastMicrosecond = 253'402'300'799'000'000;
constexpr std::chrono::days kLongestWithin(366);
constexpr std::chrono::days kEarliestHour(31);

template <class Request>
store::ReportFilter FilterOf(const Request& request, const CallingOperator& who) {
  return {request.ca(), who.Cas()};
}

// Shorten leaves what a list shows, below 6 KB: of the steps the one that decided, and no names, of which a device may
// send many.
void Shorten(v1::DecisionRecord& record) {
  record.mutable_message()->clear_subject_alternative_names();
  auto& steps = *record.mutable_steps();
  if (steps.empty()) return;
  steps.DeleteSubrange(0, steps.size() - 1);
  steps.begin()->clear_changes();
}

// A page token is "TIME.UUID".
result::Result<store::FailurePlace> ParseFailurePlace(const std::string& token) {
  const std::size_t dot = token.find('.');
  if (dot == std::string::npos) return result::Fail(result::Reason::kMalformed, "this is no page token of ours");
  store::FailurePlace place;
  ASSIGN_OR_RETURN(place.time_us, ParseId(token.substr(0, dot)));
  if (place.time_us > kLastMicrosecond)
    return result::Fail(result::Reason::kMalformed, "this is no page token of ours");
  place.decision_id = token.substr(dot + 1);
  RETURN_IF_ERROR(pki::ParseUuid(place.decision_id));
  return place;
}

result::Result<void> List(const ReportService::Parts& parts, const CallingOperator& who,
                          const v1::ListFailuresRequest& request, v1::ListFailuresResponse& response) {
  ASSIGN_OR_RETURN(const auto size, ParsePage(request.page_size(), ""));
  std::optional<store::FailurePlace> after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(after, ParseFailurePlace(request.page_token()));
  }
  ASSIGN_OR_RETURN(const auto page,
                   parts.store.ListFailures(FilterOf(request, who), after, std::min(size.size, kMostFailures)));
  for (const auto& failure : page.failures) {
    auto& record = *response.add_failures();
    ASSIGN_OR_RETURN(record, enrollment::ReadDecision(failure));
    Shorten(record);
  }
  if (page.next) response.set_next_page_token(std::to_string(page.next->time_us) + "." + page.next->decision_id);
  return {};
}

result::Result<void> List(const ReportService::Parts& parts, const CallingOperator& who,
                          const v1::ListOverdueCertificatesRequest& request,
                          v1::ListOverdueCertificatesResponse& response) {
  ASSIGN_OR_RETURN(const auto page, ParsePage(request.page_size(), ""));
  ASSIGN_OR_RETURN(const auto found,
                   parts.store.ListOverdueCertificates(FilterOf(request, who), parts.clock(), page.size + 1));
  response.set_has_more(found.size() > page.size);
  for (const auto& one : found) {
    if (response.certificates_size() == static_cast<int>(page.size)) break;
    auto& certificate = *response.add_certificates();
    certificate.set_ca(one.ca);
    certificate.set_serial_number(pki::HexLower(one.serial_number));
    certificate.set_subject(one.subject);
    certificate.set_entity(one.entity);
    *certificate.mutable_not_before() = ToTimestamp(one.not_before);
    *certificate.mutable_not_after() = ToTimestamp(one.not_after);
    certificate.set_request_id(std::to_string(one.request_id));
  }
  return {};
}

result::Result<void> List(const ReportService::Parts& parts, const CallingOperator& who,
                          const v1::ListExpiringKeysRequest& request, v1::ListExpiringKeysResponse& response) {
  ASSIGN_OR_RETURN(const auto page, ParsePage(request.page_size(), ""));
  const std::chrono::seconds within(request.within().seconds());
  if (within <= std::chrono::seconds(0) || within > kLongestWithin) {
    return result::Fail(result::Reason::kMalformed, "ask for what expires within 1 second to 366 days");
  }
  const TimePoint now = parts.clock();
  ASSIGN_OR_RETURN(const auto found,
                   parts.store.ListExpiringKeys(FilterOf(request, who), now, now + within, page.size + 1));
  response.set_has_more(found.size() > page.size);
  for (const auto& one : found) {
    if (response.keys_size() == static_cast<int>(page.size)) break;
    auto& key = *response.add_keys();
    key.set_reference_number(one.reference_number);
    key.set_entity(one.entity);
    key.set_ca(one.ca);
    *key.mutable_expires_at() = ToTimestamp(one.expires_at);
    key.set_uses_left(one.uses_left);
  }
  return {};
}

result::Result<void> List(const ReportService::Parts& parts, const CallingOperator& who,
                          const v1::ListIssuanceRequest& request, v1::ListIssuanceResponse& response) {
  const TimePoint since = FromTimestamp(request.since());
  // Whoever asks has a clock of his own.
  if (since < parts.clock() - kEarliestHour - std::chrono::hours(1)) {
    return result::Fail(result::Reason::kMalformed, "ask for the last 31 days or less");
  }
  ASSIGN_OR_RETURN(const auto hours, parts.store.ListIssuance(FilterOf(request, who), since));
  for (const auto& one : hours) {
    auto& hour = *response.add_hours();
    *hour.mutable_begins_at() = ToTimestamp(one.begins_at);
    hour.set_issued(one.issued);
    hour.set_refused(one.refused);
  }
  return {};
}

}  // namespace

grpc::ServerUnaryReactor* ReportService::ListFailures(grpc::CallbackServerContext* context,
                                                      const v1::ListFailuresRequest* request,
                                                      v1::ListFailuresResponse* response) {
  return HandleForOperator(
      context, "ListFailures", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return List(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* ReportService::ListOverdueCertificates(grpc::CallbackServerContext* context,
                                                                 const v1::ListOverdueCertificatesRequest* request,
                                                                 v1::ListOverdueCertificatesResponse* response) {
  return HandleForOperator(
      context, "ListOverdueCertificates", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return List(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* ReportService::ListExpiringKeys(grpc::CallbackServerContext* context,
                                                          const v1::ListExpiringKeysRequest* request,
                                                          v1::ListExpiringKeysResponse* response) {
  return HandleForOperator(
      context, "ListExpiringKeys", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return List(parts_, who, *request, *response); });
}

grpc::ServerUnaryReactor* ReportService::ListIssuance(grpc::CallbackServerContext* context,
                                                      const v1::ListIssuanceRequest* request,
                                                      v1::ListIssuanceResponse* response) {
  return HandleForOperator(
      context, "ListIssuance", parts_.workers, parts_.door,
      [this, request, response](const CallingOperator& who) { return List(parts_, who, *request, *response); });
}

}  // namespace engine::rpc
