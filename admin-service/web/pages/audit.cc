#include <algorithm>
#include <array>
#include <cctype>

#include "certifier/v1/audit.grpc.pb.h"
#include "transparency/merkle.h"
#include "transparency/seal.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/audit_history.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Audit = v1::AuditService::Stub;

constexpr std::uint32_t kPageSize = 100, kHistorySize = 50;
// Fields of the list's form, which are those of its request.
constexpr std::array kFilters = {"kind", "actor", "ca", "about"};

std::string PathOf(const std::string& event_id) {
  return "/audit/" + PathSegment(event_id);
}

// What it is about, each with its page where there is one.
Model AboutModels(const v1::AuditEvent& event) {
  Model models = Model::array();
  for (const auto& [kind, name] : event.about()) {
    // Empty rather than left out: a template would take the event's own.
    Model model = {{"kind", kind}, {"name", name}, {"path", ""}};
    if (kind == "request") model["path"] = "/requests/" + PathSegment(name);
    if (kind == "certificate") model["path"] = "/certificates?serial=" + PathSegment(name);
    if (kind == "key") model["path"] = "/keys/" + PathSegment(name);
    if (kind == "entity") model["path"] = "/entities/" + PathSegment(name);
    if (kind == "policy") model["path"] = "/policies/" + PathSegment(name);
    models.push_back(std::move(model));
  }
  return models;
}

Model EventModel(const v1::AuditEvent& event) {
  Model model = ModelOf(event);
  model["path"] = PathOf(event.event_id());
  model["about"] = AboutModels(event);
  model["is_sealed"] = event.has_log_index();
  // Zero is false to a template.
  if (event.has_log_index()) model["log_index"] = std::to_string(event.log_index());
  return model;
}

// An operator, a policy or a setting may have the name of an entity.
bool IsAboutEntity(const v1::AuditEvent& event, std::string_view entity) {
  const auto found = event.about().find("entity");
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return found != event.about().end() && std::ranges::equal(found->second, entity, {}, lower, lower);
}

result::Result<v1::GetAuditEventResponse> Find(Visit& visit) {
  v1::GetAuditEventRequest ask;
  ask.set_event_id(visit.arguments.at(0));
  return visit.Call(&Audit::GetAuditEvent, ask);
}

Response ShowEvent(const Visit& visit, const v1::GetAuditEventResponse& found, const std::string& verdict,
                   bool is_sound) {
  Model model = EventModel(found.event());
  // Whoever may read all of the log may see the hashes of the events beside this one.
  model["may_verify"] = found.has_inclusion() && May(visit.who, v1::ACCESS_LEVEL_READ, "");
  if (found.has_inclusion()) {
    model["first_index"] = std::to_string(found.inclusion().first_index());
    model["last_index"] = std::to_string(found.inclusion().end_index() - 1);
    model["checkpoint"] = found.inclusion().checkpoint();
  }
  model["verdict"] = verdict;
  model["is_sound"] = is_sound;
  return ShowPage(visit, "audit_event", std::move(model), {"Event " + found.event().event_id(), "audit"});
}

// Whether the event is as its seal has it, and the seal signed by the log's key: calculated here, not asked for.
result::Result<void> Verify(Visit& visit, const v1::GetAuditEventResponse& found) {
  using result::Fail;
  using result::Reason;
  ASSIGN_OR_RETURN(const auto key, visit.Call(&Audit::GetAuditKey, v1::GetAuditKeyRequest()));
  ASSIGN_OR_RETURN(const auto verifier, transparency::VerifierKey::Parse(key.key()));
  v1::ExportAuditEventsRequest ask;
  ask.set_index(found.inclusion().first_index());
  ASSIGN_OR_RETURN(const auto part, visit.Call(&Audit::ExportAuditEvents, ask));
  const transparency::Seal seal = {part.seal().checkpoint(), part.seal().frontier(), part.seal().leaf_hashes()};
  ASSIGN_OR_RETURN(const auto opened, transparency::OpenSeal(seal, verifier.name(), {&verifier, 1}));
  const std::uint64_t first = opened.before.size(), place = found.event().log_index();
  if (place < first || place - first >= opened.leaves.size()) {
    return Fail(Reason::kBadMessageCheck, "the seal does not cover the event's place");
  }
  if (opened.leaves[place - first] != transparency::LeafHash(found.event().event())) {
    return Fail(Reason::kBadMessageCheck, "the event is another than the one that was sealed");
  }
  return {};
}

}  // namespace

void AddHistory(Visit& visit, const std::string& entity, Model& model) {
  v1::ListAuditEventsRequest ask;
  ask.set_page_size(kHistorySize);
  ask.set_about(entity);
  model["history"] = Model::array();
  model["history_path"] = "/audit?about=" + PathSegment(entity);
  const auto listed = visit.Call(&Audit::ListAuditEvents, ask);
  if (!listed) {
    model["history_problem"] = listed.error().detail;
    return;
  }
  for (const v1::AuditEvent& event : listed->events()) {
    if (!IsAboutEntity(event, entity)) continue;
    Model shown = EventModel(event);
    std::string words = event.kind();
    std::ranges::replace(words, '_', ' ');
    shown["words"] = words;
    model["history"].push_back(std::move(shown));
  }
  model["has_more_history"] = !listed->next_page_token().empty();
}

result::Result<Response> ListAuditEvents(Visit& visit) {
  const Request& form = visit.request;
  v1::ListAuditEventsRequest ask;
  ask.set_page_size(kPageSize);
  ask.set_page_token(form.Parameter("page"));
  ask.set_kind(form.Parameter("kind"));
  ask.set_actor(form.Parameter("actor"));
  ask.set_ca(form.Parameter("ca"));
  ask.set_about(form.Parameter("about"));
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Audit::ListAuditEvents, ask));
  Model events = Model::array();
  for (const v1::AuditEvent& event : listed.events()) events.push_back(EventModel(event));
  Model model = {{"events", std::move(events)}};
  std::string query = "/audit?page=" + PathSegment(listed.next_page_token());
  for (const char* name : kFilters) {
    model[name] = form.Parameter(name);
    query += "&" + std::string(name) + "=" + PathSegment(form.Parameter(name));
  }
  if (!listed.next_page_token().empty()) model["next"] = std::move(query);
  return ShowPage(visit, "audit", std::move(model), {"Audit log", "audit"});
}

result::Result<Response> ShowAuditEvent(Visit& visit) {
  ASSIGN_OR_RETURN(const auto found, Find(visit));
  return ShowEvent(visit, found, "", false);
}

result::Result<Response> VerifyAuditEvent(Visit& visit) {
  ASSIGN_OR_RETURN(const auto found, Find(visit));
  if (!found.has_inclusion()) return ShowEvent(visit, found, "No seal covers this event yet.", false);
  const auto verified = Verify(visit, found);
  if (verified) {
    return ShowEvent(visit, found, "The event is as it was sealed, and the checkpoint is signed by the log\u2019s key.",
                     true);
  }
  const bool is_finding = verified.error().reason == result::Reason::kBadMessageCheck ||
                          verified.error().reason == result::Reason::kMalformed;
  if (!is_finding) return tl::unexpected<result::Error>(verified.error());
  return ShowEvent(visit, found, "The log does not verify: " + verified.error().detail + ".", false);
}

}  // namespace web
