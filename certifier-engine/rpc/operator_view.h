#ifndef CERTIFIER_ENGINE_RPC_OPERATOR_VIEW_H
#define CERTIFIER_ENGINE_RPC_OPERATOR_VIEW_H

#include "certifier/v1/operator.pb.h"
#include "store/operator_store.h"

namespace engine::rpc {

void Fill(const store::OperatorRecord& record, certifier::v1::Operator& shown);

// FromProto reads all but passwords; malformed for a level that is none and a status that is none.
result::Result<store::NewOperator> FromProto(const certifier::v1::CreateOperatorRequest& request,
                                             const std::string& login);
result::Result<store::OperatorChange> FromProto(const certifier::v1::UpdateOperatorRequest& request,
                                                const std::string& login);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_OPERATOR_VIEW_H
