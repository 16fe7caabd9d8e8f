#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/audit_history.h"
#include "web/pages/key_rows.h"
#include "web/pages/pages.h"
#include "web/search_form.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Entities = v1::EntityService::Stub;

constexpr std::uint32_t kPageSize = 100;

std::string PathOf(const std::string& entity) {
  return "/entities/" + PathSegment(entity);
}

std::string KeysPath(const std::string& entity) {
  return "/keys?entity=" + PathSegment(entity);
}

// The CAs that this operator may make keys for.
result::Result<std::vector<std::string>> KeyCas(Visit& visit) {
  std::vector<std::string> names;
  if (!MaySomewhere(visit.who, v1::ACCESS_LEVEL_WRITE)) return names;
  ASSIGN_OR_RETURN(const auto cas, visit.Call(&v1::CaService::Stub::ListCas, v1::ListCasRequest()));
  for (const v1::Ca& ca : cas.cas()) {
    if (May(visit.who, v1::ACCESS_LEVEL_WRITE, ca.name())) names.push_back(ca.name());
  }
  return names;
}

Model AttributeModels(const v1::Entity& entity) {
  Model models = Model::array();
  for (const auto& [name, value] : entity.attributes()) models.push_back({{"name", name}, {"value", value}});
  return models;
}

}  // namespace

result::Result<Response> ListEntities(Visit& visit) {
  if (const std::string name = visit.request.Parameter("name"); !name.empty()) return Redirect(PathOf(name));
  v1::ListEntitiesRequest ask;
  ask.set_page_size(kPageSize);
  ask.set_page_token(visit.request.Parameter("page"));
  *ask.mutable_search() = SearchOf(visit.request);
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&Entities::ListEntities, ask));
  Model model = ModelOf(listed);
  for (Model& row : model["entities"]) {
    row["path"] = PathOf(row["name"].get<std::string>());
    row["keys_path"] = KeysPath(row["name"].get<std::string>());
  }
  model["may_mint"] = MaySomewhere(visit.who, v1::ACCESS_LEVEL_WRITE);
  model["may_create"] = MaySomewhere(visit.who, v1::ACCESS_LEVEL_ENTITY_WRITE);
  AddSearch(visit.request, model);
  if (!listed.next_page_token().empty()) {
    model["next"] = "/entities?" + SearchQuery(visit.request) + "&page=" + PathSegment(listed.next_page_token());
  }
  return ShowPage(visit, "entities", std::move(model), {"Entities", "entities"});
}

result::Result<Response> CreateEntity(Visit& visit) {
  v1::CreateEntityRequest ask;
  ask.set_name(visit.request.Parameter("name"));
  ask.set_description(visit.request.Parameter("description"));
  ask.set_subject(visit.request.Parameter("subject"));
  for (std::string& name : LinesOf(visit.request.Parameter("names")))
    ask.add_subject_alternative_names(std::move(name));
  ASSIGN_OR_RETURN(const auto made, visit.Call(&Entities::CreateEntity, ask));
  return Redirect(PathOf(made.entity().name()));
}

result::Result<Response> ShowEntity(Visit& visit) {
  v1::GetEntityRequest ask;
  ask.set_name(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto found, visit.Call(&Entities::GetEntity, ask));
  ASSIGN_OR_RETURN(const auto cas, KeyCas(visit));
  Model model = ModelOf(found);
  model["path"] = PathOf(found.entity().name());
  model["keys"] = KeyRows(found.keys());
  model["keys_path"] = KeysPath(found.entity().name());
  if (const std::string words = PathSegment(WordsOf(found.entity().name())); !words.empty()) {
    model["requests_path"] = "/requests?state=all&words=" + words;
    model["certificates_path"] = "/certificates?words=" + words;
  }
  model["attributes"] = AttributeModels(found.entity());
  model["has_attributes"] = !found.entity().attributes().empty();
  model["has_key_cas"] = !cas.empty();
  model["is_inactive"] = found.entity().status() != "active";
  model["may_change"] = MaySomewhere(visit.who, v1::ACCESS_LEVEL_ENTITY_WRITE);
  model["key_cas"] = ChoicesOf(cas, "");
  for (Model& row : model["certificates"]) {
    row["path"] = "/certificates/" + PathSegment(row["ca"].get<std::string>()) + "/" +
                  PathSegment(row["serial_number"].get<std::string>());
  }
  AddHistory(visit, found.entity().name(), model);
  return ShowPage(visit, "entity", std::move(model), {"Entity " + found.entity().name(), "entities"});
}

result::Result<Response> SetEntityStatus(Visit& visit) {
  v1::UpdateEntityRequest ask;
  ask.set_name(visit.arguments.at(0));
  ask.set_status(visit.request.Parameter("status"));
  ASSIGN_OR_RETURN(const auto changed, visit.Call(&Entities::UpdateEntity, ask));
  return Redirect(PathOf(changed.entity().name()));
}

}  // namespace web
