#include "rpc/scep_service.h"

#include "authority/scep_settings.h"
#include "enrollment/entity.h"
#include "rpc/operator_call.h"
#include "rpc/scep_service_view.h"

namespace engine::rpc {

grpc::ServerUnaryReactor* ScepService::GetScepService(grpc::CallbackServerContext* context,
                                                      const certifier::v1::GetScepServiceRequest*,
                                                      certifier::v1::GetScepServiceResponse* response) {
  return HandleForOperator(context, "GetScepService", parts_.workers, parts_.door,
                           [this, response](const CallingOperator&) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto state,
                                              parts_.store.GetScepService(parts_.clock() - parts_.report_ttl));
                             Fill(state.settings, *response->mutable_settings());
                             for (const auto& report : state.gateways) Fill(report, *response->add_gateways());
                             response->set_enrollment_url(authority::EnrollmentUrl(state));
                             return {};
                           });
}

grpc::ServerUnaryReactor* ScepService::UpdateScepService(grpc::CallbackServerContext* context,
                                                         const certifier::v1::UpdateScepServiceRequest* request,
                                                         certifier::v1::UpdateScepServiceResponse* response) {
  return HandleForOperator(context, "UpdateScepService", parts_.workers, parts_.door,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto change, FromProto(*request, who.login()));
                             RETURN_IF_ERROR(authority::CheckScepServiceChange(change));
                             RETURN_IF_ERROR(enrollment::CheckDescription(request->description()));
                             ASSIGN_OR_RETURN(const auto changed, parts_.store.UpdateScepService(change));
                             Fill(changed, *response->mutable_settings());
                             return {};
                           });
}

}  // namespace engine::rpc
