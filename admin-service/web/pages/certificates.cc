#include <algorithm>

#include "ctl/enum_option.h"
#include "ctl/revocation_reasons.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/pages.h"
#include "web/search_form.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Certificates = v1::CertificateService::Stub;

constexpr std::uint32_t kPageSize = 100;  // One decision may be of all of a page.
constexpr std::ptrdiff_t kMostAtOnce = 100;

std::string PathOf(const std::string& ca, const std::string& serial_number) {
  return "/certificates/" + PathSegment(ca) + "/" + PathSegment(serial_number);
}

result::Result<v1::RevocationReason> ReasonOf(const std::string& name) {
  const auto reason = ctl::ParseEnum<v1::RevocationReason>("reason", name == "unspecified" ? "" : name);
  // A hold is a suspension, which has a form of its own.
  if (reason && *reason != v1::REVOCATION_REASON_CERTIFICATE_HOLD) return *reason;
  return result::Fail(result::Reason::kMalformed, "That is no reason to revoke a certificate for.");
}

v1::CertificateStatus StatusOf(const std::string& name) {
  return ctl::ParseEnum<v1::CertificateStatus>("status", name).value_or(v1::CERTIFICATE_STATUS_UNSPECIFIED);
}

// The certificate that the path names, in the request for whatever is done to it.
template <class Ask>
Ask Asking(const Visit& visit) {
  Ask ask;
  ask.set_ca(visit.arguments.at(0));
  ask.set_serial_number(visit.arguments.at(1));
  return ask;
}

Response BackTo(const v1::Certificate& certificate, const std::string& done) {
  return Redirect(PathOf(certificate.ca(), certificate.serial_number()) + "?done=" + done);
}

}  // namespace

result::Result<Response> ListCertificates(Visit& visit) {
  const std::string ca = visit.request.Parameter("ca"), wanted = visit.request.Parameter("serial");
  if (!wanted.empty()) {
    v1::GetCertificateRequest ask;
    ask.set_ca(ca);
    ask.set_serial_number(wanted);
    ASSIGN_OR_RETURN(const auto found, visit.Call(&Certificates::GetCertificate, ask));
    return Redirect(PathOf(found.certificate().ca(), found.certificate().serial_number()));
  }
  v1::ListCertificatesRequest ask;
  ask.set_ca(ca);
  ask.set_page_size(kPageSize);
  ask.set_page_token(visit.request.Parameter("page"));
  *ask.mutable_search() = SearchOf(visit.request);
  const std::string status = visit.request.Parameter("status");
  ask.set_status(StatusOf(status));
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Certificates::ListCertificates, ask));
  Model model = ModelOf(listed);
  for (Model& row : model["certificates"]) {
    row["path"] = PathOf(row["ca"].get<std::string>(), row["serial_number"].get<std::string>());
    row["may_revoke"] =
        row["status"] != "revoked" && May(visit.who, v1::ACCESS_LEVEL_REVOCATION, row["ca"].get<std::string>());
  }
  model["has_ticks"] =
      std::ranges::any_of(model["certificates"], [](const Model& row) { return row["may_revoke"] == true; });
  model["reasons"] = ChoicesOf(ctl::RevocationReasonNames(), "unspecified");
  model["statuses"] = ChoicesOf({"any", "good", "suspended", "revoked"}, status);
  model["ca"] = ca;
  AddSearch(visit.request, model);
  if (!listed.next_page_token().empty()) {
    model["next"] = "/certificates?ca=" + PathSegment(ca) + "&status=" + PathSegment(status) + "&" +
                    SearchQuery(visit.request) + "&page=" + PathSegment(listed.next_page_token());
  }
  return ShowPage(visit, "certificates", std::move(model), {"Certificates", "certificates"});
}

