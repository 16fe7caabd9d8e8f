#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_AUDIT_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_AUDIT_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The queries of the audit log.
namespace engine::store {

// For the triggers that write events: who stands behind this transaction, and where he is.
inline constexpr Query kSetOrigin = {"set_origin", R"sql(
    SELECT set_config('certifier.actor', $1, true), set_config('certifier.source', $2, true)
)sql"};

// A list is read along the index of one filter, the most telling one. $1 to $4: kind, actor, CA, subject. $5 and $6:
// the times. $7 and $8: the event that the page before ended with. At most $9 events are looked at, and $10 listed. The
// last one that may be looked at is always among them, so that the next page can begin behind it. $11: the CAs whose
// events may be seen; null: all events.
#define CERTIFIER_AUDIT_CAS \
  " (($3 = '' OR lower(c.name) = lower($3)) AND ($11::bigint[] IS NULL OR c.ca_id = ANY ($11)))"

#define CERTIFIER_AUDIT_LIST(CANDIDATES)                                                                 \
  " SELECT s.audit_event_id, s.event, (extract(epoch FROM s.occurred_at) * 1000000)::bigint AS time_us," \
  " (SELECT p.log_index FROM audit_positions p WHERE p.audit_event_id = s.audit_event_id) AS log_index," \
  " s.is_listed"                                                                                         \
  " FROM (SELECT q.audit_event_id, q.occurred_at, q.event, row_number() OVER () AS place,"               \
  " (($1 = '' OR q.kind = $1) AND ($2 = '' OR q.actor = $2) AND ($4 = '' OR $4 <> '')"                   \
  " AND (($3 = '' AND $11::bigint[] IS NULL)"                                                            \
  " OR q.ca_id = ANY (ARRAY(SELECT c.ca_id FROM cas c WHERE " CERTIFIER_AUDIT_CAS                        \
  ")))) IS TRUE AS is_listed"                                                                            \
  " FROM (" CANDIDATES                                                                                   \
  ") q) s"                                                                                               \
  " WHERE s.is_listed OR s.place = $9::bigint LIMIT $10::bigint"

// FROM is where events are found, and BY, which ends with AND, by what; INDEX is the table whose times are read in
// order.
#define CERTIFIER_AUDIT_CANDIDATES(FROM, INDEX, BY)                                       \
  " SELECT e.audit_event_id, e.occurred_at, e.kind, e.actor, e.ca_id, e.event"            \
  " FROM " FROM " WHERE " BY " " INDEX                                                    \
  ".occurred_at >= coalesce(to_timestamp(nullif($5, '')::double precision), '-infinity')" \
  " AND " INDEX                                                                           \
  ".occurred_at < coalesce(to_timestamp(nullif($6, '')::double precision), 'infinity')"   \
  " AND (" INDEX ".occurred_at, " INDEX                                                   \
  ".audit_event_id) < (CASE WHEN $8::bigint = 0 THEN 'infinity'::timestamptz"             \
  " ELSE timestamptz 'epoch' + $7::bigint * interval '1 microsecond' END, $8::bigint)"    \
  " ORDER BY " INDEX ".occurred_at DESC, " INDEX ".audit_event_id DESC LIMIT $9::bigint"

inline constexpr Query kListAuditByTime = {"list_audit_by_time",
                                           CERTIFIER_AUDIT_LIST(CERTIFIER_AUDIT_CANDIDATES("audit_events e", "e", ""))};
inline constexpr Query kListAuditByKind = {
    "list_audit_by_kind", CERTIFIER_AUDIT_LIST(CERTIFIER_AUDIT_CANDIDATES("audit_events e", "e", "e.kind = $1 AND"))};
inline constexpr Query kListAuditByActor = {
    "list_audit_by_actor",
    CERTIFIER_AUDIT_LIST(CERTIFIER_AUDIT_CANDIDATES("audit_events e", "e", "e.actor = $2 AND e.actor <> '' AND"))};
inline constexpr Query kListAuditBySubject = {
    "list_audit_by_subject", CERTIFIER_AUDIT_LIST(CERTIFIER_AUDIT_CANDIDATES(
                                 "audit_subjects f JOIN audit_events e ON e.audit_event_id = f.audit_event_id", "f",
                                 "f.subject = lower($4) AND"))};
// The newest ones of each CA, and of them the newest.
inline constexpr Query kListAuditByCa = {
    "list_audit_by_ca",
    CERTIFIER_AUDIT_LIST(
        "SELECT e.audit_event_id, e.occurred_at, e.kind, e.actor, e.ca_id, e.event FROM cas c CROSS JOIN LATERAL"
        " (" CERTIFIER_AUDIT_CANDIDATES(
            "audit_events e", "e",
            "e.ca_id = c.ca_id AND") ") e"
                                     " WHERE " CERTIFIER_AUDIT_CAS
                                     " ORDER BY e.occurred_at DESC, e.audit_event_id DESC LIMIT $9::bigint")};

#define CERTIFIER_AUDIT_EVENT                     \
  "SELECT e.audit_event_id, e.event, p.log_index" \
  "  FROM audit_events e LEFT JOIN audit_positions p ON p.audit_event_id = e.audit_event_id"
inline constexpr Query kGetAuditEvent = {"get_audit_event", CERTIFIER_AUDIT_EVENT
                                         " WHERE e.audit_event_id = $1"
                                         "   AND ($2::bigint[] IS NULL OR e.ca_id = ANY ($2))"};
// Each by its own look-up (OFFSET 0 keeps it so): the planner, which does not know the bounds, might read all events.
inline constexpr Query kListSealedEvents = {"list_sealed_events", R"sql(
    SELECT p.audit_event_id, e.event, p.log_index
      FROM audit_positions p
     CROSS JOIN LATERAL (SELECT f.event FROM audit_events f WHERE f.audit_event_id = p.audit_event_id OFFSET 0) e
     WHERE p.log_index >= $1::bigint AND p.log_index < $2::bigint
     ORDER BY p.log_index
)sql"};
inline constexpr Query kListUnsealedEvents = {"list_unsealed_events", R"sql(
    SELECT e.audit_event_id, e.event, NULL::bigint AS log_index
      FROM audit_unsealed u
      JOIN audit_events e ON e.audit_event_id = u.audit_event_id
     WHERE u.audit_event_id > $1::bigint
     ORDER BY u.audit_event_id LIMIT $2::integer
)sql"};

inline constexpr Query kFindAuditSeal = {"find_audit_seal", R"sql(
    SELECT s.first_index, s.end_index, s.note, s.frontier, s.leaf_hashes
      FROM audit_seals s
     WHERE s.first_index <= $1::bigint AND s.end_index > $1::bigint
     ORDER BY s.first_index DESC LIMIT 1
)sql"};
inline constexpr Query kNewestAuditSeal = {"newest_audit_seal", R"sql(
    SELECT s.first_index, s.end_index, s.note, s.frontier, s.leaf_hashes
      FROM audit_seals s
     ORDER BY s.first_index DESC LIMIT 1
)sql"};

inline constexpr Query kFindAuditLogKey = {"find_audit_log_key", R"sql(
    SELECT k.verifier_key, k.sealed_seed FROM audit_log_keys k
)sql"};
inline constexpr Query kAddAuditLogKey = {"add_audit_log_key", R"sql(
    INSERT INTO audit_log_keys (verifier_key, sealed_seed, created_at) VALUES ($1, $2, now())
    ON CONFLICT (is_only) DO NOTHING
)sql"};

inline constexpr Query kRecordKeyUse = {"record_key_use", R"sql(
    SELECT record_audit_event('key_used', c.ca_id, '{}', jsonb_build_object(
               'generation', $2::bigint, 'operation', $3::text, 'uses', $4::bigint, 'gateway', nullif($5, ''),
               'since', audit_time(to_timestamp($7::double precision)),
               'until', audit_time(to_timestamp($8::double precision))), 'engine', $6)
      FROM cas c
     WHERE c.name = $1
)sql"};

inline constexpr Query kLockAuditLog = {"lock_audit_log", R"sql(
    SELECT pg_try_advisory_xact_lock(hashtext('certifier audit log'), 0)
)sql"};
// Takes what is committed, whatever its id, the lowest first.
inline constexpr Query kTakeUnsealed = {"take_unsealed", R"sql(
    WITH taken AS (
        DELETE FROM audit_unsealed u
         WHERE u.audit_event_id IN (SELECT n.audit_event_id FROM audit_unsealed n
                                     ORDER BY n.audit_event_id LIMIT $1::integer)
        RETURNING u.audit_event_id
    )
    SELECT e.audit_event_id, e.event
      FROM taken t
      JOIN audit_events e ON e.audit_event_id = t.audit_event_id
     ORDER BY e.audit_event_id
)sql"};
inline constexpr Query kAddAuditSeal = {"add_audit_seal", R"sql(
    INSERT INTO audit_seals (first_index, end_index, note, frontier, leaf_hashes, sealed_at)
    VALUES ($1, $2, $3, $4, $5, now())
)sql"};
// $2 are the ids of the seal's events in their order.
inline constexpr Query kAddAuditPositions = {"add_audit_positions", R"sql(
    INSERT INTO audit_positions (log_index, audit_event_id)
    SELECT $1::bigint + n.ordinal - 1, n.audit_event_id
      FROM unnest($2::bigint[]) WITH ORDINALITY AS n (audit_event_id, ordinal)
)sql"};

inline constexpr std::array kAuditQueries = {
    kSetOrigin,      kListAuditByTime,  kListAuditByKind,    kListAuditByActor, kListAuditByCa,   kListAuditBySubject,
    kGetAuditEvent,  kListSealedEvents, kListUnsealedEvents, kFindAuditSeal,    kNewestAuditSeal, kFindAuditLogKey,
    kAddAuditLogKey, kRecordKeyUse,     kLockAuditLog,       kTakeUnsealed,     kAddAuditSeal,    kAddAuditPositions};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_AUDIT_QUERIES_H
