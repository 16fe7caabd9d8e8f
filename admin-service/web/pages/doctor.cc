#include "certifier/v1/report.grpc.pb.h"
#include "web/pages/decision_model.h"
#include "web/pages/pages.h"
#include "web/pages/reports.h"

namespace web {

namespace {

namespace v1 = certifier::v1;

constexpr std::uint32_t kPageSize = 50;

// What is known of a transactionID, a decision, a request or a fingerprint.
result::Result<Response> Explain(Visit& visit, const std::string& search) {
  v1::ExplainRequestRequest ask;
  ask.set_query(search);
  const auto answer = visit.Call(&v1::RequestService::Stub::ExplainRequest, ask);
  const bool is_unknown = !answer && (answer.error().reason == result::Reason::kNotFound ||
                                      answer.error().reason == result::Reason::kMalformed);
  if (!answer && !is_unknown) return tl::unexpected(answer.error());
  Model model = {{"search", search}, {"is_search", true}, {"decisions", Model::array()}, {"problem", ""}};
  if (is_unknown) model["problem"] = answer.error().detail;
  if (answer) model["decisions"] = DecisionModels(*answer);
  return ShowPage(visit, "doctor", std::move(model), {"Doctor", "doctor"});
}

}  // namespace

result::Result<Response> ShowDoctor(Visit& visit) {
  const Request& form = visit.request;
  if (const std::string search = form.Parameter("q"); !search.empty()) return Explain(visit, search);
  v1::ListFailuresRequest ask;
  ask.set_page_size(kPageSize);
  ask.set_ca(form.Parameter("ca"));
  ask.set_page_token(form.Parameter("page"));
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&v1::ReportService::Stub::ListFailures, ask));
  Model model = {{"search", ""}, {"ca", ask.ca()}, {"rows", FailureModels(listed)}, {"next", ""}};
  if (!listed.next_page_token().empty()) {
    model["next"] = "/doctor?ca=" + PathSegment(ask.ca()) + "&page=" + PathSegment(listed.next_page_token());
  }
  return ShowPage(visit, "doctor", std::move(model), {"Doctor", "doctor"});
}

}  // namespace web
