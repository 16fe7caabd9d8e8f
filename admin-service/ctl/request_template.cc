#include "certifier/v1/request.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/json_parser.h"
#include "ctl/policy_file.h"
#include "ctl/request_view.h"
#include "ctl/times.h"

namespace ctl {

namespace v1 = certifier::v1;
using RequestStub = v1::RequestService::Stub;

namespace {

result::Result<v1::TemplateView> GetTemplate(Session& session, const std::string& id) {
  v1::GetRequestRequest request;
  request.set_request_id(id);
  ASSIGN_OR_RETURN(v1::GetRequestResponse response, session.Call(&RequestStub::GetRequest, request));
  if (!response.request().has_template_()) {
    return result::Fail(result::Reason::kConflict, "request " + id + " does not wait: it has no template any more");
  }
  v1::TemplateView& view = *response.mutable_request()->mutable_template_();
  if (!view.has_certificate()) {
    return result::Fail(result::Reason::kPolicyRefused, "the policy does not show the template: " + view.reason());
  }
  return std::move(view);
}

result::Result<v1::TemplateView> ReadTemplate(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  v1::TemplateView view;
  const auto read = ParseJson(text, view);
  if (!read) return result::Wrap(path, result::Error(read.error()));
  if (view.template_version() == 0 || !view.has_certificate()) {
    return result::Fail(result::Reason::kMalformed,
                        path + ": template_version and certificate must be there, as 'request template' prints them");
  }
  return view;
}

result::Result<void> Change(const RequestUpdate& command, Time now, v1::CertificateTemplate& certificate) {
  if (command.subject) certificate.set_subject(*command.subject);
  const bool has_names = !command.alternative_names.empty() || command.has_no_alternative_name;
  if (has_names) certificate.clear_subject_alternative_names();
  for (const auto& name : command.alternative_names) certificate.add_subject_alternative_names(name);
  const bool changes_end = !command.not_after.empty();
  if (changes_end) {
    ASSIGN_OR_RETURN(const Time end, ParseMoment(command.not_after, now));
    *certificate.mutable_not_after() = ToTimestamp(end);
  }
  if (command.subject || has_names || changes_end) return {};
  return result::Fail(result::Reason::kMalformed,
                      "there is nothing to change: --from, --subject, --san, --no-san or --not-after");
}

result::Result<v1::TemplateView> Edited(Session& session, const RequestUpdate& command, Time now) {
  if (!command.file.empty()) return ReadTemplate(command.file);
  ASSIGN_OR_RETURN(auto view, GetTemplate(session, command.id));
  RETURN_IF_ERROR(Change(command, now, *view.mutable_certificate()));
  return view;
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const RequestTemplate& command) {
  ASSIGN_OR_RETURN(const v1::TemplateView view, GetTemplate(session, command.id));
  output.Json(view, Fields::kSet);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestUpdate& command) {
  ASSIGN_OR_RETURN(auto edited, Edited(session, command, output.now()));
  v1::UpdateRequestRequest request;
  request.set_request_id(command.id);
  request.set_template_version(edited.template_version());
  *request.mutable_certificate() = std::move(*edited.mutable_certificate());
  ASSIGN_OR_RETURN(const v1::UpdateRequestResponse response, session.Call(&RequestStub::UpdateRequest, request));
  if (output.is_json()) {
    output.Json(response.request());
    return {};
  }
  ShowRequest(output, response.request());
  const bool is_changed = response.request().template_().template_version() != edited.template_version();
  output.Note(is_changed ? "\nUpdated. Approvals before count no more." : "\nNothing was changed by that.");
  return {};
}

}  // namespace ctl
