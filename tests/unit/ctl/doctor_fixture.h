#ifndef CERTIFIER_TESTS_UNIT_CTL_DOCTOR_FIXTURE_H
#define CERTIFIER_TESTS_UNIT_CTL_DOCTOR_FIXTURE_H

#include <catch2/catch.hpp>

#include "doctor/doctor.h"
#include "scripted_server.h"

namespace doctor_test {

using doctor::Finding;
using doctor::Report;
using doctor::Verdict;
using testing::Must;

inline doctor::Settings NewSettings(const std::string& challenge = "") {
  doctor::Settings settings;
  settings.subject = Must(pki::Name::FromString("CN=patient"));
  settings.challenge = pki::Secret(challenge);
  settings.now = [] { return std::chrono::system_clock::now(); };
  // The same few keys in each examination: making them takes longest.
  settings.make_key = [count = 0]() mutable -> result::Result<std::shared_ptr<const pki::PrivateKey>> {
    return testing::Key("patient " + std::to_string(++count));
  };
  return settings;
}

// Examined is what the doctor finds, with the server's challenge if it is to enrol.
inline Report Examined(ScriptedServer& server, bool has_challenge = false) {
  return Must(doctor::Examine(server, NewSettings(has_challenge ? server.challenge : "")));
}

// Of is the one finding of a check.
inline Finding Of(const Report& report, const std::string& check) {
  std::vector<Finding> found;
  for (const Finding& finding : report.findings()) {
    if (finding.check == check) found.push_back(finding);
  }
  INFO(check);
  REQUIRE(found.size() == 1);
  return found.front();
}

// CheckVerdict wants a verdict, and where it is none of the good ones, something to do.
inline void CheckVerdict(const Report& report, const std::string& check, Verdict verdict) {
  const Finding finding = Of(report, check);
  CAPTURE(check, finding.seen, finding.advice);
  CHECK(ToString(finding.verdict) == ToString(verdict));
  CHECK(finding.advice.empty() == (verdict == Verdict::kPass || verdict == Verdict::kSkipped));
}

// Bad are the names of the checks that warn or failed.
inline std::vector<std::string> Bad(const Report& report) {
  std::vector<std::string> names;
  for (const Finding& finding : report.findings()) {
    if (finding.verdict == Verdict::kWarn || finding.verdict == Verdict::kFail) {
      names.push_back(finding.check + ": " + finding.seen);
    }
  }
  return names;
}

}  // namespace doctor_test

#endif  // CERTIFIER_TESTS_UNIT_CTL_DOCTOR_FIXTURE_H
