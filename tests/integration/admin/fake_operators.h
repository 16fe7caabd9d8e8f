#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_OPERATORS_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_OPERATORS_H

#include <mutex>
#include <optional>

#include "certifier/v1/operator.grpc.pb.h"

namespace admin_test {

class EngineJournal;

// FakeOperators has one operator, "bob", with the password "plum-tractor-9-sky", whose session has a token of 32 'b';
// who has the certificate that LetIn names, too; it makes others and changes them as it is told. The initialization
// token is "GOOD".
class FakeOperators final : public certifier::v1::OperatorService::Service {
 public:
  explicit FakeOperators(EngineJournal& journal) : journal_(journal) {}
  grpc::Status Initialize(grpc::ServerContext* context, const certifier::v1::InitializeRequest* request,
                          certifier::v1::InitializeResponse* response) override;
  grpc::Status LogIn(grpc::ServerContext* context, const certifier::v1::LogInRequest* request,
                     certifier::v1::LogInResponse* response) override;
  grpc::Status LogInByCertificate(grpc::ServerContext* context, const certifier::v1::LogInByCertificateRequest* request,
                                  certifier::v1::LogInByCertificateResponse* response) override;
  grpc::Status LogOut(grpc::ServerContext* context, const certifier::v1::LogOutRequest* request,
                      certifier::v1::LogOutResponse* response) override;
  grpc::Status WhoAmI(grpc::ServerContext* context, const certifier::v1::WhoAmIRequest* request,
                      certifier::v1::WhoAmIResponse* response) override;
  grpc::Status ChangePassword(grpc::ServerContext* context, const certifier::v1::ChangePasswordRequest* request,
                              certifier::v1::ChangePasswordResponse* response) override;
  grpc::Status CreateOperator(grpc::ServerContext* context, const certifier::v1::CreateOperatorRequest* request,
                              certifier::v1::CreateOperatorResponse* response) override;
  grpc::Status ListOperators(grpc::ServerContext* context, const certifier::v1::ListOperatorsRequest* request,
                             certifier::v1::ListOperatorsResponse* response) override;
  grpc::Status GetOperator(grpc::ServerContext* context, const certifier::v1::GetOperatorRequest* request,
                           certifier::v1::GetOperatorResponse* response) override;
  grpc::Status UpdateOperator(grpc::ServerContext* context, const certifier::v1::UpdateOperatorRequest* request,
                              certifier::v1::UpdateOperatorResponse* response) override;

  // LetIn says what the journal calls whoever shows bob's certificate; MakeOld makes the engine one that does not know
  // it.
  void LetIn(const std::string& caller);
  void MakeOld();
  // Grant gives bob this level in the place of all that he has; an empty CA: for all of them.
  void Grant(certifier::v1::AccessLevel level, const std::string& ca);

  // What the last call brought of each.
  certifier::v1::InitializeRequest initialized() const;
  certifier::v1::CreateOperatorRequest created() const;
  certifier::v1::UpdateOperatorRequest updated() const;
  certifier::v1::ChangePasswordRequest changed() const;

 private:
  EngineJournal& journal_;
  mutable std::mutex mutex_;  // Guards all below.
  std::string let_in_;
  bool is_old_ = false;
  std::optional<certifier::v1::Grant> only_grant_;
  certifier::v1::InitializeRequest initialized_;
  certifier::v1::CreateOperatorRequest created_;
  certifier::v1::UpdateOperatorRequest updated_;
  certifier::v1::ChangePasswordRequest changed_;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_OPERATORS_H
