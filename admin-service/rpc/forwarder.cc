#include "rpc/forwarder.h"

#include <algorithm>

#include "service/grpc_server.h"
#include "service/origin.h"
#include "service/rpc.h"
#include "service/status_mapping.h"

namespace admin {

namespace {

constexpr std::size_t kMaxLoginLength = 128;
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

struct CallingOperator {
  service::Caller caller;
  std::vector<std::string> groups;
  std::string source;  // His address; empty where there is none.
};

// ForwardedCall is one call on its way: it owns itself from Begin until gRPC is done with it.
class ForwardedCall final : public grpc::ServerUnaryReactor {
 public:
  ForwardedCall(std::string method, CallingOperator caller) : method_(std::move(method)), caller_(std::move(caller)) {}

  void Begin(std::chrono::system_clock::time_point deadline, const StartCall& start) {
    engine_context_.set_deadline(deadline);
    engine_context_.AddMetadata(service::kOperatorMetadata, caller_.caller.name);
    for (const auto& group : caller_.groups) engine_context_.AddMetadata(service::kOperatorGroupMetadata, group);
    if (!caller_.source.empty()) engine_context_.AddMetadata(service::kOperatorSourceMetadata, caller_.source);
    start(&engine_context_, [this](const grpc::Status& status) { End(status); });
  }

  void OnCancel() override { engine_context_.TryCancel(); }
  void OnDone() override { delete this; }

 private:
  void End(const grpc::Status& status) {
    const grpc::Status answer = AnswerFor(status);
    LogForwarded(method_, &caller_.caller, answer, began_);
    Finish(answer);
  }

  const std::string method_;
  const CallingOperator caller_;
  const Clock::time_point began_ = Clock::now();
  grpc::ClientContext engine_context_;
};

result::Result<CallingOperator> OperatorCalling(const grpc::CallbackServerContext& context) {
  ASSIGN_OR_RETURN(service::Caller caller, service::CallerOf(context));
  RETURN_IF_ERROR(ValidateLogin(caller.name));
  ASSIGN_OR_RETURN(auto groups, service::GroupsOf(context));
  return CallingOperator{std::move(caller), std::move(groups), service::AddressOfPeer(context.peer())};
}

}  // namespace

result::Result<void> ValidateLogin(const std::string& login) {
  const bool is_printable = std::all_of(login.begin(), login.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (login.empty() || login.size() > kMaxLoginLength || !is_printable) {
    return result::Fail(result::Reason::kUnauthorized,
                        "the operator certificate's common name is the login: it must be 1 to 128 characters of "
                        "printable ASCII without spaces");
  }
  return {};
}

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
  auto caller = OperatorCalling(*context);
  if (!caller) {
    const grpc::Status refusal = service::ToStatus(caller.error());
    LogForwarded(method, nullptr, refusal, began);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(refusal);
    return reactor;
  }
  auto* call = new ForwardedCall(method, *std::move(caller));
  call->Begin(EngineDeadline(context->deadline(), std::chrono::system_clock::now(), settings), start);
  return call;
}

}  // namespace admin
