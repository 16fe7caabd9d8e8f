#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_REPORT_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_REPORT_QUERIES_H

#include <array>

#include "store/postgres/list_queries.h"

// Reports of what needs an operator. In all of them $1 are the CAs, null for all, and $2 the name of one of them, empty
// for all. Each reads along an index, CA by CA.
namespace engine::store {

// $3, $4: the time in microseconds and the id that the page before ended with; '': from the newest on. $5: its size.
inline constexpr Query kListFailures = {"list_failures", R"sql(
    SELECT f.record, f.request_id, f.message_count, extract(epoch FROM f.last_at) AS last_at,
           (extract(epoch FROM f.failed_at) * 1000000)::bigint AS time_us, f.decision_id::text AS decision_id
      FROM ()sql" CERTIFIER_LISTED_CAS R"sql() a
     CROSS JOIN LATERAL (SELECT d.record, d.request_id, d.message_count, d.last_at, d.failed_at, d.decision_id
                           FROM decisions d
                          WHERE d.ca_id = a.ca_id AND d.failed_at IS NOT NULL
                            AND (d.failed_at, d.decision_id)
                                < (CASE WHEN $4 = '' THEN 'infinity'::timestamptz
                                        ELSE timestamptz 'epoch' + $3::bigint * interval '1 microsecond' END,
                                   coalesce(nullif($4, ''), 'ffffffffffffffffffffffffffffffff')::uuid)
                          ORDER BY d.failed_at DESC, d.decision_id DESC LIMIT $5::integer) f
     ORDER BY f.failed_at DESC, f.decision_id DESC LIMIT $5::integer
)sql"};

// The nearest to now on one side of it, of each CA and then of them all.
#define CERTIFIER_ENDING_CERTIFICATES(BOUNDS, ORDER)                                 \
  "(SELECT e.certificate_id FROM n CROSS JOIN (" CERTIFIER_LISTED_CAS                \
  ") a CROSS JOIN LATERAL (SELECT t.certificate_id, t.not_after FROM certificates t" \
  "  WHERE t.ca_id = a.ca_id AND " BOUNDS " ORDER BY t.not_after " ORDER             \
  " LIMIT $5::integer) e"                                                            \
  "  ORDER BY e.not_after " ORDER " LIMIT $5::integer)"

// $3: now. $4: days. $5: how many are looked at, before and after now. $6: how many are listed. Candidates are looked
// at one by one (OFFSET 0), so that no plan reads all that follows others.
inline constexpr Query kListOverdueCertificates = {
    "list_overdue_certificates",
    R"sql(
    WITH n AS MATERIALIZED (
        SELECT to_timestamp($3::double precision) AS moment, $4::integer * interval '1 day' AS reach
    ), ending AS MATERIALIZED ()sql" CERTIFIER_ENDING_CERTIFICATES(
        "t.not_after < n.moment AND t.not_after >= n.moment - n.reach",
        "DESC") " UNION ALL " CERTIFIER_ENDING_CERTIFICATES("t.not_after >= n.moment AND t.not_after < n.moment + "
                                                            "n.reach",
                                                            "ASC") R"sql(
    ), overdue AS MATERIALIZED (
        SELECT t.certificate_id
          FROM n CROSS JOIN ending e
          JOIN certificates t ON t.certificate_id = e.certificate_id
          JOIN requests r ON r.request_id = t.request_id
         WHERE t.not_after - n.moment < (t.not_after - t.not_before) / 10
           AND NOT EXISTS (SELECT FROM revocations v WHERE v.certificate_id = t.certificate_id OFFSET 0)
           AND NOT EXISTS (SELECT FROM entities i
                            WHERE i.entity_id = t.entity_id AND i.status <> 'active' OFFSET 0)
           AND NOT EXISTS (SELECT FROM requests w
                            WHERE w.renewed_certificate_id = t.certificate_id
                              AND w.state NOT IN ('rejected', 'expired') OFFSET 0)
           AND NOT EXISTS (SELECT FROM requests w
                             JOIN certificates l ON l.request_id = w.request_id
                            WHERE w.subject = r.subject AND w.ca_id = t.ca_id AND l.not_after > t.not_after OFFSET 0)
         ORDER BY t.not_after, t.certificate_id LIMIT $6::integer
    )
    SELECT c.name AS ca, t.serial_number, left(r.subject, 1000) AS subject, coalesce(e.name, '') AS entity,
           t.request_id,
           extract(epoch FROM t.not_before) AS not_before, extract(epoch FROM t.not_after) AS not_after
      FROM certificates t
      JOIN requests r ON r.request_id = t.request_id
      JOIN cas c ON c.ca_id = t.ca_id
      LEFT JOIN entities e ON e.entity_id = t.entity_id
     WHERE t.certificate_id = ANY (ARRAY(SELECT o.certificate_id FROM overdue o))
     ORDER BY t.not_after, t.certificate_id
)sql"};

// $3, $4: from when to when. $5: how many are listed. What a key must be, but for its entity, is what its
// index says, word for word.
inline constexpr Query kListExpiringKeys = {"list_expiring_keys", R"sql(
    WITH ending AS MATERIALIZED (
        SELECT k.pre_shared_key_id
          FROM ()sql" CERTIFIER_LISTED_CAS R"sql() a
         CROSS JOIN LATERAL (SELECT s.pre_shared_key_id, s.expires_at
                               FROM pre_shared_keys s
                              WHERE s.ca_id = a.ca_id AND s.disabled_at IS NULL
                                AND s.expires_at >= to_timestamp($3::double precision)
                                AND s.expires_at < to_timestamp($4::double precision)
                                AND s.use_count + s.reserved_count < s.use_limit
                                AND EXISTS (SELECT FROM entities e
                                             WHERE e.entity_id = s.entity_id AND e.status = 'active' OFFSET 0)
                              ORDER BY s.expires_at LIMIT $5::integer) k
         ORDER BY k.expires_at, k.pre_shared_key_id LIMIT $5::integer
    )
    SELECT k.reference_number, e.name AS entity, c.name AS ca, extract(epoch FROM k.expires_at) AS expires_at,
           k.use_limit - k.use_count - k.reserved_count AS uses_left
      FROM pre_shared_keys k
      JOIN entities e ON e.entity_id = k.entity_id
      JOIN cas c ON c.ca_id = k.ca_id
     WHERE k.pre_shared_key_id = ANY (ARRAY(SELECT i.pre_shared_key_id FROM ending i))
     ORDER BY k.expires_at, k.pre_shared_key_id
)sql"};

// $3: since when.
inline constexpr Query kListIssuance = {"list_issuance", R"sql(
    SELECT extract(epoch FROM h.begins_at) AS begins_at, sum(h.issued)::bigint AS issued,
           sum(h.refused)::bigint AS refused
      FROM issuance_hours h
     WHERE h.ca_id IN ()sql" CERTIFIER_LISTED_CAS R"sql()
       AND h.begins_at >= date_trunc('hour', to_timestamp($3::double precision), 'UTC')
     GROUP BY h.begins_at
     ORDER BY h.begins_at
)sql"};

inline constexpr std::array kReportQueries = {kListFailures, kListOverdueCertificates, kListExpiringKeys,
                                              kListIssuance};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_REPORT_QUERIES_H
