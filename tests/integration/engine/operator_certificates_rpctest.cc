// Operators begin sessions by the client certificates that they show.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "database.h"
#include "engine_fixture.h"
#include "pki/digest.h"
#include "service/operator_credentials.h"
#include "service/status_mapping.h"

namespace engine_test {

namespace {

using result::Reason;
using std::chrono::hours;
using Stub = v1::OperatorService::Stub;

// CertificatesFixture has the operator "bob" with one certificate, which he shows. Two wrong ones are forgiven.
class CertificatesFixture : public EngineFixture {
 public:
  CertificatesFixture()
      : engine(StartReady([](engine::Config& config) { config.login_failures_per_source = 2; })),
        admin(Channel(*engine, Role::kAdmin)) {
    v1::CreateOperatorRequest request;
    request.set_login("bob");
    request.add_grants()->set_level(v1::ACCESS_LEVEL_READ);
    request.add_certificate_sha256s(Sha256(bobs));
    v1::CreateOperatorResponse response;
    REQUIRE(Call(admin, &Stub::CreateOperator, request, &response).ok());
  }

  static std::string Sha256(const std::string& der) { return pki::Digest(pki::DigestAlgorithm::kSha256, der); }
  std::string Certificate(pki::TimePoint not_before, pki::TimePoint not_after) {
    const auto files = certificates.IssueAs(
        {.name = "bob", .uris = {service::RoleUri(Role::kOperator)}, .not_before = not_before, .not_after = not_after});
    std::ifstream file(files.certificate);
    std::ostringstream pem;
    pem << file.rdbuf();
    return pki::Certificate::FromPem(pem.str())->der();
  }
  // The reason of a refusal, or nothing, for whom metadata of `key` stands behind the call.
  template <class Request, class Response>
  std::optional<Reason> Try(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                            const Request& request, Response* response, const char* key, const std::string& shown) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    context.AddMetadata(key, shown);
    context.AddMetadata(service::kOperatorSourceMetadata, "192.0.2.1");
    Stub stub(admin);
    const auto status = (stub.*rpc)(&context, request, response);
    if (status.ok()) return std::nullopt;
    const auto error = service::FromStatus(status);
    detail = error.detail;
    return error.reason;
  }
  std::optional<Reason> LogIn(const std::string& der, const std::string& shown) {
    v1::LogInByCertificateRequest request;
    request.set_certificate(der);
    answer.Clear();
    return Try(&Stub::LogInByCertificate, request, &answer, service::kOperatorCertificateMetadata, shown);
  }
  std::optional<Reason> LogIn(const std::string& der) { return LogIn(der, Sha256(der)); }
  std::optional<Reason> WhoAmI(const std::string& token) {
    v1::WhoAmIResponse response;
    return Try(&Stub::WhoAmI, v1::WhoAmIRequest(), &response, service::kOperatorTokenMetadata, token);
  }
  void Update(const std::function<void(v1::UpdateOperatorRequest&)>& set) {
    v1::UpdateOperatorRequest request;
    request.set_login("bob");
    set(request);
    v1::UpdateOperatorResponse response;
    const auto status = Call(admin, &Stub::UpdateOperator, request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
  }
  std::string Events(const std::string& kind, const std::string& wanted) const {
    return Text(database(), "SELECT coalesce(string_agg(coalesce(" + wanted +
                                ", '-'), ' ' ORDER BY audit_event_id), '') FROM (SELECT *, event::jsonb AS e FROM "
                                "audit_events) AS all_of WHERE kind = '" +
                                kind + "'");
  }

  const pki::TimePoint now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string bobs = Certificate(now - hours(1), now + hours(1));
  const std::unique_ptr<engine::Engine> engine;
  const std::shared_ptr<grpc::Channel> admin;
  v1::LogInByCertificateResponse answer;
  std::string detail;
};

}  // namespace

TEST_CASE_METHOD(CertificatesFixture, "a certificate begins a session, whose token stands for its operator",
                 "[engine][operators]") {
  REQUIRE(LogIn(bobs) == std::nullopt);
  CHECK(answer.operator_().login() == "bob");
  const std::string token = answer.token();
  CHECK(token.size() == 32);
  CHECK(WhoAmI(token) == std::nullopt);
  // No longer than the certificate, and no longer than sessions last.
  CHECK(answer.expires_at().seconds() == std::chrono::system_clock::to_time_t(now + hours(1)));
  const std::string lasting = Certificate(now - hours(1), now + hours(1000));
  Update([&](auto& request) { request.add_certificate_sha256s(Sha256(lasting)); });
  REQUIRE(LogIn(lasting) == std::nullopt);
  CHECK(answer.expires_at().seconds() <=
        std::chrono::system_clock::to_time_t(now + hours(8) + std::chrono::minutes(1)));
  CHECK(Events("operator_logged_in", "e#>>'{details,certificate}'") ==
        pki::HexLower(Sha256(bobs)) + " " + pki::HexLower(Sha256(lasting)));
  CHECK(Events("operator_logged_in", "e->>'source'") == "192.0.2.1 192.0.2.1");
  v1::LogOutResponse out;
  CHECK(Try(&Stub::LogOut, v1::LogOutRequest(), &out, service::kOperatorTokenMetadata, token) == std::nullopt);
  CHECK(WhoAmI(token) == Reason::kUnauthorized);
  CHECK(LogIn(bobs) == std::nullopt);
}

TEST_CASE_METHOD(CertificatesFixture, "a session ends with what its certificate was to its operator",
                 "[engine][operators]") {
  const std::string other = Certificate(now - hours(1), now + hours(1));
  Update([&](auto& request) { request.add_certificate_sha256s(Sha256(other)); });
  REQUIRE(LogIn(bobs) == std::nullopt);
  const std::string token = answer.token();
  REQUIRE(LogIn(other) == std::nullopt);
  const std::string others_token = answer.token();
  SECTION("which is taken away") {
    Update([&](auto& request) { request.add_removed_certificate_sha256s(Sha256(bobs)); });
    CHECK(Events("operator_session_ended", "e#>>'{details,certificate}'") == pki::HexLower(Sha256(bobs)));
  }
  SECTION("which an engine of the version before takes away") {
    CHECK(WhoAmI(token) == std::nullopt);
    Execute(database(),
            "DELETE FROM operator_certificates WHERE certificate_sha256 = '\\x" + pki::HexLower(Sha256(bobs)) + "'");
  }
  SECTION("who becomes inactive") {
    Update([&](auto& request) { request.set_status("inactive"); });
    CHECK(WhoAmI(others_token) == Reason::kUnauthorized);
    CHECK(WhoAmI(token) == Reason::kUnauthorized);
    return;
  }
  CHECK(WhoAmI(token) == Reason::kUnauthorized);
  CHECK(WhoAmI(others_token) == std::nullopt);
  CHECK(LogIn(bobs) == Reason::kUnauthorized);
  Update([&](auto& request) { request.add_certificate_sha256s(Sha256(bobs)); });
  CHECK(WhoAmI(token) == Reason::kUnauthorized);  // What ended stays so.
  CHECK(LogIn(bobs) == std::nullopt);
}

TEST_CASE_METHOD(CertificatesFixture, "a certificate of nobody active begins nothing, in the same words for all",
                 "[engine][operators]") {
  const std::string stranger = Certificate(now - hours(1), now + hours(1));
  const std::string late = Certificate(now - hours(2), now - hours(1)),
                    early = Certificate(now + hours(1), now + hours(2));
  Update([&](auto& request) {
    request.add_certificate_sha256s(Sha256(late));
    request.add_certificate_sha256s(Sha256(early));
  });
  const std::string why = GENERATE("it is of nobody", "he is inactive", "it is over", "it is not valid yet");
  CAPTURE(why);
  if (why == "he is inactive") Update([](auto& request) { request.set_status("inactive"); });
  const std::string wrong = why == "it is of nobody"  ? stranger
                            : why == "he is inactive" ? bobs
                            : why == "it is over"     ? late
                                                      : early;
  const std::string refused_login = why == "it is of nobody" ? "-" : "bob";
  CHECK(LogIn(wrong) == Reason::kUnauthorized);
  CHECK(detail == "the certificate is no active operator's");
  CHECK(Events("operator_refused", "e#>>'{about,operator}'") == refused_login);
  CHECK(Events("operator_refused", "e->>'source'") == "192.0.2.1");
  CHECK(Text(database(), "SELECT count(*) FROM operator_sessions") == "0");
  // Who goes on waits.
  CHECK(LogIn(wrong) == Reason::kUnauthorized);
  CHECK(LogIn(wrong) == Reason::kUnauthorized);
  CHECK(LogIn(wrong) == Reason::kUnavailable);
}

TEST_CASE_METHOD(CertificatesFixture, "another certificate than the one that is shown begins nothing",
                 "[engine][operators]") {
  CHECK(LogIn(bobs, Sha256("another")) == Reason::kMalformed);
  CHECK(LogIn("", Sha256("")) == Reason::kMalformed);
  CHECK(LogIn(bobs + "x") == Reason::kMalformed);
  REQUIRE(LogIn(bobs) == std::nullopt);
  // A session begins none.
  v1::LogInByCertificateRequest request;
  request.set_certificate(bobs);
  const std::string token = answer.token();
  CHECK(Try(&Stub::LogInByCertificate, request, &answer, service::kOperatorTokenMetadata, token) == Reason::kMalformed);
}

}  // namespace engine_test
