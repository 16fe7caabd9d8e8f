#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/pages.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;
using KeyStub = v1::PreSharedKeyService::Stub;

namespace {

result::Result<v1::CreatePreSharedKeyRequest> RequestFor(const KeyCreate& command, Time now) {
  v1::CreatePreSharedKeyRequest request;
  request.set_entity(command.entity);
  request.set_ca(command.ca);
  request.set_use_limit(command.uses);
  if (!command.not_before.empty()) {
    ASSIGN_OR_RETURN(const Time not_before, ParseMoment(command.not_before, now));
    *request.mutable_not_before() = ToTimestamp(not_before);
  }
  if (!command.expires.empty()) {
    ASSIGN_OR_RETURN(const Time expires, ParseMoment(command.expires, now));
    *request.mutable_expires_at() = ToTimestamp(expires);
  }
  request.set_policy(command.policy);
  request.set_subject(command.subject);
  for (const std::string& name : command.alternative_names) request.add_subject_alternative_names(name);
  return request;
}

void Show(Output& output, const v1::CreatePreSharedKeyResponse& key) {
  const std::string uses = std::to_string(key.use_limit()) + (key.use_limit() == 1 ? " certificate" : " certificates");
  output.Values({{"key", key.key()},
                 {"reference number", key.reference_number()},
                 {"entity", key.entity()},
                 {"CA", key.ca()},
                 {"good for", uses},
                 {"until", TimeAndDistance(key.has_expires_at(), key.expires_at(), output.now())},
                 {"policy", key.policy()}});
  const std::string key_text = "'" + TerminalText(key.key()) + "'";
  output.Text("\nThe key is shown this once: nothing can show it again. Give it to the device as challengePassword:");
  output.Text("  pki --scep --url http://GATEWAY:8080/scep/" + TerminalText(key.ca()) + " --password " + key_text +
              " ...");
  output.Text("  getcert request -L " + key_text + " ...");
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const KeyCreate& command) {
  ASSIGN_OR_RETURN(const v1::CreatePreSharedKeyRequest request, RequestFor(command, output.now()));
  ASSIGN_OR_RETURN(const v1::CreatePreSharedKeyResponse response, session.Call(&KeyStub::CreatePreSharedKey, request));
  if (output.is_json()) {
    output.Json(response);
  } else {
    Show(output, response);
  }
  return {};
}

result::Result<void> Run(Session& session, Output& output, const KeyList& command) {
  v1::ListPreSharedKeysRequest request;
  request.set_entity(command.entity);
  ASSIGN_OR_RETURN(const v1::ListPreSharedKeysResponse response,
                   CollectPages(session, &KeyStub::ListPreSharedKeys, request, command.limit));
  Table table({{"REFERENCE"},
               {"ENTITY", 12},
               {"CA", 6},
               {"USED"},
               {"EXPIRES"},
               {"POLICY", 8, 2},
               {"CREATED BY", 8, 3},
               {"AGE", 0, 1}});
  for (const v1::PreSharedKey& key : response.keys()) {
    table.Add({key.reference_number(), key.entity(), key.ca(),
               std::to_string(key.use_count()) + "/" + std::to_string(key.use_limit()),
               TimeAndDistance(key.has_expires_at(), key.expires_at(), output.now()), key.policy(), key.created_by(),
               FormatDistance(ToTime(key.created_at()), output.now())});
  }
  ShowPages(output, response, table);
  return {};
}

}  // namespace ctl
