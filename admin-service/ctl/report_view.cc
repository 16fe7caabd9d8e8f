#include "ctl/report_view.h"

#include <nlohmann/json.hpp>

namespace ctl {

namespace {

using doctor::Verdict;
using Json = nlohmann::ordered_json;

constexpr Verdict kVerdicts[] = {Verdict::kPass, Verdict::kWarn, Verdict::kFail, Verdict::kSkipped};
constexpr std::size_t kLeastText = 16;

}  // namespace

Table ReportTable(const doctor::Report& report) {
  Table table({{"CHECK"},
               {"VERDICT"},
               {.title = "SEEN", .least_width = kLeastText, .is_wrapped = true},
               {.title = "WHAT TO DO", .least_width = kLeastText, .is_wrapped = true}});
  for (const doctor::Finding& finding : report.findings()) {
    table.Add({finding.check, std::string(ToString(finding.verdict)), finding.seen, finding.advice});
  }
  return table;
}

std::string ReportCounts(const doctor::Report& report) {
  const auto count = [&report](Verdict verdict) { return std::to_string(report.Count(verdict)); };
  return count(Verdict::kPass) + " passed, " + count(Verdict::kWarn) + " to warn of, " + count(Verdict::kFail) +
         " failed, " + count(Verdict::kSkipped) + " skipped";
}

std::string ReportJson(const std::string& url, const doctor::Report& report) {
  Json json;
  json["url"] = url;
  Json& checks = json["checks"] = Json::array();
  for (const doctor::Finding& finding : report.findings()) {
    Json& check = checks.emplace_back(Json::object());
    check["check"] = finding.check;
    check["verdict"] = ToString(finding.verdict);
    check["seen"] = finding.seen;
    check["advice"] = finding.advice;
  }
  for (const Verdict verdict : kVerdicts) json[std::string(ToString(verdict))] = report.Count(verdict);
  return json.dump(2, ' ', true, Json::error_handler_t::replace);
}

}  // namespace ctl
