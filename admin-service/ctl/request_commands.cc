#include "certifier/v1/request.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/decision_view.h"
#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/pages.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;
using RequestStub = v1::RequestService::Stub;

namespace {

std::string NameOf(v1::RequestState state) {
  const auto* value = v1::RequestState_descriptor()->FindValueByNumber(state);
  return value == nullptr ? std::to_string(state) : EnumName(*value);
}

result::Result<v1::RequestState> ParseState(const std::string& name) {
  if (name.empty()) return v1::REQUEST_STATE_UNSPECIFIED;
  std::string known;
  for (int i = 1; i < v1::RequestState_descriptor()->value_count(); ++i) {
    const auto& value = *v1::RequestState_descriptor()->value(i);
    if (name == EnumName(value)) return static_cast<v1::RequestState>(value.number());
    known += (known.empty() ? "" : ", ") + EnumName(value);
  }
  return result::Fail(result::Reason::kMalformed, "--state '" + name + "' is none of " + known);
}

std::string Vouching(const v1::Request& request) {
  if (!request.reference_number().empty()) return "pre-shared key " + request.reference_number();
  return request.has_challenge() ? "a challenge that matches no key" : "no challenge";
}

void Show(Output& output, const v1::Request& request) {
  if (output.is_json()) return output.Json(request);
  const Details details = {
      {"request", request.request_id()},
      {"state", NameOf(request.state())},
      {"CA", request.ca()},
      {"subject", request.subject()},
      {"alternative names", Joined(request.subject_alternative_names())},
      {"key", request.key_algorithm()},
      {"transaction ID",
       request.transaction_id() +
           (request.has_transaction_id_collision() ? " (txid-collision: another key has it too)" : "")},
      {"renews", request.renewed_serial_number()},
      {"also asked for as", Joined(request.transaction_id_aliases())},
      {"source", request.source_address()},
      {"received", TimeAndDistance(request.has_received_at(), request.received_at(), output.now())},
      {"vouched for by", Vouching(request)},
      {"entity", request.entity()},
      {"policy", PolicyText(request.policy(), request.policy_version())},
      {"decided", TimeAndDistance(request.has_decided_at(), request.decided_at(), output.now())},
      {"decided by", request.decided_by()},
      {"rejection reason", request.rejection_reason()},
      {"certificate", request.serial_number()},
  };
  output.Values(details);
  ShowFingerprints(output, "request", request.fingerprints().request());
  ShowFingerprints(output, "unsigned request (CertificationRequestInfo)", request.fingerprints().unsigned_request());
  if (request.state() != v1::REQUEST_STATE_PENDING) return;
  const std::string id = TerminalText(request.request_id());
  output.Note("\nRead the fingerprint from the device, not from here, then:\n  certifierctl request approve " + id +
              " --fingerprint 'AS THE DEVICE SHOWS IT'\n  certifierctl request reject " + id + " --reason 'WHY'");
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const RequestList& command) {
  v1::ListRequestsRequest request;
  ASSIGN_OR_RETURN(const v1::RequestState state, ParseState(command.state));
  request.set_state(state);
  request.set_ca(command.ca);
  request.set_fingerprint(command.fingerprint);
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
    table.Add({found.request_id(), NameOf(found.state()), found.ca(), found.subject(), found.key_algorithm(),
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
  ASSIGN_OR_RETURN(const v1::ApproveRequestResponse response, session.Call(&RequestStub::ApproveRequest, request));
  Show(output, response.request());
  output.Note("\nApproved. The device gets its certificate at its next poll.");
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
