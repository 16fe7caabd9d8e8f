#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <map>

#include "engine_fixture.h"
#include "pki/certificate_request.h"

namespace engine_test {

namespace {

using Code = grpc::StatusCode;

class EnrollmentFixture : public EngineFixture {
 public:
  EnrollmentFixture()
      : engine(StartReady()),
        challenge(MakeCa(*engine)),
        gateway(Channel(*engine, Role::kGateway)),
        admin(Channel(*engine, Role::kAdmin)) {}

  pki::Certificate CaCertificate() const {
    v1::GetCaRequest request;
    request.set_name("DEMO");
    v1::GetCaResponse response;
    REQUIRE(Call(admin, &v1::CaService::Stub::GetCa, request, &response).ok());
    return pki::Certificate::FromPem(response.ca().certificate_pem()).value();
  }
  v1::PollResponse Poll(const std::string& transaction_id = "tx-1") const {
    v1::PollRequest request;
    request.set_ca("demo");
    request.set_transaction_id(transaction_id);
    request.set_signer_certificate(device.SignerCertificate());
    v1::PollResponse response;
    REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Poll, request, &response).ok());
    return response;
  }
  v1::Request OnlyRequest() const {
    v1::ListRequestsResponse response;
    REQUIRE(Call(admin, &v1::RequestService::Stub::ListRequests, v1::ListRequestsRequest(), &response).ok());
    REQUIRE(response.requests_size() == 1);
    return response.requests(0);
  }

  const Device device;
  const std::unique_ptr<engine::Engine> engine;
  const std::string challenge;
  const std::shared_ptr<grpc::Channel> gateway, admin;
};

// A PKCS#10 with a key that no rule of ours would make, signed by it.
struct WeakRequest {
  std::string request, signer;
};
WeakRequest MakeWeakRequest() {
  const std::unique_ptr<EVP_PKEY, pki::FreeEvpPkey> rsa(EVP_RSA_gen(1024));
  unsigned char* der = nullptr;
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(EVP_PKEY2PKCS8(rsa.get()),
                                                                                       PKCS8_PRIV_KEY_INFO_free);
  const int length = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  const auto key = pki::PrivateKey::FromPkcs8(std::string(reinterpret_cast<char*>(der), length)).value();
  OPENSSL_free(der);
  const auto subject = pki::Name::FromString("CN=device-1").value();
  pki::TbsCertificate tbs;
  tbs.serial_number = pki::RandomSerialNumber().value();
  tbs.issuer = tbs.subject = subject.der();
  tbs.not_before = std::chrono::system_clock::now();
  tbs.not_after = tbs.not_before + std::chrono::hours(1);
  tbs.spki = key->public_key().spki();
  pki::CertificateRequestTemplate wish;
  wish.subject = subject;
  const auto digest = pki::DigestAlgorithm::kSha256;
  return {pki::SignCertificateRequest(wish, *key, digest).value(), pki::SignCertificate(tbs, *key, digest).value()};
}

// Fault is one way in which a request that would be issued is bad.
struct Fault {
  const char* what;
  const char* answer;
  std::function<void(v1::SubmitRequest&)> make;
};

void UseWeakKey(v1::SubmitRequest& request) {
  const auto weak = MakeWeakRequest();
  request.set_certification_request(weak.request);
  request.set_signer_certificate(weak.signer);
}

