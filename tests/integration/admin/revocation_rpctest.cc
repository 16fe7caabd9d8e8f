#include <catch2/catch.hpp>

#include "ctl_fixture.h"

namespace admin_test {

TEST_CASE_METHOD(CtlFixture, "certificate revoke says all that it was told, once", "[ctl]") {
  const json revoked = Printed({"certificate", "revoke", "5f:3a", "--ca", "demo", "--reason", "key-compromise",
                                "--invalidity-date", "2024-01-02", "--comment", "stolen"});
  CHECK(revoked["serial_number"] == "5f:3a");
  CHECK(revoked["ca"] == "demo");
  CHECK(revoked["status"] == "revoked");
  CHECK(revoked["revocation"]["reason"] == "key_compromise");
  CHECK(revoked["revocation"]["invalidity_date"] == "2024-01-02T00:00:00Z");
  CHECK(revoked["revocation"]["comment"] == "stolen");
  CHECK(Run({"certificate", "revoke", "5f3a"}).code == 4);
  CHECK(engine().journal().callers() == Words(2, CallerNamed("alice")));
}

TEST_CASE_METHOD(CtlFixture, "a revocation without a reason is unspecified, and one with another word is refused",
                 "[ctl]") {
  for (const char* reason : {"certificate-hold", "remove-from-crl", "KEY-COMPROMISE", "1"}) {
    const Answer answer = Run({"certificate", "revoke", "5f3a", "--reason", reason});
    CHECK(answer.code == 2);
    CHECK(Has(answer.err, "key_compromise"));
  }
  CHECK(engine().journal().callers().empty());
  const json revoked = Printed({"certificate", "revoke", "5f3a"});
  CHECK(revoked["revocation"]["reason"] == "unspecified");
  CHECK(revoked["revocation"]["invalidity_date"].is_null());
}

TEST_CASE_METHOD(CtlFixture, "a suspended certificate is shown as such, and good when it is reactivated", "[ctl]") {
  const Answer suspended = Run({"certificate", "suspend", "5f3a", "--comment", "lost\x1b[2J"});
  CHECK(suspended.code == 0);
  CHECK(Has(suspended.out, "suspended"));
  CHECK(Has(suspended.out, "certificate_hold"));
  CHECK_FALSE(Has(suspended.out, "\x1b"));
  CHECK(Has(Run({"certificate", "list"}).out, "suspended"));
  CHECK(Printed({"certificate", "reactivate", "5f3a"})["status"] == "good");
  CHECK(Has(Run({"certificate", "list"}).out, "good"));
}

TEST_CASE_METHOD(CtlFixture, "all that a search finds is listed first, and revoked when that is confirmed", "[ctl]") {
  const Words words = {"certificate", "revoke-all", "--search", "three", "--reason", "superseded"};
  const Answer asked = Run(words);
  CHECK(asked.code == 0);
  CHECK(Has(asked.out, "a1"));
  CHECK(Has(asked.err, "To revoke these 3 for ever: the same with --yes"));
  CHECK(engine().certificates().revoked().empty());
  Words sure = words;
  sure.emplace_back("--yes");
  const Answer done = Run(sure);
  CHECK(done.code == 4);
  CHECK(engine().certificates().revoked() == Words{"a1", FakeCertificates::kStubborn, "c3"});
  CHECK(Has(done.out, "a1"));
  CHECK(Has(done.out, "c3"));
  CHECK(Has(done.err, "Not revoked: b2: "));
  CHECK(Has(done.err, "1 of 3 certificates are not revoked"));
  sure.emplace_back("--json");
  const Answer printed = Run(sure);
  CHECK(json::parse(printed.out)["certificates"].size() == 2);
}

TEST_CASE_METHOD(CtlFixture, "without a search, or with a reason that is none, nothing is revoked", "[ctl]") {
  CHECK(Run({"certificate", "revoke-all", "--yes"}).code == 2);
  CHECK(Run({"certificate", "revoke-all", "--search", "three", "--reason", "hate", "--yes"}).code == 2);
  CHECK(engine().certificates().revoked().empty());
}

TEST_CASE_METHOD(CtlFixture, "crl show tells what gateways serve", "[ctl]") {
  const Answer shown = Run({"crl", "show", "demo"});
  CHECK(shown.code == 0);
  CHECK(Has(shown.out, "512 octets"));
  CHECK(Has(shown.err, "/crl/demo.crl"));
  CHECK(Printed({"crl", "show", "demo"})["crl_number"] == 7);
  CHECK(Run({"crl", "show", "nobody"}).code == 3);
}

}  // namespace admin_test
