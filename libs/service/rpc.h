#ifndef CERTIFIER_SERVICE_RPC_H
#define CERTIFIER_SERVICE_RPC_H

#include <grpcpp/grpcpp.h>

#include <exception>
#include <functional>
#include <string_view>

#include "result/result.h"
#include "service/caller.h"
#include "service/grpc_server.h"
#include "service/status_mapping.h"
#include "service/worker_pool.h"

namespace service {

// LogRpc writes the one line of a call and counts it: event "rpc", method, role, caller, outcome, duration.
void LogRpc(std::string_view method, const Caller* caller, const result::Error* error, double seconds);

// HandleRpc runs `handle(caller) -> Result<void>`, which may say for whom the caller acts, for one unary call on
// `pool`, since gRPC's own threads must not block, and finishes the call's reactor with the mapped status. A full pool
// is UNAVAILABLE, and so is a call that waited in it longer than its time-out; an exception that escapes is logged once
// and becomes INTERNAL with a fixed text. This is the only place that does either.
grpc::ServerUnaryReactor* HandleRpc(grpc::CallbackServerContext* context, std::string_view method, WorkerPool& pool,
                                    std::function<result::Result<void>(Caller&)> handle);

// RefuseRpc finishes a call at once, without a thread, logged as HandleRpc does.
grpc::ServerUnaryReactor* RefuseRpc(grpc::CallbackServerContext* context, std::string_view method, result::Error error);

}  // namespace service

#endif  // CERTIFIER_SERVICE_RPC_H