std::vector<Fault> Faults() {
  using Request = v1::SubmitRequest;
  const auto csr = [](Request& request) -> std::string& { return *request.mutable_certification_request(); };
  return {{"an unknown CA", "UNAVAILABLE", [](Request& request) { request.set_ca("nowhere"); }},
          {"no CA", "UNAVAILABLE", [](Request& request) { request.set_ca(""); }},
          {"no transactionID", "INVALID_ARGUMENT", [](Request& request) { request.set_transaction_id(""); }},
          {"a transactionID too long", "INVALID_ARGUMENT",
           [](Request& request) { request.set_transaction_id(std::string(256, 'x')); }},
          {"no PKCS#10", "badRequest", [=](Request& request) { csr(request).clear(); }},
          {"garbage for a PKCS#10", "badRequest", [=](Request& request) { csr(request) = "garbage"; }},
          {"a PKCS#10 cut short", "badRequest", [=](Request& request) { csr(request).pop_back(); }},
          {"an octet behind the PKCS#10", "badRequest", [=](Request& request) { csr(request).push_back('\0'); }},
          {"a broken self-signature", "badRequest",
           [=](Request& request) { csr(request).back() = static_cast<char>(csr(request).back() ^ 1); }},
          {"a PKCS#10 of more than 64 KiB", "badRequest",
           [=](Request& request) { csr(request) += std::string(70'000, 'x'); }},
          {"a weak key", "badRequest", UseWeakKey},
          {"another key's signer", "badRequest",
           [](Request& request) { request.set_signer_certificate(Device("ecdsa-p256", 1).SignerCertificate()); }},
          {"no signer", "badRequest", [](Request& request) { request.set_signer_certificate(""); }},
          {"an unknown challenge", "badRequest",
           [=](Request& request) { csr(request) = Device().Request({.challenge = "AAAAA-AAAAA"}); }},
          {"more octets than any message", "RESOURCE_EXHAUSTED",
           [=](Request& request) { csr(request) += std::string(1 << 20, 'x'); }}};
}

}  // namespace

TEST_CASE_METHOD(EnrollmentFixture, "a request with a key is issued, once, and listed", "[engine][enrollment]") {
  const auto request = Submission(device, challenge);
  v1::SubmitResponse first, second;
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, request, &first).ok());
  REQUIRE(first.has_issued());
  const auto certificate = pki::Certificate::Parse(first.issued().certificate()).value();
  CHECK(certificate.spki() == device.key().public_key().spki());
  CHECK(pki::VerifyIssuedBy(certificate, CaCertificate(), std::chrono::system_clock::now()));

  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, request, &second).ok());
  CHECK(second.issued().certificate() == first.issued().certificate());
  CHECK(Poll().issued().certificate() == first.issued().certificate());

  v1::ListCertificatesResponse listed;
  REQUIRE(Call(admin, &v1::CertificateService::Stub::ListCertificates, v1::ListCertificatesRequest(), &listed).ok());
  REQUIRE(listed.certificates_size() == 1);
  CHECK(listed.certificates(0).entity() == "device-1");
  v1::ListPreSharedKeysResponse keys;
  REQUIRE(Call(admin, &v1::PreSharedKeyService::Stub::ListPreSharedKeys, v1::ListPreSharedKeysRequest(), &keys).ok());
  REQUIRE(keys.keys_size() == 1);
  CHECK(keys.keys(0).use_count() == 1);
  CHECK(keys.keys(0).created_by() == "alice");
}

