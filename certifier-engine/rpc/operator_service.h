#ifndef CERTIFIER_ENGINE_RPC_OPERATOR_SERVICE_H
#define CERTIFIER_ENGINE_RPC_OPERATOR_SERVICE_H

#include "certifier/v1/operator.grpc.pb.h"
#include "operators/door.h"
#include "operators/log_in.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// OperatorService keeps operators. References must outlive its calls. Who is not known yet logs
// in on `password_workers`, so that strangers take no thread from operators; both numbers of
// workers bound the memory that passwords take.
class OperatorService final : public certifier::v1::OperatorService::CallbackService {
 public:
  struct Parts {
    store::OperatorStore& store;
    operators::LogIn& log_in;
    const operators::Door& door;
    service::WorkerPool& workers;
    service::WorkerPool& password_workers;
    Clock clock;
    operators::PasswordCost cost;
  };
  explicit OperatorService(Parts parts) : parts_(std::move(parts)) {}

  grpc::ServerUnaryReactor* Initialize(grpc::CallbackServerContext* context,
                                       const certifier::v1::InitializeRequest* request,
                                       certifier::v1::InitializeResponse* response) override;
  grpc::ServerUnaryReactor* LogIn(grpc::CallbackServerContext* context, const certifier::v1::LogInRequest* request,
                                  certifier::v1::LogInResponse* response) override;
  grpc::ServerUnaryReactor* LogInByCertificate(grpc::CallbackServerContext* context,
                                               const certifier::v1::LogInByCertificateRequest* request,
                                               certifier::v1::LogInByCertificateResponse* response) override;
  grpc::ServerUnaryReactor* LogOut(grpc::CallbackServerContext* context, const certifier::v1::LogOutRequest* request,
                                   certifier::v1::LogOutResponse* response) override;
  grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* context, const certifier::v1::WhoAmIRequest* request,
                                   certifier::v1::WhoAmIResponse* response) override;
  grpc::ServerUnaryReactor* ChangePassword(grpc::CallbackServerContext* context,
                                           const certifier::v1::ChangePasswordRequest* request,
                                           certifier::v1::ChangePasswordResponse* response) override;
  grpc::ServerUnaryReactor* CreateOperator(grpc::CallbackServerContext* context,
                                           const certifier::v1::CreateOperatorRequest* request,
                                           certifier::v1::CreateOperatorResponse* response) override;
  grpc::ServerUnaryReactor* ListOperators(grpc::CallbackServerContext* context,
                                          const certifier::v1::ListOperatorsRequest* request,
                                          certifier::v1::ListOperatorsResponse* response) override;
  grpc::ServerUnaryReactor* GetOperator(grpc::CallbackServerContext* context,
                                        const certifier::v1::GetOperatorRequest* request,
                                        certifier::v1::GetOperatorResponse* response) override;
  grpc::ServerUnaryReactor* UpdateOperator(grpc::CallbackServerContext* context,
                                           const certifier::v1::UpdateOperatorRequest* request,
                                           certifier::v1::UpdateOperatorResponse* response) override;

 private:
  const Parts parts_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_OPERATOR_SERVICE_H
