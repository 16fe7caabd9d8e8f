#include <sstream>

#include "ctl/commands.h"
#include "ctl_fixture.h"

namespace admin_test {

namespace {

constexpr char kRouters[] = R"(name: routers
description: "For: routers"
receive_request:
  modules:
    - require_key:
        then: accept
)";
constexpr char kHeld[] = R"(name: routers
description: Held
receive_request:
  modules:
    - require_key:
        then: hold
)";

class PolicyFixture : public CtlFixture {
 public:
  int Apply(const std::string& document, Words more = {}) {
    Words words = {"policy", "apply", Write("document", document)};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words).code;
  }
};

TEST_CASE_METHOD(PolicyFixture, "policy get prints the YAML that policy apply takes", "[ctl][policy]") {
  CHECK(Printed({"policy", "apply", Write("routers.yaml", kRouters)})["version"] == 1);
  const Answer got = Run({"policy", "get", "routers"});
  REQUIRE(got.code == 0);
  CHECK(got.out == kRouters);
  CHECK(Printed({"policy", "apply", "--file", Write("again.yaml", got.out)})["version"] == 2);
}

TEST_CASE_METHOD(PolicyFixture, "policy get prints the JSON that policy apply takes", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  const Answer got = Run({"policy", "get", "routers", "-o", "json"});
  REQUIRE(got.code == 0);
  CHECK(json::parse(got.out)["receive_request"]["modules"][0]["require_key"]["then"] == "accept");
  CHECK(Printed({"policy", "get", "routers"}) == json::parse(got.out));
  CHECK(Apply(got.out) == 0);
  CHECK(Run({"policy", "get", "routers"}).out == kRouters);
}

TEST_CASE_METHOD(PolicyFixture, "policy get prints the version that is asked for", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  REQUIRE(Apply(kHeld) == 0);
  CHECK(Run({"policy", "get", "routers"}).out == kHeld);
  CHECK(Run({"policy", "get", "routers", "--version", "1"}).out == kRouters);
  const Answer missing = Run({"policy", "get", "routers", "--version", "3"});
  CHECK(missing.code == 3);
  CHECK(Has(missing.err, "policy list"));
}

TEST_CASE_METHOD(PolicyFixture, "a policy file with a fault is refused before it is sent", "[ctl][policy]") {
  const Answer answer = Run(
      {"policy", "apply", Write("bad.json", R"({"receive_request": {"modules": [{"deny": {"why": "perhaps"}}]}})")});
  CHECK(answer.code == 2);
  CHECK(Has(answer.err, "bad.json: 'why' is no field of Deny"));
  const Answer yaml = Run({"policy", "apply", Write("bad.yaml", "name: a\nreceive_requests: {}\n")});
  CHECK(yaml.code == 2);
  CHECK(Has(yaml.err, "bad.yaml: line 2: 'receive_requests' is no field of Policy"));
  const Answer twice = Run({"policy", "apply", Write("twice.json", R"({"name": "a", "name": "b"})")});
  CHECK(twice.code == 2);
  CHECK(Has(twice.err, "twice.json: 'name' is there twice"));
  CHECK(Run({"policy", "apply", directory() / "absent.json"}).code == 2);
  CHECK(engine().journal().callers().empty());
}

TEST_CASE_METHOD(PolicyFixture, "a change upon a version that is not the latest is a conflict", "[ctl][policy]") {
  CHECK(Apply(kRouters, {"--if-version", "0"}) == 0);
  CHECK(Apply(kHeld, {"--if-version", "0"}) == 4);
  CHECK(Apply(kHeld, {"--if-version", "1"}) == 0);
  const Answer late = Run({"policy", "apply", Write("late", kRouters), "--if-version", "1"});
  CHECK(late.code == 4);
  CHECK(Has(late.err, "policy history"));
}

TEST_CASE_METHOD(PolicyFixture, "policy history lists the versions, the newest first", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  REQUIRE(Apply(kHeld) == 0);
  const Answer listed = Run({"policy", "history", "routers"});
  CHECK(listed.code == 0);
  CHECK(listed.out ==
        "VERSION  APPLIED               BY     DESCRIPTION\n"
        "2        2026-11-24 02:10:00Z  alice  Held\n"
        "1        2026-11-24 02:10:00Z  alice  For: routers\n");
  const auto limited = Printed({"policy", "history", "routers", "--limit", "1"});
  CHECK(limited["versions"].size() == 1);
  CHECK(limited["versions"][0]["version"] == 2);
  CHECK(limited["next_page_token"] == "1");
}

