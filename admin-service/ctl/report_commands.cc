#include <algorithm>

#include "certifier/v1/report.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/decision_advice.h"
#include "ctl/fields.h"
#include "ctl/pages.h"

namespace ctl {

namespace v1 = certifier::v1;
using ReportStub = v1::ReportService::Stub;

namespace {

// Of the longest bar, in characters.
constexpr std::uint64_t kBarWidth = 40;

// What is not there by pages says only whether there is more.
template <class Response>
void ShowSome(Output& output, const Response& response, const Table& table) {
  output.List(response, table);
  if (CountItems(response) == 0) output.Note("None.");
  if (response.has_more()) output.Note("There is more than these: give a larger --limit.");
}

std::string BarOf(std::uint64_t count, std::uint64_t most) {
  const std::uint64_t width = (count * kBarWidth + most - 1) / std::max<std::uint64_t>(most, 1);
  return std::string(width, '#');
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const ReportFailures& command) {
  v1::ListFailuresRequest request;
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(const v1::ListFailuresResponse response,
                   CollectPages(session, &ReportStub::ListFailures, request, command.limit));
  Table table({{"LAST"}, {"COUNT"}, {"CA", 6, 1}, {"FROM"}, {"SUBJECT", 12, 2}, {"WHAT", 24}, {"DECISION"}});
  for (const v1::DecisionRecord& failure : response.failures()) {
    table.Add({TimeText(failure.has_last_at(), failure.last_at()), std::to_string(failure.message_count()),
               failure.message().ca(), failure.message().source_address(), failure.message().subject(),
               AdviceOn(failure).finding, failure.decision_id()});
  }
  ShowPages(output, response, table);
  if (CountItems(response) > 0) output.Note("What to do about one: certifierctl request explain DECISION");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const ReportOverdue& command) {
  v1::ListOverdueCertificatesRequest request;
  request.set_ca(command.ca);
  request.set_page_size(command.limit);
  ASSIGN_OR_RETURN(const auto response, session.Call(&ReportStub::ListOverdueCertificates, request));
  Table table({{"SERIAL"}, {"CA", 6, 1}, {"ENTITY", 8, 2}, {"SUBJECT", 16}, {"ENDS"}});
  for (const v1::OverdueCertificate& certificate : response.certificates()) {
    table.Add({certificate.serial_number(), certificate.ca(), certificate.entity(), certificate.subject(),
               TimeAndDistance(true, certificate.not_after(), output.now())});
  }
  ShowSome(output, response, table);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const ReportExpiring& command) {
  ASSIGN_OR_RETURN(const Time until, ParseMoment(command.within, output.now()));
  v1::ListExpiringKeysRequest request;
  request.set_ca(command.ca);
  request.set_page_size(command.limit);
  request.mutable_within()->set_seconds((until - output.now()).count());
  ASSIGN_OR_RETURN(const auto response, session.Call(&ReportStub::ListExpiringKeys, request));
  Table table({{"KEY"}, {"ENTITY", 8}, {"CA", 6, 1}, {"USES LEFT"}, {"EXPIRES"}});
  for (const v1::ExpiringKey& key : response.keys()) {
    table.Add({key.reference_number(), key.entity(), key.ca(), std::to_string(key.uses_left()),
               TimeAndDistance(true, key.expires_at(), output.now())});
  }
  ShowSome(output, response, table);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const ReportIssuance& command) {
  ASSIGN_OR_RETURN(const Time since, ParsePastMoment(command.since, output.now()));
  v1::ListIssuanceRequest request;
  request.set_ca(command.ca);
  *request.mutable_since() = ToTimestamp(since);
  ASSIGN_OR_RETURN(const auto response, session.Call(&ReportStub::ListIssuance, request));
  std::uint64_t most = 0;
  for (const v1::HourOfIssuance& hour : response.hours()) most = std::max(most, hour.issued());
  Table table({{"HOUR"}, {"ISSUED"}, {"REFUSED"}, {"", 0, 1}});
  for (const v1::HourOfIssuance& hour : response.hours()) {
    table.Add({TimeText(true, hour.begins_at()), std::to_string(hour.issued()), std::to_string(hour.refused()),
               BarOf(hour.issued(), most)});
  }
  output.List(response, table);
  if (CountItems(response) == 0) output.Note("Nothing was issued or refused.");
  return {};
}

}  // namespace ctl
