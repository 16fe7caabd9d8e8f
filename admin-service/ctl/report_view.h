#ifndef CERTIFIER_ADMIN_SERVICE_CTL_REPORT_VIEW_H
#define CERTIFIER_ADMIN_SERVICE_CTL_REPORT_VIEW_H

#include <string>

#include "certifier/v1/request.pb.h"
#include "ctl/table.h"
#include "ctl/times.h"
#include "doctor/report.h"

namespace ctl {

// ReportTable has a row for each check. What a server sent is made safe for terminals by Table.
Table ReportTable(const doctor::Report& report);
// ReportCounts is "20 passed, 1 to warn of, 0 failed, 3 skipped".
std::string ReportCounts(const doctor::Report& report);
// ReportJson is {"url":..., "checks":[{"check","verdict","seen","advice"}...], "pass":n, "warn":n, "fail":n,
// "skipped":n} in ASCII.
std::string ReportJson(const std::string& url, const doctor::Report& report);

// AdviceTable has a row for each decision on a transaction, in their order, with what to do.
Table AdviceTable(const certifier::v1::ExplainRequestResponse& decisions, Time now);
// AdviceJson is {"decisions":[{"decision_id","outcome","reason","finding","advice"}...]} in ASCII.
std::string AdviceJson(const certifier::v1::ExplainRequestResponse& decisions);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_REPORT_VIEW_H
