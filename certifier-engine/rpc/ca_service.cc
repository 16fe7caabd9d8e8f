#include "rpc/ca_service.h"

#include <algorithm>

#include "policy/pattern.h"
#include "rpc/fingerprint.h"
#include "rpc/timestamp.h"
#include "service/rpc.h"

namespace engine::rpc {

namespace {

using service::Caller;

result::Result<void> FillRegistrationAuthority(const store::CaRecord& record, certifier::v1::Ca& ca) {
  const auto current =
      std::ranges::find_if(record.registration_authorities, [](const auto& authority) { return authority.is_current; });
  if (current == record.registration_authorities.end()) return {};
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(current->certificate));
  ASSIGN_OR_RETURN(const auto subject, certificate.subject_name());
  ASSIGN_OR_RETURN(const auto not_after, certificate.not_after());
  auto& authority = *ca.mutable_registration_authority();
  authority.set_subject(subject.ToString());
  *authority.mutable_not_after() = ToTimestamp(not_after);
  *authority.mutable_fingerprints() = ToProto(pki::FingerprintsOf(current->certificate));
  authority.set_certificate_pem(certificate.ToPem());
  return {};
}

std::string PolicyName(const store::DirectoryRecord& directory, std::int64_t policy_id) {
  const auto found = std::ranges::find(directory.policies, policy_id, &store::PolicyRecord::policy_id);
  return found == directory.policies.end() ? std::string() : found->name;
}

result::Result<void> Fill(const store::DirectoryRecord& directory, const store::CaRecord& record,
                          certifier::v1::Ca& ca) {
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(const auto subject, certificate.subject_name());
  ASSIGN_OR_RETURN(const auto not_before, certificate.not_before());
  ASSIGN_OR_RETURN(const auto not_after, certificate.not_after());
  ca.set_name(record.name);
  ca.set_status(record.is_active ? "active" : "disabled");
  ca.set_subject(subject.ToString());
  ca.set_key_algorithm(record.key_algorithm);
  *ca.mutable_not_before() = ToTimestamp(not_before);
  *ca.mutable_not_after() = ToTimestamp(not_after);
  *ca.mutable_fingerprints() = ToProto(pki::FingerprintsOf(record.certificate));
  ca.set_certificate_pem(certificate.ToPem());
  ca.set_policy(PolicyName(directory, record.policy_id));
  ca.set_is_default(record.is_default);
  return FillRegistrationAuthority(record, ca);
}

result::Result<void> FillByName(store::AdministrationStore& store, const std::string& name, certifier::v1::Ca& ca) {
  ASSIGN_OR_RETURN(const auto directory, store.LoadDirectory());
  for (const auto& record : directory.cas) {
    if (policy::EqualsIgnoringCase(record.name, name)) return Fill(directory, record, ca);
  }
  return result::Fail(result::Reason::kNotFound, "no such CA");
}

}  // namespace

grpc::ServerUnaryReactor* CaService::CreateCa(grpc::CallbackServerContext* context,
                                              const certifier::v1::CreateCaRequest* request,
                                              certifier::v1::CreateCaResponse* response) {
  return service::HandleRpc(
      context, "CreateCa", workers_, [this, context, request, response](const Caller&) -> result::Result<void> {
        ASSIGN_OR_RETURN(const auto login, service::OperatorOf(*context));
        RETURN_IF_ERROR(
            factory_.Create({request->name(), request->subject(), request->key_algorithm(), request->validity_days(),
                             request->policy(), request->registration_authority_key_bits()},
                            login));
        return FillByName(store_, request->name(), *response->mutable_ca());
      });
}

grpc::ServerUnaryReactor* CaService::ListCas(grpc::CallbackServerContext* context, const certifier::v1::ListCasRequest*,
                                             certifier::v1::ListCasResponse* response) {
  return service::HandleRpc(context, "ListCas", workers_, [this, response](const Caller&) -> result::Result<void> {
    ASSIGN_OR_RETURN(const auto directory, store_.LoadDirectory());
    for (const auto& record : directory.cas) RETURN_IF_ERROR(Fill(directory, record, *response->add_cas()));
    return {};
  });
}

grpc::ServerUnaryReactor* CaService::GetCa(grpc::CallbackServerContext* context,
                                           const certifier::v1::GetCaRequest* request,
                                           certifier::v1::GetCaResponse* response) {
  return service::HandleRpc(context, "GetCa", workers_, [this, request, response](const Caller&) {
    return FillByName(store_, request->name(), *response->mutable_ca());
  });
}

}  // namespace engine::rpc
