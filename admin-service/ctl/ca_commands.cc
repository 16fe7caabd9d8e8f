#include "certifier/v1/ca.grpc.pb.h"
#include "ctl/ca_options.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/scep_view.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;
using CaStub = v1::CaService::Stub;

namespace {

// What is known of an RA in one line.
std::string RegistrationAuthorityText(const v1::RegistrationAuthorityCertificate& ra, Time now) {
  return ra.usage() + ", " + ra.subject() + ", until " + TimeAndDistance(ra.has_not_after(), ra.not_after(), now);
}

void ShowGenerations(Output& output, const v1::Ca& ca) {
  Table table({{"GENERATION"}, {"STATE"}, {"KEY"}, {"FROM", 0, 1}, {"UNTIL"}, {"RETIRED", 0, 2}, {"SHA-256", 17, 3}});
  for (const auto& generation : ca.generations()) {
    table.Add({std::to_string(generation.number()), generation.state(), generation.key_algorithm(),
               TimeText(generation.has_not_before(), generation.not_before()),
               TimeText(generation.has_not_after(), generation.not_after()),
               TimeText(generation.has_retired_at(), generation.retired_at()),
               generation.fingerprints().sha256().grouped()});
  }
  output.Text("");
  output.Rows(table);
}

void ShowOptions(Output& output, const v1::CaOptions& options) {
  Table table({{"OPTION"}, {"VALUE"}});
  for (const auto& [name, value] : OptionTexts(options)) table.Add({name, value});
  output.Text("");
  output.Rows(table);
}

// `url` is what devices are given, or empty.
void Show(Output& output, const v1::Ca& ca, const std::string& url = {}) {
  if (output.is_json()) return output.Json(ca);
  Details details = {
      {"name", ca.name() + (ca.is_default() ? " (answers where a client names no CA)" : "")},
      {"status", ca.status()},
      {"subject", ca.subject()},
      {"key", ca.key_algorithm()},
      {"valid from", TimeAndDistance(ca.has_not_before(), ca.not_before(), output.now())},
      {"valid until", TimeAndDistance(ca.has_not_after(), ca.not_after(), output.now())},
      {"policy", ca.policy()},
  };
  for (const auto& ra : ca.registration_authorities()) {
    details.push_back({"RA", RegistrationAuthorityText(ra, output.now())});
  }
  if (ca.registration_authorities().empty()) details.push_back({"RA", "none, the CA receives envelopes itself"});
  if (!url.empty()) details.push_back({"enrolment URL", UrlFor(url, ca.name())});
  output.Values(details);
  ShowFingerprints(output, "CA certificate", ca.fingerprints());
  ShowGenerations(output, ca);
  ShowOptions(output, ca.options());
  output.Text("\n" + ca.certificate_pem());
  for (const std::string& pem : ca.chain_pem()) output.Text(pem);
}

std::string StatusOf(const CaSet& command) {
  if (command.is_enabled) return "active";
  return command.is_disabled ? "disabled" : "";
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const CaCreate& command) {
  v1::CreateCaRequest request;
  request.set_name(command.name);
  request.set_subject(command.subject);
  request.set_key_algorithm(command.key_algorithm);
  request.set_validity_days(command.days);
  request.set_policy(command.policy);
  request.set_registration_authority_key_bits(command.registration_authority_bits);
  request.set_registration_authority(command.registration_authority);
  request.set_issuer(command.issuer);
  ASSIGN_OR_RETURN(const v1::CreateCaResponse response, session.Call(&CaStub::CreateCa, request));
  Show(output, response.ca());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaList&) {
  ASSIGN_OR_RETURN(const v1::ListCasResponse response, session.Call(&CaStub::ListCas, v1::ListCasRequest()));
  Table table(
      {{"NAME"}, {"STATUS", 0, 2}, {"SUBJECT", 12}, {"KEY", 0, 3}, {"UNTIL"}, {"POLICY", 8, 1}, {"SHA-256", 17, 4}});
  for (const v1::Ca& ca : response.cas()) {
    table.Add({ca.name() + (ca.is_default() ? "*" : ""), ca.status(), ca.subject(), ca.key_algorithm(),
               TimeText(ca.has_not_after(), ca.not_after()), ca.policy(), ca.fingerprints().sha256().grouped()});
  }
  output.List(response, table);
  output.Note(response.cas().empty() ? "None yet. Make one: certifierctl ca create demo"
                                     : "* answers where a client names no CA.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaShow& command) {
  v1::GetCaRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::GetCaResponse response, session.Call(&CaStub::GetCa, request));
  std::string url;
  if (!output.is_json()) {
    // Who asks for the CA gets it, whatever is known of the service.
    if (const auto known = EnrollmentUrl(session)) url = *known;
  }
  Show(output, response.ca(), url);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaSet& command) {
  v1::UpdateCaRequest request;
  request.set_name(command.name);
  for (const std::string& option : command.options) RETURN_IF_ERROR(SetOption(*request.mutable_options(), option));
  for (const std::string& name : command.reset) {
    ASSIGN_OR_RETURN(*request.add_reset(), OptionName(name));
  }
  request.set_policy(command.policy);
  request.set_status(StatusOf(command));
  request.set_make_default(command.is_default);
  ASSIGN_OR_RETURN(const v1::UpdateCaResponse response, session.Call(&CaStub::UpdateCa, request));
  Show(output, response.ca());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaStage& command) {
  v1::StageCaRequest request;
  request.set_name(command.name);
  request.set_key_algorithm(command.key_algorithm);
  request.set_validity_days(command.days);
  ASSIGN_OR_RETURN(const v1::StageCaResponse response, session.Call(&CaStub::StageCa, request));
  Show(output, response.ca());
  output.Note("Devices can fetch the next CA now. When they have: certifierctl ca activate " +
              TerminalText(command.name));
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaActivate& command) {
  v1::ActivateCaRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::ActivateCaResponse response, session.Call(&CaStub::ActivateCa, request));
  Show(output, response.ca());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaUnstage& command) {
  v1::UnstageCaRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::UnstageCaResponse response, session.Call(&CaStub::UnstageCa, request));
  Show(output, response.ca());
  return {};
}

}  // namespace ctl
