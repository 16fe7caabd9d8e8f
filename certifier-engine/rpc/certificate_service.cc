#include "rpc/certificate_service.h"

#include <algorithm>

#include "pki/certificate.h"
#include "pki/der.h"
#include "pki/description.h"
#include "rpc/extension.h"
#include "rpc/fingerprint.h"
#include "rpc/operator_call.h"
#include "rpc/page.h"
#include "rpc/revocation.h"
#include "rpc/search.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

result::Result<void> FillAlternativeNames(const pki::Certificate& parsed, certifier::v1::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto extensions, parsed.extensions());
  const auto found = std::ranges::find(extensions, pki::kSubjectAlternativeNameOid, &pki::Extension::oid);
  if (found == extensions.end()) return {};
  ASSIGN_OR_RETURN(const auto names, pki::ParseGeneralNames(found->value));
  for (const auto& name : names) certificate.add_subject_alternative_names(pki::ToString(name));
  return {};
}

result::Result<pki::Certificate> Fill(const store::CertificateRecord& record, certifier::v1::Certificate& certificate) {
  ASSIGN_OR_RETURN(auto parsed, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(const auto subject, parsed.subject_name());
  ASSIGN_OR_RETURN(const auto key, parsed.public_key());
  ASSIGN_OR_RETURN(const auto not_before, parsed.not_before());
  ASSIGN_OR_RETURN(const auto not_after, parsed.not_after());
  RETURN_IF_ERROR(FillAlternativeNames(parsed, certificate));
  certificate.set_serial_number(pki::HexLower(record.serial_number));
  certificate.set_ca(record.ca);
  certificate.set_subject(subject.ToString());
  certificate.set_key_algorithm(key.ToString());
  *certificate.mutable_not_before() = ToTimestamp(not_before);
  *certificate.mutable_not_after() = ToTimestamp(not_after);
  certificate.set_request_id(std::to_string(record.request_id));
  certificate.set_entity(record.entity);
  certificate.set_policy(record.policy);
  certificate.set_policy_version(record.policy_version);
  *certificate.mutable_issued_at() = ToTimestamp(record.issued_at);
  FillStatus(record.revocation, certificate);
  return parsed;
}

result::Result<std::optional<store::CertificateStatus>> FromProto(certifier::v1::CertificateStatus status) {
  if (status == certifier::v1::CERTIFICATE_STATUS_UNSPECIFIED) return std::nullopt;
  if (status == certifier::v1::CERTIFICATE_STATUS_GOOD) return store::CertificateStatus::kGood;
  if (status == certifier::v1::CERTIFICATE_STATUS_SUSPENDED) return store::CertificateStatus::kSuspended;
  if (status == certifier::v1::CERTIFICATE_STATUS_REVOKED) return store::CertificateStatus::kRevoked;
  return result::Fail(result::Reason::kMalformed, "this engine does not know that status");
}

// ParseSerialNumber reads hexadecimal with or without colons, as OpenSSL and browsers print it.
result::Result<pki::Bytes> ParseSerialNumber(std::string text) {
  std::erase_if(text, [](char character) { return character == ':' || character == ' '; });
  ASSIGN_OR_RETURN(auto serial_number, pki::FromHex(text));
  if (serial_number.empty()) return result::Fail(result::Reason::kMalformed, "a serial number is needed");
  return serial_number;
}

// NameOf reads how any of the requests names its certificate.
template <class Request>
result::Result<issuance::Revocable> NameOf(const Request& request) {
  ASSIGN_OR_RETURN(auto serial_number, ParseSerialNumber(request.serial_number()));
  return issuance::Revocable{std::move(serial_number), request.ca()};
}

// RevocationOf reads what revoking and suspending have in common.
template <class Request>
store::NewRevocation RevocationOf(const Request& request, const std::string& login) {
  store::NewRevocation revocation;
  if (request.has_invalidity_date()) revocation.invalidity_date = FromTimestamp(request.invalidity_date());
  revocation.comment = request.comment();
  revocation.revoked_by = login;
  return revocation;
}

// RecordFor is a certificate that the operator may do this with.
template <class Request>
result::Result<store::CertificateRecord> RecordFor(store::AdministrationStore& store, const CallingOperator& who,
                                                   const Request& request) {
  ASSIGN_OR_RETURN(const auto name, NameOf(request));
  ASSIGN_OR_RETURN(auto record, store.GetCertificate(name.serial_number, name.ca));
  RETURN_IF_ERROR(who.Require(record.ca));
  return record;
}

// NameFor is its name, with its CA where that was left out, so that it stays the same certificate.
template <class Request>
result::Result<issuance::Revocable> NameFor(store::AdministrationStore& store, const CallingOperator& who,
                                            const Request& request) {
  ASSIGN_OR_RETURN(auto record, RecordFor(store, who, request));
  return issuance::Revocable{std::move(record.serial_number), std::move(record.ca)};
}

result::Result<void> FillChain(store::AdministrationStore& store, const store::CertificateRecord& record,
                               certifier::v1::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto issuers, store.IssuersOf(record.certificate_id));
  for (pki::der::Reader reader(issuers); !reader.empty();) {
    ASSIGN_OR_RETURN(const auto element, reader.Next(pki::der::kSequence));
    ASSIGN_OR_RETURN(const auto issuer, pki::Certificate::Parse(element.encoding));
    certificate.add_chain_pem(issuer.ToPem());
  }
  return {};
}

