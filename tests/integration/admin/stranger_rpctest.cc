#include <catch2/catch.hpp>

#include "admin_fixture.h"
#include "support/access.h"

namespace admin_test {

namespace {

using support::Knock;
using support::TestCertificates;
using support::TlsVersion;
using Code = grpc::StatusCode;

// AccessFixture counts what reaches the engine.
class AccessFixture : public AdminFixture {
 public:
  Code Try(const service::TlsFiles& tls) { return Knock(support::Open(port(), tls), kListCas).error_code(); }
  bool IsUntouched() { return engine().journal().callers().empty(); }
  static constexpr char kListCas[] = "/certifier.v1.CaService/ListCas";
};

}  // namespace

TEST_CASE_METHOD(AccessFixture, "the enrolment's and the RA keys' services are refused to operators too",
                 "[admin][access]") {
  const auto channel = support::Open(port(), Files(Role::kOperator));
  int refused = 0;
  for (const auto& method : support::EveryMethod()) {
    if (method.service != "certifier.v1.EnrollmentService" && method.service != "certifier.v1.CaDirectoryService" &&
        method.service != "certifier.v1.KeyOperationService") {
      continue;
    }
    INFO(method.path);
    CHECK(Knock(channel, method.path).error_code() == Code::PERMISSION_DENIED);
    ++refused;
  }
  CHECK(refused == 10);
  CHECK(IsUntouched());
}

TEST_CASE_METHOD(AccessFixture, "every method is refused to every role but operator", "[admin][access]") {
  const Role role = GENERATE(Role::kGateway, Role::kEngine, Role::kAdmin);
  const auto channel = support::Open(port(), Files(role));
  for (const auto& method : support::EveryMethod()) {
    INFO(method.path << " for " << service::ToString(role));
    CHECK(Knock(channel, method.path).error_code() == Code::PERMISSION_DENIED);
  }
  CHECK(IsUntouched());
}

TEST_CASE_METHOD(AccessFixture, "who shows no good certificate is refused in the handshake", "[admin][access]") {
  REQUIRE(Try(Files(Role::kOperator)) == Code::OK);
  TestCertificates strangers;
  const auto roots = Files(Role::kOperator);
  const auto now = std::chrono::system_clock::now();
  const std::vector<std::string> role = {service::RoleUri(Role::kOperator)};
  const auto hours = [](int count) { return std::chrono::hours(count); };
  CHECK(Try(certificates().Show(strangers.Issue(Role::kOperator, "mallory"))) == Code::UNAVAILABLE);
  CHECK(Try(certificates().IssueAs({"late", role, now - hours(2), now - hours(1)})) == Code::UNAVAILABLE);
  CHECK(Try(certificates().IssueAs({"early", role, now + hours(1), now + hours(2)})) == Code::UNAVAILABLE);
  // Without one there is no operator behind the call, unless it shows a token.
  CHECK(Knock(support::OpenWithoutCertificate(port(), roots), kListCas).error_code() == Code::PERMISSION_DENIED);
  CHECK(engine().journal().callers().size() == 1);
}

TEST_CASE_METHOD(AccessFixture, "a certificate without exactly one known role is refused", "[admin][access]") {
  const std::string good = service::RoleUri(Role::kOperator);
  const auto uris = GENERATE_COPY(values<std::vector<std::string>>({{},
                                                                    {"urn:certifier:role:root"},
                                                                    {"urn:certifier:role:"},
                                                                    {"URN:CERTIFIER:ROLE:operator"},
                                                                    {good + "x"},
                                                                    {"urn:other:" + good},
                                                                    {good, good},
                                                                    {good, "urn:certifier:role:root"},
                                                                    {good, service::RoleUri(Role::kGateway)}}));
  INFO((uris.empty() ? "no URI" : uris.front()));
  CHECK(Try(certificates().IssueAs({.name = "odd", .uris = uris})) == Code::PERMISSION_DENIED);
  CHECK(IsUntouched());
}

TEST_CASE_METHOD(AccessFixture, "TLS 1.2 is refused", "[admin][access]") {
  CHECK(support::IsLetIn(port(), Files(Role::kOperator), TlsVersion::k13));
  CHECK_FALSE(support::IsLetIn(port(), Files(Role::kOperator), TlsVersion::k12));
}

}  // namespace admin_test
