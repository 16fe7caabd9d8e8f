// certifierctl: the SCEP service as a whole.
#include "ctl_fixture.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;

class ScepFixture : public CtlFixture {
 public:
  // "gw/b" cannot listen where it is told to.
  void Fail(v1::ListenFailure failure) {
    engine().scep().set_apply([failure](const auto& settings, auto& gateway) {
      gateway.set_applied_version(settings.version());
      gateway.set_failure(failure);
    });
  }
  void FallSilent() {
    engine().scep().set_apply([](const auto&, auto&) {});
  }
};

}  // namespace

TEST_CASE_METHOD(ScepFixture, "scep show lists the settings and where each gateway listens", "[ctl][scep]") {
  const Answer shown = Run({"scep", "show"});
  INFO(shown.err);
  REQUIRE(shown.code == 0);
  CHECK(Has(shown.out, "as each gateway's configuration says"));
  CHECK(Has(shown.out, "GetCACaps, GetCACert, GetNextCACert, enrollment, renewal, poll, GetCert, GetCRL"));
  CHECK(Has(shown.out, "0.0.0.0:8080"));
  CHECK(Has(shown.out, "applied"));
  const json printed = Printed({"scep", "show"});
  CHECK(printed["settings"]["version"] == 1);
  CHECK(printed["gateways"].size() == 2);
  CHECK(printed["gateways"][1]["instance"] == "b");
}

TEST_CASE_METHOD(ScepFixture, "scep set changes what is named, and ends when the gateways have it", "[ctl][scep]") {
  const Answer set = Run({"scep", "set", "--listen", "0.0.0.0:8081", "--description", "hall 2", "--disable"});
  INFO(set.err);
  REQUIRE(set.code == 0);
  CHECK(Has(set.out, "0.0.0.0:8081"));
  CHECK(Has(set.out, "disabled"));
  CHECK_FALSE(Has(set.out, "\x1b[2J"));
  const auto sent = engine().scep().updated();
  CHECK(sent.listen() == "0.0.0.0:8081");
  CHECK(sent.has_is_active());
  CHECK_FALSE(sent.has_domain_name());
  CHECK_FALSE(sent.has_allowed_operations());
  CHECK_FALSE(sent.has_if_version());
  REQUIRE(Run({"scep", "set", "--listen", ""}).code == 0);
  CHECK(engine().scep().updated().has_listen());
  CHECK(engine().scep().updated().listen().empty());
}

TEST_CASE_METHOD(ScepFixture, "a gateway that cannot listen there is named with the reason, and the exit code says so",
                 "[ctl][scep]") {
  const auto [failure, words] = GENERATE(
      table<v1::ListenFailure, std::string>({{v1::LISTEN_FAILURE_PORT_TAKEN, "the port is taken"},
                                             {v1::LISTEN_FAILURE_NOT_PERMITTED, "may not bind below 1024"},
                                             {v1::LISTEN_FAILURE_NO_SUCH_ADDRESS, "no such address"},
                                             {v1::LISTEN_FAILURE_OTHER, "cannot listen; see the gateway's log"}}));
  Fail(failure);
  const Answer set = Run({"scep", "set", "--listen", "0.0.0.0:81"});
  CHECK(set.code == 4);
  CHECK(Has(set.out, words));
  CHECK(Has(set.err, "gw/b: " + words));
  CHECK(Has(set.err, "it still listens on 0.0.0.0:8080"));
  CHECK_FALSE(Has(set.err, "gw/a"));
}

TEST_CASE_METHOD(ScepFixture, "a gateway that does not say what it did is waited for as long as is said",
                 "[ctl][scep]") {
  FallSilent();
  const Answer set = Run({"scep", "set", "--enable", "--wait", "300ms"});
  CHECK(set.code == 6);
  CHECK(Has(set.err, "not heard in time of: gw/b"));
  CHECK(Has(set.out, "behind"));
  CHECK(Run({"scep", "set", "--enable", "--wait", "0s"}).code == 0);
  CHECK(Run({"scep", "set", "--enable", "--wait", "11m"}).code == 2);
}

TEST_CASE_METHOD(ScepFixture, "operations are allowed and refused one by one, in the version that was read",
                 "[ctl][scep]") {
  REQUIRE(Run({"scep", "set", "--refuse", "Enrollment", "--refuse", "getcrl"}).code == 0);
  auto sent = engine().scep().updated();
  CHECK(sent.if_version() == 1);
  CHECK(sent.allowed_operations().operations_size() == 6);
  REQUIRE(Run({"scep", "set", "--refuse", "all", "--allow", "poll"}).code == 0);
  CHECK(engine().scep().updated().allowed_operations().operations_size() == 0);
  REQUIRE(Run({"scep", "set", "--allow", "poll"}).code == 0);
  sent = engine().scep().updated();
  REQUIRE(sent.allowed_operations().operations_size() == 1);
  CHECK(sent.allowed_operations().operations(0) == v1::SCEP_OPERATION_POLL);
  REQUIRE(Run({"scep", "set", "--allow", "all"}).code == 0);
  CHECK(engine().scep().updated().allowed_operations().operations_size() == 8);
  const Answer unknown = Run({"scep", "set", "--allow", "fly"});
  CHECK(unknown.code == 2);
  CHECK(Has(unknown.err, "GetNextCACert"));
}

TEST_CASE_METHOD(ScepFixture, "a change to another version than the latest is a conflict", "[ctl][scep]") {
  const Answer set = Run({"scep", "set", "--enable", "--if-version", "7"});
  CHECK(set.code == 4);
  CHECK(Has(set.err, "certifierctl scep show"));
}

TEST_CASE_METHOD(ScepFixture, "the domain name is in the URL of a CA and on printed keys", "[ctl][scep][mint]") {
  REQUIRE(Run({"ca", "create", "demo"}).code == 0);
  CHECK_FALSE(Has(Run({"ca", "show", "demo"}).out, "enrolment URL"));
  const Words mint = {"key",     "mint",
                      "--from",  Write("devices.csv", "entity\nrouter-7\n"),
                      "--out",   directory() / "s.csv",
                      "--ca",    "demo",
                      "--print", directory() / "print.html"};
  const Answer refused = Run(mint);
  CHECK(refused.code == 2);
  CHECK(Has(refused.err, "scep set --domain-name"));
  CHECK(engine().keys().mint_calls() == 0);
  REQUIRE(Run({"scep", "set", "--domain-name", "pki.example"}).code == 0);
  CHECK(Has(Run({"ca", "show", "demo"}).out, "http://pki.example:8080/scep/demo"));
  const Answer minted = Run(mint);
  INFO(minted.err);
  REQUIRE(minted.code == 0);
  CHECK(Has(support::ReadFile(directory() / "print.html"), "http://pki.example:8080/scep/demo<"));
}

}  // namespace admin_test
