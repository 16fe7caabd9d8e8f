#include "ctl/report_view.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

doctor::Report HostileReport() {
  doctor::Report report;
  report.Add(doctor::Pass("reachable", "answers with HTTP 200"));
  report.Add(doctor::Fail("ca-type", "1 certificate as \x1b[2Jtext\nreachable  pass \xff", "Send DER."));
  report.Add(doctor::Skipped("next-ca", "not offered"));
  return report;
}

}  // namespace

TEST_CASE("a report is a row for each check, and cannot steer the terminal or forge a row", "[ctl][doctor]") {
  CHECK(ctl::ReportTable(HostileReport()).Render(0) ==
        "CHECK      VERDICT  SEEN                                                  WHAT TO DO\n"
        "reachable  pass     answers with HTTP 200                                 -\n"
        "ca-type    fail     1 certificate as \\x1b[2Jtext\\x0areachable  pass \\xff  Send DER.\n"
        "next-ca    skipped  not offered                                           -\n");
  CHECK(ctl::ReportCounts(HostileReport()) == "1 passed, 0 to warn of, 1 failed, 1 skipped");
}

TEST_CASE("on a narrow terminal a report goes on below", "[ctl][doctor]") {
  CHECK(ctl::ReportTable(HostileReport()).Render(60) ==
        "CHECK      VERDICT  SEEN                          WHAT TO DO\n"
        "reachable  pass     answers with HTTP 200         -\n"
        "ca-type    fail     1 certificate as              Send DER.\n"
        "                    \\x1b[2Jtext\\x0areachable\n"
        "                    pass \\xff\n"
        "next-ca    skipped  not offered                   -\n");
}

TEST_CASE("a report for programs is JSON in ASCII", "[ctl][doctor]") {
  const std::string text = ctl::ReportJson("http://a/", HostileReport());
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  const auto json = nlohmann::json::parse(text);
  CHECK(json["url"] == "http://a/");
  REQUIRE(json["checks"].size() == 3);
  CHECK(json["checks"][1]["check"] == "ca-type");
  CHECK(json["checks"][1]["verdict"] == "fail");
  CHECK(json["checks"][1]["advice"] == "Send DER.");
  CHECK(json["pass"] == 1);
  CHECK(json["fail"] == 1);
  CHECK(json["skipped"] == 1);
  CHECK(json["warn"] == 0);
}
