#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "ctl/attribute_arguments.h"
#include "ctl/challenge_file.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/key_view.h"
#include "ctl/pages.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;
using KeyStub = v1::PreSharedKeyService::Stub;

namespace {

// ReadValue is empty where no file is named: the engine draws the value.
result::Result<pki::Secret> ReadValue(const std::string& file) {
  if (file.empty()) return pki::Secret();
  return ReadChallenge(file);
}

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
  RETURN_IF_ERROR(SetAttributes(command.attributes, *request.mutable_attributes()));
  ASSIGN_OR_RETURN(const pki::Secret value, ReadValue(command.value_file));
  request.set_value(std::string(value.Reveal()));
  return request;
}

std::string NameOf(v1::PreSharedKeyType type) {
  const auto* value = v1::PreSharedKeyType_descriptor()->FindValueByNumber(type);
  return value == nullptr ? std::to_string(type) : EnumName(*value);
}

// UsesOf is what was used of how many, and what waits: "2+1/5".
std::string UsesOf(const v1::PreSharedKey& key) {
  const std::string reserved = key.reserved_count() == 0 ? "" : "+" + std::to_string(key.reserved_count());
  return std::to_string(key.use_count()) + reserved + "/" + std::to_string(key.use_limit());
}

void ShowKey(Output& output, const v1::PreSharedKey& key) {
  const Time now = output.now();
  const auto by = [](const std::string& time, const std::string& login) {
    return time.empty() ? "" : time + " by " + login;
  };
  std::string last_use;
  if (key.has_last_used_at()) {
    last_use = TimeAndDistance(true, key.last_used_at(), now) + " from " + key.last_used_from() + ", request " +
               key.last_request_id();
  }
  output.Values({{"reference number", key.reference_number()},
                 {"status", KeyStatus(key, now)},
                 {"entity", key.entity()},
                 {"CA", key.ca()},
                 {"type", NameOf(key.type())},
                 {"used", std::to_string(key.use_count()) + " of " + std::to_string(key.use_limit())},
                 {"reserved by what waits", std::to_string(key.reserved_count())},
                 {"last use", last_use},
                 {"good from", TimeAndDistance(key.has_not_before(), key.not_before(), now)},
                 {"until", TimeAndDistance(key.has_expires_at(), key.expires_at(), now)},
                 {"policy", key.policy()},
                 {"subject", key.subject()},
                 {"alternative names", Joined(key.subject_alternative_names())},
                 {"attributes", AttributeText(key.attributes())},
                 {"made", by(TimeAndDistance(key.has_created_at(), key.created_at(), now), key.created_by())},
                 {"new value", by(TimeAndDistance(key.has_rekeyed_at(), key.rekeyed_at(), now), key.rekeyed_by())},
                 {"disabled", by(TimeAndDistance(key.has_disabled_at(), key.disabled_at(), now), key.disabled_by())}});
}

// ShowValue says what to do with a value that nothing can show again.
void ShowValue(Output& output, const std::string& ca, const std::string& value) {
  const std::string key_text = "'" + TerminalText(value) + "'";
  output.Text("\nThe key is shown this once: nothing can show it again. Give it to the device as challengePassword:");
  output.Text("  pki --scep --url http://GATEWAY:8080/scep/" + TerminalText(ca) + " --password " + key_text + " ...");
  output.Text("  getcert request -L " + key_text + " ...");
}

constexpr char kTypedIn[] = "the value that was typed in";

void Show(Output& output, const v1::CreatePreSharedKeyResponse& key) {
  const std::string uses = std::to_string(key.use_limit()) + (key.use_limit() == 1 ? " certificate" : " certificates");
  output.Values({{"key", key.key().empty() ? kTypedIn : key.key()},
                 {"reference number", key.reference_number()},
                 {"entity", key.entity()},
                 {"CA", key.ca()},
                 {"good for", uses},
                 {"until", TimeAndDistance(key.has_expires_at(), key.expires_at(), output.now())},
                 {"policy", key.policy()}});
  if (!key.key().empty()) ShowValue(output, key.ca(), key.key());
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

result::Result<void> Run(Session& session, Output& output, const KeyShow& command) {
  v1::GetPreSharedKeyRequest request;
  request.set_reference_number(command.reference_number);
  ASSIGN_OR_RETURN(const v1::GetPreSharedKeyResponse response, session.Call(&KeyStub::GetPreSharedKey, request));
  if (output.is_json()) {
    output.Json(response.key());
  } else {
    ShowKey(output, response.key());
  }
  return {};
}

result::Result<void> Run(Session& session, Output& output, const KeyRekey& command) {
  v1::RekeyPreSharedKeyRequest request;
  request.set_reference_number(command.reference_number);
  ASSIGN_OR_RETURN(const pki::Secret value, ReadValue(command.value_file));
  request.set_value(std::string(value.Reveal()));
  ASSIGN_OR_RETURN(const v1::RekeyPreSharedKeyResponse response, session.Call(&KeyStub::RekeyPreSharedKey, request));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  output.Values({{"key", response.value().empty() ? kTypedIn : response.value()}});
  ShowKey(output, response.key());
  if (!response.value().empty()) ShowValue(output, response.key().ca(), response.value());
  output.Note("\nThe old value is refused from now on.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const KeyDisable& command) {
  v1::DisablePreSharedKeyRequest request;
  request.set_reference_number(command.reference_number);
  ASSIGN_OR_RETURN(const v1::DisablePreSharedKeyResponse response,
                   session.Call(&KeyStub::DisablePreSharedKey, request));
  if (output.is_json()) {
    output.Json(response.key());
    return {};
  }
  ShowKey(output, response.key());
  if (response.key().reserved_count() > 0) {
    output.Note(
        "\nWhat waits with this key cannot be approved any more; reject it: certifierctl request list --state pending");
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
               {"STATUS"},
               {"EXPIRES", 0, 2},
               {"LAST USED", 0, 3},
               {"TYPE", 0, 5},
               {"POLICY", 8, 4},
               {"CREATED BY", 8, 6},
               {"AGE", 0, 1}});
  for (const v1::PreSharedKey& key : response.keys()) {
    table.Add({key.reference_number(), key.entity(), key.ca(), UsesOf(key), KeyStatus(key, output.now()),
               TimeAndDistance(key.has_expires_at(), key.expires_at(), output.now()),
               key.has_last_used_at() ? FormatDistance(ToTime(key.last_used_at()), output.now()) : "",
               NameOf(key.type()), key.policy(), key.created_by(),
               FormatDistance(ToTime(key.created_at()), output.now())});
  }
  ShowPages(output, response, table);
  return {};
}

}  // namespace ctl
