#ifndef CERTIFIER_ENGINE_RPC_ENROLLMENT_SERVICE_H
#define CERTIFIER_ENGINE_RPC_ENROLLMENT_SERVICE_H

#include "certifier/v1/enrollment.grpc.pb.h"
#include "enrollment/failure_keeper.h"
#include "enrollment/poll.h"
#include "enrollment/retrieve.h"
#include "enrollment/submit.h"

namespace engine::rpc {

// EnrollmentService turns gateways' calls into submits, polls and retrievals. Its calls hold no thread while they wait.
class EnrollmentService final : public certifier::v1::EnrollmentService::CallbackService {
 public:
  // All must outlive the service's calls.
  EnrollmentService(const enrollment::Submitter& submitter, const enrollment::Poller& poller,
                    const enrollment::Retriever& retriever, const enrollment::FailureKeeper& failures)
      : submitter_(submitter), poller_(poller), retriever_(retriever), failures_(failures) {}

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, const certifier::v1::SubmitRequest* request,
                                   certifier::v1::SubmitResponse* response) override;
  grpc::ServerUnaryReactor* SubmitBatch(grpc::CallbackServerContext* context,
                                        const certifier::v1::SubmitBatchRequest* request,
                                        certifier::v1::SubmitBatchResponse* response) override;
  grpc::ServerUnaryReactor* Poll(grpc::CallbackServerContext* context, const certifier::v1::PollRequest* request,
                                 certifier::v1::PollResponse* response) override;
  grpc::ServerUnaryReactor* Retrieve(grpc::CallbackServerContext* context,
                                     const certifier::v1::RetrieveRequest* request,
                                     certifier::v1::RetrieveResponse* response) override;
  grpc::ServerUnaryReactor* ReportFailure(grpc::CallbackServerContext* context,
                                          const certifier::v1::ReportFailureRequest* request,
                                          certifier::v1::ReportFailureResponse* response) override;

 private:
  const enrollment::Submitter& submitter_;
  const enrollment::Poller& poller_;
  const enrollment::Retriever& retriever_;
  const enrollment::FailureKeeper& failures_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_ENROLLMENT_SERVICE_H
