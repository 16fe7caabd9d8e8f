#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "certifier/v1/audit.grpc.pb.h"
#include "ctl/audit_export.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/pages.h"

namespace ctl {

namespace v1 = certifier::v1;
using AuditStub = v1::AuditService::Stub;

namespace {

using result::Fail;
using result::Reason;

constexpr char kStandardOutput[] = "-";

std::string AboutText(const v1::AuditEvent& event) {
  std::string text;
  for (const char* name : {"request", "certificate", "key", "entity", "policy", "operator", "setting"}) {
    const auto found = event.about().find(name);
    if (found != event.about().end()) text += (text.empty() ? "" : ", ") + std::string(name) + " " + found->second;
  }
  return text;
}

std::string WhoText(const v1::AuditEvent& event) {
  if (event.actor().empty()) return event.kind() == "operator_refused" ? "nobody known" : "a device";
  return event.actor();
}

result::Result<v1::ListAuditEventsRequest> FilterOf(const AuditList& command, Time now) {
  v1::ListAuditEventsRequest request;
  request.set_kind(command.kind);
  request.set_actor(command.actor);
  request.set_ca(command.ca);
  request.set_about(command.about);
  if (!command.since.empty()) {
    ASSIGN_OR_RETURN(const Time since, ParsePastMoment(command.since, now));
    *request.mutable_since() = ToTimestamp(since);
  }
  if (!command.until.empty()) {
    ASSIGN_OR_RETURN(const Time until, ParsePastMoment(command.until, now));
    *request.mutable_until() = ToTimestamp(until);
  }
  return request;
}

// The key's answer, or one without key and checkpoint where nothing is sealed yet.
result::Result<v1::GetAuditKeyResponse> KeyOf(Session& session) {
  auto key = session.Call(&AuditStub::GetAuditKey, v1::GetAuditKeyRequest());
  if (!key && key.error().reason == Reason::kConflict) return v1::GetAuditKeyResponse();
  return key;
}

void Write(const v1::ExportAuditEventsResponse& part, std::uint64_t index, ExportWriter& writer) {
  if (part.has_seal()) {
    writer.AddSeal({part.seal().checkpoint(), part.seal().frontier(), part.seal().leaf_hashes()});
  }
  for (const v1::AuditEvent& event : part.events()) {
    writer.AddEvent(event.has_log_index() ? event.log_index() : index, event.event());
    ++index;
  }
}

result::Result<std::uint64_t> ExportTo(std::ostream& out, Session& session, Output& output, std::uint64_t from) {
  ASSIGN_OR_RETURN(const auto key, KeyOf(session));
  ExportWriter writer(out, from, key.checkpoint());
  v1::ExportAuditEventsRequest request;
  request.set_index(from);
  bool is_last = false;
  for (bool is_first = true; !is_last; is_first = false) {
    ASSIGN_OR_RETURN(const auto part, session.Call(&AuditStub::ExportAuditEvents, request));
    const bool begins_within = is_first && !part.has_seal() && part.next_index() != from;
    if (begins_within) return Fail(Reason::kMalformed, "no batch begins at the place " + std::to_string(from));
    Write(part, from + writer.count(), writer);
    if (!out) return Fail(Reason::kInternal, "it cannot be written: is the disk full?");
    request.set_index(part.next_index());
    request.set_unsealed_after(part.next_unsealed_after());
    is_last = part.is_last();
    output.Progress(std::to_string(writer.count()) + " of " + std::to_string(key.size() - std::min(from, key.size())) +
                    " events");
  }
  writer.End();
  out.flush();
  if (!out) return Fail(Reason::kInternal, "it cannot be written: is the disk full?");
  return writer.count();
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const AuditList& command) {
  ASSIGN_OR_RETURN(const auto request, FilterOf(command, output.now()));
  ASSIGN_OR_RETURN(const v1::ListAuditEventsResponse response,
                   CollectPages(session, &AuditStub::ListAuditEvents, request, command.limit));
  Table table({{"EVENT"}, {"TIME"}, {"KIND"}, {"BY", 8}, {"FROM", 0, 2}, {"CA", 6, 1}, {"ABOUT", 16}});
  for (const v1::AuditEvent& event : response.events()) {
    table.Add({event.event_id(), TimeText(event.has_occurred_at(), event.occurred_at()), event.kind(), WhoText(event),
               event.source(), event.ca(), AboutText(event)});
  }
  ShowPages(output, response, table);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const AuditShow& command) {
  v1::GetAuditEventRequest request;
  request.set_event_id(command.id);
  ASSIGN_OR_RETURN(const v1::GetAuditEventResponse response, session.Call(&AuditStub::GetAuditEvent, request));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  const v1::AuditEvent& event = response.event();
  Details details = {
      {"event", event.event_id()},
      {"time", TimeAndDistance(event.has_occurred_at(), event.occurred_at(), output.now())},
      {"kind", event.kind()},
      {"by", WhoText(event)},
      {"from", event.source()},
      {"CA", event.ca()},
      {"about", AboutText(event)},
      {"place in the log", event.has_log_index() ? std::to_string(event.log_index()) : "not sealed yet"}};
  if (response.has_inclusion()) {
    details.emplace_back("sealed with", "places " + std::to_string(response.inclusion().first_index()) + " to " +
                                            std::to_string(response.inclusion().end_index() - 1));
  }
  details.emplace_back("as it is sealed", event.event());
  output.Values(details);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const AuditKey&) {
  ASSIGN_OR_RETURN(const auto response, session.Call(&AuditStub::GetAuditKey, v1::GetAuditKeyRequest()));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  output.Values({{"key", response.key()}, {"sealed events", std::to_string(response.size())}});
  output.Text("\n" + response.checkpoint());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const AuditExport& command) {
  std::ofstream file;
  const bool is_file = command.out != kStandardOutput;
  if (is_file) {
    if (std::ifstream(command.out)) return Fail(Reason::kConflict, command.out + " exists already");
    file.open(command.out, std::ios::binary);
    if (!file) return Fail(Reason::kMalformed, command.out + " cannot be written");
  }
  const auto count = ExportTo(is_file ? file : std::cout, session, output, command.from);
  output.Progress("");
  if (!count) {
    // Half a file would stand in the way of the next attempt.
    file.close();
    std::error_code ignored;
    if (is_file) std::filesystem::remove(command.out, ignored);
    return tl::unexpected<result::Error>(count.error());
  }
  if (output.is_json() && is_file) output.Text("{\"events\": " + std::to_string(*count) + "}");
  output.Note(std::to_string(*count) + " events. Verify them: certifierctl audit verify FILE --key KEY");
  return {};
}

}  // namespace ctl
