#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_WEB_BROWSER_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_WEB_BROWSER_H

#include <catch2/catch.hpp>
#include <map>

#include "web/session.h"
#include "web_fixture.h"

namespace admin_test {

inline constexpr char kForm[] = "application/x-www-form-urlencoded";

// Browser keeps the cookies that it is given, as one tab of a browser.
class Browser {
 public:
  explicit Browser(const WebFixture& page) : client_(page.Client()) {}
  // It shows the certificate in these files to who asks.
  Browser(const WebFixture& page, const service::TlsFiles& shown) : client_(page.Client(&shown)) {}

  httplib::Response Get(const std::string& path) { return Keep(client_->Get(path, Headers())); }
  httplib::Response Post(const std::string& path, const httplib::Params& form, const httplib::Headers& more = {}) {
    httplib::Headers headers = Headers();
    headers.insert(more.begin(), more.end());
    return Keep(client_->Post(path, headers, httplib::detail::params_to_query_str(form), kForm));
  }
  httplib::Response LogIn(const std::string& password = "plum-tractor-9-sky", const std::string& next = "/") {
    const std::string csrf = CsrfOf(Get("/login"));
    return Post("/login", {{"csrf", csrf}, {"login", "bob"}, {"password", password}, {"next", next}});
  }
  const std::string& cookie(const std::string& name) { return cookies_[name]; }

  static std::string CsrfOf(const httplib::Response& page) {
    const std::string mark = "name=\"csrf\" value=\"";
    const auto at = page.body.find(mark);
    if (at == std::string::npos) return "";
    return page.body.substr(at + mark.size(), page.body.find('"', at + mark.size()) - at - mark.size());
  }

 private:
  httplib::Headers Headers() const {
    std::string all;
    for (const auto& [name, value] : cookies_)
      all.append(all.empty() ? "" : "; ").append(name).append("=").append(value);
    return {{"Cookie", all}};
  }
  httplib::Response Keep(const httplib::Result& result) {
    REQUIRE(result);
    const auto [first, last] = result->headers.equal_range("Set-Cookie");
    for (auto one = first; one != last; ++one) {
      const std::string pair = one->second.substr(0, one->second.find(';'));
      cookies_[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    }
    httplib::Response kept;
    kept.status = result->status;
    kept.headers = result->headers;
    kept.body = result->body;
    return kept;
  }

  std::unique_ptr<httplib::SSLClient> client_;
  std::map<std::string, std::string> cookies_;
};

inline bool Has(const httplib::Response& page, const std::string& text) {
  return page.body.find(text) != std::string::npos;
}

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_WEB_BROWSER_H
