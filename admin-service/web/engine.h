#ifndef CERTIFIER_ADMIN_SERVICE_WEB_ENGINE_H
#define CERTIFIER_ADMIN_SERVICE_WEB_ENGINE_H

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <tuple>

#include "certifier/v1/audit.grpc.pb.h"
#include "certifier/v1/ca.grpc.pb.h"
#include "certifier/v1/certificate.grpc.pb.h"
#include "certifier/v1/crl.grpc.pb.h"
#include "certifier/v1/entity.grpc.pb.h"
#include "certifier/v1/operator.grpc.pb.h"
#include "certifier/v1/policy.grpc.pb.h"
#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "certifier/v1/report.grpc.pb.h"
#include "certifier/v1/request.grpc.pb.h"
#include "certifier/v1/scep_service.grpc.pb.h"
#include "result/result.h"
#include "rpc/forwarder.h"
#include "service/operator_credentials.h"
#include "service/status_mapping.h"

namespace web {

// Engine calls the engine for an operator, and waits. Safe from any thread.
class Engine {
 public:
  Engine(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds timeout)
      : stubs_(Stubs(channel)), timeout_(timeout) {}

  // Call makes one RPC with what the operator shows for himself. Errors are the engine's; unavailable where none
  // answered in time, or one of a version before the RPC.
  template <class Stub, class Request, class Response>
  result::Result<Response> Call(const service::OperatorCredentials& credentials,
                                grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout_);
    credentials.Put(context);
    Response response;
    const grpc::Status status = (*std::get<std::unique_ptr<Stub>>(stubs_).*rpc)(&context, request, &response);
    if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
      return result::Fail(result::Reason::kUnavailable, "the certifier-engine is of a version that cannot do this yet");
    }
    if (!status.ok()) return tl::unexpected(service::FromStatus(admin::AnswerFor(status)));
    return response;
  }

 private:
  template <class... Services>
  using StubsOf = std::tuple<std::unique_ptr<typename Services::Stub>...>;
  using AllStubs = StubsOf<certifier::v1::AuditService, certifier::v1::CaService, certifier::v1::CertificateService,
                           certifier::v1::CrlService, certifier::v1::EntityService, certifier::v1::OperatorService,
                           certifier::v1::PolicyService, certifier::v1::PreSharedKeyService,
                           certifier::v1::ReportService, certifier::v1::RequestService, certifier::v1::ScepService>;
  static AllStubs Stubs(const std::shared_ptr<grpc::Channel>& channel) {
    AllStubs stubs;
    std::apply([&channel](auto&... stub) { ((stub = MakeStub(stub, channel)), ...); }, stubs);
    return stubs;
  }
  template <class Stub>
  static std::unique_ptr<Stub> MakeStub(const std::unique_ptr<Stub>&, const std::shared_ptr<grpc::Channel>& channel) {
    return std::make_unique<Stub>(channel);
  }

  const AllStubs stubs_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_ENGINE_H
