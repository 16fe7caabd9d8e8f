#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <pqxx/pqxx>

#include "certifier/v1/ca_directory.grpc.pb.h"
#include "certifier/v1/crl.grpc.pb.h"
#include "engine_fixture.h"

namespace engine_test {

namespace {

using Code = grpc::StatusCode;
using CertificateStub = v1::CertificateService::Stub;

using CrlPtr = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;

CrlPtr ReadCrl(const std::string& der) {
  const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
  return {d2i_X509_CRL(nullptr, &cursor, static_cast<long>(der.size())), X509_CRL_free};
}

// FetchedCrl is what a gateway gets of a CRL.
struct FetchedCrl {
  grpc::Status status;
  v1::CrlDescription description;
  std::string der;
  std::size_t pieces = 0, largest_piece = 0;

  int entries() const {
    const CrlPtr crl = ReadCrl(der);
    REQUIRE(crl != nullptr);
    const auto* entries = X509_CRL_get_REVOKED(crl.get());
    return entries == nullptr ? 0 : sk_X509_REVOKED_num(entries);
  }
};

class RevocationFixture : public EngineFixture {
 public:
  RevocationFixture()
      : engine(StartReady()),
        challenge(MakeCa(*engine)),
        gateway(Channel(*engine, Role::kGateway)),
        admin(Channel(*engine, Role::kAdmin)) {}

  FetchedCrl Fetch(const std::shared_ptr<grpc::Channel>& channel, const std::string& ca = "demo") const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::FetchCrlRequest request;
    request.set_ca(ca);
    v1::CaDirectoryService::Stub stub(channel);
    const auto stream = stub.FetchCrl(&context, request);
    FetchedCrl fetched;
    v1::FetchCrlResponse response;
    while (stream->Read(&response)) {
      if (response.has_crl()) fetched.description = response.crl();
      fetched.der += response.piece();
      fetched.largest_piece = std::max(fetched.largest_piece, response.piece().size());
      ++fetched.pieces;
    }
    fetched.status = stream->Finish();
    return fetched;
  }
  FetchedCrl Fetch() const { return Fetch(gateway); }
  // Waits until the engine behind `channel` has a CRL of so many entries.
  bool HasEntries(const std::shared_ptr<grpc::Channel>& channel, int count) const {
    return Eventually([&] {
      const auto fetched = Fetch(channel);
      return fetched.status.ok() && fetched.entries() == count;
    });
  }
  v1::CaBundle BundleOf(const std::shared_ptr<grpc::Channel>& channel) const {
    grpc::ClientContext context;
    v1::CaDirectoryService::Stub stub(channel);
    const auto stream = stub.Watch(&context, v1::WatchRequest());
    v1::WatchResponse directory;
    REQUIRE(stream->Read(&directory));
    REQUIRE(directory.cas_size() == 1);
    return directory.cas(0);
  }
  // Enrol returns the serial number of a new certificate.
  std::string Enrol(const std::string& transaction_id) {
    REQUIRE(Submit(gateway, Submission(Device(), challenge, transaction_id)) == "issued");
    v1::ListCertificatesResponse listed;
    REQUIRE(Call(admin, &CertificateStub::ListCertificates, v1::ListCertificatesRequest(), &listed).ok());
    CHECK(listed.certificates(0).status() == v1::CERTIFICATE_STATUS_GOOD);
    return listed.certificates(0).serial_number();
  }
  template <class Request, class Response>
  Code Change(grpc::Status (CertificateStub::*rpc)(grpc::ClientContext*, const Request&, Response*), Request request,
              const std::string& serial_number, Response* response) const {
    request.set_serial_number(serial_number);
    return Call(admin, rpc, request, response).error_code();
  }
  Code Revoke(const std::string& serial_number,
              v1::RevocationReason reason = v1::REVOCATION_REASON_KEY_COMPROMISE) const {
    v1::RevokeCertificateRequest request;
    request.set_reason(reason);
    v1::RevokeCertificateResponse response;
    return Change(&CertificateStub::RevokeCertificate, request, serial_number, &response);
  }
  void Execute(const std::string& sql) const {
    pqxx::connection session(database());
    pqxx::work work(session);
    work.exec(sql);
    work.commit();
  }
  // AddRevoked puts so many revoked certificates of the CA into the database, as if they had been enrolled.
  void AddRevoked(int count) const {
    Execute("CREATE TEMP TABLE bulk AS SELECT int8send(n) AS octets FROM generate_series(1, " + std::to_string(count) +
            R"sql() n;
        WITH asked AS (
            INSERT INTO requests (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                                  subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                                  policy_version_id)
            SELECT (SELECT min(ca_id) FROM cas), 'bulk'::bytea || octets, sha256(octets), sha256(octets), 'issued', '',
                   '', '{}', 'rsa-2048', '', now(), false, (SELECT min(policy_version_id) FROM policy_versions)
              FROM bulk
            RETURNING request_id),
        made AS (
            INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                                      issued_at)
            SELECT (SELECT min(ca_generation_id) FROM ca_generations),
                   '\x40'::bytea || substr(sha256(int8send(request_id)), 1, 15), request_id, '', now(),
                   now() + interval '1 year', now()
              FROM asked
            RETURNING certificate_id)
        INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by)
        SELECT certificate_id, 'revoked', 'keyCompromise', now(), 'test' FROM made)sql");
    Execute("UPDATE ca_generations SET revocation_changes = revocation_changes + 1; NOTIFY certifier_directory");
  }

  const std::unique_ptr<engine::Engine> engine;
  const std::string challenge;
  const std::shared_ptr<grpc::Channel> gateway, admin;
};

}  // namespace

