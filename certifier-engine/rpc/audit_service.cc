#include "rpc/audit_service.h"

#include <algorithm>
#include <limits>

#include "rpc/audit_view.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

// What one answer of an export holds: so many events at most, and so many octets of them.
constexpr std::uint32_t kMostExported = 512;
constexpr std::size_t kMostExportedOctets = 512 * 1024;

store::AuditFilter FilterOf(const certifier::v1::ListAuditEventsRequest& request, const CallingOperator& who) {
  store::AuditFilter filter{request.kind(), request.actor(), request.ca(), request.about()};
  if (request.has_since()) filter.since = FromTimestamp(request.since());
  if (request.has_until()) filter.until = FromTimestamp(request.until());
  filter.ca_ids = who.Cas();
  return filter;
}

result::Result<void> List(store::AuditStore& store, const CallingOperator& who,
                          const certifier::v1::ListAuditEventsRequest& request,
                          certifier::v1::ListAuditEventsResponse& response) {
  ASSIGN_OR_RETURN(const auto size, ParsePage(request.page_size(), ""));
  std::optional<store::AuditPlace> after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(after, ParseAuditPlace(request.page_token()));
  }
  ASSIGN_OR_RETURN(const auto page, store.ListAuditEvents(FilterOf(request, who), after, size.size));
  for (const auto& record : page.events) RETURN_IF_ERROR(Fill(record, *response.add_events()));
  if (page.next) response.set_next_page_token(ToToken(*page.next));
  return {};
}

result::Result<void> Show(store::AuditStore& store, const CallingOperator& who, const std::string& id,
                          certifier::v1::GetAuditEventResponse& response) {
  ASSIGN_OR_RETURN(const auto event_id, ParseId(id));
  ASSIGN_OR_RETURN(const auto record, store.GetAuditEvent(event_id, who.Cas()));
  RETURN_IF_ERROR(Fill(record, *response.mutable_event()));
  if (!record.log_index) return {};
  ASSIGN_OR_RETURN(const auto seal, store.FindAuditSeal(*record.log_index));
  if (!seal) return {};
  auto& inclusion = *response.mutable_inclusion();
  inclusion.set_first_index(seal->first_index);
  inclusion.set_end_index(seal->end_index);
  inclusion.set_checkpoint(seal->note);
  return {};
}

// Adds what one answer may hold, and gives how many that are. An event that cannot be read is exported as it is.
std::size_t AddEvents(const std::vector<store::AuditEventRecord>& records,
                      certifier::v1::ExportAuditEventsResponse& response) {
  std::size_t octets = 0, added = 0;
  for (const auto& record : records) {
    octets += record.event.size();
    if (added > 0 && octets > kMostExportedOctets) break;
    auto& event = *response.add_events();
    event.set_event_id(std::to_string(record.audit_event_id));
    event.set_event(record.event);
    if (record.log_index) event.set_log_index(*record.log_index);
    ++added;
  }
  return added;
}

result::Result<void> ExportUnsealed(store::AuditStore& store, std::int64_t after,
                                    certifier::v1::ExportAuditEventsResponse& response) {
  ASSIGN_OR_RETURN(const auto records, store.ListUnsealedEvents(after, kMostExported));
  const std::size_t added = AddEvents(records, response);
  response.set_next_unsealed_after(added == 0 ? after : records[added - 1].audit_event_id);
  response.set_is_last(added == records.size() && records.size() < kMostExported);
  return {};
}

result::Result<void> Export(store::AuditStore& store, const certifier::v1::ExportAuditEventsRequest& request,
                            certifier::v1::ExportAuditEventsResponse& response) {
  const std::uint64_t index = request.index();
  if (index > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - kMostExported) {
    return result::Fail(result::Reason::kMalformed, "there is no such place in the log");
  }
  response.set_next_index(index);
  // Who began with what is not sealed goes on with it: what is sealed meanwhile comes with the next export.
  if (request.unsealed_after() > 0) return ExportUnsealed(store, request.unsealed_after(), response);
  ASSIGN_OR_RETURN(const auto seal, store.FindAuditSeal(index));
  if (!seal) return ExportUnsealed(store, 0, response);
  if (index == seal->first_index) {
    auto& shown = *response.mutable_seal();
    shown.set_first_index(seal->first_index);
    shown.set_end_index(seal->end_index);
    shown.set_checkpoint(seal->note);
    shown.set_frontier(seal->frontier);
    shown.set_leaf_hashes(seal->leaf_hashes);
  }
  const std::uint64_t end = std::min<std::uint64_t>(seal->end_index, index + kMostExported);
  ASSIGN_OR_RETURN(const auto records, store.ListSealedEvents(index, end));
  const std::size_t added = AddEvents(records, response);
  // Past rows that were taken away too, so that an export shows what is left.
  response.set_next_index(added == records.size() ? end : *records[added - 1].log_index + 1);
  return {};
}

result::Result<void> ShowKey(store::AuditStore& store, certifier::v1::GetAuditKeyResponse& response) {
  ASSIGN_OR_RETURN(const auto key, store.FindAuditLogKey());
  ASSIGN_OR_RETURN(const auto seal, store.NewestAuditSeal());
  if (!key || !seal) return result::Fail(result::Reason::kConflict, "nothing is sealed yet");
  response.set_key(key->verifier_key);
  response.set_checkpoint(seal->note);
  response.set_size(seal->end_index);
  return {};
}

}  // namespace

grpc::ServerUnaryReactor* AuditService::ListAuditEvents(grpc::CallbackServerContext* context,
                                                        const certifier::v1::ListAuditEventsRequest* request,
                                                        certifier::v1::ListAuditEventsResponse* response) {
  return HandleForOperator(
      context, "ListAuditEvents", workers_, door_,
      [this, request, response](const CallingOperator& who) { return List(store_, who, *request, *response); });
}

grpc::ServerUnaryReactor* AuditService::GetAuditEvent(grpc::CallbackServerContext* context,
                                                      const certifier::v1::GetAuditEventRequest* request,
                                                      certifier::v1::GetAuditEventResponse* response) {
  return HandleForOperator(context, "GetAuditEvent", workers_, door_,
                           [this, request, response](const CallingOperator& who) {
                             return Show(store_, who, request->event_id(), *response);
                           });
}

grpc::ServerUnaryReactor* AuditService::ExportAuditEvents(grpc::CallbackServerContext* context,
                                                          const certifier::v1::ExportAuditEventsRequest* request,
                                                          certifier::v1::ExportAuditEventsResponse* response) {
  return HandleForOperator(
      context, "ExportAuditEvents", workers_, door_,
      [this, request, response](const CallingOperator&) { return Export(store_, *request, *response); });
}

grpc::ServerUnaryReactor* AuditService::GetAuditKey(grpc::CallbackServerContext* context,
                                                    const certifier::v1::GetAuditKeyRequest*,
                                                    certifier::v1::GetAuditKeyResponse* response) {
  return HandleForOperator(context, "GetAuditKey", workers_, door_,
                           [this, response](const CallingOperator&) { return ShowKey(store_, *response); });
}

}  // namespace engine::rpc
