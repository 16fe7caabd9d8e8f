// Lists that go on on further pages, and the links to them.
#include <catch2/catch.hpp>
#include <ctime>

#include "admin_fixture.h"
#include "web_browser.h"

namespace admin_test {

namespace v1 = certifier::v1;

TEST_CASE_METHOD(WebFixture, "keys are listed page by page, each with its page and what it is good for",
                 "[web][keys]") {
  Browser browser(*this);
  browser.LogIn();
  const auto first = browser.Get("/keys?entity=router-7");
  CHECK(first.status == 200);
  CHECK(Has(first, "Keys of router-7"));
  CHECK(Has(first, "href=\"/keys/100120\""));
  CHECK(Has(first, "href=\"/keys/100021\""));
  CHECK_FALSE(Has(first, "href=\"/keys/100020\""));
  CHECK(Has(first, "href=\"/entities/router-7\""));
  CHECK(Has(first, "<span class=\"state disabled\">disabled</span>"));
  CHECK(Has(first, "<span class=\"state good\">good</span>"));
  const std::string next = "/keys?entity=router-7&page=100021";
  CHECK(Has(first, "href=\"/keys?entity=router-7&amp;page=100021\""));
  const auto last = browser.Get(next);
  CHECK(Has(last, "href=\"/keys/100020\""));
  CHECK(Has(last, "href=\"/keys/100001\""));
  CHECK_FALSE(Has(last, "href=\"/keys/100021\""));
  CHECK_FALSE(Has(last, "rel=\"next\""));
  CHECK_FALSE(Has(last, "state disabled"));
  CHECK(Has(browser.Get("/keys"), "href=\"/keys/100120\""));
  const auto none = browser.Get("/keys?entity=%3Cb%3E");
  CHECK(Has(none, "Keys of &lt;b&gt;"));
  CHECK(Has(none, "No key."));
}

TEST_CASE_METHOD(WebFixture, "an entity's page leads to all that it has", "[web][keys]") {
  Browser browser(*this);
  browser.LogIn();
  const auto page = browser.Get("/entities/router-7");
  CHECK(Has(page, "href=\"/keys/100001\""));
  CHECK(Has(page, "href=\"/keys?entity=router-7\""));
  CHECK(Has(page, "href=\"/requests?state=all&amp;words=router-7\""));
  CHECK(Has(page, "href=\"/certificates?words=router-7\""));
  engine().entities().Release();
  const auto list = browser.Get("/entities");
  CHECK(Has(list, "href=\"/keys?entity=router-7\""));
  CHECK(Has(list, "href=\"/keys\""));
}

TEST_CASE_METHOD(WebFixture, "a policy's history goes on, and says of each version whether it is the latest",
                 "[web][policies]") {
  v1::ApplyPolicyRequest apply;
  apply.mutable_policy()->set_name("routers");
  v1::ApplyPolicyResponse applied;
  for (int version = 1; version <= 120; ++version) {
    apply.mutable_policy()->set_description("the " + std::to_string(version) + "th");
    REQUIRE(Call(channel(), &v1::PolicyService::Stub::ApplyPolicy, apply, &applied).ok());
  }
  Browser browser(*this);
  browser.LogIn();
  const std::string old = "is not the latest";
  const auto first = browser.Get("/policies/routers");
  CHECK(Has(first, "Version 120. the 120th"));
  CHECK_FALSE(Has(first, old));
  CHECK(Has(first, "href=\"/policies/routers?version=71\""));
  CHECK_FALSE(Has(first, "href=\"/policies/routers?version=70\""));
  CHECK(Has(first, "href=\"/policies/routers?page=70#history\""));
  const auto second = browser.Get("/policies/routers?page=70");
  CHECK(Has(second, "Version 120. the 120th"));
  CHECK_FALSE(Has(second, old));
  CHECK(Has(second, "href=\"/policies/routers?version=70\""));
  const auto third = browser.Get("/policies/routers?version=3&page=20");
  CHECK(Has(third, "Version 3. the 3th"));
  CHECK(Has(third, old));
  CHECK(Has(third, "href=\"/policies/routers?version=1\""));
  CHECK_FALSE(Has(third, "rel=\"next\""));
  CHECK(Has(browser.Get("/policies/routers?version=3"), "href=\"/policies/routers?version=3&amp;page=70#history\""));
  CHECK_FALSE(Has(browser.Get("/policies/routers?version=120"), old));
}

TEST_CASE_METHOD(WebFixture, "each sheet of minted keys has buttons that copy what the device needs", "[web][keys]") {
  v1::UpdateScepServiceRequest named;
  named.set_domain_name("pki.example");
  v1::UpdateScepServiceResponse service;
  REQUIRE(Call(channel(), &v1::ScepService::Stub::UpdateScepService, named, &service).ok());
  Browser browser(*this);
  browser.LogIn();
  const auto sheets = browser.Post("/keys/mint", {{"csrf", Browser::CsrfOf(browser.Get("/keys/mint"))},
                                                  {"batch", std::string(64, '1')},
                                                  {"shown_at", std::to_string(std::time(nullptr))},
                                                  {"devices", "router-1\nrouter-2"},
                                                  {"ca", "demo"},
                                                  {"uses", "1"},
                                                  {"days", "30"}});
  CHECK(sheets.status == 200);
  for (const std::string number : {"0", "1"}) {
    CHECK(Has(sheets, "<pre id=\"key-R" + number + "\" class=\"strong\" tabindex=\"0\">K" + number + "-"));
    CHECK(Has(sheets, "data-copy=\"key-R" + number + "\""));
    CHECK(Has(sheets, "<pre id=\"url-R" + number + "\" tabindex=\"0\">http://pki.example:8080/scep/demo</pre>"));
    CHECK(Has(sheets, "data-copy=\"url-R" + number + "\""));
  }
}

}  // namespace admin_test
