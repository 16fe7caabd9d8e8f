#include "rpc/audit_view.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>

#include "rpc/page.h"

namespace engine::rpc {

namespace {

using google::protobuf::Struct;

std::string TextOf(const Struct& object, const char* name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? std::string() : found->second.string_value();
}

}  // namespace

result::Result<void> Fill(const store::AuditEventRecord& record, certifier::v1::AuditEvent& event) {
  event.set_event_id(std::to_string(record.audit_event_id));
  event.set_event(record.event);
  if (record.log_index) event.set_log_index(*record.log_index);
  Struct object;
  const bool is_read = google::protobuf::util::JsonStringToMessage(record.event, &object).ok();
  if (!is_read || !google::protobuf::util::TimeUtil::FromString(TextOf(object, "time"), event.mutable_occurred_at())) {
    return result::Fail(result::Reason::kInternal,
                        "event " + std::to_string(record.audit_event_id) + " cannot be read: verify the log");
  }
  event.set_kind(TextOf(object, "kind"));
  event.set_actor(TextOf(object, "actor"));
  event.set_source(TextOf(object, "source"));
  event.set_ca(TextOf(object, "ca"));
  const auto about = object.fields().find("about");
  if (about == object.fields().end()) return {};
  for (const auto& [name, value] : about->second.struct_value().fields()) {
    (*event.mutable_about())[name] = value.string_value();
  }
  return {};
}

result::Result<store::AuditPlace> ParseAuditPlace(const std::string& token) {
  const std::size_t dot = token.find('.');
  if (dot == std::string::npos) return result::Fail(result::Reason::kMalformed, "this is no page token of ours");
  store::AuditPlace place;
  ASSIGN_OR_RETURN(place.time_us, ParseId(token.substr(0, dot)));
  ASSIGN_OR_RETURN(place.audit_event_id, ParseId(token.substr(dot + 1)));
  return place;
}

std::string ToToken(const store::AuditPlace& place) {
  return std::to_string(place.time_us) + "." + std::to_string(place.audit_event_id);
}

}  // namespace engine::rpc
