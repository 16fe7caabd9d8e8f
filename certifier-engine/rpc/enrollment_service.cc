#include "rpc/enrollment_service.h"

#include "rpc/timestamp.h"
#include "service/log.h"
#include "service/status_mapping.h"

namespace engine::rpc {

namespace {

certifier::v1::FailInfo ToProto(enrollment::FailInfo fail_info) {
  switch (fail_info) {
    case enrollment::FailInfo::kBadAlg:
      return certifier::v1::FAIL_INFO_BAD_ALG;
    case enrollment::FailInfo::kBadMessageCheck:
      return certifier::v1::FAIL_INFO_BAD_MESSAGE_CHECK;
    case enrollment::FailInfo::kBadRequest:
      return certifier::v1::FAIL_INFO_BAD_REQUEST;
    case enrollment::FailInfo::kBadTime:
      return certifier::v1::FAIL_INFO_BAD_TIME;
    case enrollment::FailInfo::kBadCertId:
      return certifier::v1::FAIL_INFO_BAD_CERT_ID;
  }
  return certifier::v1::FAIL_INFO_BAD_REQUEST;
}

// Responder writes an answer into either response message.
template <class Response>
struct Responder {
  Response& response;
  void operator()(enrollment::Issued& issued) {
    response.mutable_issued()->set_certificate(std::move(issued.certificate));
  }
  void operator()(const enrollment::Pending& pending) {
    response.mutable_pending()->set_request_id(std::to_string(pending.request_id));
  }
  void operator()(const enrollment::Rejected& rejected) {
    response.mutable_rejected()->set_fail_info(ToProto(rejected.fail_info));
  }
};

template <class Response>
enrollment::AnswerCallback FinishWith(grpc::ServerUnaryReactor* reactor, Response* response) {
  return [reactor, response](result::Result<enrollment::Answer> answer) {
    if (!answer) return reactor->Finish(service::ToStatus(answer.error()));
    std::visit(Responder<Response>{*response}, *answer);
    reactor->Finish(grpc::Status::OK);
  };
}

// Run begins a call. What escapes `begin` left the call unanswered.
template <class Begin>
grpc::ServerUnaryReactor* Run(grpc::ServerUnaryReactor* reactor, Begin begin) {
  try {
    begin();
  } catch (const std::exception& exception) {
    service::LogError("rpc_exception", {{"detail", exception.what()}});
    reactor->Finish(service::ToStatus({result::Reason::kInternal, "an exception escaped"}));
  }
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* EnrollmentService::Submit(grpc::CallbackServerContext* context,
                                                    const certifier::v1::SubmitRequest* request,
                                                    certifier::v1::SubmitResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  return Run(reactor, [&] {
    enrollment::SubmitMessage message;
    message.ca = request->ca();
    message.transaction_id = request->transaction_id();
    message.message_type = request->message_type();
    message.signer_certificate = request->signer_certificate();
    message.certification_request = request->certification_request();
    message.source_address = request->source_address();
    message.received_at = FromTimestamp(request->received_at());
    submitter_.Submit(message, FinishWith(reactor, response));
  });
}

grpc::ServerUnaryReactor* EnrollmentService::Poll(grpc::CallbackServerContext* context,
                                                  const certifier::v1::PollRequest* request,
                                                  certifier::v1::PollResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  return Run(reactor, [&] {
    const enrollment::PollMessage message = {request->ca(), request->transaction_id(), request->signer_certificate(),
                                             request->source_address()};
    poller_.Poll(message, FinishWith(reactor, response));
  });
}

}  // namespace engine::rpc
