#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_ACTIVITY_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_ACTIVITY_QUERIES_H

#include <array>

#include "store/postgres/query.h"
#include "store/postgres/session.h"

// The queries of what an entity and a public key did before (store/activity.h). Both kinds of connections have them.
// Each takes a batch: one array for a column, one element for a question.
namespace engine::store {

// Times are microseconds since 1970. 2000 is kMostActiveCertificates. Each OFFSET keeps the planner from taking the
// parts in another order, or what is computed apart and twice.
#define CERTIFIER_ACTIVITY                                                                                          \
  "SELECT q.ordinal, "                                                                                              \
  "       (SELECT coalesce(string_agg(c.certificate_id::text, ',' ORDER BY c.certificate_id), '') "                 \
  "          FROM (SELECT t.certificate_id "                                                                        \
  "                  FROM (SELECT i.certificate_id "                                                                \
  "                          FROM certificates i "                                                                  \
  "                         WHERE q.wants_certificates AND i.entity_id = q.entity_id AND i.ca_id = q.ca_id "        \
  "                           AND i.not_after > timestamptz 'epoch' + q.now * interval '1 microsecond' "            \
  "                           AND i.certificate_id IS DISTINCT FROM q.renewed_certificate_id "                      \
  "                           AND (SELECT v.certificate_id FROM revocations v "                                     \
  "                                 WHERE v.certificate_id = i.certificate_id) IS NULL "                            \
  "                        OFFSET 0) t "                                                                            \
  "                 ORDER BY t.certificate_id LIMIT 2000) c) AS certificates, "                                     \
  "       (SELECT coalesce(string_agg((extract(epoch FROM n.received_at) * 1000000)::int8::text, ',' "              \
  "                                   ORDER BY n.request_id DESC), '') "                                            \
  "          FROM (SELECT r.request_id, r.received_at "                                                             \
  "                  FROM requests r "                                                                              \
  "                 WHERE r.entity_id = q.entity_id AND r.request_id IS DISTINCT FROM q.request_id "                \
  "                 ORDER BY r.request_id DESC LIMIT q.recent_requests) n) AS requests, "                           \
  "       CASE WHEN NOT q.wants_key_use THEN 0 "                                                                    \
  "            WHEN EXISTS (SELECT 1 FROM requests r "                                                              \
  "                          WHERE coalesce(r.subject_key, r.requester_key) = q.subject_key "                       \
  "                            AND r.state IN ('pending', 'postponed', 'approved', 'issued') "                      \
  "                            AND r.request_id IS DISTINCT FROM q.request_id "                                     \
  "                            AND (r.entity_id IS NULL OR r.entity_id IS DISTINCT FROM q.entity_id)) THEN 2 "      \
  "            WHEN EXISTS (SELECT 1 FROM requests r "                                                              \
  "                          WHERE coalesce(r.subject_key, r.requester_key) = q.subject_key "                       \
  "                            AND r.state IN ('pending', 'postponed', 'approved', 'issued') "                      \
  "                            AND r.request_id IS DISTINCT FROM q.request_id) THEN 1 "                             \
  "            ELSE 0 END AS key_use "                                                                              \
  "  FROM unnest($1::int8[], $2::int8[], $3::bytea[], $4::int8[], $5::int8[], $6::int8[], $7::bool[], $8::int8[], " \
  "              $9::bool[]) "                                                                                      \
  "       WITH ORDINALITY AS q (ca_id, entity_id, subject_key, renewed_certificate_id, request_id, now, "           \
  "              wants_certificates, recent_requests, wants_key_use, ordinal) "                                     \
  "OFFSET 0"
#define CERTIFIER_ACTIVITY_DIGEST \
  "sha256(convert_to(concat_ws('|', a.certificates, a.requests, a.key_use), 'UTF8')) AS digest"

inline constexpr Statement kFindActivity = {
    "find_activity", "SELECT a.ordinal, a.certificates, a.requests, a.key_use, " CERTIFIER_ACTIVITY_DIGEST
                     " FROM (" CERTIFIER_ACTIVITY ") a"};

// Serialises those who record what they judged by the same entities and keys, in one order for all engines.
inline constexpr Statement kLockActivity = {"lock_activity", R"sql(
    WITH locks AS MATERIALIZED (
        SELECT DISTINCT hashtextextended(n.name, 0) AS id FROM unnest($1::text[]) AS n (name) ORDER BY id
    )
    SELECT pg_advisory_xact_lock(l.id) FROM locks l
)sql"};

// Fails where an answer is another one than it was ($10), after which nothing of the transaction stands.
inline constexpr Statement kCheckActivity = {
    "check_activity",
    "SELECT refuse_changed_activity()"
    "  FROM (SELECT a.ordinal, " CERTIFIER_ACTIVITY_DIGEST " FROM (" CERTIFIER_ACTIVITY
    ") a) f"
    "  JOIN unnest($10::bytea[]) WITH ORDINALITY AS j (digest, ordinal) ON j.ordinal = f.ordinal"
    " WHERE f.digest <> j.digest"};

// Revokes certificates ($1) as superseded by one with the serial number $2 of the generation $3, by whom $4, if that
// was issued. The order is that in which an operator's revocation would wait for another's.
inline constexpr Statement kSupersede = {"supersede", R"sql(
    WITH revoked AS (
        INSERT INTO revocations AS v (certificate_id, state, reason, revoked_at, comment, revoked_by)
        SELECT DISTINCT ON (q.certificate_id) q.certificate_id, 'revoked', 'superseded', now(),
               'replaced by the certificate of request ' || s.request_id, q.revoked_by
          FROM unnest($1::int8[], $2::bytea[], $3::int8[], $4::text[])
               AS q (certificate_id, serial_number, ca_generation_id, revoked_by)
          JOIN certificates s ON s.serial_number = q.serial_number AND s.ca_generation_id = q.ca_generation_id
         ORDER BY q.certificate_id
            ON CONFLICT (certificate_id) DO UPDATE
           SET state = excluded.state, reason = excluded.reason, comment = excluded.comment,
               revoked_by = excluded.revoked_by
         WHERE v.state = 'suspended'
        RETURNING v.certificate_id
    ), changed AS MATERIALIZED (
        SELECT g.ca_generation_id
          FROM ca_generations g
         WHERE g.ca_generation_id IN (SELECT t.ca_generation_id
                                        FROM revoked r
                                        JOIN certificates t ON t.certificate_id = r.certificate_id)
         ORDER BY g.ca_generation_id
           FOR NO KEY UPDATE
    )
    UPDATE ca_generations g
       SET revocation_changes = g.revocation_changes + 1
      FROM changed c
     WHERE c.ca_generation_id = g.ca_generation_id
)sql"};
inline constexpr Statement kNotifyEngines = {"notify_engines", kNotify};

inline constexpr std::array kActivityQueries = {Query{kFindActivity.name, kFindActivity.sql},
                                                Query{kLockActivity.name, kLockActivity.sql},
                                                Query{kSupersede.name, kSupersede.sql}};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_ACTIVITY_QUERIES_H
