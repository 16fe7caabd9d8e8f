// certifierctl: who one is, and the other operators.
#include <catch2/catch.hpp>
#include <filesystem>

#include "ctl_fixture.h"
#include "pki/digest.h"

namespace admin_test {

namespace {

namespace fs = std::filesystem;
namespace v1 = certifier::v1;

constexpr char kPassword[] = "plum-tractor-9-sky";

// Visitor runs certifierctl without a certificate, with contexts and sessions of its own.
class Visitor : public CtlFixture {
 public:
  Answer Visit(const Words& words) { return VisitAt(address(), words); }
  Answer VisitAt(const std::string& server, const Words& words) {
    Words command = {CERTIFIERCTL, "--contexts-file", directory() / "config/contexts.json",     "--server",
                     server,       "--tls-ca",        Files(Role::kOperator, "alice").authority};
    command.insert(command.end(), words.begin(), words.end());
    Child child(directory(), command);
    const int code = child.Wait();
    return {code, child.out(), child.err()};
  }
  Answer LogIn(const std::string& password = kPassword) {
    return Visit({"login", "bob", "--password-from", Write("password", password + "\n")});
  }
  fs::path sessions() const { return directory() / "config/sessions.json"; }
};

}  // namespace

TEST_CASE_METHOD(Visitor, "who logs in needs no certificate until he logs out", "[ctl][operator]") {
  const auto before = Visit({"whoami"});
  CHECK(before.code == 5);
  CHECK(Has(before.err, "certifierctl login LOGIN"));
  const auto wrong = LogIn("plum-tractor-9-skY");
  CHECK(wrong.code == 5);
  CHECK(Has(wrong.err, "the login or the password is wrong"));
  CHECK_FALSE(fs::exists(sessions()));

  const auto entered = LogIn();
  INFO(entered.err);
  REQUIRE(entered.code == 0);
  CHECK(Has(entered.out, "read, entity-write:demo"));
  CHECK(Has(entered.err, "certifierctl logout"));
  CHECK_FALSE(Has(entered.out + entered.err, kPassword));
  CHECK_FALSE(Has(entered.out + entered.err, std::string(32, 'b')));
  CHECK((fs::status(sessions()).permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));

  const auto who = Visit({"whoami"});
  CHECK(who.code == 0);
  CHECK(Has(who.out, "bob"));
  CHECK(Has(who.out, "session until"));
  CHECK(Has(who.out, "night\\x1b[2J shift"));
  CHECK(engine().journal().callers() == Words{"token " + std::string(32, 'b')});
  CHECK(json::parse(Visit({"whoami", "--json"}).out)["operator"]["login"] == "bob");

  REQUIRE(Visit({"logout"}).code == 0);
  CHECK(engine().journal().callers().size() == 3);
  CHECK(Visit({"whoami"}).code == 5);
  CHECK(engine().journal().callers().size() == 3);
}

TEST_CASE_METHOD(Visitor, "a session is for its admin service, and for its owner alone", "[ctl][operator]") {
  REQUIRE(LogIn().code == 0);
  const auto elsewhere = VisitAt("localhost:" + std::to_string(port()), {"whoami"});
  CHECK(elsewhere.code == 5);
  fs::permissions(sessions(), fs::perms::others_read, fs::perm_options::add);
  const auto open = Visit({"whoami"});
  CHECK(open.code == 2);
  CHECK(Has(open.err, "may be read by others"));
  fs::remove(sessions());
  std::ofstream(sessions()) << "no json";
  fs::permissions(sessions(), fs::perms::owner_read | fs::perms::owner_write);
  CHECK(Visit({"whoami"}).code == 2);
}

TEST_CASE_METHOD(Visitor, "a certificate goes before a session", "[ctl][operator]") {
  REQUIRE(LogIn().code == 0);
  const auto tls = Files(Role::kOperator, "alice");
  REQUIRE(Visit({"whoami", "--tls-certificate", tls.certificate, "--tls-key", tls.key}).code == 0);
  CHECK(engine().journal().callers() == Words{CallerWith(tls)});
  const auto half = Visit({"whoami", "--tls-certificate", tls.certificate});
  CHECK(half.code == 2);
  CHECK(Has(half.err, "--tls-key"));
}

TEST_CASE_METHOD(Visitor, "who has the token becomes the first super-user", "[ctl][operator]") {
  const auto token = Write("token", "GOOD\n"), password = Write("password", std::string(kPassword) + "\n");
  const auto refused = Visit({"init", "--login", "root", "--token-from", password, "--password-from", password});
  CHECK(refused.code == 5);
  const auto made = Visit({"init", "--login", "root", "--token-from", token, "--password-from", password});
  INFO(made.err);
  CHECK(made.code == 0);
  CHECK(Has(made.out, "root"));
  CHECK(Has(made.err, "operator create"));
  CHECK(engine().operators().initialized().password() == kPassword);
  CHECK(engine().operators().initialized().certificate_sha256().empty());

  const auto tls = Files(Role::kOperator, "alice");
  const auto certified = Run({"init", "--login", "alice", "--token-from", token, "--no-password"});
  CHECK(certified.code == 0);
  CHECK("certificate " + pki::HexLower(engine().operators().initialized().certificate_sha256()) == CallerWith(tls));
  CHECK(engine().operators().initialized().password().empty());
  // There is no terminal to ask at.
  CHECK(Run({"init", "--login", "alice", "--token-from", token}).code == 2);
}

TEST_CASE_METHOD(Visitor, "a new password is read from where it is said", "[ctl][operator]") {
  REQUIRE(LogIn().code == 0);
  const auto changed = Visit({"password", "--current-from", Write("current", std::string(kPassword) + "\n"),
                              "--new-from", Write("new", "violet-anvil-22-rain\n")});
  INFO(changed.err);
  CHECK(changed.code == 0);
  CHECK(engine().operators().changed().current_password() == kPassword);
  CHECK(engine().operators().changed().new_password() == "violet-anvil-22-rain");
}

TEST_CASE_METHOD(Visitor, "operator create says whole what the operator may do and how he comes in",
                 "[ctl][operator]") {
  const auto tls = Files(Role::kOperator, "carol");
  const Words words = {"operator",
                       "create",
                       "carol",
                       "--description",
                       "Day shift",
                       "--certificate",
                       tls.certificate,
                       "--certificate",
                       std::string(64, 'a'),
                       "--grant",
                       "write:demo",
                       "--grant",
                       "read",
                       "--group",
                       "audit",
                       "--password-from",
                       Write("password", "violet-anvil-22-rain\n")};
  const auto made = Run(words);
  INFO(made.err);
  REQUIRE(made.code == 0);
  CHECK(Has(made.out, "write:demo, read"));
  const auto created = engine().operators().created();
  CHECK(created.login() == "carol");
  CHECK(created.description() == "Day shift");
  CHECK(created.password() == "violet-anvil-22-rain");
  REQUIRE(created.certificate_sha256s_size() == 2);
  CHECK("certificate " + pki::HexLower(created.certificate_sha256s(0)) == CallerWith(tls));
  CHECK(created.certificate_sha256s(1) == std::string(32, '\xaa'));
  REQUIRE(created.grants_size() == 2);
  CHECK(created.grants(0).level() == v1::ACCESS_LEVEL_WRITE);
  CHECK(created.grants(0).ca() == "demo");
  CHECK(created.grants(1).ca().empty());
  CHECK(created.groups(0) == "audit");

  const auto taken = Run({"operator", "create", "bob"});
  CHECK(taken.code == 4);
  CHECK(Has(taken.err, "operator list"));
  for (const char* const grant : {"everything", "read:", ":demo", ""}) {
    INFO(grant);
    CHECK(Run({"operator", "create", "dave", "--grant", grant}).code == 2);
  }
  CHECK(Run({"operator", "create", "dave", "--certificate", "/nowhere.pem"}).code == 2);
}

TEST_CASE_METHOD(Visitor, "operator set changes what it names", "[ctl][operator]") {
  CHECK(Run({"operator", "set", "bob"}).code == 2);
  const auto set = Run({"operator", "set", "bob", "--disable", "--description", "", "--grant", "revocation",
                        "--remove-grant", "read", "--group", "day", "--remove-group", "audit", "--remove-certificate",
                        std::string(64, 'b'), "--no-password"});
  INFO(set.err);
  REQUIRE(set.code == 0);
  const auto updated = engine().operators().updated();
  CHECK(updated.status() == "inactive");
  CHECK(updated.has_description());
  CHECK(updated.grants(0).level() == v1::ACCESS_LEVEL_REVOCATION);
  CHECK(updated.removed_grants(0).level() == v1::ACCESS_LEVEL_READ);
  CHECK(updated.groups(0) == "day");
  CHECK(updated.removed_groups(0) == "audit");
  CHECK(updated.removed_certificate_sha256s(0) == std::string(32, '\xbb'));
  CHECK(updated.has_password());
  CHECK(updated.password().empty());
  REQUIRE(Run({"operator", "set", "bob", "--enable"}).code == 0);
  CHECK(engine().operators().updated().status() == "active");
  CHECK_FALSE(engine().operators().updated().has_password());
  CHECK(Run({"operator", "set", "bob", "--enable", "--disable"}).code == 2);
}

TEST_CASE_METHOD(Visitor, "operators are listed and shown", "[ctl][operator]") {
  const auto listed = Run({"operator", "list"});
  CHECK(listed.code == 0);
  CHECK(Has(listed.out, "bob    active  read, entity-write:demo"));
  CHECK(Printed({"operator", "list"})["operators"][0]["login"] == "bob");
  const auto shown = Run({"operator", "show", "bob"});
  CHECK(Has(shown.out, "SHA-256 abab"));
  CHECK(Has(shown.out, "audit"));
  const auto unknown = Run({"operator", "show", "eve"});
  CHECK(unknown.code == 3);
  CHECK(Has(unknown.err, "operator list"));
}

}  // namespace admin_test
