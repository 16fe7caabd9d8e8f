#include "fake_operators.h"

#include "fake_engine.h"
#include "pki/digest.h"
#include "service/status_mapping.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;
using result::Reason;

constexpr std::int64_t kFarAway = 4102444800;  // 2100-01-01

void FillBob(v1::Operator& shown) {
  shown.set_login("bob");
  shown.set_status("active");
  shown.set_description("night\x1b[2J shift");
  shown.set_has_password(true);
  shown.add_grants()->set_level(v1::ACCESS_LEVEL_READ);
  auto& grant = *shown.add_grants();
  grant.set_level(v1::ACCESS_LEVEL_ENTITY_WRITE);
  grant.set_ca("demo");
  shown.add_groups("audit");
  shown.add_certificates()->set_sha256(std::string(32, '\xab'));
}

}  // namespace

grpc::Status FakeOperators::Initialize(grpc::ServerContext*, const v1::InitializeRequest* request,
                                       v1::InitializeResponse* response) {
  const std::lock_guard lock(mutex_);
  initialized_ = *request;
  if (request->token() != "GOOD") return service::ToStatus({Reason::kUnauthorized, "the token is wrong or over"});
  response->mutable_operator_()->set_login(request->login());
  return grpc::Status::OK;
}

grpc::Status FakeOperators::LogIn(grpc::ServerContext*, const v1::LogInRequest* request, v1::LogInResponse* response) {
  if (request->login() != "bob" || request->password() != "plum-tractor-9-sky") {
    return service::ToStatus({Reason::kUnauthorized, "the login or the password is wrong"});
  }
  response->set_token(std::string(32, 'b'));
  response->mutable_expires_at()->set_seconds(kFarAway);
  FillBob(*response->mutable_operator_());
  return grpc::Status::OK;
}

grpc::Status FakeOperators::LogInByCertificate(grpc::ServerContext* context,
                                               const v1::LogInByCertificateRequest* request,
                                               v1::LogInByCertificateResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  if (is_old_) return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "");
  const auto shown = pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, request->certificate()));
  if (let_in_ != "certificate " + shown || journal_.callers().back() != let_in_) {
    return service::ToStatus({Reason::kUnauthorized, "the certificate is no active operator's"});
  }
  response->set_token(std::string(32, 'b'));
  response->mutable_expires_at()->set_seconds(kFarAway);
  FillBob(*response->mutable_operator_());
  return grpc::Status::OK;
}

void FakeOperators::Grant(v1::AccessLevel level, const std::string& ca) {
  const std::lock_guard lock(mutex_);
  only_grant_.emplace();
  only_grant_->set_level(level);
  only_grant_->set_ca(ca);
}

void FakeOperators::LetIn(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  let_in_ = caller;
}

void FakeOperators::MakeOld() {
  const std::lock_guard lock(mutex_);
  is_old_ = true;
}

grpc::Status FakeOperators::LogOut(grpc::ServerContext* context, const v1::LogOutRequest*, v1::LogOutResponse*) {
  journal_.Record(*context);
  return grpc::Status::OK;
}

grpc::Status FakeOperators::WhoAmI(grpc::ServerContext* context, const v1::WhoAmIRequest*,
                                   v1::WhoAmIResponse* response) {
  journal_.Record(*context);
  auto& bob = *response->mutable_operator_();
  FillBob(bob);
  const std::lock_guard lock(mutex_);
  if (only_grant_) {
    bob.clear_grants();
    *bob.add_grants() = *only_grant_;
  }
  response->mutable_expires_at()->set_seconds(kFarAway);
  return grpc::Status::OK;
}

grpc::Status FakeOperators::ChangePassword(grpc::ServerContext* context, const v1::ChangePasswordRequest* request,
                                           v1::ChangePasswordResponse*) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  changed_ = *request;
  return grpc::Status::OK;
}

grpc::Status FakeOperators::CreateOperator(grpc::ServerContext* context, const v1::CreateOperatorRequest* request,
                                           v1::CreateOperatorResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  created_ = *request;
  if (request->login() == "bob") return service::ToStatus({Reason::kConflict, "an operator has the login bob already"});
  response->mutable_operator_()->set_login(request->login());
  *response->mutable_operator_()->mutable_grants() = request->grants();
  return grpc::Status::OK;
}

grpc::Status FakeOperators::ListOperators(grpc::ServerContext* context, const v1::ListOperatorsRequest*,
                                          v1::ListOperatorsResponse* response) {
  journal_.Record(*context);
  FillBob(*response->add_operators());
  return grpc::Status::OK;
}

grpc::Status FakeOperators::GetOperator(grpc::ServerContext* context, const v1::GetOperatorRequest* request,
                                        v1::GetOperatorResponse* response) {
  journal_.Record(*context);
  if (request->login() != "bob") return service::ToStatus({Reason::kNotFound, "no operator has this login"});
  FillBob(*response->mutable_operator_());
  return grpc::Status::OK;
}

grpc::Status FakeOperators::UpdateOperator(grpc::ServerContext* context, const v1::UpdateOperatorRequest* request,
                                           v1::UpdateOperatorResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  updated_ = *request;
  FillBob(*response->mutable_operator_());
  return grpc::Status::OK;
}

v1::InitializeRequest FakeOperators::initialized() const {
  const std::lock_guard lock(mutex_);
  return initialized_;
}

v1::CreateOperatorRequest FakeOperators::created() const {
  const std::lock_guard lock(mutex_);
  return created_;
}

v1::UpdateOperatorRequest FakeOperators::updated() const {
  const std::lock_guard lock(mutex_);
  return updated_;
}

v1::ChangePasswordRequest FakeOperators::changed() const {
  const std::lock_guard lock(mutex_);
  return changed_;
}

}  // namespace admin_test
