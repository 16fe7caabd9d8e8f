#include "rpc/enrollment_service.h"

#include <atomic>
#include <memory>
#include <type_traits>

#include "rpc/gateway_name.h"
#include "service/log.h"
#include "service/status_mapping.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

constexpr int kMostSubmissions = 64;

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

// Responder writes an answer into any of the response messages; a retrieval is never pending, and only a submission is
// ever delayed.
template <class Response>
struct Responder {
  Response& response;
  void operator()(enrollment::Issued& issued) {
    response.mutable_issued()->set_certificate(std::move(issued.certificate));
  }
  void operator()(const enrollment::Pending& pending) {
    if constexpr (!std::is_same_v<Response, certifier::v1::RetrieveResponse>) {
      response.mutable_pending()->set_request_id(std::to_string(pending.request_id));
    }
  }
  void operator()(const enrollment::Delayed& delayed) {
    if constexpr (std::is_same_v<Response, certifier::v1::SubmitResponse>) {
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(delayed.retry_after);
      response.mutable_delayed()->mutable_retry_after()->set_seconds(seconds.count());
    }
  }
  void operator()(const enrollment::Rejected& rejected) {
    response.mutable_rejected()->set_fail_info(ToProto(rejected.fail_info));
    response.mutable_rejected()->set_decision_id(rejected.decision_id);
  }
};

// MessageOf borrows from `request`.
enrollment::SubmitMessage MessageOf(const certifier::v1::SubmitRequest& request, const std::string& gateway) {
  enrollment::SubmitMessage message;
  message.ca = request.ca();
  message.transaction_id = request.transaction_id();
  message.message_type = request.message_type();
  message.signer_certificate = request.signer_certificate();
  message.certification_request = request.certification_request();
  message.source_address = request.source_address();
  message.received_at = FromTimestamp(request.received_at());
  message.ca_generation = request.ca_generation();
  message.digest_algorithm = request.digest_algorithm();
  message.content_encryption_algorithm = request.content_encryption_algorithm();
  message.gateway = gateway;
  return message;
}

void Write(result::Result<enrollment::Answer> answer, certifier::v1::SubmitResult& result) {
  if (!answer) {
    *result.mutable_error() = service::ToErrorDetail(answer.error());
    return;
  }
  std::visit(Responder<certifier::v1::SubmitResponse>{*result.mutable_response()}, *answer);
}

// Batch finishes the call when the last of its submissions is answered; each has a place of its own in the response.
// Where every one was unavailable, so is the call: the caller's channel then waits, asks another engine, and counts it.
class Batch {
 public:
  Batch(grpc::ServerUnaryReactor* reactor, certifier::v1::SubmitBatchResponse* response, int size)
      : reactor_(reactor), response_(response), unanswered_(size) {
    for (int i = 0; i < size; i++) response->add_results();
  }
  void Answer(int i, result::Result<enrollment::Answer> answer) {
    const bool is_unavailable = !answer && answer.error().reason == result::Reason::kUnavailable;
    // What must come alone is for the caller to send again, to any engine.
    if (!is_unavailable || answer.error().detail == enrollment::kAloneOnly) is_any_available_ = true;
    try {
      Write(std::move(answer), *response_->mutable_results(i));
    } catch (const std::exception& exception) {
      // Out of memory. The others wait for this one to be counted; a result without content is an internal error.
      service::LogError("rpc_exception", {{"detail", exception.what()}});
      response_->mutable_results(i)->clear_result();
    }
    if (--unanswered_ == 0) Finish();
  }

 private:
  void Finish() {
    if (is_any_available_) return reactor_->Finish(grpc::Status::OK);
    reactor_->Finish(service::ToStatus({result::Reason::kUnavailable, response_->results(0).error().message()}));
  }

  grpc::ServerUnaryReactor* const reactor_;
  certifier::v1::SubmitBatchResponse* const response_;
  std::atomic<int> unanswered_;
  std::atomic<bool> is_any_available_ = false;
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
  return Run(reactor,
             [&] { submitter_.Submit(MessageOf(*request, GatewayName(*context)), FinishWith(reactor, response)); });
}

grpc::ServerUnaryReactor* EnrollmentService::SubmitBatch(grpc::CallbackServerContext* context,
                                                         const certifier::v1::SubmitBatchRequest* request,
                                                         certifier::v1::SubmitBatchResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const int size = request->submissions_size();
  if (size == 0 || size > kMostSubmissions) {
    reactor->Finish(service::ToStatus({result::Reason::kMalformed, "a batch has 1 to 64 submissions"}));
    return reactor;
  }
  const auto batch = std::make_shared<Batch>(reactor, response, size);
  const std::string gateway = GatewayName(*context);
  for (int i = 0; i < size; i++) {
    try {
      auto message = MessageOf(request->submissions(i), gateway);
      message.is_alone = size == 1;
      submitter_.Submit(message,
                        [batch, i](result::Result<enrollment::Answer> answer) { batch->Answer(i, std::move(answer)); });
    } catch (const std::exception& exception) {
      // It left this submission unanswered.
      service::LogError("rpc_exception", {{"detail", exception.what()}});
      batch->Answer(i, result::Fail(result::Reason::kInternal, "an exception escaped"));
    }
  }
  return reactor;
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

grpc::ServerUnaryReactor* EnrollmentService::Retrieve(grpc::CallbackServerContext* context,
                                                      const certifier::v1::RetrieveRequest* request,
                                                      certifier::v1::RetrieveResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  return Run(reactor, [&] {
    const enrollment::RetrieveMessage message = {request->ca(), request->signer_certificate(), request->issuer(),
                                                 request->serial_number(), request->source_address()};
    retriever_.Retrieve(message, FinishWith(reactor, response));
  });
}

grpc::ServerUnaryReactor* EnrollmentService::ReportFailure(grpc::CallbackServerContext* context,
                                                           const certifier::v1::ReportFailureRequest* request,
                                                           certifier::v1::ReportFailureResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  return Run(reactor, [&] {
    enrollment::GatewayFailure failure;
    failure.decision_id = request->decision_id();
    failure.ca = request->ca();
    failure.transaction_id = request->transaction_id();
    failure.message_type = request->message_type();
    failure.reason = request->reason();
    failure.digest_algorithm = request->digest_algorithm();
    failure.content_encryption_algorithm = request->content_encryption_algorithm();
    failure.source_address = request->source_address();
    failure.received_at = FromTimestamp(request->received_at());
    const auto kept = failures_.Keep(failure);
    reactor->Finish(kept ? grpc::Status::OK : service::ToStatus(kept.error()));
  });
}

}  // namespace engine::rpc
