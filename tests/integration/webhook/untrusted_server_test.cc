// Servers that are not who they should be are told nothing.

#include "caller_fixture.h"

namespace engine_test {

namespace {

using Wish = support::TestCertificates::Wish;

void CheckIsTrusted(CallerFixture& fixture, const service::TlsFiles& files, bool is_trusted) {
  const WebhookServer server(files, Saying("{}"));
  const auto answer = fixture.CallerOf({server.Authority()})->Post(CallerFixture::CallOf(server.Url(), 3));
  CHECK(answer.has_value() == is_trusted);
  CHECK(server.requests().size() == (is_trusted ? 1 : 0));
  if (!answer) CHECK_THAT(answer.error().detail, Catch::Contains("certificate is not trusted, or is another host's"));
}

TEST_CASE_METHOD(CallerFixture, "a server is who its alternative names say", "[webhook][tls]") {
  const auto names = [&](const std::vector<pki::GeneralName>& of) {
    return certificates.IssueAs({.name = "hook", .uris = {}, .names = of});
  };
  CheckIsTrusted(*this, names({{"dns", "other.example"}, {"dns", "localhost"}}), true);
  CheckIsTrusted(*this, names({{"dns", "other.example"}}), false);
  CheckIsTrusted(*this, names({{"dns", "local*"}}), false);
  CheckIsTrusted(*this, names({{"ip", "127.0.0.1"}}), false);
  CheckIsTrusted(*this, names({}), false);
}

TEST_CASE_METHOD(CallerFixture, "a commonName makes no server trusted", "[webhook][tls]") {
  CheckIsTrusted(*this, certificates.IssueAs({.name = "localhost", .uris = {}}), false);
  CheckIsTrusted(*this, certificates.IssueAs({.name = "localhost", .uris = {}, .names = {{"dns", "other.example"}}}),
                 false);
}

TEST_CASE_METHOD(CallerFixture, "a stranger's certificate makes no server trusted", "[webhook][tls]") {
  support::TestCertificates stranger;
  CheckIsTrusted(*this, stranger.IssueAs({.name = "hook", .uris = {}, .names = {{"dns", "localhost"}}}), false);
}

TEST_CASE_METHOD(CallerFixture, "a certificate that has ended makes no server trusted", "[webhook][tls]") {
  Wish wish = {.name = "hook", .uris = {}, .names = {{"dns", "localhost"}}};
  wish.not_after = std::chrono::system_clock::now() - std::chrono::minutes(1);
  CheckIsTrusted(*this, certificates.IssueAs(wish), false);
}

TEST_CASE_METHOD(CallerFixture, "an address is called where it is listed, and its certificate says it",
                 "[webhook][tls]") {
  for (const std::string ip : {"127.0.0.1", "127.0.0.2"}) {
    const WebhookServer server(certificates.IssueAs({.name = "hook", .uris = {}, .names = {{"ip", ip}}}), Saying("{}"));
    const std::string authority_of_address = "127.0.0.1:" + std::to_string(server.port());
    const auto answer = CallerOf({authority_of_address})->Post(CallOf("https://" + authority_of_address + "/"));
    CHECK(answer.has_value() == (ip == "127.0.0.1"));
  }
}

TEST_CASE_METHOD(CallerFixture, "the system's own CAs do not vouch for a test's server", "[webhook][tls]") {
  const WebhookServer server(Good(), Saying("{}"));
  HttpsWebhookCaller::Settings settings;
  settings.hosts = {server.Authority()};
  settings.secrets = directory.path();
  const auto caller = HttpsWebhookCaller::Create(settings, [this] { return now.load(); });
  REQUIRE(caller);
  CHECK_FALSE((*caller)->Post(CallOf(server.Url())));
  CHECK(server.requests().empty());
}

TEST_CASE_METHOD(CallerFixture, "a caller is not made of settings that are wrong", "[webhook]") {
  const auto fault = [this](const std::vector<std::string>& hosts, const std::string& ca_file) {
    HttpsWebhookCaller::Settings settings;
    settings.hosts = hosts;
    settings.secrets = directory.path();
    settings.connection.ca_file = ca_file;
    const auto made = HttpsWebhookCaller::Create(settings, [this] { return now.load(); });
    return made ? "" : made.error().detail;
  };
  CHECK(fault({"a.example", "a.example:8443", "[::1]:443"}, authority).empty());
  CHECK_THAT(fault({"https://a.example"}, ""), Catch::Contains("--webhook-hosts"));
  CHECK_THAT(fault({"a.example"}, "/nowhere.pem"), Catch::Contains("--webhook-ca"));
  CHECK_THAT(fault({"a.example"}, directory.path() / "hook"), Catch::Contains("--webhook-ca"));
}

}  // namespace

}  // namespace engine_test
