#include <algorithm>
#include <chrono>

#include "ctl/times.h"
#include "pki/bytes.h"
#include "web/access.h"
#include "web/fingerprint_match.h"
#include "web/form_values.h"
#include "web/pages/decision_model.h"
#include "web/pages/live.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Requests = v1::RequestService::Stub;
using Verdict = FingerprintMatch::Verdict;

constexpr std::uint32_t kMostAlike = 10;  // Requests of one PKCS#10: those that expired, and the last.
constexpr std::uint32_t kMostOfSameKey = 10;

result::Result<v1::Request> Fetch(Visit& visit) {
  v1::GetRequestRequest ask;
  ask.set_request_id(visit.arguments.at(0));
  ASSIGN_OR_RETURN(auto answer, visit.Call(&Requests::GetRequest, ask));
  return std::move(*answer.mutable_request());
}

std::string PathOf(const v1::Request& request) {
  return "/requests/" + PathSegment(request.request_id());
}

// What lists say of a request runs no chain, so that a stream may ask for it again and again.
Model LiveModelOf(const v1::Request& request) {
  v1::ListRequestsResponse listed;
  *listed.add_requests() = request;
  listed.mutable_requests(0)->clear_template_();
  return LiveModel(PathOf(request), PathOf(request) + "/events", listed);
}

std::string Vouching(const v1::Request& request) {
  if (!request.reference_number().empty()) return "pre-shared key " + request.reference_number();
  return request.has_challenge() ? "a challenge that matches no key of ours" : "nothing: no challenge";
}

// The records of this request, not of others that its number also names. None is shown where they cannot be had.
Model DecisionsOf(Visit& visit, const v1::Request& request) {
  v1::ExplainRequestRequest ask;
  ask.set_query(request.request_id());
  const auto answer = visit.Call(&Requests::ExplainRequest, ask);
  Model decisions = Model::array();
  if (!answer) return decisions;
  for (const v1::DecisionRecord& decision : answer->decisions()) {
    if (decision.request_id() != request.request_id()) continue;
    decisions.push_back(DecisionModel(decision));
  }
  return decisions;
}

// Extensions are octets, which JSON has in base64.
Model TemplateModel(const v1::TemplateView& view) {
  Model model = ModelOf(view);
  Model extensions = Model::array();
  for (const auto& extension : view.certificate().extensions()) {
    extensions.push_back({{"oid", extension.oid()},
                          {"is_critical", extension.is_critical()},
                          {"hex", pki::HexLower(extension.value())}});
  }
  model["further_extensions"] = std::move(extensions);
  model["was_edited"] = view.template_version() > 1;
  return model;
}

// None is shown where they cannot be had. Each has a name for everything, or the page's own request would show through.
void AddSameKey(Visit& visit, const v1::Request& request, Model& model) {
  v1::ListRequestsRequest ask;
  ask.set_same_key_as(request.request_id());
  ask.set_page_size(kMostOfSameKey);
  const auto answer = visit.Call(&Requests::ListRequests, ask);
  Model rows = Model::array();
  if (answer) {
    const Model listed = ModelOf(*answer);
    for (const Model& row : listed["requests"]) {
      rows.push_back({{"number", row["request_id"]},
                      {"its_state", row["state"]},
                      {"came", row["received_at"]},
                      {"its_ca", row["ca"]},
                      {"its_subject", row["subject"]}});
    }
    model["has_more_of_same_key"] = !answer->next_page_token().empty();
  }
  model["has_same_key"] = !rows.empty();
  model["same_key"] = std::move(rows);
}

// The lines of a field that came, empty or not.
void SetLines(const Request& form, const std::string& field, google::protobuf::RepeatedPtrField<std::string>& lines) {
  if (form.parameters.find(field) == form.parameters.end()) return;
  lines.Clear();
  for (std::string& line : LinesOf(form.Parameter(field))) *lines.Add() = std::move(line);
}

result::Result<google::protobuf::Timestamp> MomentOf(const std::string& text) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSIGN_OR_RETURN(const ctl::Time moment, ctl::ParseMoment(text, now));
  return ctl::ToTimestamp(moment);
}

Model VerdictModel(const v1::Request& request, const std::string& typed) {
  if (typed.find_first_not_of(" \t\r\n") == std::string::npos) return {{"typed", ""}};
  const FingerprintMatch match = MatchFingerprint(request.fingerprints(), typed);
  return {{"typed", typed},
          {"which", match.which},
          {"is_match", match.verdict == Verdict::kMatch},
          {"is_no_match", match.verdict == Verdict::kNoMatch},
          {"is_unreadable", match.verdict == Verdict::kUnreadable},
          {"is_md5", match.which.starts_with("MD5")}};
}

