#include "grpc_engine_client.h"

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "certifier/v1/enrollment.grpc.pb.h"
#include "service/status_mapping.h"

namespace gateway {
namespace {

using certifier::v1::EnrollmentService;
using certifier::v1::PollRequest;
using certifier::v1::PollResponse;
using certifier::v1::SubmitRequest;
using certifier::v1::SubmitResponse;
using result::Fail;
using result::Reason;

std::optional<scep::FailInfo> FromProto(certifier::v1::FailInfo fail_info) {
  switch (fail_info) {
    case certifier::v1::FAIL_INFO_BAD_ALG:
      return scep::FailInfo::kBadAlg;
    case certifier::v1::FAIL_INFO_BAD_MESSAGE_CHECK:
      return scep::FailInfo::kBadMessageCheck;
    case certifier::v1::FAIL_INFO_BAD_REQUEST:
      return scep::FailInfo::kBadRequest;
    case certifier::v1::FAIL_INFO_BAD_TIME:
      return scep::FailInfo::kBadTime;
    case certifier::v1::FAIL_INFO_BAD_CERT_ID:
      return scep::FailInfo::kBadCertId;
    case certifier::v1::FAIL_INFO_UNSPECIFIED:
    case certifier::v1::FailInfo_INT_MIN_SENTINEL_DO_NOT_USE_:
    case certifier::v1::FailInfo_INT_MAX_SENTINEL_DO_NOT_USE_:
      return std::nullopt;
  }
  return std::nullopt;
}

// DecisionIn reads either response; both have the same outcomes.
template <class Response>
result::Result<Decision> DecisionIn(Response& response) {
  switch (response.outcome_case()) {
    case Response::kIssued:
      return Issued{std::move(*response.mutable_issued()->mutable_certificate())};
    case Response::kPending:
      return Pending{response.pending().request_id()};
    case Response::kRejected:
      if (const auto fail_info = FromProto(response.rejected().fail_info())) return Rejected{*fail_info};
      return Fail(Reason::kInternal, "the engine rejected without a failInfo");
    case Response::OUTCOME_NOT_SET:
      return Fail(Reason::kInternal, "the engine answered without an outcome");
  }
  return Fail(Reason::kInternal, "the engine answered with an unknown outcome");
}

SubmitRequest ToProto(Submission submission) {
  SubmitRequest request;
  request.set_ca(std::move(submission.ca));
  request.set_transaction_id(submission.transaction_id.octets());
  request.set_message_type(static_cast<std::uint32_t>(submission.message_type));
  request.set_signer_certificate(std::move(submission.signer_certificate));
  request.set_certification_request(std::string(submission.certification_request.Reveal()));
  request.set_digest_algorithm(std::string(pki::ToString(submission.digest)));
  request.set_content_encryption_algorithm(std::string(pki::ToString(submission.cipher)));
  request.set_source_address(std::move(submission.source_address));
  const auto since_epoch = submission.received_at.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  request.mutable_received_at()->set_seconds(seconds.count());
  request.mutable_received_at()->set_nanos(
      static_cast<std::int32_t>(std::chrono::nanoseconds(since_epoch - seconds).count()));
  return request;
}

PollRequest ToProto(Inquiry inquiry) {
  PollRequest request;
  request.set_ca(std::move(inquiry.ca));
  request.set_transaction_id(inquiry.transaction_id.octets());
  request.set_signer_certificate(std::move(inquiry.signer_certificate));
  request.set_source_address(std::move(inquiry.source_address));
  return request;
}

// A challenge may be inside; gRPC's own serialised copy is out of reach.
void WipeRequest(SubmitRequest& request) {
  pki::Wipe(*request.mutable_certification_request());
}
void WipeRequest(PollRequest&) {}

}  // namespace

// Calls is the set of calls in flight.
class GrpcEngineClient::Calls {
 public:
  Calls(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds deadline_of_each)
      : stub(EnrollmentService::NewStub(channel)), deadline(deadline_of_each) {}

  // Enter returns false after Close.
  bool Enter(const std::shared_ptr<grpc::ClientContext>& context) {
    const std::lock_guard lock(mutex_);
    return !is_closed_ && contexts_.insert(context).second;
  }
  void Leave(const std::shared_ptr<grpc::ClientContext>& context) {
    const std::lock_guard lock(mutex_);
    contexts_.erase(context);
    if (contexts_.empty()) is_empty_.notify_all();
  }
  void Close() {
    std::unique_lock lock(mutex_);
    is_closed_ = true;
    const auto contexts = contexts_;
    lock.unlock();
    // Without the lock: gRPC may answer a cancelled call from inside TryCancel.
    for (const auto& context : contexts) context->TryCancel();
    lock.lock();
    is_empty_.wait(lock, [this] { return contexts_.empty(); });
  }

  const std::unique_ptr<EnrollmentService::Stub> stub;
  const std::chrono::milliseconds deadline;

 private:
  std::mutex mutex_;  // Guards the two below.
  std::unordered_set<std::shared_ptr<grpc::ClientContext>> contexts_;
  bool is_closed_ = false;
  std::condition_variable is_empty_;
};

template <class Request, class Response>
struct GrpcEngineClient::Call : std::enable_shared_from_this<Call<Request, Response>> {
  Call(std::shared_ptr<Calls> calls_of_client, Request proto, Answer answer_once)
      : calls(std::move(calls_of_client)), request(std::move(proto)), answer(std::move(answer_once)) {
    context.set_deadline(std::chrono::system_clock::now() + calls->deadline);
  }

  // Start runs `method`, such as &async_interface::Submit.
  template <class Method>
  void Start(Method method) {
    if (!calls->Enter(SharedContext())) {
      WipeRequest(request);
      return answer(Fail(Reason::kUnavailable, "shutting down"));
    }
    method(&context, &request, &response, [self = this->shared_from_this()](const grpc::Status& status) {
      WipeRequest(self->request);
      if (status.ok()) {
        self->answer(DecisionIn(self->response));
      } else {
        self->answer(tl::unexpected(service::FromStatus(status)));
      }
      self->calls->Leave(self->SharedContext());
    });
  }

  std::shared_ptr<grpc::ClientContext> SharedContext() { return {this->shared_from_this(), &context}; }

  std::shared_ptr<Calls> calls;
  grpc::ClientContext context;
  Request request;
  Response response;
  Answer answer;
};

GrpcEngineClient::GrpcEngineClient(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds deadline)
    : calls_(std::make_shared<Calls>(channel, deadline)) {}

GrpcEngineClient::~GrpcEngineClient() {
  Shutdown();
}

void GrpcEngineClient::Shutdown() {
  calls_->Close();
}

void GrpcEngineClient::Submit(Submission submission, Answer answer) {
  auto call =
      std::make_shared<Call<SubmitRequest, SubmitResponse>>(calls_, ToProto(std::move(submission)), std::move(answer));
  call->Start([this](auto... arguments) { calls_->stub->async()->Submit(arguments...); });
}

void GrpcEngineClient::Poll(Inquiry inquiry, Answer answer) {
  auto call = std::make_shared<Call<PollRequest, PollResponse>>(calls_, ToProto(std::move(inquiry)), std::move(answer));
  call->Start([this](auto... arguments) { calls_->stub->async()->Poll(arguments...); });
}

}  // namespace gateway
