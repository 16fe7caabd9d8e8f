#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "web/access.h"
#include "web/session.h"

namespace {

namespace v1 = certifier::v1;

// All values of an octet's six upper bits, so that '+' and '/' of base64 come up.
std::string Token() {
  std::string token;
  for (int i = 0; i < 32; ++i) token += static_cast<char>(255 - i * 7);
  return token;
}

std::string CookieOf(const std::string& set_cookie) {
  return set_cookie.substr(0, set_cookie.find(';'));
}

v1::Operator With(v1::AccessLevel level, const std::string& ca) {
  v1::Operator who;
  who.add_grants()->set_level(level);
  who.mutable_grants(0)->set_ca(ca);
  return who;
}

}  // namespace

TEST_CASE("a cookie brings the token back, among others", "[web][session]") {
  const std::string set = web::SetCookie(web::kSessionCookie, Token());
  CHECK(web::TokenIn(CookieOf(set), web::kSessionCookie).Reveal() == Token());
  CHECK(web::TokenIn("a=b; " + CookieOf(set) + "; c=d", web::kSessionCookie).Reveal() == Token());
  CHECK(web::TokenIn(CookieOf(set), web::kVisitorCookie).empty());
}

TEST_CASE("a cookie goes to nobody but this site's own requests", "[web][session]") {
  const std::string set = web::SetCookie(web::kSessionCookie, Token());
  CHECK(set.starts_with("__Host-"));
  for (const std::string attribute : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"}) {
    CHECK(set.find(attribute) != std::string::npos);
    CHECK(web::ClearCookie(web::kSessionCookie).find(attribute) != std::string::npos);
  }
  CHECK(set.find("Domain") == std::string::npos);
}

TEST_CASE("what is no token of 32 octets is none", "[web][session]") {
  const std::string name(web::kSessionCookie);
  for (const std::string& cookies :
       std::vector<std::string>{std::string(), name, name + "=", name + "=abc", name + "x=" + std::string(43, 'A'),
                                name + "=" + std::string(44, 'A'), name + "=" + std::string(42, 'A') + "+"}) {
    INFO(cookies);
    CHECK(web::TokenIn(cookies, name).empty());
  }
}

TEST_CASE("a form's token is of one session alone", "[web][session]") {
  const pki::Secret mine(Token()), other(std::string(32, 'x'));
  const std::string csrf = web::CsrfToken(mine);
  CHECK(web::IsCsrfToken(mine, csrf));
  CHECK_FALSE(web::IsCsrfToken(other, csrf));
  CHECK_FALSE(web::IsCsrfToken(mine, ""));
  CHECK_FALSE(web::IsCsrfToken(pki::Secret(), web::CsrfToken(pki::Secret())));
}

TEST_CASE("grants show what the engine would allow", "[web][access]") {
  CHECK(web::May(With(v1::ACCESS_LEVEL_WRITE, ""), v1::ACCESS_LEVEL_REVOCATION, "demo"));
  CHECK(web::May(With(v1::ACCESS_LEVEL_WRITE, "Demo"), v1::ACCESS_LEVEL_ENTITY_WRITE, "dEMO"));
  CHECK_FALSE(web::May(With(v1::ACCESS_LEVEL_WRITE, "demo"), v1::ACCESS_LEVEL_WRITE, "other"));
  CHECK_FALSE(web::May(With(v1::ACCESS_LEVEL_WRITE, "demo"), v1::ACCESS_LEVEL_WRITE, ""));
  CHECK_FALSE(web::May(With(v1::ACCESS_LEVEL_WRITE, ""), v1::ACCESS_LEVEL_SUPER_USER, ""));
  CHECK_FALSE(web::May(With(v1::ACCESS_LEVEL_REVOCATION, ""), v1::ACCESS_LEVEL_WRITE, ""));
  CHECK_FALSE(web::May(With(v1::ACCESS_LEVEL_REVOCATION, ""), v1::ACCESS_LEVEL_ENTITY_WRITE, ""));
  CHECK(web::May(With(v1::ACCESS_LEVEL_ENTITY_WRITE, ""), v1::ACCESS_LEVEL_READ, ""));
  CHECK_FALSE(web::May(With(v1::ACCESS_LEVEL_UNSPECIFIED, ""), v1::ACCESS_LEVEL_READ, ""));
  CHECK_FALSE(web::May(v1::Operator(), v1::ACCESS_LEVEL_READ, ""));
  CHECK(web::MaySomewhere(With(v1::ACCESS_LEVEL_WRITE, "demo"), v1::ACCESS_LEVEL_WRITE));
}
