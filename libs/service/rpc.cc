#include "service/rpc.h"

#include <chrono>
#include <memory>

#include "service/log.h"
#include "service/metrics.h"

namespace service {

namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Runs the handler; what escapes it becomes internal.
result::Result<void> Guarded(const std::function<result::Result<void>(Caller&)>& handle, Caller& caller) {
  try {
    return handle(caller);
  } catch (const std::exception& surprise) {
    return result::Fail(result::Reason::kInternal, std::string("exception: ") + surprise.what());
  }
}

}  // namespace

void LogRpc(std::string_view method, const Caller* caller, const result::Error* error, double seconds) {
  const std::string_view outcome = error == nullptr ? "ok" : result::ToString(error->reason);
  const LogLevel level =
      error != nullptr && error->reason == result::Reason::kInternal ? LogLevel::kError : LogLevel::kInfo;
  Log(level, "rpc",
      {{"method", method},
       {"role", caller == nullptr ? "" : ToString(caller->role)},
       {"caller", caller == nullptr ? "" : std::string_view(caller->name)},
       {"operator", caller == nullptr ? "" : std::string_view(caller->login)},
       {"outcome", outcome},
       {"detail", error == nullptr ? "" : std::string_view(error->detail)},
       {"duration_ms", seconds * 1e3}});
  CounterFor("certifier_rpc_total", "Calls by method and outcome.",
             {{"method", std::string(method)}, {"outcome", std::string(outcome)}})
      .Add();
  HistogramFor("certifier_rpc_seconds", "Duration of calls by method.", {{"method", std::string(method)}})
      .Observe(seconds);
}

grpc::ServerUnaryReactor* RefuseRpc(grpc::CallbackServerContext* context, std::string_view method,
                                    result::Error error) {
  auto* const reactor = context->DefaultReactor();
  const auto caller = CallerOf(*context);
  LogRpc(method, caller ? &*caller : nullptr, &error, 0);
  reactor->Finish(ToStatus(error));
  return reactor;
}

grpc::ServerUnaryReactor* HandleRpc(grpc::CallbackServerContext* context, std::string_view method, WorkerPool& pool,
                                    std::function<result::Result<void>(Caller&)> handle) {
  auto* const reactor = context->DefaultReactor();
  const auto start = Clock::now();
  const auto caller = CallerOf(*context);
  const auto finish = [reactor, start, name = std::string(method)](const Caller* who,
                                                                   const result::Result<void>& outcome) {
    LogRpc(name, who, outcome ? nullptr : &outcome.error(), SecondsSince(start));
    reactor->Finish(outcome ? grpc::Status::OK : ToStatus(outcome.error()));
  };
  if (!caller) {
    finish(nullptr, tl::unexpected(caller.error()));
    return reactor;
  }
  const bool is_admitted = pool.TryRun(
      [finish, handle = std::move(handle), who = *caller]() mutable {
        const auto outcome = Guarded(handle, who);
        finish(&who, outcome);
      },
      [finish, who = *caller] {
        finish(&who, result::Fail(result::Reason::kUnavailable, "no thread was free in time; try again"));
      });
  if (!is_admitted) finish(&*caller, result::Fail(result::Reason::kUnavailable, "too many calls; try again"));
  return reactor;
}

}  // namespace service
