#include "certifier/v1/certificate.grpc.pb.h"
#include "ctl/certificate_view.h"
#include "ctl/commands.h"
#include "ctl/enum_option.h"
#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/pages.h"

namespace ctl {

namespace v1 = certifier::v1;
using CertificateStub = v1::CertificateService::Stub;

namespace {

std::string NameOf(v1::CertificateStatus status) {
  const auto* value = v1::CertificateStatus_descriptor()->FindValueByNumber(status);
  return value == nullptr ? std::to_string(status) : EnumName(*value);
}

std::string NameOf(v1::RevocationReason reason) {
  const auto* value = v1::RevocationReason_descriptor()->FindValueByNumber(reason);
  return value == nullptr ? std::to_string(reason) : EnumName(*value);
}

void AppendRevocation(Details& details, const v1::Revocation& revocation, Time now) {
  details.insert(details.end(),
                 {{"since", TimeAndDistance(revocation.has_revoked_at(), revocation.revoked_at(), now)},
                  {"reason", NameOf(revocation.reason())},
                  {"invalidity date", TimeText(revocation.has_invalidity_date(), revocation.invalidity_date())},
                  {"comment", revocation.comment()},
                  {"by", revocation.revoked_by()}});
}

}  // namespace

void ShowCertificate(Output& output, const v1::Certificate& certificate) {
  if (output.is_json()) return output.Json(certificate);
  Details details = {
      {"serial number", certificate.serial_number()},
      {"CA", certificate.ca()},
      {"subject", certificate.subject()},
      {"alternative names", Joined(certificate.subject_alternative_names())},
      {"key", certificate.key_algorithm()},
      {"issuer", certificate.issuer()},
      {"signed with", certificate.signature_algorithm()},
      {"valid from", TimeAndDistance(certificate.has_not_before(), certificate.not_before(), output.now())},
      {"valid until", TimeAndDistance(certificate.has_not_after(), certificate.not_after(), output.now())},
      {"issued", TimeAndDistance(certificate.has_issued_at(), certificate.issued_at(), output.now())},
      {"request", certificate.request_id()},
      {"entity", certificate.entity()},
      {"policy", PolicyText(certificate.policy(), certificate.policy_version())},
      {"status", NameOf(certificate.status())},
  };
  if (certificate.has_revocation()) AppendRevocation(details, certificate.revocation(), output.now());
  for (auto& text : ExtensionTexts(certificate.extensions())) details.emplace_back("extension", std::move(text));
  output.Values(details);
  ShowFingerprints(output, "certificate", certificate.fingerprints());
  std::string pem = certificate.certificate_pem();
  for (const std::string& issuer : certificate.chain_pem()) pem += issuer;
  output.Text("\n" + pem);
}

Table CertificateTable(const v1::ListCertificatesResponse& listed, Time now) {
  Table table({{"SERIAL NUMBER", 0},
               {"CA", 6},
               {"SUBJECT", 12},
               {"STATUS"},
               {"KEY", 0, 3},
               {"UNTIL"},
               {"REQUEST", 0, 1},
               {"ENTITY", 8, 2},
               {"POLICY", 8, 5},
               {"AGE", 0, 4}});
  for (const v1::Certificate& certificate : listed.certificates()) {
    table.Add({certificate.serial_number(), certificate.ca(), certificate.subject(), NameOf(certificate.status()),
               certificate.key_algorithm(), TimeText(certificate.has_not_after(), certificate.not_after()),
               certificate.request_id(), certificate.entity(),
               PolicyText(certificate.policy(), certificate.policy_version()),
               FormatDistance(ToTime(certificate.issued_at()), now)});
  }
  return table;
}

result::Result<void> Run(Session& session, Output& output, const CertificateList& command) {
  v1::ListCertificatesRequest request;
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(const v1::CertificateStatus status, ParseEnum<v1::CertificateStatus>("--status", command.status));
  request.set_status(status);
  Fill(command.search, *request.mutable_search());
  ASSIGN_OR_RETURN(const v1::ListCertificatesResponse response,
                   CollectPages(session, &CertificateStub::ListCertificates, request, command.limit));
  ShowPages(output, response, CertificateTable(response, output.now()));
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CertificateShow& command) {
  v1::GetCertificateRequest request;
  request.set_serial_number(command.serial_number);
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(const v1::GetCertificateResponse response, session.Call(&CertificateStub::GetCertificate, request));
  ShowCertificate(output, response.certificate());
  return {};
}

}  // namespace ctl
