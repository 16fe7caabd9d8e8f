#include "grpc_engine_client.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

#include "certifier/v1/enrollment.grpc.pb.h"
#include "service/metrics.h"
#include "service/status_mapping.h"

namespace gateway {
namespace {

using certifier::v1::EnrollmentService;
using certifier::v1::PollRequest;
using certifier::v1::PollResponse;
using certifier::v1::ReportFailureRequest;
using certifier::v1::ReportFailureResponse;
using certifier::v1::RetrieveRequest;
using certifier::v1::RetrieveResponse;
using certifier::v1::SubmitBatchRequest;
using certifier::v1::SubmitBatchResponse;
using certifier::v1::SubmitRequest;
using certifier::v1::SubmitResponse;
using result::Fail;
using result::Reason;
using Deadline = std::chrono::system_clock::time_point;

// What a call may weigh: half of what the channel keeps to send again (service::OpenChannel). A larger submission
// travels alone.
constexpr std::size_t kMostBatchOctets = 512 << 10;

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

result::Result<Decision> DecisionIn(const certifier::v1::Rejected& rejected) {
  if (const auto fail_info = FromProto(rejected.fail_info())) return Rejected{*fail_info, rejected.decision_id()};
  return Fail(Reason::kInternal, "the engine rejected without a failInfo");
}

// DecisionIn reads a response of each kind.
result::Result<Decision> DecisionIn(SubmitResponse& response) {
  switch (response.outcome_case()) {
    case SubmitResponse::kIssued:
      return Issued{std::move(*response.mutable_issued()->mutable_certificate())};
    case SubmitResponse::kPending:
      return Pending{response.pending().request_id()};
    case SubmitResponse::kRejected:
      return DecisionIn(response.rejected());
    case SubmitResponse::kDelayed:
      return Delayed{std::chrono::seconds(std::max<std::int64_t>(1, response.delayed().retry_after().seconds()))};
    case SubmitResponse::OUTCOME_NOT_SET:
      break;
  }
  return Fail(Reason::kInternal, "the engine answered without an outcome that we know");
}

result::Result<Decision> DecisionIn(PollResponse& response) {
  switch (response.outcome_case()) {
    case PollResponse::kIssued:
      return Issued{std::move(*response.mutable_issued()->mutable_certificate())};
    case PollResponse::kPending:
      return Pending{response.pending().request_id()};
    case PollResponse::kRejected:
      return DecisionIn(response.rejected());
    case PollResponse::OUTCOME_NOT_SET:
      break;
  }
  return Fail(Reason::kInternal, "the engine answered without an outcome that we know");
}

result::Result<Decision> DecisionIn(RetrieveResponse& response) {
  switch (response.outcome_case()) {
    case RetrieveResponse::kIssued:
      return Issued{std::move(*response.mutable_issued()->mutable_certificate())};
    case RetrieveResponse::kRejected:
      return DecisionIn(response.rejected());
    case RetrieveResponse::OUTCOME_NOT_SET:
      break;
  }
  return Fail(Reason::kInternal, "the engine answered without an outcome that we know");
}

google::protobuf::Timestamp ToTimestamp(pki::TimePoint time) {
  return google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
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
  request.set_ca_generation(submission.ca_generation);
  *request.mutable_received_at() = ToTimestamp(submission.received_at);
  return request;
}

ReportFailureRequest ToProto(FailureReport report) {
  ReportFailureRequest request;
  request.set_decision_id(std::move(report.decision_id));
  request.set_ca(std::move(report.ca));
  request.set_transaction_id(report.transaction_id.octets());
  request.set_message_type(report.message_type);
  request.set_reason(std::move(report.reason));
  request.set_digest_algorithm(std::move(report.digest));
  request.set_content_encryption_algorithm(std::move(report.cipher));
  request.set_source_address(std::move(report.source_address));
  *request.mutable_received_at() = ToTimestamp(report.received_at);
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

RetrieveRequest ToProto(Retrieval retrieval) {
  RetrieveRequest request;
  request.set_ca(std::move(retrieval.ca));
  request.set_signer_certificate(std::move(retrieval.signer_certificate));
  request.set_issuer(std::move(retrieval.wanted.issuer));
  request.set_serial_number(std::move(retrieval.wanted.serial_number));
  request.set_source_address(std::move(retrieval.source_address));
  return request;
}

// A challenge may be inside; gRPC's own serialised copy is out of reach.
void WipeRequest(SubmitRequest& request) {
  pki::Wipe(*request.mutable_certification_request());
}
void WipeRequest(SubmitBatchRequest& request) {
  for (SubmitRequest& submission : *request.mutable_submissions()) WipeRequest(submission);
}
void WipeRequest(PollRequest&) {}
void WipeRequest(RetrieveRequest&) {}
void WipeRequest(ReportFailureRequest&) {}

}  // namespace

// Calls is the set of calls in flight.
class GrpcEngineClient::Calls {
 public:
  explicit Calls(const std::shared_ptr<grpc::Channel>& channel) : stub(EnrollmentService::NewStub(channel)) {}

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
  std::atomic<std::size_t> reports = 0;  // On their way.

