#include "ctl/report_view.h"

#include <nlohmann/json.hpp>

#include "ctl/decision_advice.h"
#include "ctl/json_printer.h"

namespace ctl {

namespace {

using doctor::Verdict;
using Json = nlohmann::ordered_json;

constexpr Verdict kVerdicts[] = {Verdict::kPass, Verdict::kWarn, Verdict::kFail, Verdict::kSkipped};
constexpr std::size_t kLeastText = 16;

std::string ShortName(certifier::v1::DecisionOutcome outcome) {
  const auto* const value = certifier::v1::DecisionOutcome_descriptor()->FindValueByNumber(outcome);
  return value == nullptr ? std::to_string(outcome) : EnumName(*value);
}

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

Table AdviceTable(const certifier::v1::ExplainRequestResponse& decisions, Time now) {
  Table table({{"LAST"},
               {"OUTCOME"},
               {.title = "WHAT HAPPENED", .least_width = kLeastText, .is_wrapped = true},
               {.title = "WHAT TO DO", .least_width = kLeastText, .is_wrapped = true}});
  for (const auto& decision : decisions.decisions()) {
    const DecisionAdvice advice = AdviceOn(decision);
    table.Add(
        {FormatAgo(ToTime(decision.last_at()), now), ShortName(decision.outcome()), advice.finding, advice.advice});
  }
  return table;
}

std::string AdviceJson(const certifier::v1::ExplainRequestResponse& decisions) {
  Json json;
  Json& rows = json["decisions"] = Json::array();
  for (const auto& decision : decisions.decisions()) {
    const DecisionAdvice advice = AdviceOn(decision);
    Json& row = rows.emplace_back(Json::object());
    row["decision_id"] = decision.decision_id();
    row["outcome"] = ShortName(decision.outcome());
    row["reason"] = decision.reason();
    row["finding"] = advice.finding;
    row["advice"] = advice.advice;
  }
  return json.dump(2, ' ', true, Json::error_handler_t::replace);
}

}  // namespace ctl
