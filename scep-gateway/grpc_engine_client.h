#ifndef CERTIFIER_SCEP_GATEWAY_GRPC_ENGINE_CLIENT_H
#define CERTIFIER_SCEP_GATEWAY_GRPC_ENGINE_CLIENT_H

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>

#include "engine_client.h"

namespace gateway {

// GrpcEngineClient asks over EnrollmentService. No thread of ours waits while the engine works.
class GrpcEngineClient final : public EngineClient {
 public:
  // Past `deadline` a call is unavailable (requirements A-04): retries by the channel fall within it.
  GrpcEngineClient(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds deadline);
  // As Shutdown.
  ~GrpcEngineClient() override;

  void Submit(Submission submission, Answer answer) override;
  void Poll(Inquiry inquiry, Answer answer) override;

  // Shutdown cancels the calls in flight and returns when all are answered; later ones are unavailable at once.
  void Shutdown();

 private:
  class Calls;
  template <class Request, class Response>
  struct Call;
  std::shared_ptr<Calls> calls_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_GRPC_ENGINE_CLIENT_H
