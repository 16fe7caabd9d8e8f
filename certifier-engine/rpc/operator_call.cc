#include "rpc/operator_call.h"

#include <memory>

#include "service/operator_credentials.h"
#include "service/origin.h"

namespace engine::rpc {

namespace {

result::Result<void> CheckWasAsked(const char* method, const CallingOperator& who) {
  const auto access = operators::AccessFor(method);
  if (!access || access->scope != operators::Scope::kItsCa || who.was_asked()) return {};
  return result::Fail(result::Reason::kInternal, "nobody asked whether the operator may");
}

}  // namespace

grpc::ServerUnaryReactor* HandleForOperator(grpc::CallbackServerContext* context, const char* method,
                                            service::WorkerPool& pool, const operators::Door& door,
                                            std::function<result::Result<void>(const CallingOperator&)> handle) {
  auto shown = service::ForwardedCredentials(*context);
  if (!shown) return service::RefuseRpc(context, method, std::move(shown).error());
  if (auto may_try = door.MayTry(*shown); !may_try) {
    return service::RefuseRpc(context, method, std::move(may_try).error());
  }
  const auto credentials = std::make_shared<const service::OperatorCredentials>(*std::move(shown));
  return service::HandleRpc(
      context, method, pool,
      [credentials, method, &door, handle = std::move(handle)](service::Caller& caller) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto who, door.Admit(*credentials, method));
        caller.login = who.login();
        const service::OriginScope origin({who.login(), credentials->source});
        if (auto done = handle(who); !done) {
          const bool is_refused = who.was_refused() && done.error().reason == result::Reason::kUnauthorized;
          if (is_refused) RETURN_IF_ERROR(door.NoteRefused(who, method, credentials->source));
          return done;
        }
        return CheckWasAsked(method, who);
      });
}

}  // namespace engine::rpc
