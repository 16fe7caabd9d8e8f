#include <algorithm>

#include "ctl/scep_view.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/live.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Scep = v1::ScepService::Stub;

constexpr char kPath[] = "/scep-service", kEvents[] = "/scep-service/events";

Model OperationModels(const v1::ScepOperations& allowed) {
  Model models = Model::array();
  for (int operation = 1; v1::ScepOperation_IsValid(operation); ++operation) {
    models.push_back(
        {{"name", ctl::OperationName(static_cast<v1::ScepOperation>(operation))},
         {"is_allowed", std::ranges::find(allowed.operations(), operation) != allowed.operations().end()}});
  }
  return models;
}

Model GatewayModels(const v1::GetScepServiceResponse& service) {
  Model models = Model::array();
  for (const v1::ScepGateway& gateway : service.gateways()) {
    Model model = ModelOf(gateway);
    model["problem"] = ctl::FailureText(gateway.failure());
    model["is_behind"] = gateway.applied_version() < service.settings().version();
    models.push_back(std::move(model));
  }
  return models;
}

// Without when gateways reported: each says again and again that nothing is different.
v1::GetScepServiceResponse Counted(v1::GetScepServiceResponse service) {
  for (v1::ScepGateway& gateway : *service.mutable_gateways()) gateway.clear_reported_at();
  return service;
}

}  // namespace

result::Result<Response> WatchScepService(Visit& visit) {
  return StreamOf(visit, &Scep::GetScepService, v1::GetScepServiceRequest(), Counted);
}

result::Result<Response> ShowScepService(Visit& visit) {
  ASSIGN_OR_RETURN(const auto service, visit.Call(&Scep::GetScepService, v1::GetScepServiceRequest()));
  Model model = ModelOf(service.settings());
  model["enrollment_url"] = service.enrollment_url();
  model["operations"] = OperationModels(service.settings().allowed_operations());
  model["gateways"] = GatewayModels(service);
  model["may_change"] = May(visit.who, v1::ACCESS_LEVEL_SUPER_USER, "");
  model["live"] = LiveModel(kPath, kEvents, Counted(service));
  model["was_changed"] = visit.request.Parameter("done") == "changed";
  return ShowPage(visit, "scep_service", std::move(model), {"SCEP service", "scep"});
}

result::Result<Response> ChangeScepService(Visit& visit) {
  const Request& form = visit.request;
  v1::UpdateScepServiceRequest ask;
  ASSIGN_OR_RETURN(const auto version, NumberOf("The version", form.Parameter("version"), 1, kMostVersion));
  ask.set_if_version(version);
  ask.set_description(form.Parameter("description"));
  ask.set_is_active(form.Parameter("status") == "active");
  ask.set_listen(form.Parameter("listen"));
  ask.set_domain_name(form.Parameter("domain_name"));
  auto& allowed = *ask.mutable_allowed_operations();
  const auto [first, last] = form.parameters.equal_range("operation");
  for (auto one = first; one != last; ++one) {
    ASSIGN_OR_RETURN(const auto operation, ctl::FindOperation(one->second));
    allowed.add_operations(operation);
  }
  RETURN_IF_ERROR(visit.Call(&Scep::UpdateScepService, ask));
  return Redirect(std::string(kPath) + "?done=changed");
}

}  // namespace web
