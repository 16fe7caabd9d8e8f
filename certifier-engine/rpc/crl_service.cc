#include "rpc/crl_service.h"

#include "rpc/fingerprint.h"
#include "rpc/operator_call.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

result::Result<void> Fill(const authority::Snapshot& snapshot, const std::string& name, certifier::v1::Crl& shown) {
  const auto ca = snapshot.FindForCrl(name, 0);
  if (!ca) return result::Fail(result::Reason::kNotFound, "no such CA");
  if (!ca->crl) return result::Fail(result::Reason::kNotFound, "the CA has no CRL yet");
  shown.set_ca(ca->name);
  shown.set_crl_number(ca->crl->number);
  *shown.mutable_this_update() = ToTimestamp(ca->crl->this_update);
  *shown.mutable_next_update() = ToTimestamp(ca->crl->next_update);
  shown.set_revoked_count(ca->crl->revoked_count);
  shown.set_size(ca->crl->der.size());
  *shown.mutable_fingerprints() = ToProto(pki::FingerprintsOf(ca->crl->der));
  return {};
}

}  // namespace

grpc::ServerUnaryReactor* CrlService::GetCrl(grpc::CallbackServerContext* context,
                                             const certifier::v1::GetCrlRequest* request,
                                             certifier::v1::GetCrlResponse* response) {
  return HandleForOperator(context, "GetCrl", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             RETURN_IF_ERROR(who.Require(request->ca()));
                             return Fill(*directory_.snapshot(), request->ca(), *response->mutable_crl());
                           });
}

}  // namespace engine::rpc
