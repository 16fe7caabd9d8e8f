#include "rpc/forwarder.h"

#include <algorithm>

#include "service/grpc_server.h"
#include "service/operator_credentials.h"
#include "service/rpc.h"
#include "service/status_mapping.h"

namespace admin {

namespace {

using Clock = std::chrono::steady_clock;

void LogForwarded(const std::string& method, const service::Caller* caller, const grpc::Status& answer,
                  Clock::time_point began) {
  const std::chrono::duration<double> took = Clock::now() - began;
  if (answer.ok()) {
    service::LogRpc(method, caller, nullptr, took.count());
    return;
  }
  const result::Error error = service::FromStatus(answer);
  service::LogRpc(method, caller, &error, took.count());
}

// ForwardedCall is one call on its way: it owns itself from Begin until gRPC is done with it.
class ForwardedCall final : public grpc::ServerUnaryReactor {
 public:
  ForwardedCall(std::string method, service::Caller caller, SourceCalls::Place place)
      : method_(std::move(method)), caller_(std::move(caller)), place_(std::move(place)) {}

  void Begin(const service::OperatorCredentials& credentials, std::chrono::system_clock::time_point deadline,
             const StartCall& start) {
    engine_context_.set_deadline(deadline);
    credentials.Put(engine_context_);
    start(&engine_context_, [this](const grpc::Status& status) { End(status); });
  }

  void OnCancel() override { engine_context_.TryCancel(); }
  void OnDone() override { delete this; }

 private:
  void End(const grpc::Status& status) {
    const grpc::Status answer = AnswerFor(status);
    LogForwarded(method_, &caller_, answer, began_);
    Finish(answer);
  }

  const std::string method_;
  const service::Caller caller_;
  const SourceCalls::Place place_;  // Of who has no certificate.
  const Clock::time_point began_ = Clock::now();
  grpc::ClientContext engine_context_;
};

// The peer as it is logged: who has no certificate has no name before the engine finds out.
service::Caller PeerOf(const grpc::CallbackServerContext& context) {
  auto caller = service::CallerOf(context);
  return caller ? *std::move(caller) : service::Caller{service::Role::kOperator, ""};
}

}  // namespace

std::chrono::system_clock::time_point EngineDeadline(std::chrono::system_clock::time_point client_deadline,
                                                     std::chrono::system_clock::time_point now,
                                                     const ForwardingSettings& settings) {
  if (client_deadline == std::chrono::system_clock::time_point::max()) return now + settings.default_timeout;
  return std::min(client_deadline, now + settings.max_timeout);
}

grpc::Status AnswerFor(const grpc::Status& status) {
  const bool is_engines_own = !status.error_details().empty();
  if (is_engines_own) return status;
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return service::ToStatus({result::Reason::kUnavailable, "the certifier-engine is away: try again in a moment"});
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return service::ToStatus({result::Reason::kUnavailable,
                              "the certifier-engine did not answer in time: see whether it was done before you repeat "
                              "it"});
  }
  return status;
}

std::string MethodOf(const google::protobuf::Descriptor& request) {
  constexpr std::string_view kSuffix = "Request";
  std::string name = request.name();
  if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
  return name;
}

grpc::ServerUnaryReactor* BeginForwarding(grpc::CallbackServerContext* context, const std::string& method,
                                          const ForwardingSettings& settings, const StartCall& start) {
  const auto began = Clock::now();
  const auto refuse = [&](const result::Error& error) {
    const grpc::Status refusal = service::ToStatus(error);
    LogForwarded(method, nullptr, refusal, began);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(refusal);
    return reactor;
  };
  const auto credentials = service::ShownCredentials(*context);
  if (!credentials) return refuse(credentials.error());
  const bool is_counted = credentials->certificate_sha256.empty() && settings.strangers != nullptr;
  auto place = is_counted ? settings.strangers->Enter(credentials->source) : nullptr;
  if (is_counted && place == nullptr) {
    return refuse({result::Reason::kUnavailable, "too many calls from your address at once: try again in a moment"});
  }
  auto* call = new ForwardedCall(method, PeerOf(*context), std::move(place));
  call->Begin(*credentials, EngineDeadline(context->deadline(), std::chrono::system_clock::now(), settings), start);
  return call;
}

}  // namespace admin
