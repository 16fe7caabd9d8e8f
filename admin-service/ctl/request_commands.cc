#include "certifier/v1/request.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/decision_view.h"
#include "ctl/enum_option.h"
#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/pages.h"
#include "ctl/request_view.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;
using RequestStub = v1::RequestService::Stub;

namespace {

void Show(Output& output, const v1::Request& request) {
  if (output.is_json()) return output.Json(request);
  ShowRequest(output, request);
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const RequestList& command) {
  v1::ListRequestsRequest request;
  ASSIGN_OR_RETURN(const v1::RequestState state, ParseEnum<v1::RequestState>("--state", command.state));
  request.set_state(state);
  request.set_ca(command.ca);
  request.set_fingerprint(command.fingerprint);
  request.set_oldest_first(command.is_oldest_first);
  request.set_same_key_as(command.same_key_as);
  Fill(command.search, *request.mutable_search());
  ASSIGN_OR_RETURN(const v1::ListRequestsResponse response,
                   CollectPages(session, &RequestStub::ListRequests, request, command.limit));
  Table table({{"ID"},
               {"STATE"},
               {"CA", 6},
               {"SUBJECT", 12},
               {"KEY", 0, 2},
               {"TRANSACTION ID", 12, 1},
               {"SOURCE", 9, 3},
               {"AGE"},
               {"MD5"}});
  for (const v1::Request& found : response.requests()) {
    table.Add({found.request_id(), StateText(found), found.ca(), found.subject(), found.key_algorithm(),
               found.transaction_id() + (found.has_transaction_id_collision() ? " !" : ""), found.source_address(),
               FormatDistance(ToTime(found.received_at()), output.now()),
               found.fingerprints().request().md5().grouped()});
  }
  ShowPages(output, response, table);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestShow& command) {
  v1::GetRequestRequest request;
  request.set_request_id(command.id);
  ASSIGN_OR_RETURN(const v1::GetRequestResponse response, session.Call(&RequestStub::GetRequest, request));
  Show(output, response.request());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestApprove& command) {
  v1::ApproveRequestRequest request;
  request.set_request_id(command.id);
  request.set_fingerprint(command.fingerprint);
  request.set_template_version(command.template_version);
  ASSIGN_OR_RETURN(const v1::ApproveRequestResponse response, session.Call(&RequestStub::ApproveRequest, request));
  Show(output, response.request());
  const bool is_issued = response.request().state() == v1::REQUEST_STATE_ISSUED;
  output.Note(is_issued ? "\nApproved. The device gets its certificate at its next poll."
                        : "\nYour approval is recorded; the request waits for more: " +
                              TerminalText(response.request().approval().missing()) + ".");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestReject& command) {
  v1::RejectRequestRequest request;
  request.set_request_id(command.id);
  request.set_reason(command.reason);
  ASSIGN_OR_RETURN(const v1::RejectRequestResponse response, session.Call(&RequestStub::RejectRequest, request));
  Show(output, response.request());
  output.Note("\nRejected. The device is told so at its next poll, without the reason.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestPostpone& command) {
  v1::PostponeRequestRequest request;
  request.set_request_id(command.id);
  request.set_reason(command.reason);
  ASSIGN_OR_RETURN(const v1::PostponeRequestResponse response, session.Call(&RequestStub::PostponeRequest, request));
  Show(output, response.request());
  output.Note("\nPostponed. The device waits; take it up again: certifierctl request resume");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestResume& command) {
  v1::ResumeRequestRequest request;
  request.set_request_id(command.id);
  request.set_reason(command.reason);
  ASSIGN_OR_RETURN(const v1::ResumeRequestResponse response, session.Call(&RequestStub::ResumeRequest, request));
  Show(output, response.request());
  output.Note("\nPending again.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const RequestExplain& command) {
  v1::ExplainRequestRequest request;
  request.set_query(command.text);
  ASSIGN_OR_RETURN(const v1::ExplainRequestResponse response, session.Call(&RequestStub::ExplainRequest, request));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  for (int i = 0; i < response.decisions_size(); ++i) {
    if (i > 0) output.Text("");
    ShowDecision(output, response.decisions(i));
  }
  return {};
}

}  // namespace ctl
