#include "web/pages/reports.h"

#include <algorithm>
#include <map>

#include "ctl/decision_advice.h"
#include "ctl/times.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Reports = v1::ReportService::Stub;
using std::chrono::hours;

constexpr std::int64_t kExpiringSeconds = 86400;
// The picture of issuance: a bar for each hour, in units of its own.
constexpr int kHours = 48, kBarWidth = 14, kBarGap = 2;
constexpr std::uint64_t kHeight = 120;

Model Failed(const result::Error& error) {
  return {{"problem", error.detail}};
}

Model Part(Model rows, bool has_more) {
  const bool has_rows = !rows.empty();
  return {{"problem", ""}, {"has_rows", has_rows}, {"rows", std::move(rows)}, {"has_more", has_more}};
}

// The height of what is not nothing is not nothing.
std::uint64_t HeightOf(std::uint64_t count, std::uint64_t most) {
  return most == 0 ? 0 : (count * kHeight + most - 1) / most;
}

Model BarOf(int place, ctl::Time begins_at, const v1::HourOfIssuance& hour, std::uint64_t most) {
  const std::uint64_t issued = HeightOf(hour.issued(), most), refused = HeightOf(hour.refused(), most);
  return {{"x", std::to_string(place * kBarWidth)},
          {"width", std::to_string(kBarWidth - kBarGap)},
          {"issued_y", std::to_string(kHeight - issued)},
          {"issued_height", std::to_string(issued)},
          {"refused_y", std::to_string(kHeight - std::min(kHeight, issued + refused))},
          {"refused_height", std::to_string(refused)},
          {"text", ctl::FormatTime(begins_at) + ": " + std::to_string(hour.issued()) + " issued, " +
                       std::to_string(hour.refused()) + " refused"}};
}

Model PictureOf(const v1::ListIssuanceResponse& listed, ctl::Time first) {
  std::map<ctl::Time, v1::HourOfIssuance> found;
  std::uint64_t most = 0, issued = 0, refused = 0;
  for (const v1::HourOfIssuance& hour : listed.hours()) {
    found[ctl::ToTime(hour.begins_at())] = hour;
    most = std::max(most, hour.issued() + hour.refused());
    issued += hour.issued();
    refused += hour.refused();
  }
  Model bars = Model::array();
  for (int place = 0; place < kHours; ++place) {
    const ctl::Time begins_at = first + hours(place);
    bars.push_back(BarOf(place, begins_at, found[begins_at], most));
  }
  return {{"bars", std::move(bars)},
          {"width", std::to_string(kHours * kBarWidth)},
          {"height", std::to_string(kHeight)},
          {"issued", std::to_string(issued)},
          {"refused", std::to_string(refused)},
          {"most", std::to_string(most)},
          {"is_empty", most == 0},
          {"problem", ""}};
}

}  // namespace

Model FailureModels(const v1::ListFailuresResponse& listed) {
  Model rows = Model::array();
  for (const v1::DecisionRecord& failure : listed.failures()) {
    const Model model = ModelOf(failure);
    const v1::MessageSummary& message = failure.message();
    rows.push_back({{"path", "/doctor?q=" + PathSegment(failure.decision_id())},
                    {"last_at", model["last_at"]},
                    {"count", std::to_string(failure.message_count())},
                    {"ca", message.ca()},
                    {"source", message.source_address()},
                    {"subject", message.subject()},
                    {"entity", failure.entity()},
                    {"finding", ctl::AdviceOn(failure).finding}});
  }
  return rows;
}

void AddFailures(Visit& visit, std::uint32_t size, Model& model) {
  v1::ListFailuresRequest ask;
  ask.set_page_size(size);
  const auto listed = visit.Call(&Reports::ListFailures, ask);
  model["failures"] = listed ? Part(FailureModels(*listed), false) : Failed(listed.error());
}

void AddOverdue(Visit& visit, std::uint32_t size, Model& model) {
  v1::ListOverdueCertificatesRequest ask;
  ask.set_page_size(size);
  const auto listed = visit.Call(&Reports::ListOverdueCertificates, ask);
  if (!listed) {
    model["overdue"] = Failed(listed.error());
    return;
  }
  Model rows = ModelOf(*listed)["certificates"];
  for (Model& row : rows) {
    row["path"] = "/certificates/" + PathSegment(row["ca"].get<std::string>()) + "/" +
                  PathSegment(row["serial_number"].get<std::string>());
  }
  model["overdue"] = Part(std::move(rows), listed->has_more());
}

void AddExpiring(Visit& visit, std::uint32_t size, Model& model) {
  v1::ListExpiringKeysRequest ask;
  ask.set_page_size(size);
  ask.mutable_within()->set_seconds(kExpiringSeconds);
  const auto listed = visit.Call(&Reports::ListExpiringKeys, ask);
  if (!listed) {
    model["expiring"] = Failed(listed.error());
    return;
  }
  Model rows = ModelOf(*listed)["keys"];
  for (Model& row : rows) row["path"] = "/keys/" + PathSegment(row["reference_number"].get<std::string>());
  model["expiring"] = Part(std::move(rows), listed->has_more());
}

void AddIssuance(Visit& visit, Model& model) {
  const auto now = std::chrono::floor<hours>(std::chrono::system_clock::now());
  const ctl::Time first = now - hours(kHours - 1);
  v1::ListIssuanceRequest ask;
  *ask.mutable_since() = ctl::ToTimestamp(first);
  const auto listed = visit.Call(&Reports::ListIssuance, ask);
  model["issuance"] = listed ? PictureOf(*listed, first) : Failed(listed.error());
}

}  // namespace web