TEST_CASE_METHOD(EnrollmentFixture, "lists are searched by words and status, page by page",
                 "[engine][enrollment][search]") {
  v1::SubmitResponse issued;
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, Submission(device, challenge), &issued).ok());
  for (int i = 0; i < 3; ++i) {
    v1::SubmitResponse pending;
    const auto request = Submission(Device("rsa-2048", i + 1), "", "waits-" + std::to_string(i));
    REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, request, &pending).ok());
  }
  const auto requests = [&](const v1::ListRequestsRequest& request, std::vector<std::string>& found) {
    v1::ListRequestsResponse response;
    const auto status = Call(admin, &v1::RequestService::Stub::ListRequests, request, &response);
    for (const auto& one : response.requests()) found.push_back(one.transaction_id());
    return std::pair(status, response.next_page_token());
  };
  v1::ListRequestsRequest request;
  request.mutable_search()->set_terms("waits-0 waits-2");
  std::vector<std::string> found;
  CHECK(requests(request, found).second.empty());
  CHECK(found.empty());
  request.mutable_search()->set_match(v1::Search::MATCH_SOME);
  request.set_page_size(1);
  auto [status, token] = requests(request, found);
  CHECK(found == std::vector<std::string>{"waits-2"});
  request.set_page_token(token);
  std::tie(status, token) = requests(request, found);
  CHECK(found == std::vector<std::string>{"waits-2", "waits-0"});
  request.set_page_token(token);
  CHECK(requests(request, found).second.empty());
  CHECK(found.size() == 2);

  v1::ListRequestsRequest waiting;
  waiting.set_state(v1::REQUEST_STATE_PENDING);
  waiting.set_oldest_first(true);
  waiting.set_page_size(2);
  found.clear();
  waiting.set_page_token(requests(waiting, found).second);
  CHECK(requests(waiting, found).second.empty());
  CHECK(found == std::vector<std::string>{"waits-0", "waits-1", "waits-2"});

  v1::ListCertificatesRequest of_certificates;
  v1::ListCertificatesResponse listed;
  of_certificates.mutable_search()->set_terms("tx-1 -waits*");
  of_certificates.set_status(v1::CERTIFICATE_STATUS_GOOD);
  of_certificates.set_page_size(1);
  REQUIRE(Call(admin, &v1::CertificateService::Stub::ListCertificates, of_certificates, &listed).ok());
  REQUIRE(listed.certificates_size() == 1);
  // Of the request, whose order it is.
  CHECK(listed.next_page_token() == listed.certificates(0).request_id());
  of_certificates.set_status(v1::CERTIFICATE_STATUS_REVOKED);
  REQUIRE(Call(admin, &v1::CertificateService::Stub::ListCertificates, of_certificates, &listed).ok());
  CHECK(listed.certificates().empty());
  v1::ListEntitiesRequest entities;
  v1::ListEntitiesResponse named;
  entities.mutable_search()->set_terms("device-1");
  REQUIRE(Call(admin, &v1::EntityService::Stub::ListEntities, entities, &named).ok());
  CHECK(named.entities_size() == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a certificate is shown with what it says, and with the CA's above it",
                 "[engine][enrollment]") {
  auto submission = Submission(device, challenge);
  submission.set_certification_request(
      device.Request({.challenge = challenge, .alternative_names = {"dns:gw.example"}}));
  v1::SubmitResponse issued;
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, submission, &issued).ok());
  v1::ListCertificatesResponse listed;
  REQUIRE(Call(admin, &v1::CertificateService::Stub::ListCertificates, v1::ListCertificatesRequest(), &listed).ok());
  CHECK(listed.certificates(0).extensions().empty());
  v1::GetCertificateRequest request;
  request.set_serial_number(listed.certificates(0).serial_number());
  v1::GetCertificateResponse response;
  REQUIRE(Call(admin, &v1::CertificateService::Stub::GetCertificate, request, &response).ok());
  const v1::Certificate& certificate = response.certificate();
  v1::ListCasResponse cas;
  REQUIRE(Call(admin, &v1::CaService::Stub::ListCas, v1::ListCasRequest(), &cas).ok());
  CHECK(certificate.issuer() == cas.cas(0).subject());
  CHECK(certificate.signature_algorithm() == "ecdsa-with-SHA256");
  REQUIRE(certificate.chain_pem_size() == 1);
  CHECK(certificate.chain_pem(0) == cas.cas(0).certificate_pem());
  std::map<std::string, std::string> texts;
  for (const auto& extension : certificate.extensions()) texts[extension.name()] = extension.text();
  CHECK(texts["X509v3 Basic Constraints"] == "CA:FALSE");
  CHECK(texts["X509v3 Key Usage"].find("Digital Signature") != std::string::npos);
  CHECK(texts["X509v3 Subject Alternative Name"] == "DNS:gw.example");
}

TEST_CASE_METHOD(EnrollmentFixture, "a request is shown with what it asks for, and beside others for its key",
                 "[engine][enrollment]") {
  std::vector<std::string> ids;
  const auto ask = [&](const Device& from, const std::string& transaction) {
    auto submission = Submission(from, "", transaction);
    submission.set_certification_request(from.Request({.alternative_names = {"dns:gw.example"}}));
    v1::SubmitResponse pending;
    REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, submission, &pending).ok());
    v1::ListRequestsResponse listed;
    REQUIRE(Call(admin, &v1::RequestService::Stub::ListRequests, v1::ListRequestsRequest(), &listed).ok());
    CHECK(listed.requests(0).requested_extensions().empty());
    ids.push_back(listed.requests(0).request_id());
    v1::RejectRequestRequest no;
    no.set_request_id(ids.back());
    no.set_reason("not yet");
    v1::RejectRequestResponse rejected;
    REQUIRE(Call(admin, &v1::RequestService::Stub::RejectRequest, no, &rejected).ok());
  };
  ask(device, "first");
  ask(Device("rsa-2048", 1), "of another key");
  ask(device, "second");
  ask(device, "third");
  v1::GetRequestRequest request;
  request.set_request_id(ids[2]);
  v1::GetRequestResponse response;
  REQUIRE(Call(admin, &v1::RequestService::Stub::GetRequest, request, &response).ok());
  REQUIRE(response.request().requested_extensions_size() == 1);
  CHECK(response.request().requested_extensions(0).oid() == "2.5.29.17");
  CHECK(response.request().requested_extensions(0).text() == "DNS:gw.example");
  v1::ListRequestsRequest same;
  same.set_same_key_as(ids[2]);
  same.set_page_size(1);
  v1::ListRequestsResponse others;
  const auto list = [&] { return Call(admin, &v1::RequestService::Stub::ListRequests, same, &others); };
  REQUIRE(list().ok());
  REQUIRE(others.requests_size() == 1);
  CHECK(others.requests(0).request_id() == ids[3]);
  same.set_page_token(others.next_page_token());
  REQUIRE(list().ok());
  REQUIRE(others.requests_size() == 1);
  CHECK(others.requests(0).request_id() == ids[0]);
  same.set_state(v1::REQUEST_STATE_PENDING);
  CHECK(list().error_code() == Code::INVALID_ARGUMENT);
  same.clear_state();
  same.set_same_key_as("4711");
  CHECK(list().error_code() == Code::NOT_FOUND);
}

