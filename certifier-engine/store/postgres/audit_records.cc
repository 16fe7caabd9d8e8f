#include "store/postgres/audit_queries.h"
#include "store/postgres/fields.h"
#include "store/postgres/postgres_audit_store.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

// Events that one page looks at, which takes some 30 ms where none of them is listed.
constexpr std::int64_t kMostLookedAt = 10'000;

AuditEventRecord EventOf(const pqxx::row& row) {
  AuditEventRecord event{row["audit_event_id"].as<std::int64_t>(), row["event"].as<std::string>()};
  if (!row["log_index"].is_null()) event.log_index = row["log_index"].as<std::uint64_t>();
  return event;
}

std::vector<AuditEventRecord> EventsOf(const pqxx::result& rows) {
  std::vector<AuditEventRecord> events;
  events.reserve(rows.size());
  for (const auto& row : rows) events.push_back(EventOf(row));
  return events;
}

std::optional<AuditSealRecord> SealOf(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  const auto& row = rows[0];
  return AuditSealRecord{row["first_index"].as<std::uint64_t>(), row["end_index"].as<std::uint64_t>(),
                         row["note"].as<std::string>(), BlobOf(row["frontier"]), BlobOf(row["leaf_hashes"])};
}

std::optional<AuditLogKeyRecord> KeyOf(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return AuditLogKeyRecord{rows[0]["verifier_key"].as<std::string>(), BlobOf(rows[0]["sealed_seed"])};
}

// What an event is about is known by few, a kind by many.
const Query& QueryFor(const AuditFilter& filter) {
  if (!filter.about.empty()) return kListAuditBySubject;
  if (!filter.actor.empty()) return kListAuditByActor;
  if (!filter.kind.empty()) return kListAuditByKind;
  if (!filter.ca.empty() || filter.ca_ids) return kListAuditByCa;
  return kListAuditByTime;
}

std::string TextOf(const std::optional<TimePoint>& time) {
  return time ? Epoch(*time) : std::string();
}

// PageOf reads what a list's query gives for at most `size` events.
AuditPage PageOf(const pqxx::result& rows, std::uint32_t size) {
  AuditPage page;
  for (const auto& row : rows) {
    const bool is_listed = row["is_listed"].as<bool>();
    if (is_listed) page.events.push_back(EventOf(row));
    if (!is_listed || page.events.size() == size) {
      page.next = AuditPlace{row["time_us"].as<std::int64_t>(), row["audit_event_id"].as<std::int64_t>()};
      break;
    }
  }
  return page;
}

}  // namespace

Result<AuditPage> PostgresAuditStore::ListAuditEvents(const AuditFilter& filter, const std::optional<AuditPlace>& after,
                                                      std::uint32_t size) {
  const AuditPlace place = after.value_or(AuditPlace{});
  const Query& query = QueryFor(filter);
  // What that one finds is listed, all of it.
  const std::int64_t looked_at = &query == &kListAuditByCa ? size : kMostLookedAt;
  const auto cas = ArrayOf(filter.ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<AuditPage> {
    const auto rows =
        work.exec_prepared(query.name, filter.kind, filter.actor, filter.ca, filter.about, TextOf(filter.since),
                           TextOf(filter.until), place.time_us, place.audit_event_id, looked_at, size, TextOrNull(cas));
    return PageOf(rows, size);
  });
}

Result<AuditEventRecord> PostgresAuditStore::GetAuditEvent(std::int64_t audit_event_id, const CaIds& ca_ids) {
  const auto cas = ArrayOf(ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<AuditEventRecord> {
    const auto found = work.exec_prepared(kGetAuditEvent.name, audit_event_id, TextOrNull(cas));
    if (found.empty()) return Fail(Reason::kNotFound, "there is no event " + std::to_string(audit_event_id));
    return EventOf(found[0]);
  });
}

Result<std::optional<AuditSealRecord>> PostgresAuditStore::FindAuditSeal(std::uint64_t log_index) {
  return Transact(pool_, [&](Work& work) -> Result<std::optional<AuditSealRecord>> {
    return SealOf(work.exec_prepared(kFindAuditSeal.name, log_index));
  });
}

Result<std::optional<AuditSealRecord>> PostgresAuditStore::NewestAuditSeal() {
  return Transact(pool_, [&](Work& work) -> Result<std::optional<AuditSealRecord>> {
    return SealOf(work.exec_prepared(kNewestAuditSeal.name));
  });
}

Result<std::vector<AuditEventRecord>> PostgresAuditStore::ListSealedEvents(std::uint64_t first, std::uint64_t end) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<AuditEventRecord>> {
    return EventsOf(work.exec_prepared(kListSealedEvents.name, first, end));
  });
}

Result<std::vector<AuditEventRecord>> PostgresAuditStore::ListUnsealedEvents(std::int64_t after, std::uint32_t size) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<AuditEventRecord>> {
    return EventsOf(work.exec_prepared(kListUnsealedEvents.name, after, size));
  });
}

Result<std::optional<AuditLogKeyRecord>> PostgresAuditStore::FindAuditLogKey() {
  return Transact(pool_, [&](Work& work) -> Result<std::optional<AuditLogKeyRecord>> {
    return KeyOf(work.exec_prepared(kFindAuditLogKey.name));
  });
}

Result<AuditLogKeyRecord> PostgresAuditStore::AddAuditLogKey(const AuditLogKeyRecord& key) {
  return Transact(pool_, [&](Work& work) -> Result<AuditLogKeyRecord> {
    work.exec_prepared0(kAddAuditLogKey.name, key.verifier_key, Blob(key.sealed_seed));
    return KeyOf(work.exec_prepared(kFindAuditLogKey.name)).value();
  });
}

Result<void> PostgresAuditStore::RecordKeyUses(const std::vector<CaKeyUseCount>& counts) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    for (const auto& count : counts) {
      const CaKeyUse& use = count.use;
      work.exec_prepared(kRecordKeyUse.name, use.ca, use.generation, use.operation, count.uses, use.gateway, use.source,
                         Epoch(count.since), Epoch(count.until));
    }
    return {};
  });
}

Result<std::size_t> PostgresAuditStore::SealAuditEvents(std::uint32_t most, const MakeSeal& make) {
  return Transact(pool_, [&](Work& work) -> Result<std::size_t> {
    if (!work.exec_prepared1(kLockAuditLog.name)[0].as<bool>()) return std::size_t{0};
    std::vector<std::string> events;
    std::string ids;
    for (const auto& row : work.exec_prepared(kTakeUnsealed.name, most)) {
      events.push_back(row["event"].as<std::string>());
      ids += (ids.empty() ? "" : ",") + row["audit_event_id"].as<std::string>();
    }
    if (events.empty()) return std::size_t{0};
    ASSIGN_OR_RETURN(const AuditSealRecord seal, make(SealOf(work.exec_prepared(kNewestAuditSeal.name)), events));
    work.exec_prepared0(kAddAuditSeal.name, seal.first_index, seal.end_index, seal.note, Blob(seal.frontier),
                        Blob(seal.leaf_hashes));
    work.exec_prepared0(kAddAuditPositions.name, seal.first_index, "{" + ids + "}");
    return events.size();
  });
}

}  // namespace engine::store
