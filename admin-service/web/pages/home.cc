#include <algorithm>
#include <chrono>

#include "ctl/times.h"
#include "web/pages/live.h"
#include "web/pages/pages.h"
#include "web/pages/reports.h"

namespace web {

namespace {

namespace v1 = certifier::v1;

constexpr std::uint32_t kMostPending = 100;
constexpr int kMostShown = 10;
constexpr std::uint32_t kMostOfReport = 8;
constexpr std::chrono::days kSoon(60);

ctl::Time Now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void AddWarning(Model& warnings, const std::string& ca, const std::string& text) {
  warnings.push_back({{"text", text}, {"path", "/cas/" + PathSegment(ca)}});
}

// What of a CA ends soon, or has ended.
void WarnOf(const v1::Ca& ca, Model& warnings) {
  const ctl::Time now = Now();
  const auto warn = [&](const std::string& what, const google::protobuf::Timestamp& not_after) {
    const ctl::Time end = ctl::ToTime(not_after);
    if (end - now >= kSoon) return;
    AddWarning(warnings, ca.name(), what + (end < now ? " ended " : " ends ") + ctl::FormatAgo(end, now));
  };
  warn("The certificate of CA " + ca.name(), ca.not_after());
  for (const auto& authority : ca.registration_authorities()) {
    warn("The " + authority.usage() + " RA certificate of CA " + ca.name(), authority.not_after());
  }
  if (ca.status() == "disabled") AddWarning(warnings, ca.name(), "CA " + ca.name() + " is disabled: it answers nobody");
  const bool is_rolling = std::ranges::any_of(ca.generations(), [](const auto& one) { return one.state() == "next"; });
  if (is_rolling)
    AddWarning(warnings, ca.name(), "CA " + ca.name() + " has a next generation that waits to be activated");
}

void WarnOfCrl(Visit& visit, const v1::Ca& ca, Model& warnings) {
  v1::GetCrlRequest ask;
  ask.set_ca(ca.name());
  const auto answer = visit.Call(&v1::CrlService::Stub::GetCrl, ask);
  if (!answer) {
    if (answer.error().reason == result::Reason::kNotFound)
      AddWarning(warnings, ca.name(), "CA " + ca.name() + " has no CRL");
    return;
  }
  const ctl::Time due = ctl::ToTime(answer->crl().next_update());
  if (due < Now())
    AddWarning(warnings, ca.name(), "The CRL of CA " + ca.name() + " ran out " + ctl::FormatAgo(due, Now()));
}

v1::ListRequestsRequest Pending() {
  v1::ListRequestsRequest ask;
  ask.set_state(v1::REQUEST_STATE_PENDING);
  ask.set_oldest_first(true);
  ask.set_page_size(kMostPending);
  return ask;
}

}  // namespace

result::Result<Response> WatchHome(Visit& visit) {
  return StreamOf(visit, &v1::RequestService::Stub::ListRequests, Pending());
}

result::Result<Response> ShowHome(Visit& visit) {
  ASSIGN_OR_RETURN(const auto pending, visit.Call(&v1::RequestService::Stub::ListRequests, Pending()));
  ASSIGN_OR_RETURN(const auto cas, visit.Call(&v1::CaService::Stub::ListCas, v1::ListCasRequest()));
  Model warnings = Model::array();
  for (const v1::Ca& ca : cas.cas()) {
    WarnOf(ca, warnings);
    WarnOfCrl(visit, ca, warnings);
  }
  const int count = pending.requests_size();
  const bool has_more = !pending.next_page_token().empty();
  Model shown = Model::array();
  for (int i = 0; i < std::min(count, kMostShown); ++i) shown.push_back(ModelOf(pending.requests(i)));
  Model model = {{"pending", count == 0 ? "" : std::to_string(count) + (has_more ? "+" : "")},
                 {"live", LiveModel("/", "/events", pending)},
                 {"is_one", count == 1},
                 {"shown", std::move(shown)},
                 {"warnings", std::move(warnings)},
                 {"has_no_ca", cas.cas().empty()}};
  AddIssuance(visit, model);
  AddFailures(visit, kMostOfReport, model);
  AddOverdue(visit, kMostOfReport, model);
  AddExpiring(visit, kMostOfReport, model);
  return ShowPage(visit, "home", std::move(model), {"Home", "home"});
}

}  // namespace web