TEST_CASE_METHOD(EnrollmentFixture, "what is no search is INVALID_ARGUMENT", "[engine][enrollment][search]") {
  v1::ListRequestsRequest request;
  v1::ListRequestsResponse response;
  request.mutable_search()->set_terms("a*");
  const auto list = [&] {
    return Call(admin, &v1::RequestService::Stub::ListRequests, request, &response).error_code();
  };
  CHECK(list() == Code::INVALID_ARGUMENT);
  request.mutable_search()->set_terms("router");
  request.set_fingerprint(std::string(32, 'a'));
  CHECK(list() == Code::INVALID_ARGUMENT);
  request.clear_fingerprint();
  CHECK(list() == Code::OK);
  request.set_oldest_first(true);
  CHECK(list() == Code::INVALID_ARGUMENT);
  request.clear_search();
  CHECK(list() == Code::OK);
  request.set_fingerprint(std::string(32, 'a'));
  CHECK(list() == Code::INVALID_ARGUMENT);
  v1::ListCertificatesRequest of_certificates;
  v1::ListCertificatesResponse listed;
  of_certificates.set_status(static_cast<v1::CertificateStatus>(99));
  CHECK(Call(admin, &v1::CertificateService::Stub::ListCertificates, of_certificates, &listed).error_code() ==
        Code::INVALID_ARGUMENT);
}

TEST_CASE_METHOD(EnrollmentFixture, "a batch decides and records each submission for itself, in order",
                 "[engine][enrollment][batch]") {
  v1::SubmitBatchRequest batch;
  *batch.add_submissions() = Submission(device, challenge);
  *batch.add_submissions() = Submission(device, "", "tx-2");
  *batch.add_submissions() = Submission(device, "AAAAA-AAAAA", "tx-3");
  *batch.add_submissions() = Submission(device, challenge, "tx-4");
  batch.mutable_submissions(3)->set_ca("nowhere");
  *batch.add_submissions() = batch.submissions(0);
  v1::SubmitBatchResponse response;
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::SubmitBatch, batch, &response).ok());
  REQUIRE(response.results_size() == 5);
  CHECK(response.results(0).response().has_issued());
  CHECK(response.results(1).response().has_pending());
  CHECK(response.results(2).response().rejected().fail_info() == v1::FAIL_INFO_BAD_REQUEST);
  CHECK(response.results(3).error().reason() == v1::REASON_UNAVAILABLE);
  CHECK(response.results(4).response().issued().certificate() == response.results(0).response().issued().certificate());
  CHECK(Count(database(), "certificates") == 1);
  CHECK(Count(database(), "requests") == 2);
}

TEST_CASE_METHOD(EnrollmentFixture, "a batch has 1 to 64 submissions", "[engine][enrollment][batch][bounds]") {
  v1::SubmitBatchRequest batch;
  v1::SubmitBatchResponse response;
  const auto submit = [&] { return Call(gateway, &v1::EnrollmentService::Stub::SubmitBatch, batch, &response); };
  CHECK(submit().error_code() == Code::INVALID_ARGUMENT);
  const auto submission = Submission(device, challenge);
  for (int i = 0; i < 65; i++) *batch.add_submissions() = submission;
  CHECK(submit().error_code() == Code::INVALID_ARGUMENT);
  CHECK(Count(database(), "requests") == 0);
  batch.mutable_submissions()->RemoveLast();
  REQUIRE(submit().ok());
  CHECK(response.results_size() == 64);
  for (const auto& result : response.results()) CHECK(result.response().has_issued());
  CHECK(Count(database(), "certificates") == 1);
}