TEST_CASE_METHOD(RevocationFixture, "a new CA has its first CRL at once, which the directory names", "[engine][crl]") {
  REQUIRE(HasEntries(gateway, 0));
  CHECK(BundleOf(gateway).active().crl_number() == 1);
  const auto fetched = Fetch();
  CHECK(fetched.description.crl_number() == 1);
  CHECK(fetched.description.size() == fetched.der.size());
  const auto& description = fetched.description;
  CHECK(description.next_update().seconds() - description.this_update().seconds() == 7 * 24 * 60 * 60);
}

TEST_CASE_METHOD(RevocationFixture, "a revocation is on the CRL at once, with the operator on record",
                 "[engine][crl]") {
  const auto serial_number = Enrol("tx-1");
  Enrol("tx-2");
  v1::RevokeCertificateRequest request;
  request.set_reason(v1::REVOCATION_REASON_SUPERSEDED);
  request.set_comment("replaced");
  request.mutable_invalidity_date()->set_seconds(1'700'000'000);
  v1::RevokeCertificateResponse response;
  REQUIRE(Change(&CertificateStub::RevokeCertificate, request, serial_number, &response) == Code::OK);
  CHECK(response.certificate().status() == v1::CERTIFICATE_STATUS_REVOKED);
  CHECK(response.certificate().revocation().reason() == v1::REVOCATION_REASON_SUPERSEDED);
  CHECK(response.certificate().revocation().comment() == "replaced");
  CHECK(response.certificate().revocation().invalidity_date().seconds() == 1'700'000'000);
  CHECK(response.certificate().revocation().revoked_by() == "alice");
  const auto began = std::chrono::steady_clock::now();
  REQUIRE(HasEntries(gateway, 1));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(3));
  v1::GetCrlRequest shown;
  shown.set_ca("DEMO");
  v1::GetCrlResponse crl;
  REQUIRE(Call(admin, &v1::CrlService::Stub::GetCrl, shown, &crl).ok());
  CHECK(crl.crl().revoked_count() == 1);
  CHECK(crl.crl().ca() == "demo");
  CHECK(crl.crl().size() == Fetch().der.size());
}

TEST_CASE_METHOD(RevocationFixture, "a suspension comes and goes, and a revocation stays", "[engine][crl]") {
  const auto serial_number = Enrol("tx-1");
  v1::SuspendCertificateResponse suspended;
  REQUIRE(Change(&CertificateStub::SuspendCertificate, v1::SuspendCertificateRequest(), serial_number, &suspended) ==
          Code::OK);
  CHECK(suspended.certificate().status() == v1::CERTIFICATE_STATUS_SUSPENDED);
  CHECK(suspended.certificate().revocation().reason() == v1::REVOCATION_REASON_CERTIFICATE_HOLD);
  CHECK(HasEntries(gateway, 1));
  v1::ReactivateCertificateResponse reactivated;
  const v1::ReactivateCertificateRequest reactivate;
  REQUIRE(Change(&CertificateStub::ReactivateCertificate, reactivate, serial_number, &reactivated) == Code::OK);
  CHECK(reactivated.certificate().status() == v1::CERTIFICATE_STATUS_GOOD);
  CHECK_FALSE(reactivated.certificate().has_revocation());
  CHECK(HasEntries(gateway, 0));
  REQUIRE(Revoke(serial_number) == Code::OK);
  CHECK(Change(&CertificateStub::ReactivateCertificate, reactivate, serial_number, &reactivated) ==
        Code::FAILED_PRECONDITION);
  CHECK(Revoke(serial_number) == Code::FAILED_PRECONDITION);
  CHECK(Revoke(serial_number, v1::REVOCATION_REASON_CERTIFICATE_HOLD) == Code::INVALID_ARGUMENT);
  CHECK(Revoke(serial_number, static_cast<v1::RevocationReason>(8)) == Code::INVALID_ARGUMENT);
  CHECK(Revoke("") == Code::INVALID_ARGUMENT);
  CHECK(Revoke("4711") == Code::NOT_FOUND);
  CHECK(HasEntries(gateway, 1));
}

TEST_CASE_METHOD(RevocationFixture, "of two engines one makes each CRL, and both serve it", "[engine][crl]") {
  const auto second = StartReady();
  const auto other = Channel(*second, Role::kGateway);
  for (int i = 1; i <= 5; ++i) {
    REQUIRE(Revoke(Enrol("tx-" + std::to_string(i))) == Code::OK);
    REQUIRE(HasEntries(gateway, i));
    REQUIRE(HasEntries(other, i));
    CHECK(Fetch().der == Fetch(other).der);
  }
  // One for the new CA, and one for each revocation.
  CHECK(Fetch().description.crl_number() == 6);
  CHECK(Count(database(), "crls") == 3);
}

TEST_CASE_METHOD(RevocationFixture, "a CRL that is larger than a message travels in pieces", "[engine][crl]") {
  AddRevoked(12'000);
  REQUIRE(HasEntries(gateway, 12'000));
  const auto fetched = Fetch();
  CHECK(fetched.pieces == 3);
  CHECK(fetched.largest_piece == 256 << 10);
  CHECK(fetched.description.size() == fetched.der.size());
}

TEST_CASE_METHOD(RevocationFixture, "how many older CRLs stay and how long one lives are settings", "[engine][crl]") {
  REQUIRE(HasEntries(gateway, 0));
  engine->Stop();
  const auto brief = StartReady([](engine::Config& config) {
    config.crl_kept = 0;
    config.crl_lifetime = std::chrono::hours(1);
  });
  const auto channel = Channel(*brief, Role::kGateway);
  Execute("UPDATE ca_generations SET revocation_changes = revocation_changes + 1; NOTIFY certifier_directory");
  REQUIRE(Eventually([&] { return Fetch(channel).description.crl_number() == 2; }));
  const auto description = Fetch(channel).description;
  CHECK(description.next_update().seconds() - description.this_update().seconds() == 60 * 60);
  CHECK(Count(database(), "crls") == 1);
}

TEST_CASE_METHOD(RevocationFixture, "an unknown CA has no CRL", "[engine][crl]") {
  CHECK(Fetch(gateway, "nobody").status.error_code() == Code::NOT_FOUND);
  v1::GetCrlRequest request;
  request.set_ca("nobody");
  v1::GetCrlResponse response;
  CHECK(Call(admin, &v1::CrlService::Stub::GetCrl, request, &response).error_code() == Code::NOT_FOUND);
}

TEST_CASE_METHOD(RevocationFixture, "100,000 revocations, measured", "[.measure]") {
  const auto serial_number = Enrol("tx-1");
  AddRevoked(100'000);
  REQUIRE(HasEntries(gateway, 100'000));
  const auto began = std::chrono::steady_clock::now();
  REQUIRE(Revoke(serial_number) == Code::OK);
  REQUIRE(HasEntries(gateway, 100'001));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  WARN(Fetch().der.size() << " octets, on the CRL " << took.count() << " ms after the call began");
}

}  // namespace engine_test
