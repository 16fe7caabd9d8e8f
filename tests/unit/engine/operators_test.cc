// Passwords, and who may do what.
#include <catch2/catch.hpp>

#include "operators/access.h"
#include "operators/password.h"
#include "operators/specification.h"

namespace engine_test {
namespace {

using namespace engine;
using operators::AccessFor;
using operators::AccessLevel;
using operators::CallingOperator;
using operators::Scope;
using result::Reason;

constexpr operators::PasswordCost kCheap = {1024, 1};

CallingOperator Caller(std::vector<store::GrantRecord> grants, operators::Access access) {
  store::OperatorRecord record;
  record.login = "alice";
  record.grants = std::move(grants);
  return CallingOperator(std::move(record), access);
}

TEST_CASE("a password is known by its hash, which holds neither it nor twice the same", "[operators][password]") {
  const std::string password = "correct horse battery";
  const auto one = operators::HashPassword(password, kCheap), other = operators::HashPassword(password, kCheap);
  REQUIRE(one);
  CHECK(one->starts_with("$argon2id$v=19$m=1024,t=1,p=1$"));
  CHECK(*one != *other);
  CHECK(one->find("horse") == std::string::npos);
  CHECK(*operators::IsPassword(password, *one, kCheap));
  CHECK_FALSE(*operators::IsPassword("correct horse batterY", *one, kCheap));
  CHECK_FALSE(*operators::IsPassword("", *one, kCheap));
  CHECK_FALSE(*operators::IsPassword(password, "", kCheap));
  CHECK_FALSE(operators::IsPassword(password, "$argon2id$nonsense", kCheap));
}

TEST_CASE("a password is long and hard to guess", "[operators][password]") {
  CHECK(operators::CheckPassword("correct horse battery", "alice"));
  CHECK(operators::CheckPassword("tr0ub4dor&3x", "alice"));
  CHECK(operators::CheckPassword(std::string("k7#") + std::string("Qz9!mW2x"), "alice").error().reason ==
        Reason::kMalformed);
  CHECK(operators::CheckPassword(std::string(257, 'x'), "alice").error().reason == Reason::kMalformed);
  for (const char* const weak :
       {"aaaaaaaaaaaaaaaa", "123456789012", "alicealicealicealice", "Password1234567", "x7Q2x7Q2x7Q2x7Q2"}) {
    INFO(weak);
    const auto checked = operators::CheckPassword(weak, "alice");
    REQUIRE_FALSE(checked);
    CHECK(checked.error().detail.find(weak) == std::string::npos);
  }
}

TEST_CASE("no call is open that nobody wrote down", "[operators][access]") {
  CHECK_FALSE(AccessFor("DropEverything"));
  CHECK_FALSE(AccessFor(""));
  CHECK_FALSE(AccessFor("LogIn"));
  CHECK_FALSE(AccessFor("Initialize"));
  CHECK(AccessFor("ListCas")->level == AccessLevel::kRead);
}

TEST_CASE("a grant for a CA is good for it, in any case of letters, and a grant for all is good for each",
          "[operators][access]") {
  const auto limited = Caller({{AccessLevel::kWrite, 1, "demo"}}, {AccessLevel::kRead, Scope::kItsCa});
  CHECK(limited.May("DEMO"));
  CHECK_FALSE(limited.May("demo2"));
  CHECK_FALSE(limited.May(""));
  CHECK(limited.Cas() == std::vector<std::int64_t>{1});
  CHECK_FALSE(limited.was_asked());
  CHECK(limited.Require("other").error().reason == Reason::kUnauthorized);
  CHECK(limited.was_asked());
  CHECK(limited.RequireEverywhere().error().reason == Reason::kUnauthorized);
  CHECK(limited.RequireAll({"demo"}));
  CHECK_FALSE(limited.RequireAll({"demo", "other"}));
  const auto everywhere = Caller({{AccessLevel::kRead, std::nullopt, ""}}, {AccessLevel::kRead, Scope::kItsCa});
  CHECK(everywhere.May("anything"));
  CHECK_FALSE(everywhere.Cas());
  CHECK(everywhere.RequireEverywhere());
}

TEST_CASE("what can be judged before it is known which CA a call is about is judged first", "[operators][access]") {
  const std::vector<store::GrantRecord> grants = {{AccessLevel::kRevocation, 1, "demo"}};
  CHECK(CheckSomewhere(Caller(grants, {AccessLevel::kRevocation, Scope::kItsCa})));
  CHECK(CheckSomewhere(Caller(grants, {AccessLevel::kRead, Scope::kSomeCa})));
  CHECK_FALSE(CheckSomewhere(Caller(grants, {AccessLevel::kWrite, Scope::kItsCa})));
  CHECK_FALSE(CheckSomewhere(Caller(grants, {AccessLevel::kEntityWrite, Scope::kSomeCa})));
  CHECK_FALSE(CheckSomewhere(Caller(grants, {AccessLevel::kRead, Scope::kEveryCa})));
  CHECK(CheckSomewhere(Caller({}, {AccessLevel::kRead, Scope::kSelf})));
  CHECK_FALSE(CheckSomewhere(Caller({}, {AccessLevel::kRead, Scope::kSomeCa})));
}

TEST_CASE("what an operator cannot be is refused with what is wrong", "[operators]") {
  store::NewOperator good;
  good.login = "alice@example.org";
  CHECK(operators::CheckOperator(good));
  for (const std::string& login :
       {std::string(), std::string("a b"), std::string(129, 'a'), std::string("z\xc3\xab")}) {
    auto bad = good;
    bad.login = login;
    CHECK(operators::CheckOperator(bad).error().reason == Reason::kMalformed);
  }
  auto bad = good;
  bad.certificate_sha256s = {std::string(31, 'x')};
  CHECK_FALSE(operators::CheckOperator(bad));
  bad.certificate_sha256s = std::vector<store::Bytes>(9, std::string(32, 'x'));
  CHECK_FALSE(operators::CheckOperator(bad));
  bad = good;
  bad.groups = {"tab\there"};
  CHECK_FALSE(operators::CheckOperator(bad));
  bad.groups = std::vector<std::string>(17, "group");
  CHECK_FALSE(operators::CheckOperator(bad));
  bad = good;
  bad.grants = std::vector<store::NamedGrant>(257);
  CHECK_FALSE(operators::CheckOperator(bad));
  store::OperatorChange change;
  CHECK(operators::CheckChange(change));
  change.removed_certificates = {"short"};
  CHECK_FALSE(operators::CheckChange(change));
}

}  // namespace
}  // namespace engine_test
