// certifierctl's commands about entities and keys.
#include <catch2/catch.hpp>
#include <regex>

#include "ctl_fixture.h"

namespace admin_test {

TEST_CASE_METHOD(CtlFixture, "entity show has what the entity is bound to and what it has", "[ctl]") {
  const Answer answer = Run({"entity", "show", "router-7"});
  CHECK(answer.code == 0);
  CHECK(std::regex_search(answer.out, std::regex("\nattributes +days=7, site=hall-2\n")));
  CHECK(Has(answer.out, "\nKeys: 1:\n"));
  CHECK(Has(answer.out, "100001"));
  CHECK(Has(answer.out, "\nRequests: 12, the newest 1:\n"));
  CHECK(Has(answer.out, "CN=router-7\\x1b[2J"));
  CHECK(Has(answer.out, "\nCertificates: 0\n"));
  CHECK_FALSE(Has(answer.out, "\x1b"));
  const json shown = Printed({"entity", "show", "router-7"});
  CHECK(shown["entity"]["attributes"]["site"] == "hall-2");
  CHECK(shown["request_count"] == 12);
  CHECK(shown["requests"][0]["state"] == "pending");
  const Answer unknown = Run({"entity", "show", "router-8"});
  CHECK(unknown.code == 3);
  CHECK(Has(unknown.err, "certifierctl entity list"));
}

TEST_CASE_METHOD(CtlFixture, "entity create takes what binds and parameterises", "[ctl]") {
  const json made = Printed({"entity", "create", "router-9", "--subject", "CN=router-9", "--san", "dns:a.example",
                             "--alternative-name", "ip:192.0.2.1", "--attribute", "site=hall=2"});
  CHECK(made["subject"] == "CN=router-9");
  CHECK(made["subject_alternative_names"] == json{"dns:a.example", "ip:192.0.2.1"});
  CHECK(made["attributes"]["site"] == "hall=2");
}

TEST_CASE_METHOD(CtlFixture, "entity set changes what it names and nothing else", "[ctl]") {
  const json changed = Printed({"entity", "set", "router-7", "--attribute", "days=8", "--attribute", "zone=a",
                                "--remove-attribute", "site", "--subject", "CN=x"});
  CHECK(changed["attributes"] == json{{"days", "8"}, {"zone", "a"}});
  CHECK(changed["subject"] == "CN=x");
  CHECK(changed["description"] == "Hall 2");
  CHECK(Printed({"entity", "set", "router-7", "--description", ""})["description"] == "");
  CHECK(Printed({"entity", "set", "router-7", "--san", "dns:a.example"})["subject_alternative_names"].size() == 1);
  CHECK(Printed({"entity", "set", "router-7", "--any-alternative-name"})["subject_alternative_names"].empty());
}

TEST_CASE_METHOD(CtlFixture, "entity set without a change, or with half an attribute, is a usage error", "[ctl]") {
  for (const Words& line : {Words{"entity", "set", "router-7"},
                            {"entity", "set", "router-7", "--attribute", "site"},
                            {"entity", "set", "router-7", "--attribute", "=x"},
                            {"entity", "set", "router-7", "--attribute", "a=1", "--attribute", "a=2"},
                            {"entity", "set", "router-7", "--san", "dns:a", "--any-alternative-name"}}) {
    const Answer answer = Run(line);
    CHECK(answer.code == 2);
    CHECK(Has(answer.err, "certifierctl entity set --help"));
  }
  CHECK(engine().journal().callers().empty());
}

TEST_CASE_METHOD(CtlFixture, "entity disable and enable change the status alone", "[ctl]") {
  CHECK(Printed({"entity", "disable", "router-7"})["status"] == "inactive");
  CHECK(Printed({"entity", "enable", "router-7"})["status"] == "active");
  CHECK(Has(Run({"entity", "disable", "router-7"}).err, "refused from now on"));
  CHECK(Run({"entity", "disable", "router-8"}).code == 3);
}

TEST_CASE_METHOD(CtlFixture, "key show says how often, when, from where and by which request a key was used", "[ctl]") {
  const Answer answer = Run({"key", "show", "100001"});
  CHECK(answer.code == 0);
  CHECK(std::regex_search(answer.out, std::regex("\nstatus +good\n")));
  CHECK(std::regex_search(answer.out, std::regex("\nused +2 of 5\n")));
  CHECK(std::regex_search(answer.out, std::regex("\nreserved by what waits +1\n")));
  CHECK(std::regex_search(answer.out, std::regex("\nlast use .*from 192.0.2.7, request 17\n")));
  CHECK(Printed({"key", "show", "100001"})["type"] == "generated");
  const Answer unknown = Run({"key", "show", "nosuch"});
  CHECK(unknown.code == 3);
  CHECK(Has(unknown.err, "certifierctl key list"));
}

TEST_CASE_METHOD(CtlFixture, "key rekey shows the new value once", "[ctl]") {
  const Answer answer = Run({"key", "rekey", "100001"});
  CHECK(answer.code == 0);
  CHECK(Has(answer.out, "K3YK3-YK3YK"));
  CHECK(Has(answer.out, "shown this once"));
  CHECK(Has(answer.err, "The old value is refused"));
  CHECK_FALSE(Has(answer.err, "K3YK3"));
  CHECK(Printed({"key", "rekey", "100001"})["value"] == "K3YK3-YK3YK");
}

TEST_CASE_METHOD(CtlFixture, "key disable says that what waits is to be rejected", "[ctl]") {
  const Answer answer = Run({"key", "disable", "100001"});
  CHECK(answer.code == 0);
  CHECK(std::regex_search(answer.out, std::regex("\nstatus +disabled\n")));
  CHECK(Has(answer.err, "request list --state pending"));
  CHECK(Printed({"key", "disable", "100001"})["disabled_by"] == "alice");
}

TEST_CASE_METHOD(CtlFixture, "a value of one's own is read from a file, and shown nowhere", "[ctl]") {
  const auto file = Write("value.txt", "mK4t-9xQw-2LpZ-7v\n");
  const Words create = {"key",  "create",       "--entity", "router-7",    "--ca",
                        "demo", "--value-from", file,       "--attribute", "days=7"};
  const Answer made = Run(create);
  CHECK(made.code == 0);
  CHECK(engine().keys().last_value() == "mK4t-9xQw-2LpZ-7v");
  CHECK_FALSE((Has(made.out, "mK4t") || Has(made.err, "mK4t") || Has(made.out, "shown this once")));
  CHECK(Has(made.out, "the value that was typed in"));
  const Answer rekeyed = Run({"key", "rekey", "100001", "--value-from", file});
  CHECK(rekeyed.code == 0);
  CHECK_FALSE((Has(rekeyed.out, "mK4t") || Has(rekeyed.out, "shown this once")));
  for (const auto* text : {"", "\n", "two\nlines\n"}) {
    CHECK(Run({"key", "rekey", "100001", "--value-from", Write("bad.txt", text)}).code == 2);
  }
  CHECK(Run({"key", "rekey", "100001", "--value-from", directory() / "absent.txt"}).code == 2);
}

}  // namespace admin_test
