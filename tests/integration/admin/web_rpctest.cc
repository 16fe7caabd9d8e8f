#include <catch2/catch.hpp>

#include "admin_fixture.h"
#include "web/static_files.h"
#include "web_browser.h"

namespace admin_test {

namespace v1 = certifier::v1;

TEST_CASE_METHOD(WebFixture, "who is not logged in sees the login alone", "[web]") {
  Browser browser(*this);
  for (const std::string path : {"/", "/requests", "/requests/17", "/nothing"}) {
    const auto answer = browser.Get(path);
    CHECK(answer.status == 303);
    CHECK(answer.get_header_value("Location").starts_with("/login?next="));
    CHECK(answer.body.empty());
  }
  CHECK(browser.Post("/requests/17/approve", {}).status == 303);
  CHECK(engine().journal().callers().empty());
}

TEST_CASE_METHOD(WebFixture, "the right password begins a session, whose token goes to the engine", "[web]") {
  Browser browser(*this);
  const auto answer = browser.LogIn("plum-tractor-9-sky", "/requests");
  CHECK(answer.status == 303);
  CHECK(answer.get_header_value("Location") == "/requests");
  const std::string token(32, 'b');
  CHECK(web::TokenIn(std::string(web::kSessionCookie) + "=" + browser.cookie(std::string(web::kSessionCookie)),
                     web::kSessionCookie)
            .Reveal() == token);
  CHECK(browser.Get("/requests").status == 200);
  CHECK(engine().journal().callers().back() == "token " + token);
  CHECK(engine().journal().last_source() == "127.0.0.1");
}

TEST_CASE_METHOD(WebFixture, "a wrong password, or a form of another browser, begins none", "[web]") {
  Browser browser(*this);
  auto answer = browser.LogIn("wrong <b>");
  CHECK(answer.status == 403);
  CHECK(Has(answer, "The login or the password is wrong."));
  CHECK_FALSE(Has(answer, "wrong <b>"));
  const std::string csrf = Browser::CsrfOf(Browser(*this).Get("/login"));
  answer = browser.Post("/login", {{"csrf", csrf}, {"login", "bob"}, {"password", "plum-tractor-9-sky"}});
  CHECK(answer.status == 403);
  CHECK(browser.cookie(std::string(web::kSessionCookie)).empty());
}

TEST_CASE_METHOD(WebFixture, "the login leads to no other site", "[web]") {
  const std::string next = GENERATE("//evil.example/", "https://evil.example/", "/\\evil.example", "/a\r\nX: y", "");
  CHECK(Browser(*this).LogIn("plum-tractor-9-sky", next).get_header_value("Location") == "/");
}

TEST_CASE_METHOD(WebFixture, "a form without the session's token, or from another site, changes nothing", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const std::string csrf = Browser::CsrfOf(browser.Get("/requests/17"));
  REQUIRE_FALSE(csrf.empty());
  const httplib::Params good = {{"csrf", csrf}, {"fingerprint", FakeRequests::kMd5}, {"template_version", "3"}};
  const auto approve = [&](httplib::Params form, const httplib::Headers& headers = {}) {
    return browser.Post("/requests/17/approve", form, headers).status;
  };
  CHECK(approve({{"fingerprint", FakeRequests::kMd5}, {"template_version", "3"}}) == 403);
  CHECK(approve({{"csrf", csrf + "x"}, {"fingerprint", FakeRequests::kMd5}, {"template_version", "3"}}) == 403);
  CHECK(approve(good, {{"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(approve(good, {{"Sec-Fetch-Site", "same-site"}}) == 403);
  CHECK(approve(good, {{"Origin", "https://evil.example"}}) == 403);
  CHECK(approve(good, {{"Origin", "null"}}) == 403);
  CHECK(engine().requests().template_version() == 0);
  CHECK(approve(good, {{"Origin", origin()}, {"Sec-Fetch-Site", "same-origin"}}) == 303);
  CHECK(engine().requests().template_version() == 3);
}

TEST_CASE_METHOD(WebFixture, "a fingerprint that the engine refuses approves nothing", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const std::string csrf = Browser::CsrfOf(browser.Get("/"));
  const auto answer =
      browser.Post("/requests/17/approve", {{"csrf", csrf}, {"fingerprint", "00"}, {"template_version", "1"}});
  CHECK(answer.status == 403);
  CHECK(Has(answer, "the fingerprint is not the one of this request"));
  CHECK(browser.Post("/requests/17/approve", {{"csrf", csrf}, {"fingerprint", FakeRequests::kMd5}}).status == 400);
}

TEST_CASE_METHOD(WebFixture, "who may only read is offered nothing else", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const auto page = browser.Get("/requests/17");
  CHECK(page.status == 200);
  CHECK_FALSE(Has(page, "/requests/17/compare"));
  CHECK_FALSE(Has(page, "/requests/17/approve"));
  CHECK_FALSE(Has(page, "/requests/17/reject"));
  CHECK_FALSE(Has(browser.Get("/requests"), "type=\"checkbox\""));
}

TEST_CASE_METHOD(WebFixture, "an edit of a policy keeps every field, equal ones too, and says what is wrong", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  httplib::Params form = {{"csrf", Browser::CsrfOf(browser.Get("/"))}, {"expected_version", "0"}};
  for (const char* module : {"deny", "accept_all", "deny"}) {
    form.insert({{"receive_request.module", module},
                 {"receive_request.note", ""},
                 {"receive_request.parameters", ""},
                 {"receive_request.from_attributes", ""}});
  }
  form.emplace("do", "remove receive_request 2");
  CHECK_FALSE(Has(browser.Post("/policies/routers/edit", form), "accept_all up"));
  const auto review = browser.Post("/policies/routers/review", form);
  CHECK(review.status == 200);
  CHECK(Has(review, "deny"));
  CHECK(Has(review, "accept_all"));
  form.emplace("accept_request.module", "set_validity");
  form.emplace("accept_request.note", "");
  form.emplace("accept_request.parameters", "days: <b>");
  form.emplace("accept_request.from_attributes", "");
  const auto wrong = browser.Post("/policies/routers/review", form);
  CHECK(Has(wrong, "accept_request, module 1 (set_validity)"));
  CHECK(Has(wrong, "days: &lt;b&gt;"));
}

TEST_CASE_METHOD(WebFixture, "an operator's changes go to the engine as they were typed", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const std::string csrf = Browser::CsrfOf(browser.Get("/"));
  const auto made = browser.Post("/operators", {{"csrf", csrf},
                                                {"login", "carol"},
                                                {"password", "marble-canoe-4-fig"},
                                                {"grants", "read\r\nwrite:demo\r\n"},
                                                {"certificates", "AB" + std::string(62, '0')}});
  CHECK(made.get_header_value("Location") == "/operators/carol");
  const auto created = engine().operators().created();
  REQUIRE(created.grants_size() == 2);
  CHECK(created.grants(1).ca() == "demo");
  CHECK(created.certificate_sha256s(0) == "\xab" + std::string(31, '\0'));
  CHECK(browser.Post("/operators/bob/grants", {{"csrf", csrf}, {"level", "queen"}}).status == 400);
  CHECK(browser.Post("/operators/bob/status", {{"csrf", csrf}, {"status", "inactive"}}).status == 303);
  CHECK(engine().operators().updated().status() == "inactive");
  browser.Post("/account/password", {{"csrf", csrf}, {"current", "a"}, {"new", "b"}, {"again", "c"}});
  CHECK(engine().operators().changed().new_password().empty());
  browser.Post("/account/password", {{"csrf", csrf}, {"current", "a"}, {"new", "b"}, {"again", "b"}});
  CHECK(engine().operators().changed().new_password() == "b");
}

TEST_CASE_METHOD(WebFixture, "the SCEP service is set only as it was seen", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const auto shown = browser.Get("/scep-service");
  CHECK(Has(shown, "0.0.0.0:8080"));
  CHECK_FALSE(Has(shown, "action=\"/scep-service\""));  // Who may only read.
  httplib::Params form = {{"csrf", Browser::CsrfOf(shown)},
                          {"version", "1"},
                          {"status", "disabled"},
                          {"operation", "GetCACaps"},
                          {"operation", "poll"}};
  CHECK(browser.Post("/scep-service", form).status == 303);
  const auto updated = engine().scep().updated();
  CHECK_FALSE(updated.is_active());
  CHECK(updated.if_version() == 1);
  CHECK(updated.allowed_operations().operations_size() == 2);
  CHECK(browser.Post("/scep-service", form).status == 409);
}

TEST_CASE_METHOD(WebFixture, "a CA's page has the URL that the SCEP service says", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  v1::CreateCaRequest made;
  made.set_name("demo");
  v1::CreateCaResponse ca;
  REQUIRE(Call(channel(), &v1::CaService::Stub::CreateCa, made, &ca).ok());
  CHECK(Has(browser.Get("/cas/demo"), "http://HOST:8080/scep/demo"));
  v1::UpdateScepServiceRequest named;
  named.set_domain_name("pki.example");
  v1::UpdateScepServiceResponse service;
  REQUIRE(Call(channel(), &v1::ScepService::Stub::UpdateScepService, named, &service).ok());
  const auto page = browser.Get("/cas/demo");
  CHECK(Has(page, "http://pki.example:8080/scep/demo"));
  CHECK_FALSE(Has(page, "HOST"));
}

TEST_CASE_METHOD(WebFixture, "a key's value is shown with what a device needs, as a QR code too, and kept by nobody",
                 "[web]") {
  Browser browser(*this);
  browser.LogIn();
  v1::CreateCaRequest made;
  made.set_name("demo");
  v1::CreateCaResponse ca;
  REQUIRE(Call(channel(), &v1::CaService::Stub::CreateCa, made, &ca).ok());
  v1::UpdateScepServiceRequest named;
  named.set_domain_name("pki.example");
  v1::UpdateScepServiceResponse service;
  REQUIRE(Call(channel(), &v1::ScepService::Stub::UpdateScepService, named, &service).ok());
  const std::string csrf = Browser::CsrfOf(browser.Get("/"));
  const auto created = browser.Post("/entities/router-7/keys",
                                    {{"csrf", csrf}, {"ca", "demo"}, {"uses", "1"}, {"days", "30"}, {"policy", ""}});
  const auto rekeyed = browser.Post("/keys/100001/rekey", {{"csrf", csrf}});
  for (const auto& page : {created, rekeyed}) {
    CHECK(page.status == 200);
    CHECK(Has(page, "YK3YK"));
    CHECK(Has(page, "<svg "));
    CHECK(Has(page, "http://pki.example:8080/scep/demo"));
    CHECK(page.get_header_value("Cache-Control") == "no-store");
  }
  CHECK_FALSE(Has(browser.Get("/keys/100001"), "YK3YK"));
}

TEST_CASE_METHOD(WebFixture, "a history that cannot be shown leaves the rest of the entity", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const auto page = browser.Get("/entities/router-7");  // The fake engine has no audit log.
  CHECK(page.status == 200);
  CHECK(Has(page, "Hall 2"));
  CHECK(Has(page, "It cannot be shown now"));
}

TEST_CASE_METHOD(WebFixture, "no answer is compressed, whatever the browser takes", "[web]") {
  const auto client = Client();
  client->set_decompress(false);
  const auto answer = client->Get("/login", {{"Accept-Encoding", "br, gzip, deflate"}});
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->get_header_value("Content-Encoding").empty());
  CHECK(answer->body.find("<!doctype html>") == 0);
}

TEST_CASE_METHOD(WebFixture, "a hold is no reason to revoke for", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const std::string csrf = Browser::CsrfOf(browser.Get("/certificates"));
  for (const char* reason : {"certificate_hold", "CERTIFICATE_HOLD", "nothing"}) {
    const auto answer = browser.Post("/certificates/revoke", {{"csrf", csrf}, {"reason", reason}});
    CHECK(answer.status == 400);
  }
}

TEST_CASE_METHOD(WebFixture, "logging out ends the session at the engine and in the browser", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const std::string csrf = Browser::CsrfOf(browser.Get("/"));
  const auto before = engine().journal().callers().size();
  const auto answer = browser.Post("/logout", {{"csrf", csrf}});
  CHECK(answer.status == 303);
  CHECK(engine().journal().callers().size() == before + 2);  // Who he is, and that he goes.
  CHECK(browser.Get("/").status == 303);
}

TEST_CASE_METHOD(WebFixture, "every answer forbids scripts and styles of others, frames and caches", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const std::string path = GENERATE("/", "/login", "/nothing", "/requests?q=%3Cscript%3E");
  const auto answer = browser.Get(path);
  const std::string policy = answer.get_header_value("Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'"));
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(answer.get_header_value("X-Content-Type-Options") == "nosniff");
  CHECK(answer.get_header_value("Cache-Control") == "no-store");
  CHECK_FALSE(Has(answer, "<script>"));
  CHECK_FALSE(Has(answer, " style="));
}

TEST_CASE_METHOD(WebFixture, "what a device sent is shown and never run", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  // The fake engine repeats the question as the transactionID.
  const auto page = browser.Get("/requests?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
  CHECK(page.status == 200);
  CHECK(Has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK_FALSE(Has(page, "<script>alert"));
}

TEST_CASE_METHOD(WebFixture, "of more requests than are counted, the first page shows who waits for the longest",
                 "[web]") {
  engine().requests().SetCount(250);
  Browser browser(*this);
  browser.LogIn();
  const auto home = browser.Get("/");
  CHECK(Has(home, "100+ requests wait"));
  CHECK(Has(home, "href=\"/requests/1\""));
  CHECK(Has(home, "href=\"/requests/10\""));
  CHECK_FALSE(Has(home, "href=\"/requests/11\""));
  CHECK_FALSE(Has(home, "href=\"/requests/250\""));
}

TEST_CASE_METHOD(WebFixture, "requests are listed from the newest on, or from the oldest", "[web]") {
  engine().requests().SetCount(60);
  Browser browser(*this);
  browser.LogIn();
  const auto newest = browser.Get("/requests");
  CHECK(Has(newest, "href=\"/requests/60\""));
  CHECK(Has(newest, ">Older requests<"));
  const auto oldest = browser.Get("/requests?order=oldest");
  CHECK(Has(oldest, "href=\"/requests/1\""));
  CHECK_FALSE(Has(oldest, "href=\"/requests/51\""));
  CHECK(Has(oldest, "order=oldest"));
  CHECK(Has(oldest, ">Newer requests<"));
  const auto next = browser.Get("/requests?order=oldest&page=51");
  CHECK(Has(next, "href=\"/requests/51\""));
  CHECK_FALSE(Has(next, "href=\"/requests/50\""));
  CHECK(Has(browser.Get("/requests?order=oldest&words=router"), "href=\"/requests/60\""));
}

TEST_CASE_METHOD(WebFixture, "a certificate's page has its issuer, its extensions and its chain", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const auto page = browser.Get("/certificates/demo/5f3a");
  CHECK(page.status == 200);
  CHECK(Has(page, "CN=Demo CA"));
  CHECK(Has(page, "sha256WithRSAEncryption"));
  CHECK(Has(page, "X509v3 Subject Alternative Name</strong> <span class=\"flag\">critical</span>"));
  CHECK(Has(page, "DNS:&lt;b&gt;.example"));
  CHECK(Has(page, "the issuer\nthe root\n</pre>"));
}

TEST_CASE_METHOD(WebFixture, "a request's page has what it asks for, and others for its key", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  const auto page = browser.Get("/requests/17");
  CHECK(Has(page, "X509v3 Key Usage</strong>"));
  CHECK(Has(page, "&lt;i&gt;Digital Signature"));
  CHECK(Has(page, "Other requests for the same key"));
  CHECK(Has(page, "href=\"/requests/3\""));
  CHECK(Has(page, "request list --same-key-as 17"));
}

TEST_CASE_METHOD(WebFixture, "a template's usages and dates are edited, and stay where their fields do not come",
                 "[web]") {
  Browser browser(*this);
  browser.LogIn();
  engine().operators().Grant(certifier::v1::ACCESS_LEVEL_WRITE, "");
  const std::string csrf = Browser::CsrfOf(browser.Get("/requests/17"));
  httplib::Params form = {{"csrf", csrf},
                          {"template_version", "1"},
                          {"subject", "CN=router"},
                          {"names", "dns:a.example"},
                          {"key_usage", "key_agreement\r\ndata_encipherment\r\n"},
                          {"extended_key_usage", "ipsec_ike"},
                          {"not_before", "2027-01-31"}};
  CHECK(browser.Post("/requests/17/template", form).status == 303);
  const auto edited = engine().requests().certificate();
  CHECK(std::vector<std::string>(edited.key_usage().begin(), edited.key_usage().end()) ==
        std::vector<std::string>{"key_agreement", "data_encipherment"});
  REQUIRE(edited.extended_key_usage_size() == 1);
  CHECK(edited.extended_key_usage(0) == "ipsec_ike");
  CHECK(edited.not_before().seconds() == 1'801'353'600);
  CHECK(Has(browser.Get("/requests/17"), "data_encipherment\n</textarea>"));
  form = {{"csrf", csrf}, {"template_version", "2"}, {"subject", "CN=other"}, {"extended_key_usage", ""}};
  CHECK(browser.Post("/requests/17/template", form).status == 303);
  CHECK(engine().requests().certificate().subject() == "CN=other");
  CHECK(engine().requests().certificate().key_usage_size() == 2);
  CHECK(engine().requests().certificate().subject_alternative_names_size() == 1);
  CHECK(engine().requests().certificate().extended_key_usage().empty());
  form = {{"csrf", csrf}, {"template_version", "3"}, {"not_before", "some day"}};
  CHECK(browser.Post("/requests/17/template", form).status == 400);
}

TEST_CASE_METHOD(WebFixture, "an engine that is away is an answer, and no session's end", "[web]") {
  Browser browser(*this);
  browser.LogIn();
  engine().Stop();
  const auto answer = browser.Get("/");
  CHECK(answer.status == 503);
  CHECK(answer.headers.count("Set-Cookie") == 0);
}

TEST_CASE_METHOD(WebFixture, "static files come from here and are kept for ever", "[web]") {
  Browser browser(*this);
  const auto answer = browser.Get(web::StaticUrl("app.js"));
  CHECK(answer.status == 200);
  CHECK(answer.get_header_value("Content-Type").starts_with("text/javascript"));
  CHECK(answer.get_header_value("Cache-Control").find("immutable") != std::string::npos);
  CHECK(browser.Get("/static/layout.mustache").status == 404);
}

}  // namespace admin_test
