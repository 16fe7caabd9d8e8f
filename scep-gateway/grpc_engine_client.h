#ifndef CERTIFIER_SCEP_GATEWAY_GRPC_ENGINE_CLIENT_H
#define CERTIFIER_SCEP_GATEWAY_GRPC_ENGINE_CLIENT_H

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>

#include "engine_client.h"
#include "service/batcher.h"

namespace gateway {

// GrpcEngineClient asks over EnrollmentService. No thread of ours waits while the engine works. Submissions that come
// close together travel in one call: over mutual TLS a call costs more than half of an RSA-2048 operation.
class GrpcEngineClient final : public EngineClient {
 public:
  struct Settings {
    // Past it a submission or poll is unavailable (requirements A-04); retries by the channel fall within it.
    std::chrono::milliseconds deadline = std::chrono::seconds(10);
    // Failure reports on their way at once; past it one is dropped.
    std::size_t max_reports = 64;
    // How many submissions travel together (at most 64), how many wait to, and how far apart two calls begin.
    service::BatchBounds batch = {.max_batch = 16, .max_queued = 1024, .interval = std::chrono::milliseconds(8)};
  };
  GrpcEngineClient(const std::shared_ptr<grpc::Channel>& channel, const Settings& settings);
  // As Shutdown.
  ~GrpcEngineClient() override;

  void Submit(Submission submission, Answer answer) override;
  void Poll(Inquiry inquiry, Answer answer) override;
  void Retrieve(Retrieval retrieval, Answer answer) override;
  void Report(FailureReport report) override;

  // Shutdown cancels the calls in flight and returns when all are answered; later ones are unavailable at once.
  void Shutdown();

 private:
  class Calls;
  struct QueuedSubmission;
  using Batch = std::vector<QueuedSubmission>;
  // Ask makes one call of its own.
  template <class Request, class Response, class Method>
  void Ask(Request request, Answer answer, Method method);
  static void Send(const std::shared_ptr<Calls>& calls, Batch batch);
  static void SendAlone(const std::shared_ptr<Calls>& calls, QueuedSubmission submission);
  static void SendTogether(const std::shared_ptr<Calls>& calls, Batch batch);
  const std::chrono::milliseconds deadline_;
  const std::size_t max_reports_;
  const std::shared_ptr<Calls> calls_;
  const std::unique_ptr<service::Batcher<QueuedSubmission>> submissions_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_GRPC_ENGINE_CLIENT_H