 private:
  std::mutex mutex_;  // Guards the two below.
  std::unordered_set<std::shared_ptr<grpc::ClientContext>> contexts_;
  bool is_closed_ = false;
  std::condition_variable is_empty_;
};

// QueuedSubmission waits for its turn, and keeps its request for as long as it may have to be sent again.
struct GrpcEngineClient::QueuedSubmission {
  SubmitRequest request;
  Deadline deadline;
  Answer answer;
};

namespace {

// Call is one RPC on its way. `done` gets the status and may take from the messages; it runs once.
template <class Calls, class Request, class Response>
struct Call : std::enable_shared_from_this<Call<Calls, Request, Response>> {
  using Done = std::function<void(const grpc::Status&, Request&, Response&)>;

  Call(std::shared_ptr<Calls> calls_of_client, Request proto, Deadline deadline, Done done_once)
      : calls(std::move(calls_of_client)), request(std::move(proto)), done(std::move(done_once)) {
    context.set_deadline(deadline);
  }

  // Start runs `method`, such as &async_interface::Submit.
  template <class Method>
  void Start(Method method) {
    if (!calls->Enter(SharedContext())) return Finish({grpc::StatusCode::UNAVAILABLE, "shutting down"});
    method(&context, &request, &response, [self = this->shared_from_this()](const grpc::Status& status) {
      // Left whatever `done` throws: Close waits for it.
      const std::shared_ptr<void> leave(nullptr, [self](void*) { self->calls->Leave(self->SharedContext()); });
      self->Finish(status);
    });
  }

  void Finish(const grpc::Status& status) {
    done(status, request, response);
    WipeRequest(request);
  }

  std::shared_ptr<grpc::ClientContext> SharedContext() { return {this->shared_from_this(), &context}; }

