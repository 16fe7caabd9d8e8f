// Operators log in to the page by the client certificates of their browsers.
#include <openssl/ssl.h>

#include <catch2/catch.hpp>

#include "admin_fixture.h"
#include "web_browser.h"

namespace admin_test {

namespace {

using std::chrono::hours;

const std::string kSession(web::kSessionCookie);
constexpr char kOffer[] = "action=\"/login/certificate\"";

// CertificateFixture has a certificate of bob's, which the engine knows.
class CertificateFixture : public WebFixture {
 public:
  explicit CertificateFixture(const std::string& client_certificates = "optional")
      : WebFixture({}, client_certificates) {
    engine().operators().LetIn(AdminFixture::CallerWith(bobs));
  }
  static httplib::Response Enter(Browser& browser, const std::string& next = "/") {
    return browser.Post("/login/certificate", {{"csrf", Browser::CsrfOf(browser.Get("/login"))}, {"next", next}});
  }
  bool IsUntouched() { return engine().journal().callers().empty(); }

  const service::TlsFiles bobs = certificates().Issue(Role::kOperator, "bob \\<b\\>");
};

class SilentFixture : public CertificateFixture {
 public:
  SilentFixture() : CertificateFixture("off") {}
};

}  // namespace

TEST_CASE_METHOD(CertificateFixture, "a certificate begins a session as a password does", "[web][certificates]") {
  Browser browser(*this, bobs);
  const auto page = browser.Get("/login");
  CHECK(Has(page, kOffer));
  CHECK(Has(page, "bob &lt;b&gt;"));
  CHECK(browser.Get("/requests").status == 303);  // It is asked for, and lets in nobody by itself.
  CHECK(IsUntouched());
  const auto answer = Enter(browser, "/requests");
  CHECK(answer.status == 303);
  CHECK(answer.get_header_value("Location") == "/requests");
  CHECK(engine().journal().callers().back() == AdminFixture::CallerWith(bobs));
  CHECK(engine().journal().last_source() == "127.0.0.1");
  const std::string token(32, 'b');
  CHECK(web::TokenIn(kSession + "=" + browser.cookie(kSession), kSession).Reveal() == token);
  CHECK(browser.Get("/requests").status == 200);
  // From then on the token stands for him, and not the certificate.
  CHECK(engine().journal().callers().back() == "token " + token);
  const std::string csrf = Browser::CsrfOf(browser.Get("/"));
  CHECK(browser.Post("/logout", {{"csrf", csrf}}).status == 303);
  CHECK(browser.Get("/").status == 303);
}

TEST_CASE_METHOD(CertificateFixture, "who logs in by certificate leaves the session that he had",
                 "[web][certificates]") {
  Browser browser(*this, bobs);
  browser.LogIn();
  const std::string csrf = Browser::CsrfOf(browser.Get("/login"));
  const auto before = engine().journal().callers().size();
  CHECK(browser.Post("/login/certificate", {{"csrf", csrf}}).status == 303);
  CHECK(engine().journal().callers().size() == before + 2);  // Who comes, and the end of the session before.
}

TEST_CASE_METHOD(CertificateFixture, "a certificate does not log in for another site, or without the form's token",
                 "[web][certificates]") {
  Browser browser(*this, bobs);
  const std::string csrf = Browser::CsrfOf(browser.Get("/login"));
  CHECK(browser.Post("/login/certificate", {}).status == 403);
  CHECK(browser.Post("/login/certificate", {{"csrf", csrf + "x"}}).status == 403);
  CHECK(browser.Post("/login/certificate", {{"csrf", csrf}}, {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  CHECK(browser.Post("/login/certificate", {{"csrf", csrf}}, {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(browser.Get("/login/certificate").status == 303);
  CHECK(browser.cookie(kSession).empty());
  CHECK(IsUntouched());
}

TEST_CASE_METHOD(CertificateFixture, "a certificate that does not verify, or is of no operator, only says so",
                 "[web][certificates]") {
  const auto now = std::chrono::system_clock::now();
  const std::vector<std::string> role = {service::RoleUri(Role::kOperator)};
  support::TestCertificates strangers;
  const std::vector<std::pair<service::TlsFiles, std::string>> odd = {
      {strangers.Issue(Role::kOperator, "odd"), "unable to get local issuer certificate"},
      {certificates().IssueAs({"odd", role, now - hours(2), now - hours(1)}), "certificate has expired"},
      {certificates().IssueAs({"odd", role, now + hours(1), now + hours(2)}), "certificate is not yet valid"},
      {certificates().Issue(Role::kGateway, "odd"), "not of the role operator"},
      {certificates().IssueAs({.name = "odd", .uris = {role[0], service::RoleUri(Role::kAdmin)}}),
       "not of the role operator"}};
  const auto& [shown, problem] = odd.at(GENERATE(range(std::size_t{0}, std::size_t{5})));
  engine().operators().LetIn(AdminFixture::CallerWith(shown));
  Browser browser(*this, shown);
  const auto page = browser.Get("/login");
  CHECK(page.status == 200);
  CHECK_FALSE(Has(page, kOffer));
  CHECK(Has(page, problem));
  CHECK(Enter(browser).status == 403);
  CHECK(browser.cookie(kSession).empty());
  CHECK(IsUntouched());
  // The password still lets in.
  CHECK(browser.LogIn().status == 303);
  CHECK(browser.Get("/").status == 200);
}

TEST_CASE_METHOD(CertificateFixture, "what the engine says of a certificate is told, and nothing more",
                 "[web][certificates]") {
  SECTION("it is of nobody") {
    Browser browser(*this, certificates().Issue(Role::kOperator, "carol"));
    const auto answer = Enter(browser);
    CHECK(answer.status == 403);
    CHECK(Has(answer, "This certificate lets nobody in."));
    CHECK(browser.cookie(kSession).empty());
  }
  SECTION("it is of a version before") {
    engine().operators().MakeOld();
    Browser browser(*this, bobs);
    const auto answer = Enter(browser);
    CHECK(answer.status == 503);
    CHECK(Has(answer, "of a version that cannot do this yet"));
    CHECK(browser.LogIn().status == 303);
  }
}

TEST_CASE_METHOD(CertificateFixture, "who shows no certificate is offered the password alone", "[web][certificates]") {
  Browser browser(*this);
  CHECK_FALSE(Has(browser.Get("/login"), kOffer));
  CHECK_FALSE(Has(browser.Get("/login"), "Your browser shows"));
  CHECK(Enter(browser).status == 403);
  CHECK(IsUntouched());
  CHECK(browser.LogIn().status == 303);
}

TEST_CASE_METHOD(SilentFixture, "a page that shall not ask for certificates does not", "[web][certificates]") {
  Browser browser(*this, bobs);
  CHECK_FALSE(Has(browser.Get("/login"), kOffer));
  CHECK(Enter(browser).status == 403);
  CHECK(IsUntouched());
}

TEST_CASE("browsers are told whose certificates are asked for", "[web][certificates]") {
  const std::string setting = GENERATE("optional", "off");
  const WebFixture page({}, setting);
  const auto client = page.Client();
  static std::size_t authorities;
  static bool is_asked;
  authorities = 0;
  is_asked = false;
  SSL_CTX_set_client_cert_cb(client->ssl_context(), [](SSL* ssl, X509**, EVP_PKEY**) {
    is_asked = true;
    const auto* names = SSL_get0_peer_CA_list(ssl);
    authorities = names == nullptr ? 0 : static_cast<std::size_t>(sk_X509_NAME_num(names));
    return 0;
  });
  REQUIRE(client->Get("/login"));
  CHECK(is_asked == (setting == "optional"));
  CHECK(authorities == (setting == "optional" ? 1 : 0));
}

}  // namespace admin_test
