#include "ctl/request_view.h"

#include <algorithm>

#include "ctl/fields.h"
#include "ctl/json_printer.h"
#include "ctl/terminal_text.h"
#include "pki/bytes.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

void ShowApproval(Output& output, const v1::ApprovalState& approval) {
  output.Text("\napproval");
  Details details = {{"operators", std::to_string(approval.required_approvals())},
                     {"groups", Joined(approval.required_groups())},
                     {"missing", approval.missing()}};
  for (const v1::Approval& given : approval.approvals()) {
    details.emplace_back("approved by",
                         given.login() + (given.groups().empty() ? "" : " (" + Joined(given.groups()) + ")") + ", " +
                             TimeAndDistance(given.has_approved_at(), given.approved_at(), output.now()) + ", by " +
                             given.fingerprint() + (given.is_standing() ? "" : "; counts no more"));
  }
  output.Values(details);
}

// "1.2.3.4 (critical) 0c0161".
std::string TextOf(const v1::TemplateExtension& extension) {
  return extension.oid() + (extension.is_critical() ? " (critical) " : " ") + pki::HexLower(extension.value());
}

std::string TextOf(const v1::SetCertificatePolicies::PolicyInformation& policy) {
  return policy.oid() + (policy.cps_uri().empty() ? "" : " " + policy.cps_uri());
}

template <class Items>
std::string TextsOf(const Items& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + TextOf(item);
  return text;
}

// All of it: whoever approves must see what an edit has changed.
void ShowTemplate(Output& output, const v1::TemplateView& view) {
  output.Text("\ncertificate template, version " + std::to_string(view.template_version()));
  if (!view.has_certificate()) return output.Values({{"edited by", view.edited_by()}, {"not shown", view.reason()}});
  const auto& certificate = view.certificate();
  const std::string crl = certificate.has_crl_distribution_point() ? Joined(certificate.crl_distribution_point().urls())
                                                                   : "as the CA has it";
  output.Values({{"edited by", view.edited_by()},
                 {"subject", certificate.subject()},
                 {"alternative names", Joined(certificate.subject_alternative_names())},
                 {"not before", TimeText(certificate.has_not_before(), certificate.not_before())},
                 {"not after", TimeText(certificate.has_not_after(), certificate.not_after())},
                 {"key usage", Joined(certificate.key_usage())},
                 {"extended key usage", Joined(certificate.extended_key_usage())},
                 {"CRL distribution point", crl},
                 {"CA issuers", Joined(certificate.ca_issuers())},
                 {"certificate policies", TextsOf(certificate.certificate_policies().policies())},
                 {"further extensions", TextsOf(certificate.extensions())}});
}

// What an approval must name beside the fingerprint, where the template was edited.
std::string VersionFlag(const v1::TemplateView& view) {
  const bool was_edited = view.template_version() > 1;
  return was_edited ? " --template-version " + std::to_string(view.template_version()) : "";
}

std::string Vouching(const v1::Request& request) {
  if (!request.reference_number().empty()) return "pre-shared key " + request.reference_number();
  return request.has_challenge() ? "a challenge that matches no key" : "no challenge";
}

}  // namespace

std::string StateText(const v1::Request& request) {
  const auto* value = v1::RequestState_descriptor()->FindValueByNumber(request.state());
  std::string text = value == nullptr ? std::to_string(request.state()) : EnumName(*value);
  const auto& approval = request.approval();
  if (request.state() != v1::REQUEST_STATE_PENDING || approval.required_approvals() < 2) return text;
  const auto standing = std::ranges::count_if(approval.approvals(), &v1::Approval::is_standing);
  return text + " " + std::to_string(standing) + "/" + std::to_string(approval.required_approvals());
}

void ShowRequest(Output& output, const v1::Request& request) {
  Details details = {
      {"request", request.request_id()},
      {"state", StateText(request)},
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
  for (auto& text : ExtensionTexts(request.requested_extensions())) details.emplace_back("asks for", std::move(text));
  output.Values(details);
  ShowFingerprints(output, "request", request.fingerprints().request());
  ShowFingerprints(output, "unsigned request (CertificationRequestInfo)", request.fingerprints().unsigned_request());
  if (request.has_approval()) ShowApproval(output, request.approval());
  if (request.state() != v1::REQUEST_STATE_PENDING) return;
  if (request.has_template_()) ShowTemplate(output, request.template_());
  const std::string id = TerminalText(request.request_id());
  output.Note("\nRead the fingerprint from the device, not from here, then:\n  certifierctl request approve " + id +
              " --fingerprint 'AS THE DEVICE SHOWS IT'" + VersionFlag(request.template_()) +
              "\n  certifierctl request reject " + id + " --reason 'WHY'");
}

}  // namespace ctl