result::Result<Response> ShowCertificate(Visit& visit) {
  ASSIGN_OR_RETURN(const auto found,
                   visit.Call(&Certificates::GetCertificate, Asking<v1::GetCertificateRequest>(visit)));
  const v1::Certificate& certificate = found.certificate();
  Model model = ModelOf(certificate);
  const auto status = certificate.status();
  model["path"] = PathOf(certificate.ca(), certificate.serial_number());
  std::string chain;
  for (const std::string& pem : certificate.chain_pem()) chain += pem;
  model["has_chain"] = !chain.empty();
  model["chain"] = std::move(chain);
  model["reasons"] = ChoicesOf(ctl::RevocationReasonNames(), "unspecified");
  model["may_revoke"] =
      status != v1::CERTIFICATE_STATUS_REVOKED && May(visit.who, v1::ACCESS_LEVEL_REVOCATION, certificate.ca());
  model["may_suspend"] = status == v1::CERTIFICATE_STATUS_GOOD && model["may_revoke"] == true;
  model["may_reactivate"] =
      status == v1::CERTIFICATE_STATUS_SUSPENDED && May(visit.who, v1::ACCESS_LEVEL_WRITE, certificate.ca());
  const std::string done = visit.request.Parameter("done");
  model["was_revoked"] = done == "revoked";
  model["was_suspended"] = done == "suspended";
  model["was_reactivated"] = done == "reactivated";
  return ShowPage(visit, "certificate", std::move(model),
                  {"Certificate " + certificate.serial_number(), "certificates"});
}

result::Result<Response> RevokeCertificate(Visit& visit) {
  auto ask = Asking<v1::RevokeCertificateRequest>(visit);
  ASSIGN_OR_RETURN(const v1::RevocationReason reason, ReasonOf(visit.request.Parameter("reason")));
  ask.set_reason(reason);
  ask.set_comment(visit.request.Parameter("comment"));
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Certificates::RevokeCertificate, ask));
  return BackTo(answer.certificate(), "revoked");
}

result::Result<Response> RevokeCertificates(Visit& visit) {
  const auto [first, last] = visit.request.parameters.equal_range("certificate");
  if (std::distance(first, last) > kMostAtOnce) {
    return result::Fail(result::Reason::kMalformed,
                        "At most " + std::to_string(kMostAtOnce) + " certificates at once.");
  }
  v1::RevokeCertificateRequest ask;
  ASSIGN_OR_RETURN(const v1::RevocationReason reason, ReasonOf(visit.request.Parameter("reason")));
  ask.set_reason(reason);
  ask.set_comment(visit.request.Parameter("comment"));
  Model outcomes = Model::array();
  for (auto one = first; one != last; ++one) {
    const std::size_t slash = std::min(one->second.find('/'), one->second.size());
    ask.set_ca(one->second.substr(0, slash));
    ask.set_serial_number(one->second.substr(std::min(slash + 1, one->second.size())));
    const auto answer = visit.Call(&Certificates::RevokeCertificate, ask);
    outcomes.push_back({{"serial_number", ask.serial_number()},
                        {"path", PathOf(ask.ca(), ask.serial_number())},
                        {"problem", answer ? "" : answer.error().detail}});
    // Each of the others would wait as long: what is not named was not asked for.
    if (!answer && answer.error().reason == result::Reason::kUnavailable) break;
  }
  return ShowPage(visit, "revoked", {{"outcomes", std::move(outcomes)}}, {"Revoked", "certificates"});
}

result::Result<Response> SuspendCertificate(Visit& visit) {
  auto ask = Asking<v1::SuspendCertificateRequest>(visit);
  ask.set_comment(visit.request.Parameter("comment"));
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Certificates::SuspendCertificate, ask));
  return BackTo(answer.certificate(), "suspended");
}

result::Result<Response> ReactivateCertificate(Visit& visit) {
  const auto ask = Asking<v1::ReactivateCertificateRequest>(visit);
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Certificates::ReactivateCertificate, ask));
  return BackTo(answer.certificate(), "reactivated");
}

}  // namespace web