result::Result<void> FillWhole(store::AdministrationStore& store, const store::CertificateRecord& record,
                               certifier::v1::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto parsed, Fill(record, certificate));
  ASSIGN_OR_RETURN(const auto issuer, pki::Name::Parse(parsed.issuer()));
  certificate.set_issuer(issuer.ToString());
  ASSIGN_OR_RETURN(*certificate.mutable_signature_algorithm(), pki::SignatureAlgorithmName(parsed));
  ASSIGN_OR_RETURN(const auto extensions, parsed.extensions());
  for (const auto& extension : extensions) *certificate.add_extensions() = ToProto(extension);
  RETURN_IF_ERROR(FillChain(store, record, certificate));
  *certificate.mutable_fingerprints() = ToProto(pki::FingerprintsOf(parsed.der()));
  certificate.set_certificate_pem(parsed.ToPem());
  return {};
}

result::Result<void> FillByName(store::AdministrationStore& store, const issuance::Revocable& name,
                                certifier::v1::Certificate& certificate) {
  ASSIGN_OR_RETURN(const auto record, store.GetCertificate(name.serial_number, name.ca));
  return FillWhole(store, record, certificate);
}

}  // namespace

grpc::ServerUnaryReactor* CertificateService::ListCertificates(grpc::CallbackServerContext* context,
                                                               const certifier::v1::ListCertificatesRequest* request,
                                                               certifier::v1::ListCertificatesResponse* response) {
  return HandleForOperator(context, "ListCertificates", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(auto page, ParsePage(request->page_size(), request->page_token()));
                             page.ca_ids = who.Cas();
                             store::CertificateFilter filter = {.ca = request->ca()};
                             ASSIGN_OR_RETURN(filter.status, FromProto(request->status()));
                             ASSIGN_OR_RETURN(filter.terms, ParseTerms(request->search()));
                             ASSIGN_OR_RETURN(const auto records, store_.ListCertificates(filter, page));
                             for (const auto& record : records)
                               RETURN_IF_ERROR(Fill(record, *response->add_certificates()));
                             const auto id = filter.terms.empty() ? &store::CertificateRecord::certificate_id
                                                                  : &store::CertificateRecord::request_id;
                             response->set_next_page_token(NextPageToken(page, records, id));
                             return {};
                           });
}

grpc::ServerUnaryReactor* CertificateService::GetCertificate(grpc::CallbackServerContext* context,
                                                             const certifier::v1::GetCertificateRequest* request,
                                                             certifier::v1::GetCertificateResponse* response) {
  return HandleForOperator(context, "GetCertificate", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto record, RecordFor(store_, who, *request));
                             return FillWhole(store_, record, *response->mutable_certificate());
                           });
}

grpc::ServerUnaryReactor* CertificateService::RevokeCertificate(grpc::CallbackServerContext* context,
                                                                const certifier::v1::RevokeCertificateRequest* request,
                                                                certifier::v1::RevokeCertificateResponse* response) {
  return HandleForOperator(context, "RevokeCertificate", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto name, NameFor(store_, who, *request));
                             auto revocation = RevocationOf(*request, who.login());
                             ASSIGN_OR_RETURN(revocation.reason, FromProto(request->reason()));
                             RETURN_IF_ERROR(revoker_.Revoke(name, revocation));
                             return FillByName(store_, name, *response->mutable_certificate());
                           });
}

grpc::ServerUnaryReactor* CertificateService::SuspendCertificate(
    grpc::CallbackServerContext* context, const certifier::v1::SuspendCertificateRequest* request,
    certifier::v1::SuspendCertificateResponse* response) {
  return HandleForOperator(context, "SuspendCertificate", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto name, NameFor(store_, who, *request));
                             RETURN_IF_ERROR(revoker_.Suspend(name, RevocationOf(*request, who.login())));
                             return FillByName(store_, name, *response->mutable_certificate());
                           });
}

grpc::ServerUnaryReactor* CertificateService::ReactivateCertificate(
    grpc::CallbackServerContext* context, const certifier::v1::ReactivateCertificateRequest* request,
    certifier::v1::ReactivateCertificateResponse* response) {
  return HandleForOperator(context, "ReactivateCertificate", workers_, door_,
                           [this, request, response](const CallingOperator& who) -> result::Result<void> {
                             ASSIGN_OR_RETURN(const auto name, NameFor(store_, who, *request));
                             RETURN_IF_ERROR(revoker_.Reactivate(name, who.login()));
                             return FillByName(store_, name, *response->mutable_certificate());
                           });
}

}  // namespace engine::rpc