TEST_CASE_METHOD(EnrollmentFixture, "a request without a key is issued once an operator confirms its fingerprint",
                 "[engine][enrollment]") {
  CHECK(Submit(gateway, Submission(device, "")) == "pending");
  CHECK(Poll().has_pending());
  const auto pending = OnlyRequest();
  v1::ApproveRequestRequest approval;
  approval.set_request_id(pending.request_id());
  approval.set_fingerprint("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF");
  v1::ApproveRequestResponse approved;
  CHECK_FALSE(Call(admin, &v1::RequestService::Stub::ApproveRequest, approval, &approved).ok());
  CHECK(Poll().has_pending());
  approval.set_fingerprint(pending.fingerprints().request().sha256().colon());
  REQUIRE(Call(admin, &v1::RequestService::Stub::ApproveRequest, approval, &approved).ok());
  CHECK(approved.request().decided_by() == "alice");
  CHECK(Poll().has_issued());
}

TEST_CASE_METHOD(EnrollmentFixture, "a postponed request waits on, and is approved as it is or after it was resumed",
                 "[engine][enrollment][postponement]") {
  using Stub = v1::RequestService::Stub;
  CHECK(Submit(gateway, Submission(device, "")) == "pending");
  const auto pending = OnlyRequest();
  v1::PostponeRequestRequest postpone;
  postpone.set_request_id(pending.request_id());
  postpone.set_reason(std::string(1001, 'x'));
  v1::PostponeRequestResponse postponed;
  CHECK(Call(admin, &Stub::PostponeRequest, postpone, &postponed).error_code() == Code::INVALID_ARGUMENT);
  postpone.set_reason(std::string(1000, 'x'));
  v1::ResumeRequestRequest resume;
  resume.set_request_id(pending.request_id());
  v1::ResumeRequestResponse resumed;
  CHECK(Call(admin, &Stub::ResumeRequest, resume, &resumed).error_code() == Code::FAILED_PRECONDITION);
  REQUIRE(Call(admin, &Stub::PostponeRequest, postpone, &postponed).ok());
  CHECK(postponed.request().state() == v1::REQUEST_STATE_POSTPONED);
  CHECK(Call(admin, &Stub::PostponeRequest, postpone, &postponed).error_code() == Code::FAILED_PRECONDITION);
  CHECK(Poll().has_pending());
  CHECK(Submit(gateway, Submission(device, "")) == "pending");
  if (GENERATE(false, true)) {
    REQUIRE(Call(admin, &Stub::ResumeRequest, resume, &resumed).ok());
    CHECK(resumed.request().state() == v1::REQUEST_STATE_PENDING);
  }
  v1::ApproveRequestRequest approval;
  approval.set_request_id(pending.request_id());
  approval.set_fingerprint(pending.fingerprints().request().sha256().colon());
  v1::ApproveRequestResponse approved;
  REQUIRE(Call(admin, &Stub::ApproveRequest, approval, &approved).ok());
  CHECK(Poll().has_issued());
  CHECK(Call(admin, &Stub::PostponeRequest, postpone, &postponed).error_code() == Code::FAILED_PRECONDITION);
  CHECK(Call(admin, &Stub::ResumeRequest, resume, &resumed).error_code() == Code::FAILED_PRECONDITION);
}

