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

// HandleRpc runs `handle(caller) -> Result<void>` for one unary call on `pool`, since gRPC's own threads must not
// block, and finishes the call's reactor with the mapped status. A full pool is UNAVAILABLE, and so is a call that
// waited in it longer than its time-out; an exception that escapes is logged once and becomes INTERNAL with a fixed
// text. This is the only place that does either. While `handle` runs, the operator behind the call is the thread's
// origin (service/origin.h), if there is one.
grpc::ServerUnaryReactor* HandleRpc(grpc::CallbackServerContext* context, std::string_view method, WorkerPool& pool,
                                    std::function<result::Result<void>(const Caller&)> handle);

// Operator is who an admin service acts for: metadata "certifier-operator" on its calls to the engine.
inline constexpr char kOperatorMetadata[] = "certifier-operator";
// Each of the operator's groups, in octets as they are.
inline constexpr char kOperatorGroupMetadata[] = "certifier-operator-group-bin";
// Where the operator is: the address that the admin service sees.
inline constexpr char kOperatorSourceMetadata[] = "certifier-operator-source";
// OperatorOf is the login behind a call: the caller's own name for role operator, the metadata for role admin.
// Unauthorized if there is none, or for another role.
result::Result<std::string> OperatorOf(const grpc::ServerContextBase& context);
// GroupsOf are the operator's groups: the organizationalUnitNames of the caller's own certificate that may be a group's
// name, for role operator; the metadata for role admin; none for another role; sorted, each once. Where a certificate
// names more than there may be, the first of them. Unauthorized for metadata that no admin service sends.
result::Result<std::vector<std::string>> GroupsOf(const grpc::ServerContextBase& context);

}  // namespace service

#endif  // CERTIFIER_SERVICE_RPC_H
