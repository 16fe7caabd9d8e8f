#include <catch2/catch.hpp>
#include <map>

#include "engine_fixture.h"

namespace engine_test {

namespace {

using support::Knock;
using support::TlsVersion;
using Code = grpc::StatusCode;

// Who may call what, written down apart from the code.
const std::map<std::string, Role> kCallers = {
    {"certifier.v1.EnrollmentService", Role::kGateway},   {"certifier.v1.CaDirectoryService", Role::kGateway},
    {"certifier.v1.KeyOperationService", Role::kGateway}, {"certifier.v1.CaService", Role::kAdmin},
    {"certifier.v1.EntityService", Role::kAdmin},         {"certifier.v1.PreSharedKeyService", Role::kAdmin},
    {"certifier.v1.PolicyService", Role::kAdmin},         {"certifier.v1.RequestService", Role::kAdmin},
    {"certifier.v1.CertificateService", Role::kAdmin},    {"certifier.v1.CrlService", Role::kAdmin},
    {"certifier.v1.OperatorService", Role::kAdmin},       {"certifier.v1.ScepService", Role::kAdmin},
    {"certifier.v1.AuditService", Role::kAdmin},          {"certifier.v1.ReportService", Role::kAdmin}};

constexpr char kListCas[] = "/certifier.v1.CaService/ListCas";
constexpr char kSubmit[] = "/certifier.v1.EnrollmentService/Submit";
constexpr char kHealth[] = "/grpc.health.v1.Health/Check";

// IsFromHandler tells whether a handler looked at the empty request, which is for no CA.
bool IsFromHandler(const grpc::Status& status) {
  const Code code = status.error_code();
  return code == Code::OK || code == Code::INVALID_ARGUMENT || code == Code::NOT_FOUND ||
         code == Code::FAILED_PRECONDITION || status.error_message() == "the CA is not known to this engine";
}

class AccessFixture : public EngineFixture {
 public:
  AccessFixture() : engine(StartReady()) {}
  // The answers to an administrator's and to a gateway's call.
  std::vector<Code> Try(const service::TlsFiles& tls) const {
    const auto channel = support::Open(engine->grpc_port(), tls);
    return {Knock(channel, kListCas).error_code(), Knock(channel, kSubmit).error_code()};
  }
  const std::unique_ptr<engine::Engine> engine;
};

}  // namespace

TEST_CASE_METHOD(AccessFixture, "each method of each service is open to one role and closed to the others",
                 "[engine][access]") {
  const Role role = GENERATE(Role::kGateway, Role::kEngine, Role::kAdmin, Role::kOperator);
  const auto channel = Channel(*engine, role);
  std::size_t methods = 0;
  for (const auto& method : support::EveryMethod()) {
    const auto caller = kCallers.find(method.service);
    INFO(method.path << " for " << service::ToString(role));
    REQUIRE(caller != kCallers.end());
    const auto status = Knock(channel, method.path);
    INFO(status.error_code() << " " << status.error_message());
    if (caller->second == role) {
      CHECK(IsFromHandler(status));
    } else {
      CHECK(status.error_code() == Code::PERMISSION_DENIED);
    }
    ++methods;
  }
  CHECK(methods == 69);
}

TEST_CASE_METHOD(AccessFixture, "every role may ask for the engine's health", "[engine][access]") {
  const Role role = GENERATE(Role::kGateway, Role::kEngine, Role::kAdmin, Role::kOperator);
  CHECK(Knock(Channel(*engine, role), kHealth).ok());
}

TEST_CASE_METHOD(AccessFixture, "what is no service of the engine is refused to everybody", "[engine][access]") {
  const Role role = GENERATE(Role::kGateway, Role::kEngine, Role::kAdmin, Role::kOperator);
  const auto channel = Channel(*engine, role);
  for (const char* path : {"/certifier.v1.NoSuchService/ListCas", "/CaService/ListCas", "//certifier.v1.CaService",
                           "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    INFO(path);
    CHECK(Knock(channel, path).error_code() == Code::PERMISSION_DENIED);
  }
}

TEST_CASE_METHOD(AccessFixture, "who shows no good certificate is refused in the handshake", "[engine][access]") {
  support::TestCertificates strangers;
  const auto now = std::chrono::system_clock::now();
  const auto hours = [](int count) { return std::chrono::hours(count); };
  const std::vector<Code> nothing = {Code::UNAVAILABLE, Code::UNAVAILABLE};
  const Role role = GENERATE(Role::kGateway, Role::kAdmin, Role::kEngine);
  const std::vector<std::string> uris = {service::RoleUri(role)};
  CHECK(Try(certificates.Show(strangers.Issue(role, "mallory"))) == nothing);
  CHECK(Try(certificates.IssueAs({"late", uris, now - hours(2), now - hours(1)})) == nothing);
  CHECK(Try(certificates.IssueAs({"early", uris, now + hours(1), now + hours(2)})) == nothing);
  const auto bare = support::OpenWithoutCertificate(engine->grpc_port(), certificates.Issue(role, "someone"));
  CHECK(Knock(bare, kListCas).error_code() == Code::UNAVAILABLE);
  CHECK(Knock(bare, kHealth).error_code() == Code::UNAVAILABLE);
}

TEST_CASE_METHOD(AccessFixture, "a certificate without exactly one known role is refused by all", "[engine][access]") {
  const std::string gateway = service::RoleUri(Role::kGateway), admin = service::RoleUri(Role::kAdmin);
  const auto uris = GENERATE_COPY(values<std::vector<std::string>>({{},
                                                                    {"urn:certifier:role:root"},
                                                                    {"urn:certifier:role:"},
                                                                    {"URN:CERTIFIER:ROLE:admin"},
                                                                    {admin + "s"},
                                                                    {"https://a.example/" + admin},
                                                                    {gateway, admin},
                                                                    {admin, "urn:certifier:role:root"},
                                                                    {admin, admin}}));
  INFO((uris.empty() ? "no URI" : uris.front()));
  const auto tls = certificates.IssueAs({.name = "odd", .uris = uris});
  const auto channel = support::Open(engine->grpc_port(), tls);
  for (const auto& method : support::EveryMethod()) {
    INFO(method.path);
    CHECK(Knock(channel, method.path).error_code() == Code::PERMISSION_DENIED);
  }
  CHECK(Knock(channel, kHealth).error_code() == Code::PERMISSION_DENIED);
}

TEST_CASE_METHOD(AccessFixture, "a URI that is no role's does not disturb the one that is", "[engine][access]") {
  const auto tls =
      certificates.IssueAs({.name = "admin", .uris = {"https://a.example/", service::RoleUri(Role::kAdmin)}});
  CHECK(Try(tls) == std::vector<Code>{Code::OK, Code::PERMISSION_DENIED});
}

TEST_CASE_METHOD(AccessFixture, "TLS 1.2 is refused", "[engine][access]") {
  const auto tls = certificates.Issue(Role::kAdmin, "admin");
  CHECK(support::IsLetIn(engine->grpc_port(), tls, TlsVersion::k13));
  CHECK_FALSE(support::IsLetIn(engine->grpc_port(), tls, TlsVersion::k12));
}

TEST_CASE_METHOD(AccessFixture, "an admin service that names no operator, or two, changes nothing",
                 "[engine][access]") {
  const int operators = GENERATE(0, 2);
  grpc::ClientContext context;
  for (int i = 0; i < operators; ++i) support::ActAs(context, "alice");
  v1::CreateEntityRequest request;
  request.set_name("device-1");
  v1::CreateEntityResponse response;
  v1::EntityService::Stub stub(Channel(*engine, Role::kAdmin));
  CHECK(stub.CreateEntity(&context, request, &response).error_code() == Code::PERMISSION_DENIED);
  CHECK(Count(database(), "entities") == 0);
}

}  // namespace engine_test
