#include "administrator.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <iterator>

#include "certifier/v1/ca.grpc.pb.h"
#include "certifier/v1/certificate.grpc.pb.h"
#include "certifier/v1/entity.grpc.pb.h"
#include "certifier/v1/policy.grpc.pb.h"
#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "certifier/v1/request.grpc.pb.h"
#include "support/access.h"
#include "support/child.h"

namespace conformance {

namespace {

constexpr char kEntity[] = "devices";
constexpr unsigned kPageSize = 1000;

template <class Stub, class Request, class Response>
grpc::Status Call(EngineProgram& engine, grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response& response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  support::ActAs(context, "alice");
  Stub stub(engine.AdminChannel());
  return (stub.*rpc)(&context, request, &response);
}

template <class Stub, class Request, class Response>
Response MustCall(EngineProgram& engine, grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request) {
  Response response;
  const auto status = Call(engine, rpc, request, response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

}  // namespace

void Administrator::ApplyPolicy(const v1::Policy& policy) const {
  v1::ApplyPolicyRequest request;
  *request.mutable_policy() = policy;
  MustCall(engine_, &v1::PolicyService::Stub::ApplyPolicy, request);
}

void Administrator::CreateEntity(const std::string& name) const {
  v1::CreateEntityRequest request;
  request.set_name(name);
  MustCall(engine_, &v1::EntityService::Stub::CreateEntity, request);
}

pki::Certificate Administrator::CreateCa(const std::string& name, const std::string& algorithm,
                                         const std::string& policy) const {
  v1::CreateCaRequest request;
  request.set_name(name);
  request.set_key_algorithm(algorithm);
  request.set_policy(policy);
  const auto made = MustCall(engine_, &v1::CaService::Stub::CreateCa, request);
  return pki::Certificate::FromPem(made.ca().certificate_pem()).value();
}

v1::Ca Administrator::MakeCa(const v1::CreateCaRequest& wish) const {
  return MustCall(engine_, &v1::CaService::Stub::CreateCa, wish).ca();
}

v1::Ca Administrator::UpdateCa(const v1::UpdateCaRequest& change) const {
  return MustCall(engine_, &v1::CaService::Stub::UpdateCa, change).ca();
}

v1::Ca Administrator::Stage(const std::string& ca) const {
  v1::StageCaRequest request;
  request.set_name(ca);
  return MustCall(engine_, &v1::CaService::Stub::StageCa, request).ca();
}

v1::Ca Administrator::Activate(const std::string& ca) const {
  v1::ActivateCaRequest request;
  request.set_name(ca);
  return MustCall(engine_, &v1::CaService::Stub::ActivateCa, request).ca();
}

PreSharedKey Administrator::CreateKey(const KeyWish& wish) const {
  v1::CreatePreSharedKeyRequest request;
  request.set_entity(kEntity);
  request.set_ca(wish.ca);
  request.set_use_limit(wish.uses);
  request.set_policy(wish.policy);
  request.set_subject(wish.subject);
  const auto made = MustCall(engine_, &v1::PreSharedKeyService::Stub::CreatePreSharedKey, request);
  return {made.reference_number(), made.key()};
}

std::vector<v1::PreSharedKey> Administrator::Keys() const {
  v1::ListPreSharedKeysRequest request;
  request.set_page_size(kPageSize);
  const auto listed = MustCall(engine_, &v1::PreSharedKeyService::Stub::ListPreSharedKeys, request);
  return {listed.keys().begin(), listed.keys().end()};
}

unsigned Administrator::UseCount(const PreSharedKey& key) const {
  for (const auto& listed : Keys()) {
    if (listed.reference_number() == key.reference_number) return listed.use_count();
  }
  FAIL("no key " << key.reference_number);
  return 0;
}

std::vector<v1::Request> Administrator::Requests(const std::string& transaction_id) const {
  v1::ListRequestsRequest request;
  request.set_page_size(kPageSize);
  const auto listed = MustCall(engine_, &v1::RequestService::Stub::ListRequests, request);
  std::vector<v1::Request> found;
  std::copy_if(listed.requests().begin(), listed.requests().end(), std::back_inserter(found),
               [&](const auto& candidate) { return candidate.transaction_id() == transaction_id; });
  return found;
}

std::vector<v1::DecisionRecord> Administrator::Explain(const std::string& transaction_id) const {
  v1::ExplainRequestRequest request;
  request.set_query(transaction_id);
  v1::ExplainRequestResponse response;
  // Refusals are written beside the answer.
  REQUIRE(support::Eventually(
      [&] { return Call(engine_, &v1::RequestService::Stub::ExplainRequest, request, response).ok(); }));
  return {response.decisions().begin(), response.decisions().end()};
}

std::vector<v1::Request> Administrator::FindByFingerprint(const std::string& fingerprint) const {
  v1::ListRequestsRequest request;
  request.set_page_size(kPageSize);
  request.set_fingerprint(fingerprint);
  const auto listed = MustCall(engine_, &v1::RequestService::Stub::ListRequests, request);
  return {listed.requests().begin(), listed.requests().end()};
}

grpc::Status Administrator::Approve(const std::string& request_id, const std::string& fingerprint) const {
  v1::ApproveRequestRequest request;
  request.set_request_id(request_id);
  request.set_fingerprint(fingerprint);
  v1::ApproveRequestResponse response;
  return Call(engine_, &v1::RequestService::Stub::ApproveRequest, request, response);
}

grpc::Status Administrator::Reject(const std::string& request_id) const {
  v1::RejectRequestRequest request;
  request.set_request_id(request_id);
  request.set_reason("not one of ours");
  v1::RejectRequestResponse response;
  return Call(engine_, &v1::RequestService::Stub::RejectRequest, request, response);
}

void Administrator::Revoke(const pki::Certificate& certificate) const {
  v1::RevokeCertificateRequest request;
  request.set_serial_number(pki::HexLower(certificate.serial_number()));
  request.set_reason(v1::REVOCATION_REASON_KEY_COMPROMISE);
  MustCall(engine_, &v1::CertificateService::Stub::RevokeCertificate, request);
}

void Administrator::Suspend(const pki::Certificate& certificate) const {
  v1::SuspendCertificateRequest request;
  request.set_serial_number(pki::HexLower(certificate.serial_number()));
  MustCall(engine_, &v1::CertificateService::Stub::SuspendCertificate, request);
}

void Administrator::Reactivate(const pki::Certificate& certificate) const {
  v1::ReactivateCertificateRequest request;
  request.set_serial_number(pki::HexLower(certificate.serial_number()));
  MustCall(engine_, &v1::CertificateService::Stub::ReactivateCertificate, request);
}

}  // namespace conformance
