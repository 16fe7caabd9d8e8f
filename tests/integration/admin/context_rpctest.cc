// certifierctl for several deployments.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "ctl_fixture.h"

namespace admin_test {

// Contexts runs certifierctl with nothing but a file of contexts.
class Contexts : public CtlFixture {
 public:
  Contexts() { unsetenv("CERTIFIER_SERVER"); }
  std::string file() const { return directory() / "config/contexts.json"; }
  Answer Bare(Words words) {
    Words command = {CERTIFIERCTL, "--contexts-file", file()};
    command.insert(command.end(), words.begin(), words.end());
    Child child(directory(), command);
    const int code = child.Wait();
    return {code, child.out(), child.err()};
  }
  Answer Set(const std::string& name, const std::string& server) {
    const auto tls = Files(Role::kOperator, "alice");
    return Bare({"context", "set", name, "--server", server, "--tls-ca", tls.authority, "--tls-certificate",
                 tls.certificate, "--tls-key", tls.key});
  }
};

TEST_CASE_METHOD(Contexts, "a context says where and as whom, so that commands need not", "[ctl][context]") {
  CHECK(Bare({"request", "show", "17"}).code == 2);
  REQUIRE(Set("lab", address()).code == 0);
  CHECK(Bare({"request", "show", "17"}).code == 0);
  CHECK(engine().journal().callers().back() == CallerNamed("alice"));
  CHECK((std::filesystem::status(file()).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE_METHOD(Contexts, "of several contexts one is in use, and another can be named", "[ctl][context]") {
  REQUIRE(Set("lab", address()).code == 0);
  REQUIRE(Set("away", "127.0.0.1:1").code == 0);
  CHECK(Bare({"request", "show", "17"}).code == 0);
  CHECK(Bare({"--context", "away", "request", "show", "17"}).code == 6);
  REQUIRE(Bare({"context", "use", "away"}).code == 0);
  CHECK(Bare({"request", "show", "17"}).code == 6);
  CHECK(Bare({"--context", "lab", "request", "show", "17"}).code == 0);
  const auto listed = json::parse(Bare({"context", "list", "--json"}).out);
  CHECK(listed["current"] == "away");
  CHECK(listed["contexts"].size() == 2);
  CHECK(listed["contexts"]["lab"]["server"] == address());
  CHECK(Has(Bare({"context", "list"}).out, "*"));
  REQUIRE(Bare({"context", "remove", "away"}).code == 0);
  CHECK(json::parse(Bare({"context", "list", "--json"}).out)["current"] == "");
}

TEST_CASE_METHOD(Contexts, "a flag goes before the context, and what is not said again stays", "[ctl][context]") {
  REQUIRE(Set("lab", "127.0.0.1:1").code == 0);
  CHECK(Bare({"--server", address(), "request", "show", "17"}).code == 0);
  REQUIRE(Bare({"context", "set", "lab", "--server", address()}).code == 0);
  CHECK(Bare({"request", "show", "17"}).code == 0);
}

TEST_CASE_METHOD(Contexts, "who names a context does not talk to what the environment names", "[ctl][context]") {
  REQUIRE(Set("lab", address()).code == 0);
  setenv("CERTIFIER_SERVER", "127.0.0.1:1", 1);
  const Answer named = Bare({"--context", "lab", "request", "show", "17"});
  unsetenv("CERTIFIER_SERVER");
  CHECK(named.code == 2);
  CHECK(Has(named.err, "CERTIFIER_SERVER is set"));
}

TEST_CASE_METHOD(Contexts, "contexts that are not there, or are none, are told", "[ctl][context]") {
  CHECK(Bare({"context", "use", "lab"}).code == 3);
  CHECK(Bare({"--context", "lab", "request", "list"}).code == 3);
  CHECK(Bare({"context", "set", "a/b", "--server", "x:1"}).code == 2);
  CHECK(Bare({"context", "set", "lab"}).code == 2);
  REQUIRE(Set("lab", address()).code == 0);
  std::ofstream(file()) << GENERATE("{", "[]", R"({"current": "x", "contexts": {}})",
                                    R"({"current": "", "contexts": {"a": {"password": "x"}}})",
                                    R"({"current": "", "contexts": {"a/b": {}}})");
  const Answer answer = Bare({"request", "list"});
  CHECK(answer.code == 2);
  CHECK(Has(answer.err, "contexts.json"));
}

}  // namespace admin_test
