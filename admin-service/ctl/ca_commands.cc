#include "certifier/v1/ca.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;
using CaStub = v1::CaService::Stub;

namespace {

void Show(Output& output, const v1::Ca& ca) {
  if (output.is_json()) return output.Json(ca);
  const auto& ra = ca.registration_authority();
  const Details details = {
      {"name", ca.name() + (ca.is_default() ? " (answers where a client names no CA)" : "")},
      {"status", ca.status()},
      {"subject", ca.subject()},
      {"key", ca.key_algorithm()},
      {"valid from", TimeAndDistance(ca.has_not_before(), ca.not_before(), output.now())},
      {"valid until", TimeAndDistance(ca.has_not_after(), ca.not_after(), output.now())},
      {"policy", ca.policy()},
      {"RA subject", ra.subject()},
      {"RA valid until", TimeAndDistance(ra.has_not_after(), ra.not_after(), output.now())},
  };
  output.Values(details);
  ShowFingerprints(output, "CA certificate", ca.fingerprints());
  output.Text("\n" + ca.certificate_pem());
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
  ASSIGN_OR_RETURN(const v1::CreateCaResponse response, session.Call(&CaStub::CreateCa, request));
  Show(output, response.ca());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaList&) {
  ASSIGN_OR_RETURN(const v1::ListCasResponse response, session.Call(&CaStub::ListCas, v1::ListCasRequest()));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  Table table(
      {{"NAME"}, {"STATUS", 0, 2}, {"SUBJECT", 12}, {"KEY", 0, 3}, {"UNTIL"}, {"POLICY", 8, 1}, {"SHA-256", 17, 4}});
  for (const v1::Ca& ca : response.cas()) {
    table.Add({ca.name() + (ca.is_default() ? "*" : ""), ca.status(), ca.subject(), ca.key_algorithm(),
               TimeText(ca.has_not_after(), ca.not_after()), ca.policy(), ca.fingerprints().sha256().grouped()});
  }
  output.Rows(table);
  output.Note(response.cas().empty() ? "None yet. Make one: certifierctl ca create demo"
                                     : "* answers where a client names no CA.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CaShow& command) {
  v1::GetCaRequest request;
  request.set_name(command.name);
  ASSIGN_OR_RETURN(const v1::GetCaResponse response, session.Call(&CaStub::GetCa, request));
  Show(output, response.ca());
  return {};
}

}  // namespace ctl
