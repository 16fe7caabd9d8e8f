#include <algorithm>
#include <optional>
#include <vector>

#include "certifier/v1/certificate.grpc.pb.h"
#include "ctl/certificate_view.h"
#include "ctl/commands.h"
#include "ctl/enum_option.h"
#include "ctl/pages.h"
#include "ctl/revocation_reasons.h"
#include "ctl/terminal_text.h"
#include "ctl/times.h"

namespace ctl {

namespace v1 = certifier::v1;
using CertificateStub = v1::CertificateService::Stub;

namespace {

// ParseReason reads "key-compromise" or "key_compromise".
result::Result<v1::RevocationReason> ParseReason(std::string name) {
  if (name.empty()) return v1::REVOCATION_REASON_UNSPECIFIED;
  for (char& c : name) c = c == '-' ? '_' : c;
  const auto names = RevocationReasonNames();
  if (std::ranges::find(names, name) != names.end()) {
    return ParseEnum<v1::RevocationReason>("--reason", name == "unspecified" ? "" : name);
  }
  std::string known;
  for (const std::string& one : names) known += (known.empty() ? "" : ", ") + one;
  return result::Fail(result::Reason::kMalformed, "--reason '" + name + "' is none of " + known);
}

// FillDetails sets what revoking and suspending have in common.
template <class Request>
result::Result<void> FillDetails(const RevocationDetails& details, Time now, Request& request) {
  request.set_serial_number(details.serial_number);
  request.set_ca(details.ca);
  request.set_comment(details.comment);
  if (details.invalidity_date.empty()) return {};
  ASSIGN_OR_RETURN(const Time invalidity_date, ParsePastMoment(details.invalidity_date, now));
  *request.mutable_invalidity_date() = ToTimestamp(invalidity_date);
  return {};
}

// RevokeEach revokes what was found, and tells what became of it. It goes on past what is refused, and ends where
// nobody answers; the error is the last one.
result::Result<void> RevokeEach(Session& session, Output& output, v1::RevokeCertificateRequest request,
                                v1::ListCertificatesResponse found) {
  v1::ListCertificatesResponse revoked;
  std::optional<result::Error> problem;
  std::vector<std::string> refused;
  for (const v1::Certificate& certificate : found.certificates()) {
    output.Progress(std::to_string(revoked.certificates_size()) + " of " + std::to_string(found.certificates_size()) +
                    " certificates");
    request.set_ca(certificate.ca());
    request.set_serial_number(certificate.serial_number());
    auto answer = session.Call(&CertificateStub::RevokeCertificate, request);
    if (answer) {
      *revoked.add_certificates() = std::move(*answer->mutable_certificate());
      continue;
    }
    problem = std::move(answer).error();
    refused.push_back(certificate.serial_number() + ": " + problem->detail);
    if (problem->reason == result::Reason::kUnavailable) break;
  }
  output.Progress("");
  output.List(revoked, CertificateTable(revoked, output.now()));
  for (const std::string& line : refused) output.Note("Not revoked: " + TerminalText(line));
  const int left = found.certificates_size() - revoked.certificates_size();
  if (!problem) {
    output.Note(found.certificates().empty() ? "None."
                                             : "\nRevoked for ever. A new CRL is on its way to the gateways.");
    if (!found.next_page_token().empty()) output.Note("There are more: the same command again.");
    return {};
  }
  return result::Fail(problem->reason, std::to_string(left) + " of " + std::to_string(found.certificates_size()) +
                                           " certificates are not revoked: " + problem->detail);
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const CertificateRevoke& command) {
  v1::RevokeCertificateRequest request;
  RETURN_IF_ERROR(FillDetails(command.details, output.now(), request));
  ASSIGN_OR_RETURN(const v1::RevocationReason reason, ParseReason(command.reason));
  request.set_reason(reason);
  ASSIGN_OR_RETURN(const v1::RevokeCertificateResponse response,
                   session.Call(&CertificateStub::RevokeCertificate, request));
  ShowCertificate(output, response.certificate());
  output.Note("\nRevoked for ever. A new CRL is on its way to the gateways.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CertificateRevokeAll& command) {
  v1::RevokeCertificateRequest request;
  ASSIGN_OR_RETURN(const v1::RevocationReason reason, ParseReason(command.reason));
  request.set_reason(reason);
  request.set_comment(command.comment);
  v1::ListCertificatesRequest ask;
  ask.set_ca(command.ca);
  ask.set_status(v1::CERTIFICATE_STATUS_GOOD);
  Fill(command.search, *ask.mutable_search());
  ASSIGN_OR_RETURN(v1::ListCertificatesResponse found,
                   CollectPages(session, &CertificateStub::ListCertificates, ask, command.limit));
  if (!command.is_sure) {
    ShowPages(output, found, CertificateTable(found, output.now()));
    if (found.certificates_size() > 0) {
      output.Note("\nNothing is revoked yet. To revoke these " + std::to_string(found.certificates_size()) +
                  " for ever: the same with --yes");
    }
    return {};
  }
  return RevokeEach(session, output, request, std::move(found));
}

result::Result<void> Run(Session& session, Output& output, const CertificateSuspend& command) {
  v1::SuspendCertificateRequest request;
  RETURN_IF_ERROR(FillDetails(command.details, output.now(), request));
  ASSIGN_OR_RETURN(const v1::SuspendCertificateResponse response,
                   session.Call(&CertificateStub::SuspendCertificate, request));
  ShowCertificate(output, response.certificate());
  output.Note("\nSuspended until 'certificate reactivate'. A new CRL is on its way to the gateways.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const CertificateReactivate& command) {
  v1::ReactivateCertificateRequest request;
  request.set_serial_number(command.serial_number);
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(const v1::ReactivateCertificateResponse response,
                   session.Call(&CertificateStub::ReactivateCertificate, request));
  ShowCertificate(output, response.certificate());
  output.Note("\nGood again. A new CRL is on its way to the gateways.");
  return {};
}

}  // namespace ctl
