#ifndef CERTIFIER_ENGINE_RPC_OPERATOR_CALL_H
#define CERTIFIER_ENGINE_RPC_OPERATOR_CALL_H

#include <functional>

#include "operators/door.h"
#include "service/rpc.h"

namespace engine::rpc {

using operators::CallingOperator;

// HandleForOperator is service::HandleRpc for a call that an operator stands behind: `handle` runs once `door` has let
// him in for `method`. A handler of a call that is about one CA asks whether he may; one that succeeds without that is
// answered as internal, so that none can forget it unnoticed. One that he is refused for want of a level is noted
// in the audit log. While `handle` runs, the operator is the thread's origin
// (service/origin.h).
grpc::ServerUnaryReactor* HandleForOperator(grpc::CallbackServerContext* context, const char* method,
                                            service::WorkerPool& pool, const operators::Door& door,
                                            std::function<result::Result<void>(const CallingOperator&)> handle);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_OPERATOR_CALL_H
