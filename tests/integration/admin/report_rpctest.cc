// certifierctl: what needs an operator.
#include "ctl_fixture.h"

namespace admin_test {

TEST_CASE_METHOD(CtlFixture, "report failures says what was wrong, page after page, and where to read on",
                 "[ctl][report]") {
  const Answer shown = Run({"report", "failures", "--ca", "demo"});
  INFO(shown.err);
  REQUIRE(shown.code == 0);
  CHECK(Has(shown.out, "The challenge password is the value of no pre-shared key"));
  CHECK(Has(shown.out, "The message is encrypted to the CA's certificate"));
  CHECK(Has(shown.out, "17"));
  CHECK(Has(shown.out, "decision-2"));
  CHECK_FALSE(Has(shown.out, "\x1b[2J"));
  CHECK(Has(shown.err, "certifierctl request explain"));
  const json printed = Printed({"report", "failures", "--ca", "demo"});
  CHECK(printed["failures"].size() == 2);
  CHECK(printed["failures"][0]["message"]["ca"] == "demo");
  CHECK(Has(Run({"report", "failures", "--limit", "1"}).err, "There is more than these 1"));
}

TEST_CASE_METHOD(CtlFixture, "report overdue lists certificates, and says that there are more", "[ctl][report]") {
  const Answer shown = Run({"report", "overdue", "--limit", "7"});
  INFO(shown.err);
  REQUIRE(shown.code == 0);
  CHECK(Has(shown.out, "4711"));
  CHECK(Has(shown.out, "CN=late-7"));
  CHECK(Has(shown.err, "larger --limit"));
  CHECK(Printed({"report", "overdue"})["certificates"][0]["serial_number"] == "4711");
  CHECK(Run({"report", "overdue", "--limit", "1001"}).code == 2);
}

TEST_CASE_METHOD(CtlFixture, "report expiring asks for what expires within a time", "[ctl][report]") {
  const Answer shown = Run({"report", "expiring", "--within", "12h"});
  INFO(shown.err);
  REQUIRE(shown.code == 0);
  CHECK(Has(shown.out, "100001"));
  CHECK(Has(shown.out, "within-43200"));
  CHECK_FALSE(Has(shown.err, "larger --limit"));
  CHECK(Run({"report", "expiring", "--within", "soon"}).code == 2);
}

TEST_CASE_METHOD(CtlFixture, "report issuance draws a bar for each hour", "[ctl][report]") {
  const Answer shown = Run({"report", "issuance", "--since", "2d"});
  INFO(shown.err);
  REQUIRE(shown.code == 0);
  CHECK(Has(shown.out, std::string(40, '#')));
  CHECK_FALSE(Has(shown.out, std::string(41, '#')));
  CHECK(Has(shown.out, "42"));
  CHECK(Printed({"report", "issuance"})["hours"].size() == 3);
  CHECK(Run({"report", "issuance", "--since", "once"}).code == 2);
}

}  // namespace admin_test