TEST_CASE_METHOD(EnrollmentFixture, "a request that an operator rejects is refused to the device",
                 "[engine][enrollment]") {
  CHECK(Submit(gateway, Submission(device, "")) == "pending");
  v1::RejectRequestRequest rejection;
  rejection.set_request_id(OnlyRequest().request_id());
  rejection.set_reason("not ours");
  v1::RejectRequestResponse rejected;
  REQUIRE(Call(admin, &v1::RequestService::Stub::RejectRequest, rejection, &rejected).ok());
  CHECK(Poll().rejected().fail_info() == v1::FAIL_INFO_BAD_REQUEST);
  CHECK(Count(database(), "certificates") == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "a poll for what was never asked is badCertId", "[engine][enrollment]") {
  CHECK(Poll("tx-unknown").rejected().fail_info() == v1::FAIL_INFO_BAD_CERT_ID);
}

TEST_CASE_METHOD(EnrollmentFixture, "a request with a fault gets its answer and leaves no row",
                 "[engine][enrollment]") {
  for (const Fault& fault : Faults()) {
    INFO(fault.what);
    auto request = Submission(device, challenge);
    fault.make(request);
    CHECK(Submit(gateway, request) == fault.answer);
    CHECK(Rows() == 0);
  }
  // It was the faults.
  CHECK(Submit(gateway, Submission(device, challenge)) == "issued");
}

TEST_CASE_METHOD(EnrollmentFixture, "a refusal is explained by the id that the device was given",
                 "[engine][enrollment][decision]") {
  auto request = Submission(device, "AAAAA-AAAAA");
  request.set_digest_algorithm("sha256");
  request.set_content_encryption_algorithm("aes-128-cbc");
  v1::SubmitResponse response;
  REQUIRE(Call(gateway, &v1::EnrollmentService::Stub::Submit, request, &response).ok());
  const std::string id = response.rejected().decision_id();
  REQUIRE(id.size() == 36);
  v1::ExplainRequestRequest question;
  question.set_query(id);
  v1::ExplainRequestResponse answer;
  // It is written beside the answer.
  REQUIRE(Eventually([&] { return Call(admin, &v1::RequestService::Stub::ExplainRequest, question, &answer).ok(); }));
  REQUIRE(answer.decisions_size() == 1);
  const auto& decision = answer.decisions(0);
  CHECK(decision.decision_id() == id);
  CHECK(decision.reason() == "key_unknown");
  CHECK(decision.message().digest_algorithm() == "sha256");
  CHECK(decision.message().content_encryption_algorithm() == "aes-128-cbc");
  CHECK(Call(gateway, &v1::RequestService::Stub::ExplainRequest, question, &answer).error_code() ==
        Code::PERMISSION_DENIED);
}

TEST_CASE_METHOD(EnrollmentFixture, "a gateway's failure is kept as its word, and bad ones are not",
                 "[engine][enrollment][decision]") {
  v1::ReportFailureRequest report;
  report.set_decision_id("61f8f3ca-b265-8d2e-8d70-8d48ed766b5c");
  report.set_ca("demo");
  report.set_transaction_id("tx-of-gateway");
  report.set_reason("addressed_to_ca: why" + std::string(2000, '.'));
  report.set_digest_algorithm("sha1");
  const auto send = [&](const v1::ReportFailureRequest& request) {
    v1::ReportFailureResponse response;
    return Call(gateway, &v1::EnrollmentService::Stub::ReportFailure, request, &response).error_code();
  };
  auto wrong = report;
  wrong.set_decision_id("17");
  CHECK(send(wrong) == Code::INVALID_ARGUMENT);
  wrong = report;
  wrong.set_transaction_id(std::string(256, 'x'));
  CHECK(send(wrong) == Code::INVALID_ARGUMENT);
  wrong = report;
  wrong.set_ca("nowhere");
  CHECK(send(wrong) == Code::UNAVAILABLE);
  REQUIRE(send(report) == Code::OK);
  REQUIRE(send(report) == Code::OK);
  v1::ExplainRequestRequest question;
  question.set_query("tx-of-gateway");
  v1::ExplainRequestResponse answer;
  REQUIRE(Eventually([&] {
    return Call(admin, &v1::RequestService::Stub::ExplainRequest, question, &answer).ok() &&
           answer.decisions(0).message_count() == 2;
  }));
  CHECK(answer.decisions(0).reason().substr(0, 29) == "gateway: addressed_to_ca: why");
  CHECK(answer.decisions(0).reason().size() == 1009);
  CHECK(answer.decisions(0).message().digest_algorithm() == "sha1");
}

TEST_CASE_METHOD(EnrollmentFixture, "no message type but PKCSReq brings a certificate", "[engine][enrollment]") {
  auto request = Submission(device, challenge);
  for (const std::uint32_t type : {0u, 3u, 17u, 18u, 20u, 21u, 22u, 4711u}) {
    request.set_message_type(type);
    INFO(type);
    CHECK(Submit(gateway, request) == "badRequest");
  }
  CHECK(Rows() == 0);
}

TEST_CASE_METHOD(EnrollmentFixture, "after a message that was too large the gateway's connection goes on",
                 "[engine][enrollment]") {
  auto large = Submission(device, challenge);
  large.mutable_certification_request()->append(std::string(1 << 20, 'x'));
  CHECK(Submit(gateway, large) == "RESOURCE_EXHAUSTED");
  CHECK(Submit(gateway, Submission(device, challenge)) == "issued");
}

}  // namespace engine_test
