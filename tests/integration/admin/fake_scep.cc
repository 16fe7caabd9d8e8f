#include "fake_scep.h"

#include "fake_engine.h"
#include "service/status_mapping.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;

constexpr char kFirstAddress[] = "0.0.0.0:8080";

void ApplyAtOnce(const v1::ScepServiceSettings& settings, v1::ScepGateway& gateway) {
  gateway.set_applied_version(settings.version());
  gateway.set_listen(settings.listen().empty() ? kFirstAddress : settings.listen());
}

}  // namespace

FakeScep::FakeScep(EngineJournal& journal) : journal_(journal), apply_(ApplyAtOnce) {
  auto& settings = *service_.mutable_settings();
  settings.set_is_active(true);
  settings.set_version(1);
  for (int operation = 1; v1::ScepOperation_IsValid(operation); ++operation) {
    settings.mutable_allowed_operations()->add_operations(static_cast<v1::ScepOperation>(operation));
  }
  for (const char* instance : {"a", "b"}) {
    auto& gateway = *service_.add_gateways();
    gateway.set_name("gw");
    gateway.set_instance(instance);
    gateway.mutable_reported_at()->set_seconds(1'795'486'200);
    ApplyAtOnce(settings, gateway);
  }
}

grpc::Status FakeScep::GetScepService(grpc::ServerContext* context, const v1::GetScepServiceRequest*,
                                      v1::GetScepServiceResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  *response = service_;
  const std::string& name = service_.settings().domain_name();
  if (!name.empty()) response->set_enrollment_url("http://" + name + ":8080/scep/{ca}");
  return grpc::Status::OK;
}

grpc::Status FakeScep::UpdateScepService(grpc::ServerContext* context, const v1::UpdateScepServiceRequest* request,
                                         v1::UpdateScepServiceResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  updated_ = *request;
  auto& settings = *service_.mutable_settings();
  if (request->has_if_version() && request->if_version() != settings.version()) {
    return service::ToStatus({result::Reason::kConflict, "that version is not the latest"});
  }
  if (request->has_description()) settings.set_description(request->description());
  if (request->has_is_active()) settings.set_is_active(request->is_active());
  if (request->has_listen()) settings.set_listen(request->listen());
  if (request->has_domain_name()) settings.set_domain_name(request->domain_name());
  if (request->has_allowed_operations()) *settings.mutable_allowed_operations() = request->allowed_operations();
  settings.set_version(settings.version() + 1);
  settings.set_changed_by("ali\x1b[2Jce");
  ApplyAtOnce(settings, *service_.mutable_gateways(0));
  apply_(settings, *service_.mutable_gateways(1));
  *response->mutable_settings() = settings;
  return grpc::Status::OK;
}

void FakeScep::set_apply(Apply apply) {
  const std::lock_guard lock(mutex_);
  apply_ = std::move(apply);
}

void FakeScep::Report(const v1::ScepGateway& gateway) {
  const std::lock_guard lock(mutex_);
  for (v1::ScepGateway& known : *service_.mutable_gateways()) {
    if (known.name() == gateway.name() && known.instance() == gateway.instance()) known = gateway;
  }
}

v1::UpdateScepServiceRequest FakeScep::updated() const {
  const std::lock_guard lock(mutex_);
  return updated_;
}

}  // namespace admin_test
