#include "certifier/v1/operator.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/der_file.h"
#include "ctl/fields.h"
#include "ctl/grant_text.h"
#include "ctl/pages.h"
#include "ctl/secret_input.h"
#include "pki/digest.h"

namespace ctl {

namespace v1 = certifier::v1;
using OperatorStub = v1::OperatorService::Stub;

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kSha256Octets = 32;

template <class Grants>
std::string GrantTexts(const Grants& grants) {
  std::string texts;
  for (const v1::Grant& grant : grants) texts += (texts.empty() ? "" : ", ") + GrantText(grant);
  return texts;
}

template <class Grants>
result::Result<void> AddGrants(const std::vector<std::string>& texts, Grants& grants) {
  for (const std::string& text : texts) {
    ASSIGN_OR_RETURN(*grants.Add(), ParseGrant(text));
  }
  return {};
}

// A certificate by its file, or by its SHA-256 as tools print it.
result::Result<std::string> CertificateDigest(const std::string& text) {
  std::string hex = text;
  std::erase(hex, ':');
  if (auto digest = pki::FromHex(hex); digest && digest->size() == kSha256Octets) return *std::move(digest);
  ASSIGN_OR_RETURN(const auto der, ReadDerFile(text, {"CERTIFICATE"}));
  return pki::Digest(pki::DigestAlgorithm::kSha256, der);
}

template <class Texts>
result::Result<void> AddCertificates(const std::vector<std::string>& given, Texts& digests) {
  for (const std::string& text : given) {
    ASSIGN_OR_RETURN(*digests.Add(), CertificateDigest(text));
  }
  return {};
}

template <class Texts>
void AddTexts(const std::vector<std::string>& given, Texts& texts) {
  for (const std::string& text : given) *texts.Add() = text;
}

void ShowValues(Output& output, const v1::Operator& shown) {
  const std::string created = TimeAndDistance(shown.has_created_at(), shown.created_at(), output.now());
  Details details = {{"login", shown.login()},
                     {"status", shown.status()},
                     {"description", shown.description()},
                     {"grants", GrantTexts(shown.grants())},
                     {"groups", Joined(shown.groups())},
                     {"password", shown.has_password() ? "set" : "none"}};
  for (const auto& certificate : shown.certificates()) {
    details.push_back({"certificate", "SHA-256 " + pki::HexLower(certificate.sha256())});
  }
  details.push_back({"created", created + (shown.created_by().empty() ? "" : " by " + shown.created_by())});
  output.Values(details);
}

void Show(Output& output, const v1::Operator& shown) {
  if (output.is_json()) return output.Json(shown);
  ShowValues(output, shown);
}

result::Result<void> CheckNames(const OperatorSet& command) {
  const bool has_any = command.is_enabled || command.is_disabled || command.description || command.has_password ||
                       command.has_no_password || !command.password_file.empty() || !command.certificates.empty() ||
                       !command.removed_certificates.empty() || !command.grants.empty() ||
                       !command.removed_grants.empty() || !command.groups.empty() || !command.removed_groups.empty();
  if (has_any) return {};
  return Fail(Reason::kMalformed, "nothing is named that should change");
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const Init& command) {
  v1::InitializeRequest request;
  request.set_login(command.login);
  ASSIGN_OR_RETURN(const auto token, ReadSecret(command.token_file, "initialization token", false));
  request.set_token(std::string(token.Reveal()));
  if (session.has_certificate()) {
    ASSIGN_OR_RETURN(*request.mutable_certificate_sha256(), CertificateDigest(session.certificate_file()));
  }
  if (!command.has_no_password) {
    ASSIGN_OR_RETURN(const auto password, ReadSecret(command.password_file, "password for " + command.login, true));
    request.set_password(std::string(password.Reveal()));
  }
  ASSIGN_OR_RETURN(const v1::InitializeResponse response, session.Call(&OperatorStub::Initialize, request));
  Show(output, response.operator_());
  output.Note("\nYou may do everything. Make the others: certifierctl operator create LOGIN --grant LEVEL[:CA]");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const LogIn& command) {
  v1::LogInRequest request;
  request.set_login(command.login);
  ASSIGN_OR_RETURN(const auto password, ReadSecret(command.password_file, "password for " + command.login, false));
  request.set_password(std::string(password.Reveal()));
  ASSIGN_OR_RETURN(v1::LogInResponse response, session.Call(&OperatorStub::LogIn, request));
  const StoredSession stored = {response.operator_().login(), pki::Secret(std::move(*response.mutable_token())),
                                ToTime(response.expires_at())};
  RETURN_IF_ERROR(session.Keep(stored));
  Show(output, response.operator_());
  output.Note("\nLogged in until " + TimeAndDistance(true, response.expires_at(), output.now()) +
              ", or until you log out: certifierctl logout");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const LogOut&) {
  RETURN_IF_ERROR(session.Call(&OperatorStub::LogOut, v1::LogOutRequest()));
  RETURN_IF_ERROR(session.Forget());
  output.Note("Logged out.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const WhoAmI&) {
  ASSIGN_OR_RETURN(const v1::WhoAmIResponse response, session.Call(&OperatorStub::WhoAmI, v1::WhoAmIRequest()));
  if (output.is_json()) {
    output.Json(response);
    return {};
  }
  ShowValues(output, response.operator_());
  if (response.has_expires_at()) {
    output.Values({{"session until", TimeAndDistance(true, response.expires_at(), output.now())}});
  }
  return {};
}

result::Result<void> Run(Session& session, Output& output, const ChangePassword& command) {
  v1::ChangePasswordRequest request;
  ASSIGN_OR_RETURN(const auto current, ReadSecret(command.current_file, "current password", false));
  ASSIGN_OR_RETURN(const auto next, ReadSecret(command.new_file, "password", true));
  request.set_current_password(std::string(current.Reveal()));
  request.set_new_password(std::string(next.Reveal()));
  RETURN_IF_ERROR(session.Call(&OperatorStub::ChangePassword, request));
  output.Note("Changed. Your other sessions have ended.");
  return {};
}

result::Result<void> Run(Session& session, Output& output, const OperatorCreate& command) {
  v1::CreateOperatorRequest request;
  request.set_login(command.login);
  request.set_description(command.description);
  RETURN_IF_ERROR(AddCertificates(command.certificates, *request.mutable_certificate_sha256s()));
  RETURN_IF_ERROR(AddGrants(command.grants, *request.mutable_grants()));
  AddTexts(command.groups, *request.mutable_groups());
  if (command.has_password || !command.password_file.empty()) {
    ASSIGN_OR_RETURN(const auto password, ReadSecret(command.password_file, "password for " + command.login, true));
    request.set_password(std::string(password.Reveal()));
  }
  ASSIGN_OR_RETURN(const v1::CreateOperatorResponse response, session.Call(&OperatorStub::CreateOperator, request));
  Show(output, response.operator_());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const OperatorList& command) {
  ASSIGN_OR_RETURN(const v1::ListOperatorsResponse response,
                   CollectPages(session, &OperatorStub::ListOperators, v1::ListOperatorsRequest(), command.limit));
  Table table({{"LOGIN", 12}, {"STATUS"}, {"GRANTS", 16}, {"GROUPS", 8, 2}, {"DESCRIPTION", 12, 1}});
  for (const v1::Operator& shown : response.operators()) {
    table.Add({shown.login(), shown.status(), GrantTexts(shown.grants()), Joined(shown.groups()), shown.description()});
  }
  ShowPages(output, response, table);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const OperatorShow& command) {
  v1::GetOperatorRequest request;
  request.set_login(command.login);
  ASSIGN_OR_RETURN(const v1::GetOperatorResponse response, session.Call(&OperatorStub::GetOperator, request));
  Show(output, response.operator_());
  return {};
}

result::Result<void> Run(Session& session, Output& output, const OperatorSet& command) {
  RETURN_IF_ERROR(CheckNames(command));
  v1::UpdateOperatorRequest request;
  request.set_login(command.login);
  if (command.is_enabled) request.set_status("active");
  if (command.is_disabled) request.set_status("inactive");
  if (command.description) request.set_description(*command.description);
  RETURN_IF_ERROR(AddCertificates(command.certificates, *request.mutable_certificate_sha256s()));
  RETURN_IF_ERROR(AddCertificates(command.removed_certificates, *request.mutable_removed_certificate_sha256s()));
  RETURN_IF_ERROR(AddGrants(command.grants, *request.mutable_grants()));
  RETURN_IF_ERROR(AddGrants(command.removed_grants, *request.mutable_removed_grants()));
  AddTexts(command.groups, *request.mutable_groups());
  AddTexts(command.removed_groups, *request.mutable_removed_groups());
  if (command.has_no_password) request.set_password("");
  if (command.has_password || !command.password_file.empty()) {
    ASSIGN_OR_RETURN(const auto password, ReadSecret(command.password_file, "password for " + command.login, true));
    request.set_password(std::string(password.Reveal()));
  }
  ASSIGN_OR_RETURN(const v1::UpdateOperatorResponse response, session.Call(&OperatorStub::UpdateOperator, request));
  Show(output, response.operator_());
  return {};
}

}  // namespace ctl
