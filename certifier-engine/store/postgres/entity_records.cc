#include "store/postgres/entity_queries.h"
#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/request_states.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

EntityRecord EntityOf(const pqxx::row& row) {
  EntityRecord entity;
  entity.entity_id = row["entity_id"].as<std::int64_t>();
  entity.name = row["name"].as<std::string>();
  entity.is_active = row["is_active"].as<bool>();
  entity.description = row["description"].as<std::string>();
  entity.created_at = TimeOf(row["created_at"]);
  entity.created_by = row["created_by"].as<std::string>();
  entity.binding = {row["bound_subject"].as<std::string>(),
                    SplitText(row["bound_alternative_names"].as<std::string>())};
  entity.attributes = row["attributes"].as<std::string>();
  return entity;
}

Result<EntityOverview::Request> RequestOf(const pqxx::row& row) {
  EntityOverview::Request request;
  request.request_id = row["request_id"].as<std::int64_t>();
  ASSIGN_OR_RETURN(request.state, RequestStateFromText(row["state"].as<std::string>()));
  request.ca = row["ca"].as<std::string>();
  request.subject = row["subject"].as<std::string>();
  request.received_at = TimeOf(row["received_at"]);
  return request;
}

EntityOverview::Certificate CertificateOf(const pqxx::row& row) {
  using Status = EntityOverview::Certificate::Status;
  EntityOverview::Certificate certificate;
  certificate.serial_number = BlobOf(row["serial_number"]);
  certificate.ca = row["ca"].as<std::string>();
  certificate.subject = row["subject"].as<std::string>();
  const auto status = row["status"].as<std::string>();
  if (status != "good") certificate.status = status == "suspended" ? Status::kSuspended : Status::kRevoked;
  certificate.issued_at = TimeOf(row["issued_at"]);
  certificate.not_after = TimeOf(row["not_after"]);
  return certificate;
}

tl::unexpected<result::Error> NoEntity(const std::string& name) {
  return Fail(Reason::kNotFound, "no entity is named " + name);
}

// Whether the change is one that may be made; until the transaction ends, the answer stays.
Result<void> CheckCas(Work& work, const EntityChange& change) {
  const auto cas = ArrayOf(change.ca_ids);
  if (!cas) return {};
  const auto locked = work.exec_prepared(kLockEntity.name, change.name);
  if (locked.empty()) return NoEntity(change.name);
  const auto counts = work.exec_prepared1(kCountCasOfEntity.name, locked[0]["entity_id"].as<std::int64_t>(), *cas);
  const bool is_its_maker = locked[0]["created_by"].as<std::string>() == change.changed_by;
  if (counts["cas"].as<int>() == 0 ? is_its_maker : counts["others"].as<int>() == 0) return {};
  return Fail(Reason::kUnauthorized, "the entity is of other CAs, or another operator's");
}

}  // namespace

Result<EntityRecord> PostgresAdministrationStore::CreateEntity(const NewEntity& entity) {
  auto created = Transact(pool_, [&](Work& work) -> Result<EntityRecord> {
    return EntityOf(work.exec_prepared1(kAddEntity.name, entity.name, entity.description, entity.created_by,
                                        entity.binding.subject, JoinedText(entity.binding.alternative_names),
                                        entity.attributes));
  });
  if (!created && created.error().reason == Reason::kConflict) {
    return Fail(Reason::kConflict, "an entity is named " + entity.name + " already");
  }
  return created;
}

Result<std::vector<EntityRecord>> PostgresAdministrationStore::ListEntities(const Terms& terms, Page page) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<EntityRecord>> {
    std::vector<EntityRecord> entities;
    const auto find = [&] {
      if (terms.empty()) return work.exec_prepared(kListEntities.name, BeforeId(page), page.size);
      // How a word is best searched for depends on how many have it.
      work.exec0("SET LOCAL plan_cache_mode = 'force_custom_plan'");
      return work.exec_prepared(kSearchEntities.name, BeforeId(page), page.size, JoinedText(terms.required),
                                JoinedText(terms.optional), JoinedText(terms.excluded));
    };
    for (const auto& row : find()) {
      entities.push_back(EntityOf(row));
    }
    return entities;
  });
}

Result<EntityStanding> PostgresAdministrationStore::FindEntityStanding(const std::string& name) {
  return Transact(pool_, [&](Work& work) -> Result<EntityStanding> {
    const auto found = work.exec_prepared(kGetEntity.name, name);
    if (found.empty()) return NoEntity(name);
    auto entity = EntityOf(found[0]);
    return EntityStanding{entity.entity_id, std::move(entity.name), entity.is_active, std::move(entity.binding),
                          std::move(entity.attributes)};
  });
}

Result<EntityOverview> PostgresAdministrationStore::GetEntity(const std::string& name, std::uint32_t newest,
                                                              const CaIds& ca_ids) {
  const auto cas = ArrayOf(ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<EntityOverview> {
    const auto found = work.exec_prepared(kGetEntity.name, name);
    if (found.empty()) return NoEntity(name);
    EntityOverview overview;
    overview.entity = EntityOf(found[0]);
    const std::int64_t id = overview.entity.entity_id;
    const auto counts = work.exec_prepared1(kCountOfEntity.name, id, TextOrNull(cas));
    overview.key_count = counts["keys"].as<std::uint64_t>();
    overview.request_count = counts["requests"].as<std::uint64_t>();
    overview.certificate_count = counts["certificates"].as<std::uint64_t>();
    for (const auto& row : work.exec_prepared(kRequestsOfEntity.name, id, newest, TextOrNull(cas))) {
      ASSIGN_OR_RETURN(auto request, RequestOf(row));
      overview.requests.push_back(std::move(request));
    }
    for (const auto& row : work.exec_prepared(kCertificatesOfEntity.name, id, newest, TextOrNull(cas))) {
      overview.certificates.push_back(CertificateOf(row));
    }
    return overview;
  });
}

Result<std::vector<std::string>> PostgresAdministrationStore::CasOfEntity(const std::string& name) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<std::string>> {
    const auto found = work.exec_prepared(kGetEntity.name, name);
    if (found.empty()) return NoEntity(name);
    std::vector<std::string> cas;
    for (const auto& row : work.exec_prepared(kCasOfEntity.name, found[0]["entity_id"].as<std::int64_t>())) {
      cas.push_back(row[0].as<std::string>());
    }
    return cas;
  });
}

Result<EntityRecord> PostgresAdministrationStore::UpdateEntity(const EntityChange& change) {
  std::optional<std::string> names;
  if (change.alternative_names) names = JoinedText(*change.alternative_names);
  const char* status = nullptr;
  if (change.is_active) status = *change.is_active ? "active" : "inactive";
  return Transact(pool_, [&](Work& work) -> Result<EntityRecord> {
    RETURN_IF_ERROR(CheckCas(work, change));
    const auto updated = work.exec_prepared(kUpdateEntity.name, change.name, status, TextOrNull(change.description),
                                            TextOrNull(change.subject), TextOrNull(names),
                                            JoinedText(change.removed_attributes), change.attributes);
    if (updated.empty()) return NoEntity(change.name);
    if (updated[0]["attribute_count"].as<std::size_t>() > change.most_attributes) {
      return Fail(Reason::kConflict,
                  "the entity would have more than " + std::to_string(change.most_attributes) + " attributes");
    }
    return EntityOf(updated[0]);
  });
}

}  // namespace engine::store
