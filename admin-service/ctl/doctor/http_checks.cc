#include "doctor/examination.h"

namespace doctor {

namespace {

bool IsRedirect(int status) {
  return status >= 300 && status < 400;
}

}  // namespace

std::optional<Answer> CheckReach(const Examination& examination) {
  constexpr char kCheck[] = "reachable";
  Report& report = examination.report;
  const auto answer = examination.Ask("GetCACaps");
  if (!answer.has_value()) {
    report.Add(Fail(kCheck, answer.error().detail,
                    "Check the host, the port and whether a firewall lets HTTP through; try the URL with curl."));
    return std::nullopt;
  }
  if (IsRedirect(answer->status)) {
    const std::string where = answer->location.empty() ? "" : " to " + Excerpt(answer->location);
    report.Add(Fail(kCheck, "HTTP " + std::to_string(answer->status) + where,
                    "SCEP clients follow no redirect: serve SCEP at this very URL, or give devices the other one."));
    return std::nullopt;
  }
  if (!answer->tls_problem.empty()) {
    report.Add(
        Warn(kCheck, "answers, but " + answer->tls_problem,
             "Clients that use HTTPS refuse it unless they know its issuer; SCEP protects its messages over plain "
             "HTTP too."));
    return *answer;
  }
  report.Add(Pass(kCheck, "answers with HTTP " + std::to_string(answer->status)));
  return *answer;
}

void CheckUnknownOperation(const Examination& examination) {
  constexpr char kCheck[] = "unknown-operation";
  constexpr char kAdvice[] = "Answer an operation that SCEP does not have with HTTP 400.";
  const auto answer = examination.Ask("CertifierDoctor");
  if (!answer.has_value()) {
    examination.report.Add(Fail(kCheck, answer.error().detail, kAdvice));
  } else if (answer->status >= 400 && answer->status < 500) {
    examination.report.Add(Pass(kCheck, "refused with HTTP " + std::to_string(answer->status)));
  } else {
    examination.report.Add(Warn(kCheck, Describe(*answer), kAdvice));
  }
}

}  // namespace doctor
