#include <algorithm>
#include <array>
#include <cctype>

#include "ctl/enum_option.h"
#include "pki/digest.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/decision_model.h"
#include "web/pages/live.h"
#include "web/pages/pages.h"
#include "web/search_form.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Requests = v1::RequestService::Stub;

constexpr std::uint32_t kPageSize = 50;
constexpr std::size_t kMostAtOnce = 100;
constexpr std::array kStates = {"pending", "postponed", "approved", "issued", "rejected", "expired", "all"};
constexpr std::array kOrders = {"newest", "oldest"};

v1::RequestState StateOf(const std::string& name) {
  return ctl::ParseEnum<v1::RequestState>("state", name).value_or(v1::REQUEST_STATE_UNSPECIFIED);
}

bool IsNumber(const std::string& text) {
  return !text.empty() && text.size() < 19 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What is searched for is listed from the newest on.
bool IsOldestFirst(const Request& form) {
  return form.Parameter("order") == kOrders[1] && form.Parameter("q").empty() && form.Parameter("words").empty();
}

std::string QueryOf(const Request& form, const std::string& state) {
  return "state=" + PathSegment(state) + "&ca=" + PathSegment(form.Parameter("ca")) +
         "&q=" + PathSegment(form.Parameter("q")) + "&order=" + kOrders[IsOldestFirst(form) ? 1 : 0] + "&" +
         SearchQuery(form);
}

// Rows for the table; who may not decide gets no boxes.
Model Rows(const Visit& visit, const v1::ListRequestsResponse& listed) {
  Model rows = ModelOf(listed)["requests"];
  for (Model& row : rows) {
    row["may_decide"] = (row["state"] == "pending" || row["state"] == "postponed") &&
                        May(visit.who, v1::ACCESS_LEVEL_WRITE, row["ca"].get<std::string>());
  }
  return rows;
}

// What is known of a transactionID, or of the id that a device was told.
result::Result<Response> ShowFound(Visit& visit, const std::string& search) {
  v1::ExplainRequestRequest ask;
  ask.set_query(search);
  auto answer = visit.Call(&Requests::ExplainRequest, ask);
  Model model = {
      {"search", search}, {"states", ChoicesOf({kStates.begin(), kStates.end()}, "all")}, {"is_search", true}};
  if (answer) {
    model["decisions"] = DecisionModels(*answer);
  } else if (answer.error().reason != result::Reason::kNotFound) {
    return tl::unexpected(answer.error());
  } else {
    return Redirect("/requests?state=all&words=" + PathSegment(search));
  }
  return ShowPage(visit, "requests", std::move(model), {"Requests", "requests"});
}

std::string ShownState(const Request& form) {
  const std::string state = form.Parameter("state");
  if (std::ranges::find(kStates, state) != kStates.end()) return state;
  return form.Parameter("q").empty() ? "pending" : "all";
}

// AskOf is what the list's first page asks the engine.
v1::ListRequestsRequest AskOf(const Request& form) {
  v1::ListRequestsRequest ask;
  ask.set_state(StateOf(ShownState(form)));
  ask.set_ca(form.Parameter("ca"));
  ask.set_fingerprint(form.Parameter("q"));
  if (ask.fingerprint().empty()) *ask.mutable_search() = SearchOf(form);
  ask.set_oldest_first(IsOldestFirst(form));
  ask.set_page_size(kPageSize);
  return ask;
}

// DecideAll does one thing with each of the requests that were ticked; `title` says what they then are.
template <class Ask, class Rpc>
result::Result<Response> DecideAll(Visit& visit, Rpc rpc, const std::string& title) {
  const auto [first, last] = visit.request.parameters.equal_range("id");
  if (std::distance(first, last) > static_cast<std::ptrdiff_t>(kMostAtOnce)) {
    return result::Fail(result::Reason::kMalformed, "At most " + std::to_string(kMostAtOnce) + " requests at once.");
  }
  Model outcomes = Model::array();
  for (auto id = first; id != last; ++id) {
    Ask ask;
    ask.set_request_id(id->second);
    ask.set_reason(visit.request.Parameter("reason"));
    const auto answer = visit.Call(rpc, ask);
    outcomes.push_back({{"request_id", id->second}, {"problem", answer ? "" : answer.error().detail}});
    // Each of the others would wait as long: what is not named was not asked for.
    if (!answer && answer.error().reason == result::Reason::kUnavailable) break;
  }
  std::string done = title;
  done.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(done.front())));
  return ShowPage(visit, "decided", {{"outcomes", std::move(outcomes)}, {"done", done}}, {title, "requests"});
}

}  // namespace

result::Result<Response> WatchRequests(Visit& visit) {
  return StreamOf(visit, &Requests::ListRequests, AskOf(visit.request));
}

result::Result<Response> ListRequests(Visit& visit) {
  const std::string search = visit.request.Parameter("q"), ca = visit.request.Parameter("ca");
  if (IsNumber(search)) return Redirect("/requests/" + search);
  if (!search.empty() && !pki::ParseFingerprint(search)) return ShowFound(visit, search);
  const std::string state = ShownState(visit.request);
  v1::ListRequestsRequest ask = AskOf(visit.request);
  ask.set_page_token(visit.request.Parameter("page"));
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Requests::ListRequests, ask));
  Model model = {{"search", search},
                 {"ca", ca},
                 {"state", state},
                 {"states", ChoicesOf({kStates.begin(), kStates.end()}, state)},
                 {"orders", ChoicesOf({kOrders.begin(), kOrders.end()}, kOrders[ask.oldest_first() ? 1 : 0])},
                 {"is_oldest_first", ask.oldest_first()}};
  AddSearch(visit.request, model);
  model["requests"] = Rows(visit, listed);
  model["may_decide"] =
      std::ranges::any_of(model["requests"], [](const Model& row) { return row["may_decide"] == true; });
  model["has_ticks"] = model["may_decide"];
  const std::string query = "?" + QueryOf(visit.request, state);
  if (!listed.next_page_token().empty()) {
    model["next"] = "/requests" + query + "&page=" + PathSegment(listed.next_page_token());
  }
  // The other pages are of what is further down.
  if (ask.page_token().empty()) model["live"] = LiveModel("/requests" + query, "/requests/events" + query, listed);
  return ShowPage(visit, "requests", std::move(model), {"Requests", "requests"});
}

result::Result<Response> RejectRequests(Visit& visit) {
  return DecideAll<v1::RejectRequestRequest>(visit, &Requests::RejectRequest, "Rejected");
}

result::Result<Response> PostponeRequests(Visit& visit) {
  return DecideAll<v1::PostponeRequestRequest>(visit, &Requests::PostponeRequest, "Postponed");
}

result::Result<Response> ResumeRequests(Visit& visit) {
  return DecideAll<v1::ResumeRequestRequest>(visit, &Requests::ResumeRequest, "Resumed");
}

}  // namespace web