  std::shared_ptr<Calls> calls;
  grpc::ClientContext context;
  Request request;
  Response response;
  Done done;
};

result::Result<Decision> ResultIn(certifier::v1::SubmitResult& result) {
  if (result.has_response()) return DecisionIn(*result.mutable_response());
  if (result.has_error()) return tl::unexpected(service::FromErrorDetail(result.error()));
  return Fail(Reason::kInternal, "the engine answered without a result");
}

}  // namespace

GrpcEngineClient::GrpcEngineClient(const std::shared_ptr<grpc::Channel>& channel, const Settings& settings)
    : deadline_(settings.deadline),
      max_reports_(settings.max_reports),
      calls_(std::make_shared<Calls>(channel)),
      submissions_(std::make_unique<service::Batcher<QueuedSubmission>>(
          "submitter", settings.batch, [calls = calls_](Batch batch) { Send(calls, std::move(batch)); })) {}

GrpcEngineClient::~GrpcEngineClient() {
  Shutdown();
}

void GrpcEngineClient::Shutdown() {
  calls_->Close();
  submissions_->Stop();
}

void GrpcEngineClient::Submit(Submission submission, Answer answer) {
  QueuedSubmission queued{ToProto(std::move(submission)), std::chrono::system_clock::now() + deadline_,
                          std::move(answer)};
  if (submissions_->Add(queued)) return;
  WipeRequest(queued.request);
  queued.answer(Fail(Reason::kUnavailable, "too many submissions wait for the engine"));
}

void GrpcEngineClient::Send(const std::shared_ptr<Calls>& calls, Batch batch) {
  Batch together;
  std::size_t octets = 0;
  for (QueuedSubmission& submission : batch) {
    const std::size_t size = submission.request.ByteSizeLong();
    if (!together.empty() && octets + size > kMostBatchOctets) {
      SendTogether(calls, std::move(together));
      together = {};
      octets = 0;
    }
    octets += size;
    together.push_back(std::move(submission));
  }
  SendTogether(calls, std::move(together));
}

void GrpcEngineClient::SendAlone(const std::shared_ptr<Calls>& calls, QueuedSubmission submission) {
  const auto done = [answer = std::move(submission.answer)](const grpc::Status& status, SubmitRequest&,
                                                            SubmitResponse& response) {
    answer(status.ok() ? DecisionIn(response) : tl::unexpected(service::FromStatus(status)));
  };
  std::make_shared<Call<Calls, SubmitRequest, SubmitResponse>>(calls, std::move(submission.request),
                                                               submission.deadline, done)
      ->Start([&](auto... arguments) { calls->stub->async()->Submit(arguments...); });
}

void GrpcEngineClient::SendTogether(const std::shared_ptr<Calls>& calls, Batch batch) {
  if (batch.size() == 1) return SendAlone(calls, std::move(batch.front()));
  const Deadline deadline = batch.front().deadline;
  SubmitBatchRequest request;
  for (QueuedSubmission& submission : batch) request.mutable_submissions()->Add(std::move(submission.request));
  const auto waiting = std::make_shared<Batch>(std::move(batch));
  const auto done = [calls, waiting](const grpc::Status& status, SubmitBatchRequest& sent,
                                     SubmitBatchResponse& response) {
    const bool is_answered = status.ok() && response.results_size() == sent.submissions_size();
    // The channel has asked every engine again and again by now.
    const bool is_away = !status.ok() && service::FromStatus(status).reason == Reason::kUnavailable;
    for (int i = 0; i < sent.submissions_size(); i++) {
      QueuedSubmission& submission = (*waiting)[static_cast<std::size_t>(i)];
      auto result = is_answered ? ResultIn(*response.mutable_results(i))
                    : is_away   ? tl::unexpected(service::FromStatus(status))
                                : result::Result<Decision>(Fail(Reason::kInternal, "the batch was not answered"));
      // One submission must not fail the others, and what one engine has no room for another may take: it goes by
      // itself, and the channel's retries with it.
      const bool has_other_way = is_answered ? !result && result.error().reason == Reason::kUnavailable : !is_away;
      if (!has_other_way) {
        submission.answer(std::move(result));
        continue;
      }
      submission.request = std::move(*sent.mutable_submissions(i));
      SendAlone(calls, std::move(submission));
    }
  };
  std::make_shared<Call<Calls, SubmitBatchRequest, SubmitBatchResponse>>(calls, std::move(request), deadline, done)
      ->Start([&](auto... arguments) { calls->stub->async()->SubmitBatch(arguments...); });
}

void GrpcEngineClient::Poll(Inquiry inquiry, Answer answer) {
  Ask<PollRequest, PollResponse>(ToProto(std::move(inquiry)), std::move(answer),
                                 [this](auto... arguments) { calls_->stub->async()->Poll(arguments...); });
}

void GrpcEngineClient::Retrieve(Retrieval retrieval, Answer answer) {
  Ask<RetrieveRequest, RetrieveResponse>(ToProto(std::move(retrieval)), std::move(answer),
                                         [this](auto... arguments) { calls_->stub->async()->Retrieve(arguments...); });
}

void GrpcEngineClient::Report(FailureReport report) {
  static auto& dropped = service::CounterFor("certifier_failure_reports_dropped_total",
                                             "Reports of own failures that the engine did not get.", {});
  if (calls_->reports.fetch_add(1) >= max_reports_) {
    --calls_->reports;
    dropped.Add();
    return;
  }
  const auto done = [calls = calls_](const grpc::Status& status, ReportFailureRequest&, ReportFailureResponse&) {
    --calls->reports;
    if (!status.ok()) dropped.Add();
  };
  std::make_shared<Call<Calls, ReportFailureRequest, ReportFailureResponse>>(
      calls_, ToProto(std::move(report)), std::chrono::system_clock::now() + deadline_, done)
      ->Start([this](auto... arguments) { calls_->stub->async()->ReportFailure(arguments...); });
}

template <class Request, class Response, class Method>
void GrpcEngineClient::Ask(Request request, Answer answer, Method method) {
  const auto done = [answer = std::move(answer)](const grpc::Status& status, Request&, Response& response) {
    answer(status.ok() ? DecisionIn(response) : tl::unexpected(service::FromStatus(status)));
  };
  std::make_shared<Call<Calls, Request, Response>>(calls_, std::move(request),
                                                   std::chrono::system_clock::now() + deadline_, done)
      ->Start(method);
}

}  // namespace gateway