TEST_CASE_METHOD(PolicyFixture, "policy diff shows what the latest version changed", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  CHECK(Run({"policy", "diff", "routers"}).code == 2);
  REQUIRE(Apply(kHeld) == 0);
  const Answer changed = Run({"policy", "diff", "routers"});
  CHECK(changed.code == 1);
  CHECK(
      changed.out ==
      "--- routers version 1\n+++ routers version 2\n@@ -1,6 +1,6 @@\n name: routers\n-description: \"For: routers\"\n"
      "+description: Held\n receive_request:\n   modules:\n     - require_key:\n-        then: accept\n"
      "+        then: hold\n");
  CHECK(Has(Run({"policy", "diff", "routers", "--version", "2", "--with", "1"}).out, "+        then: accept\n"));
  CHECK(Run({"policy", "diff", "routers", "--version", "1", "--with", "1"}).code == 0);
  CHECK(Run({"policy", "diff", "routers", "--version", "7"}).code == 3);
}

TEST_CASE_METHOD(PolicyFixture, "policy diff compares what is served with a file", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  const auto same = Write("same.yaml", std::string("# As it is.\n") + kRouters);
  const Answer equal = Run({"policy", "diff", "routers", "--file", same});
  CHECK(equal.code == 0);
  CHECK(equal.out.empty());
  const auto held = Write("held.yaml", kHeld);
  CHECK(Run({"policy", "diff", "routers", "--file", held}).code == 1);
  const Answer for_programs = Run({"policy", "diff", "routers", "--file", held, "--json"});
  CHECK(for_programs.code == 1);
  CHECK(json::parse(for_programs.out)["is_different"] == true);
  CHECK(Has(json::parse(for_programs.out)["diff"], "+        then: hold\n"));
  CHECK(Run({"policy", "diff", "routers", "--file", held, "--with", "1"}).code == 2);
  REQUIRE(Apply(kHeld) == 0);
  CHECK(Run({"policy", "diff", "routers", "--file", held}).code == 0);
  CHECK(Has(Run({"policy", "diff", "routers", "--version", "1", "--file", held}).out, "--- routers version 1\n"));
  const auto hidden = Run({"policy", "diff", "routers", "--file", Write("a\x1b[2Jb.yaml", kRouters)});
  CHECK(hidden.code == 1);
  CHECK_FALSE(Has(hidden.out, "\x1b"));
}

TEST_CASE_METHOD(PolicyFixture, "a name that a terminal would obey is written out in a difference", "[ctl][policy]") {
  const std::string name = "rou\x1b[2Jters";
  for (const char* description : {"one", "two"}) {
    REQUIRE(Apply(R"({"name": "rou\u001b[2Jters", "description": ")" + std::string(description) + "\"}") == 0);
  }
  const Answer changed = Run({"policy", "diff", name});
  CHECK(changed.code == 1);
  CHECK(Has(changed.out, "+description: two"));
  CHECK_FALSE(Has(changed.out, "\x1b"));
}

TEST_CASE_METHOD(PolicyFixture, "a difference has colours at a terminal, and never for programs", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  REQUIRE(Apply(kHeld) == 0);
  const auto tls = Files(Role::kOperator, "alice");
  ctl::GlobalArguments arguments;
  arguments.server = address();
  arguments.tls_ca = tls.authority;
  arguments.tls_certificate = tls.certificate;
  arguments.tls_key = tls.key;
  auto session = ctl::Session::Open(arguments);
  REQUIRE(session);
  const bool is_json = GENERATE(false, true);
  const std::size_t width = GENERATE(as<std::size_t>(), 0, 80);
  std::ostringstream out, err;
  ctl::Output output(out, err, {is_json, width, {}});
  ctl::PolicyDiff command;
  command.name = "routers";
  CHECK(ctl::Compare(*session, output, command) == ctl::ExitCode::kDifferent);
  const bool has_colours = Has(out.str(), "\x1b[32m") || Has(out.str(), "\\u001b[32m");
  CHECK(has_colours == (width > 0 && !is_json));
}