Model RequestModel(Visit& visit, const v1::Request& request, const std::string& typed) {
  Model model = ModelOf(request);
  const bool is_pending = request.state() == v1::REQUEST_STATE_PENDING;
  model["is_pending"] = is_pending;
  model["vouching"] = Vouching(request);
  const bool is_postponed = request.state() == v1::REQUEST_STATE_POSTPONED;
  model["is_postponed"] = is_postponed;
  model["waits"] = is_pending || is_postponed;
  model["may_decide"] = (is_pending || is_postponed) && May(visit.who, v1::ACCESS_LEVEL_WRITE, request.ca());
  model["needs_several"] = request.approval().required_approvals() > 1 || request.approval().required_groups_size() > 0;
  if (request.has_approval()) model["approval"]["has_groups"] = request.approval().required_groups_size() > 0;
  model["verdict"] = VerdictModel(request, typed);
  if (request.has_template_()) model["template"] = TemplateModel(request.template_());
  model["template_version"] = std::to_string(request.template_().template_version());
  model["certificate_path"] = "/certificates/" + PathSegment(request.ca()) + "/" + PathSegment(request.serial_number());
  return model;
}

result::Result<Response> Show(Visit& visit, const v1::Request& request, const std::string& typed) {
  Model model = RequestModel(visit, request, typed);
  model["decisions"] = DecisionsOf(visit, request);
  AddSameKey(visit, request, model);
  if (request.has_template_()) model["live"] = LiveModelOf(request);
  const std::string done = visit.request.Parameter("done");
  model["was_approved"] = done == "approved";
  model["was_rejected"] = done == "rejected";
  model["was_postponed"] = done == "postponed";
  model["was_resumed"] = done == "resumed";
  model["was_edited_now"] = done == "edited";
  return ShowPage(visit, "request", std::move(model), {"Request " + request.request_id(), "requests"});
}

template <class Ask, class Rpc>
result::Result<Response> DecideWithReason(Visit& visit, Rpc rpc, const std::string& done) {
  Ask ask;
  ask.set_request_id(visit.arguments.at(0));
  ask.set_reason(visit.request.Parameter("reason"));
  ASSIGN_OR_RETURN(const auto answer, visit.Call(rpc, ask));
  return Redirect(PathOf(answer.request()) + "?done=" + done);
}

}  // namespace

result::Result<Response> ShowRequest(Visit& visit) {
  ASSIGN_OR_RETURN(const v1::Request request, Fetch(visit));
  return Show(visit, request, "");
}

result::Result<Response> WatchRequest(Visit& visit) {
  ASSIGN_OR_RETURN(const v1::Request request, Fetch(visit));
  v1::ListRequestsRequest ask;
  ask.set_fingerprint(request.fingerprints().request().sha256().lower());
  if (ask.fingerprint().empty()) return result::Fail(result::Reason::kNotFound, "Its fingerprints are not known.");
  ask.set_page_size(kMostAlike);
  return StreamOf(visit, &Requests::ListRequests, ask);
}

result::Result<Response> CompareFingerprint(Visit& visit) {
  ASSIGN_OR_RETURN(const v1::Request request, Fetch(visit));
  return Show(visit, request, visit.request.Parameter("fingerprint"));
}

result::Result<Response> EditTemplate(Visit& visit) {
  const Request& form = visit.request;
  ASSIGN_OR_RETURN(const auto version, NumberOf("The version", form.Parameter("template_version"), 1, kMostVersion));
  ASSIGN_OR_RETURN(const v1::Request request, Fetch(visit));
  if (!request.template_().has_certificate()) {
    return result::Fail(result::Reason::kConflict, "The request has no template that could be edited any more.");
  }
  v1::UpdateRequestRequest ask;
  ask.set_request_id(request.request_id());
  ask.set_template_version(version);
  auto& certificate = *ask.mutable_certificate();
  certificate = request.template_().certificate();
  certificate.set_subject(form.Parameter("subject"));
  SetLines(form, "names", *certificate.mutable_subject_alternative_names());
  SetLines(form, "key_usage", *certificate.mutable_key_usage());
  SetLines(form, "extended_key_usage", *certificate.mutable_extended_key_usage());
  if (!form.Parameter("not_before").empty()) {
    ASSIGN_OR_RETURN(*certificate.mutable_not_before(), MomentOf(form.Parameter("not_before")));
  }
  if (!form.Parameter("not_after").empty()) {
    ASSIGN_OR_RETURN(*certificate.mutable_not_after(), MomentOf(form.Parameter("not_after")));
  }
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Requests::UpdateRequest, ask));
  return Redirect(PathOf(answer.request()) + "?done=edited");
}

result::Result<Response> ApproveRequest(Visit& visit) {
  v1::ApproveRequestRequest ask;
  ask.set_request_id(visit.arguments.at(0));
  ask.set_fingerprint(visit.request.Parameter("fingerprint"));
  ASSIGN_OR_RETURN(const auto version, NumberOf("The version of what the device will get",
                                                visit.request.Parameter("template_version"), 1, kMostVersion));
  ask.set_template_version(version);
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Requests::ApproveRequest, ask));
  return Redirect(PathOf(answer.request()) + "?done=approved");
}

result::Result<Response> RejectRequest(Visit& visit) {
  return DecideWithReason<v1::RejectRequestRequest>(visit, &Requests::RejectRequest, "rejected");
}

result::Result<Response> PostponeRequest(Visit& visit) {
  return DecideWithReason<v1::PostponeRequestRequest>(visit, &Requests::PostponeRequest, "postponed");
}

result::Result<Response> ResumeRequest(Visit& visit) {
  return DecideWithReason<v1::ResumeRequestRequest>(visit, &Requests::ResumeRequest, "resumed");
}

}  // namespace web
