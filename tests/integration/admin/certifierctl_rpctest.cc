#include <catch2/catch.hpp>
#include <regex>

#include "ctl_fixture.h"

namespace admin_test {

TEST_CASE_METHOD(CtlFixture, "ca create shows the CA, and ca list finds it", "[ctl]") {
  const Answer made = Run({"ca", "create", "demo"});
  INFO(made.err);
  CHECK(made.code == 0);
  CHECK(Has(made.out, "CN=demo CA"));
  CHECK(Has(made.out, "MD5 (identification only)"));
  CHECK(Printed({"ca", "list"})["cas"][0]["name"] == "demo");
  CHECK(Printed({"ca", "show", "demo"})["fingerprints"]["sha256"]["colon"] == "AA:BB");
  CHECK(engine().journal().callers() == Words(3, CallerNamed("alice")));
}

TEST_CASE_METHOD(CtlFixture, "key create prints the key as an object of its own for programs", "[ctl]") {
  const json key =
      Printed({"key", "create", "--entity", "router-7", "--ca", "demo", "--uses", "3", "--expires", "2030-01-02"});
  CHECK(key["key"] == "K3YK3-YK3YK");
  CHECK(key["reference_number"] == "100001");
  CHECK(key["use_limit"] == 3);
  CHECK(key["expires_at"] == "2030-01-02T00:00:00Z");
}

TEST_CASE_METHOD(CtlFixture, "key create tells people that the key is shown once", "[ctl]") {
  const Answer answer = Run({"key", "create", "--entity", "router-7", "--ca", "demo"});
  CHECK(answer.code == 0);
  CHECK(Has(answer.out, "K3YK3-YK3YK"));
  CHECK(Has(answer.out, "shown this once"));
  CHECK_FALSE(Has(answer.err, "K3YK3"));
}

TEST_CASE_METHOD(CtlFixture, "request list is a table whose cells cannot steer the terminal", "[ctl]") {
  const Answer answer = Run({"request", "list", "--state", "pending", "--limit", "2"});
  CHECK(answer.code == 0);
  CHECK(answer.out.starts_with("ID   STATE    CA    SUBJECT"));
  CHECK(Has(answer.out, "\n250  pending  demo  CN=router\\x1b[2J"));
  CHECK(Has(answer.out, FakeRequests::kMd5));
  CHECK_FALSE(Has(answer.out, "\x1b"));
  CHECK(std::count(answer.out.begin(), answer.out.end(), '\n') == 3);
  CHECK(Has(answer.err, "give a larger --limit"));
}

TEST_CASE_METHOD(CtlFixture, "request list gathers pages up to the limit, the newest first", "[ctl]") {
  CHECK(Printed({"request", "list"})["requests"].size() == 100);
  const json all = Printed({"request", "list", "--limit", "1000"});
  REQUIRE(all["requests"].size() == 250);
  CHECK(all["requests"][0]["request_id"] == "250");
  CHECK(all["requests"][249]["request_id"] == "1");
  CHECK(all["requests"][0]["state"] == "pending");
  CHECK(all["next_page_token"] == "");
  CHECK(Printed({"request", "list", "--limit", "210"})["next_page_token"] == "40");
}

TEST_CASE_METHOD(CtlFixture, "request list without requests is an empty list", "[ctl]") {
  CHECK(Printed({"request", "list", "--state", "rejected"}) ==
        json{{"requests", json::array()}, {"next_page_token", ""}});
  CHECK(Run({"request", "list", "--state", "rejected"}).err == "None.\n");
}

TEST_CASE_METHOD(CtlFixture, "request show labels both fingerprints and asks for the device's", "[ctl]") {
  const Answer answer = Run({"request", "show", "17"});
  CHECK(answer.code == 0);
  const auto request = answer.out.find("Fingerprints, request:\n");
  const auto unsigned_request = answer.out.find("Fingerprints, unsigned request (CertificationRequestInfo):\n");
  REQUIRE(unsigned_request != std::string::npos);
  CHECK(answer.out.find(FakeRequests::kMd5) > request);
  CHECK(answer.out.find("c0ffee") > unsigned_request);
  CHECK(Has(answer.out, "MD5 (identification only)"));
  CHECK(Has(answer.err, "request approve 17 --fingerprint 'AS THE DEVICE SHOWS IT'"));
}

TEST_CASE_METHOD(CtlFixture, "request show says what a request renews, and its further names", "[ctl]") {
  const Answer answer = Run({"request", "show", "17"});
  CHECK(std::regex_search(answer.out, std::regex("\nrenews +0badcafe\n")));
  CHECK(std::regex_search(answer.out, std::regex("\nalso asked for as +another name\n")));
}

TEST_CASE_METHOD(CtlFixture, "request approve prints the request, or is refused with exit code 5", "[ctl]") {
  CHECK(Printed({"request", "approve", "17", "--fingerprint", FakeRequests::kMd5})["state"] == "issued");
  const Answer refused = Run({"request", "approve", "17", "--fingerprint", "00000000"});
  CHECK(refused.code == 5);
  CHECK(refused.out.empty());
  CHECK(Has(refused.err, "the fingerprint is not the one of this request"));
  CHECK(Has(refused.err, "Nothing was changed."));
}

TEST_CASE_METHOD(CtlFixture, "request explain prints each module with what it saw, safe for the terminal", "[ctl]") {
  const Answer answer = Run({"request", "explain", "tx-4711"});
  CHECK(answer.code == 0);
  CHECK(Has(answer.out, "61f8f3ca-b265-8d2e-8d70-8d48ed766b5c"));
  CHECK(Has(answer.out, "tx-4711"));
  CHECK(Has(answer.out, "7QK2M4XA"));
  CHECK(Has(answer.out, "default (version 3)"));
  CHECK(Has(answer.out, "initial, 4 times"));
  CHECK(Has(answer.out, "2 match_subject"));
  CHECK(Has(answer.out, "subject: CN=changed"));
  CHECK(Has(answer.out, "12 us"));
  CHECK(Has(answer.out, "\\x1b"));
  CHECK_FALSE(Has(answer.out, "\x1b"));
  CHECK(Printed({"request", "explain", "tx-4711"})["decisions"][0]["outcome"] == "rejected");
  CHECK(Run({"request", "explain", "nothing"}).code == 3);
}

TEST_CASE_METHOD(CtlFixture, "doctor explains a transaction in plain words", "[ctl][doctor]") {
  const Answer answer = Run({"doctor", "tx-4711"});
  CHECK(answer.code == 0);
  CHECK(Has(answer.out, "The policy does not allow the subject"));
  CHECK_FALSE(Has(answer.out, "\x1b"));
  CHECK(Has(answer.err, "certifierctl request explain 'tx-4711'"));
  CHECK(Printed({"doctor", "tx-4711"})["decisions"][0]["reason"] == "match_subject: CN=\x1b[31mred is not allowed");
  CHECK(Run({"doctor", "nothing"}).code == 3);
}

TEST_CASE_METHOD(CtlFixture, "exit codes tell not found from conflict", "[ctl]") {
  CHECK(Run({"ca", "show", "nowhere"}).code == 3);
  CHECK(Run({"ca", "create", "demo"}).code == 0);
  CHECK(Run({"ca", "create", "demo"}).code == 4);
}

TEST_CASE_METHOD(CtlFixture, "with --json an error is one JSON object on standard error", "[ctl]") {
  const Answer answer = Run({"ca", "show", "nowhere", "--json"});
  CHECK(answer.code == 3);
  CHECK(answer.out.empty());
  CHECK(json::parse(answer.err) ==
        json{{"error", {{"reason", "not_found"}, {"message", "no CA is named \"nowhere\""}}}});
}

TEST_CASE_METHOD(CtlFixture, "a gateway's certificate is refused with exit code 5 and the role that it takes",
                 "[ctl]") {
  const Answer answer = RunAs(Files(Role::kGateway), address(), {"request", "list"});
  CHECK(answer.code == 5);
  CHECK(Has(answer.err, "role operator"));
}

TEST_CASE_METHOD(CtlFixture, "a server that is not the admin service is not spoken to", "[ctl]") {
  const Answer answer = RunAs(Files(Role::kOperator), engine().address(), {"request", "list"});
  CHECK(answer.code == 6);
  CHECK(Has(answer.err, "cannot reach the admin service at " + engine().address()));
  CHECK(engine().journal().callers().empty());
}

TEST_CASE_METHOD(CtlFixture, "an engine that is away is exit code 6", "[ctl]") {
  engine().Stop();
  const Answer answer = Run({"ca", "list"});
  CHECK(answer.code == 6);
  CHECK(Has(answer.err, "certifier-engine is away"));
}

TEST_CASE_METHOD(CtlFixture, "an answer that does not come in time is exit code 6", "[ctl]") {
  const Answer answer = Run({"entity", "list", "--timeout", "300ms"});
  CHECK(answer.code == 6);
  CHECK(Has(answer.err, "did not answer"));
}

TEST_CASE_METHOD(CtlFixture, "nobody listening is exit code 6 and a hint", "[ctl]") {
  const Answer answer = RunAs(Files(Role::kOperator), "127.0.0.1:1", {"ca", "list"});
  CHECK(answer.code == 6);
  CHECK(Has(answer.err, "is it running (./deploy/dev status)"));
}

TEST_CASE_METHOD(CtlFixture, "missing TLS files are a usage error that names flag and variable", "[ctl]") {
  Child child(directory(), {CERTIFIERCTL, "ca", "list"});
  CHECK(child.Wait() == 2);
  CHECK(Has(child.err(), "--tls-ca"));
  CHECK(Has(child.err(), "CERTIFIER_TLS_CA"));
}

}  // namespace admin_test