TEST_CASE_METHOD(PolicyFixture, "policy rollback applies an earlier version as the next one", "[ctl][policy]") {
  REQUIRE(Apply(kRouters) == 0);
  REQUIRE(Apply(kHeld) == 0);
  CHECK(Printed({"policy", "rollback", "routers", "--to", "1"})["version"] == 3);
  CHECK(Run({"policy", "get", "routers"}).out == kRouters);
  CHECK(Run({"policy", "rollback", "routers", "--to", "9"}).code == 3);
  CHECK(Run({"policy", "rollback", "other", "--to", "1"}).code == 3);
}

TEST_CASE_METHOD(PolicyFixture, "policy modules says what the modules do, and one with its parameters",
                 "[ctl][policy]") {
  CHECK(Run({"policy", "modules"}).out ==
        "MODULE  VERDICTS  WHAT IT DOES\n"
        "deny    deny      deny denies.\n");
  CHECK(Run({"policy", "modules", "deny"}).out ==
        "module  deny\ndoes    deny denies.\nsays    deny\n\n"
        "PARAMETER  TYPE  DEFAULT   MEANING\n"
        "reason     text  (needed)  For the record.\n");
  CHECK(Printed({"policy", "modules"})["modules"][0]["verdicts"][0] == "deny");
  CHECK(Run({"policy", "modules", "none"}).code == 3);
}

TEST_CASE_METHOD(PolicyFixture, "policy test sends DER, of PEM too, and prints the record", "[ctl][policy]") {
  const auto csr =
      Write("device.csr", "-----BEGIN CERTIFICATE REQUEST-----\nQ049YQ==\n-----END CERTIFICATE REQUEST-----\n");
  const auto signer = Write("device.crt", "DER");
  const Words words = {"policy", "test",     "--ca",     "demo", "--csr",    csr,
                       "--key",  "7QK2M4XA", "--signer", signer, "--policy", Write("routers.yaml", kRouters)};
  const Answer answer = Run(words);
  REQUIRE(answer.code == 0);
  CHECK(Has(answer.out, "CN=a"));
  CHECK(Has(answer.out, "7QK2M4XA"));
  CHECK(Has(answer.out, "routers"));
  CHECK(Has(answer.out, "deny: DER"));
  CHECK(Has(answer.err, "Nothing was issued"));
  CHECK(Printed(words)["classification"] == "test");
  CHECK(Printed(words)["outcome"] == "rejected");
  const Answer other = Run({"policy", "test", "--ca", "demo", "--csr", Write("key.pem", "-----BEGIN X-----\n")});
  CHECK(other.code == 2);
  CHECK(Has(other.err, "key.pem: "));
}

TEST_CASE_METHOD(PolicyFixture, "policy replay goes through every page and lists what would change", "[ctl][policy]") {
  const auto file = Write("routers.yaml", kRouters);
  const Answer all = Run({"policy", "replay", "--policy", file, "--since", "2026-01-01"});
  REQUIRE(all.code == 0);
  CHECK(Has(all.out, "REQUEST  CA  SUBJECT "));
  CHECK(
      Has(all.out, "\n17       -   CN=router\\x1b[2J  2026-11-24 02:10:00Z  default 3  issued  rejected  deny: of\n"));
  CHECK(Has(all.out, "\n3        -   "));
  CHECK(Has(all.err, "200 requests were run; 2 would come to something else."));
  CHECK(Has(all.err, "2 could not be run"));
  REQUIRE(Apply(kRouters) == 0);
  const auto printed = Printed({"policy", "replay", "--policy", file});
  CHECK(printed["changes"].size() == 2);
  CHECK(printed["changes"][0]["reason"] == "deny: of routers");
  CHECK(printed["run"] == 200);
  CHECK(Printed({"policy", "replay", "--policy", file, "--all"})["changes"][0]["reason"] == "deny: of ");
  CHECK(Run({"policy", "replay", "--policy", file, "--since", "soon"}).code == 2);
}

}  // namespace

}  // namespace admin_test
