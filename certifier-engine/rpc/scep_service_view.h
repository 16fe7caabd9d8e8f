#ifndef CERTIFIER_ENGINE_RPC_SCEP_SERVICE_VIEW_H
#define CERTIFIER_ENGINE_RPC_SCEP_SERVICE_VIEW_H

#include "certifier/v1/ca_directory.pb.h"
#include "certifier/v1/scep_service.pb.h"
#include "store/scep_service.h"

namespace engine::rpc {

void Fill(const store::ScepServiceRecord& record, certifier::v1::ScepServiceSettings& shown);
void Fill(const store::GatewayReport& report, certifier::v1::ScepGateway& shown);

// A change is malformed for an operation that is unknown; an unknown failure to listen of a newer gateway is kOther.
result::Result<store::ScepServiceChange> FromProto(const certifier::v1::UpdateScepServiceRequest& request,
                                                   const std::string& login);
store::GatewayReport FromProto(const certifier::v1::ReportScepServiceRequest& request, const std::string& gateway,
                               store::TimePoint now);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_SCEP_SERVICE_VIEW_H
