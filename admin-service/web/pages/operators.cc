#include "ctl/grant_text.h"
#include "pki/certificate.h"
#include "pki/digest.h"
#include "web/form_values.h"
#include "web/pages/grant_models.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Operators = v1::OperatorService::Stub;

constexpr std::uint32_t kPageSize = 100;
constexpr std::size_t kSha256Octets = 32;

std::string PathOf(const std::string& login) {
  return "/operators/" + PathSegment(login);
}

std::string WaysIn(const v1::Operator& one) {
  const int certificates = one.certificates_size();
  std::string ways = one.has_password() ? "password" : "";
  if (certificates > 0) {
    ways += (ways.empty() ? "" : ", ") + std::to_string(certificates) + " certificate" + (certificates == 1 ? "" : "s");
  }
  return ways.empty() ? "nothing" : ways;
}

// A client certificate as its PEM, or as its SHA-256 in any notation.
result::Result<std::string> CertificateDigest(const std::string& text) {
  if (text.find("-----BEGIN") != std::string::npos) {
    ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::FromPem(text));
    return pki::Digest(pki::DigestAlgorithm::kSha256, certificate.der());
  }
  auto digest = pki::ParseFingerprint(text);
  if (digest && digest->size() == kSha256Octets) return *std::move(digest);
  return result::Fail(result::Reason::kMalformed,
                      "That is neither a certificate in PEM nor the SHA-256 of one, which has 64 digits.");
}

// The operator that the path names, in a change that leaves everything as it is.
v1::UpdateOperatorRequest Asking(const Visit& visit) {
  v1::UpdateOperatorRequest ask;
  ask.set_login(visit.arguments.at(0));
  return ask;
}

result::Result<Response> Change(Visit& visit, const v1::UpdateOperatorRequest& ask) {
  ASSIGN_OR_RETURN(const auto changed, visit.Call(&Operators::UpdateOperator, ask));
  return Redirect(PathOf(changed.operator_().login()) + "?done=changed");
}

Model CaNames(const v1::ListCasResponse& listed) {
  std::vector<std::string> names;
  for (const v1::Ca& ca : listed.cas()) names.push_back(ca.name());
  return ChoicesOf(names, "");
}

Model CertificateModels(const v1::Operator& one) {
  Model models = Model::array();
  for (const auto& certificate : one.certificates()) models.push_back({{"hex", pki::HexLower(certificate.sha256())}});
  return models;
}

}  // namespace

Model GrantModels(const v1::Operator& one) {
  Model models = Model::array();
  for (const v1::Grant& grant : one.grants()) models.push_back({{"text", ctl::GrantText(grant)}});
  return models;
}

result::Result<Response> ListOperators(Visit& visit) {
  v1::ListOperatorsRequest ask;
  ask.set_page_size(kPageSize);
  ask.set_page_token(visit.request.Parameter("page"));
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Operators::ListOperators, ask));
  Model rows = Model::array();
  for (const v1::Operator& one : listed.operators()) {
    Model row = ModelOf(one);
    row["path"] = PathOf(one.login());
    row["grants"] = GrantModels(one);
    row["ways_in"] = WaysIn(one);
    rows.push_back(std::move(row));
  }
  Model model = {{"operators", std::move(rows)}};
  if (!listed.next_page_token().empty()) model["next"] = "/operators?page=" + PathSegment(listed.next_page_token());
  return ShowPage(visit, "operators", std::move(model), {"Operators", "operators"});
}

result::Result<Response> CreateOperator(Visit& visit) {
  const Request& form = visit.request;
  v1::CreateOperatorRequest ask;
  ask.set_login(form.Parameter("login"));
  ask.set_description(form.Parameter("description"));
  ask.set_password(form.Parameter("password"));
  for (const std::string& line : LinesOf(form.Parameter("certificates"))) {
    ASSIGN_OR_RETURN(*ask.add_certificate_sha256s(), CertificateDigest(line));
  }
  for (const std::string& line : LinesOf(form.Parameter("grants"))) {
    ASSIGN_OR_RETURN(*ask.add_grants(), ctl::ParseGrant(line));
  }
  for (std::string& line : LinesOf(form.Parameter("groups"))) ask.add_groups(std::move(line));
  ASSIGN_OR_RETURN(const auto made, visit.Call(&Operators::CreateOperator, ask));
  return Redirect(PathOf(made.operator_().login()));
}

result::Result<Response> ShowOperator(Visit& visit) {
  v1::GetOperatorRequest ask;
  ask.set_login(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto found, visit.Call(&Operators::GetOperator, ask));
  ASSIGN_OR_RETURN(const auto cas, visit.Call(&v1::CaService::Stub::ListCas, v1::ListCasRequest()));
  const v1::Operator& one = found.operator_();
  Model model = ModelOf(one);
  model["path"] = PathOf(one.login());
  model["grants"] = GrantModels(one);
  model["certificates"] = CertificateModels(one);
  model["is_inactive"] = one.status() != "active";
  model["levels"] = ChoicesOf(ctl::LevelNames(), "");
  model["cas"] = CaNames(cas);
  model["was_changed"] = visit.request.Parameter("done") == "changed";
  return ShowPage(visit, "operator", std::move(model), {"Operator " + one.login(), "operators"});
}

result::Result<Response> SetOperatorStatus(Visit& visit) {
  auto ask = Asking(visit);
  ask.set_status(visit.request.Parameter("status"));
  return Change(visit, ask);
}

result::Result<Response> SetOperatorPassword(Visit& visit) {
  auto ask = Asking(visit);
  ask.set_password(visit.request.Parameter("password"));
  return Change(visit, ask);
}

// The groups of the form take the place of those that there are.
result::Result<Response> SetOperatorDetails(Visit& visit) {
  v1::GetOperatorRequest get;
  get.set_login(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto found, visit.Call(&Operators::GetOperator, get));
  auto ask = Asking(visit);
  ask.set_description(visit.request.Parameter("description"));
  *ask.mutable_removed_groups() = found.operator_().groups();
  for (std::string& line : LinesOf(visit.request.Parameter("groups"))) ask.add_groups(std::move(line));
  return Change(visit, ask);
}

result::Result<Response> AddOperatorGrant(Visit& visit) {
  const std::string ca = visit.request.Parameter("ca");
  auto ask = Asking(visit);
  ASSIGN_OR_RETURN(*ask.add_grants(), ctl::ParseGrant(visit.request.Parameter("level") + (ca.empty() ? "" : ":" + ca)));
  return Change(visit, ask);
}

result::Result<Response> RemoveOperatorGrant(Visit& visit) {
  auto ask = Asking(visit);
  ASSIGN_OR_RETURN(*ask.add_removed_grants(), ctl::ParseGrant(visit.request.Parameter("grant")));
  return Change(visit, ask);
}

result::Result<Response> AddOperatorCertificate(Visit& visit) {
  auto ask = Asking(visit);
  ASSIGN_OR_RETURN(*ask.add_certificate_sha256s(), CertificateDigest(visit.request.Parameter("certificate")));
  return Change(visit, ask);
}

result::Result<Response> RemoveOperatorCertificate(Visit& visit) {
  auto ask = Asking(visit);
  ASSIGN_OR_RETURN(*ask.add_removed_certificate_sha256s(), CertificateDigest(visit.request.Parameter("sha256")));
  return Change(visit, ask);
}

}  // namespace web
