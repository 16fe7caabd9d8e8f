#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/key_sheet.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Keys = v1::PreSharedKeyService::Stub;

constexpr std::uint32_t kMostUses = 1'000'000, kMostDays = 3650;

std::string PathOf(const std::string& reference_number) {
  return "/keys/" + PathSegment(reference_number);
}

// The one page that shows a value. Its answer is kept by nobody, and no address leads to it: whatever else cannot be
// found out for it is left out.
result::Result<Response> ShowValue(Visit& visit, Model key, const std::string& entity, const std::string& ca) {
  v1::GetCaRequest ask;
  ask.set_name(ca);
  const auto found = visit.Call(&v1::CaService::Stub::GetCa, ask);
  const auto service = visit.Call(&v1::ScepService::Stub::GetScepService, v1::GetScepServiceRequest());
  KeyOwner owner{entity, ca};
  if (found) owner.fingerprints = &found->ca().fingerprints();
  if (service) owner.enrollment_url = service->enrollment_url();
  ASSIGN_OR_RETURN(auto sheet, KeySheet(std::move(key), owner));
  return ShowPage(visit, "key_value", std::move(sheet), {"A pre-shared key", "entities"});
}

}  // namespace

result::Result<Response> CreateKey(Visit& visit) {
  v1::CreatePreSharedKeyRequest ask;
  ask.set_entity(visit.arguments.at(0));
  ask.set_ca(visit.request.Parameter("ca"));
  ASSIGN_OR_RETURN(const auto uses, NumberOf("Uses", visit.request.Parameter("uses"), 1, kMostUses));
  ASSIGN_OR_RETURN(const auto days, NumberOf("Days", visit.request.Parameter("days"), 1, kMostDays));
  ask.set_use_limit(uses);
  *ask.mutable_expires_at() = InDays(days);
  ask.set_policy(visit.request.Parameter("policy"));
  ASSIGN_OR_RETURN(const auto made, visit.Call(&Keys::CreatePreSharedKey, ask));
  return ShowValue(visit, ModelOf(made), made.entity(), made.ca());
}

result::Result<Response> ShowKey(Visit& visit) {
  v1::GetPreSharedKeyRequest ask;
  ask.set_reference_number(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto found, visit.Call(&Keys::GetPreSharedKey, ask));
  const v1::PreSharedKey& key = found.key();
  Model model = ModelOf(key);
  model["path"] = PathOf(key.reference_number());
  model["entity_path"] = "/entities/" + PathSegment(key.entity());
  model["may_change"] = !key.has_disabled_at() && May(visit.who, v1::ACCESS_LEVEL_WRITE, key.ca());
  return ShowPage(visit, "key", std::move(model), {"Key " + key.reference_number(), "entities"});
}

result::Result<Response> RekeyKey(Visit& visit) {
  v1::RekeyPreSharedKeyRequest ask;
  ask.set_reference_number(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto changed, visit.Call(&Keys::RekeyPreSharedKey, ask));
  Model model = ModelOf(changed.key());
  model["key"] = changed.value();
  return ShowValue(visit, std::move(model), changed.key().entity(), changed.key().ca());
}

result::Result<Response> DisableKey(Visit& visit) {
  v1::DisablePreSharedKeyRequest ask;
  ask.set_reference_number(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto changed, visit.Call(&Keys::DisablePreSharedKey, ask));
  return Redirect(PathOf(changed.key().reference_number()));
}

}  // namespace web
