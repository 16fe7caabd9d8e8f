#include "web/pages/grant_models.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Operators = v1::OperatorService::Stub;

result::Result<Response> Show(Visit& visit, const std::string& problem) {
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Operators::WhoAmI, v1::WhoAmIRequest()));
  Model model = ModelOf(answer.operator_());
  model["expires_at"] = ModelOf(answer)["expires_at"];
  model["grants"] = GrantModels(answer.operator_());
  model["problem"] = problem;
  model["was_changed"] = visit.request.Parameter("done") == "changed";
  return ShowPage(visit, "account", std::move(model), {"Your account", "account"});
}

}  // namespace

result::Result<Response> ShowAccount(Visit& visit) {
  return Show(visit, "");
}

result::Result<Response> ChangeOwnPassword(Visit& visit) {
  const Request& form = visit.request;
  if (form.Parameter("new") != form.Parameter("again")) return Show(visit, "The new password is not twice the same.");
  v1::ChangePasswordRequest ask;
  ask.set_current_password(form.Parameter("current"));
  ask.set_new_password(form.Parameter("new"));
  if (const auto changed = visit.Call(&Operators::ChangePassword, ask); !changed) {
    const result::Error& error = changed.error();
    const bool is_his = error.reason == result::Reason::kUnauthorized || error.reason == result::Reason::kMalformed;
    if (!is_his) return tl::unexpected(error);
    return Show(visit, error.detail);
  }
  return Redirect("/account?done=changed");
}

}  // namespace web
