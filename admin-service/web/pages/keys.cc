#include <chrono>

#include "ctl/key_view.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/key_rows.h"
#include "web/pages/key_sheet.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Keys = v1::PreSharedKeyService::Stub;

constexpr std::uint32_t kPageSize = 100;
constexpr std::uint32_t kMostUses = 1'000'000, kMostDays = 3650;

std::string PathOf(const std::string& reference_number) {
  return "/keys/" + PathSegment(reference_number);
}

std::string EntityPath(const std::string& entity) {
  return "/entities/" + PathSegment(entity);
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

Model KeyRows(const google::protobuf::RepeatedPtrField<v1::PreSharedKey>& keys) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Model rows = Model::array();
  for (const v1::PreSharedKey& key : keys) {
    Model row = ModelOf(key);
    row["path"] = PathOf(key.reference_number());
    row["entity_path"] = EntityPath(key.entity());
    const std::string status = ctl::KeyStatus(key, now);
    row["status"] = status;
    row["status_class"] = status == "good" || status == "disabled" ? status : "";
    rows.push_back(std::move(row));
  }
  return rows;
}

result::Result<Response> ListKeys(Visit& visit) {
  const std::string entity = visit.request.Parameter("entity");
  v1::ListPreSharedKeysRequest ask;
  ask.set_entity(entity);
  ask.set_page_size(kPageSize);
  ask.set_page_token(visit.request.Parameter("page"));
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Keys::ListPreSharedKeys, ask));
  Model model = {{"keys", KeyRows(listed.keys())},
                 {"shows_entity", true},
                 {"entity", entity},
                 {"entity_path", EntityPath(entity)}};
  if (!listed.next_page_token().empty()) {
    model["next"] = "/keys?entity=" + PathSegment(entity) + "&page=" + PathSegment(listed.next_page_token());
  }
  return ShowPage(visit, "keys", std::move(model), {entity.empty() ? "Keys" : "Keys of " + entity, "entities"});
}

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
  model["entity_path"] = EntityPath(key.entity());
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
