#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The queries of administration, by the names under which each connection prepares them.
namespace engine::store {

// Which of the names exist: an entity, a CA, a policy (or an empty name).
inline constexpr Query kFindNames = {"find_names", R"sql(
    SELECT (SELECT entity_id FROM entities WHERE lower(name) = lower($1)) AS entity_id,
           (SELECT ca_id FROM cas WHERE lower(name) = lower($2)) AS ca_id,
           (SELECT policy_id FROM policies WHERE lower(name) = lower($3)) AS policy_id
)sql"};
inline constexpr Query kAddKey = {"add_key", R"sql(
    INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, policy_id, digest, use_limit, not_before,
                                 expires_at, bound_subject, bound_alternative_names, created_at, created_by,
                                 policy_attributes, type)
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::double precision), to_timestamp($8::double precision),
            nullif($9, ''), CASE WHEN $10 = '' THEN NULL ELSE string_to_array($10, E'\x1f') END, now(), $11,
            coalesce(nullif($12, ''), '{}')::jsonb, $13)
)sql"};

#define CERTIFIER_REQUEST_COLUMNS                                                                                     \
  "r.request_id, r.state, r.ca_id, c.name AS ca, r.transaction_id, r.csr_sha256, r.sealed_csr, r.subject,"            \
  "       array_to_string(r.subject_alternative_names, E'\\x1f') AS subject_alternative_names, r.key_algorithm,"      \
  "       r.source_address, extract(epoch FROM r.received_at) AS received_at, r.has_challenge,"                       \
  "       coalesce(k.reference_number, '') AS reference_number, coalesce(e.name, '') AS entity, p.name AS policy,"    \
  "       v.version AS policy_version, r.policy_version_id, coalesce(r.fingerprints, '') AS fingerprints,"            \
  "       coalesce(r.unsigned_fingerprints, '') AS unsigned_fingerprints,"                                            \
  "       extract(epoch FROM r.decided_at) AS decided_at, coalesce(r.decided_by, '') AS decided_by,"                  \
  "       coalesce(r.rejection_reason, '') AS rejection_reason, coalesce(t.serial_number, '') AS serial_number,"      \
  "       r.ca_generation_id, r.has_collision, coalesce((SELECT string_agg(encode(a.transaction_id, 'hex'), E'\\x1f'" \
  "         ORDER BY a.transaction_id) FROM request_aliases a WHERE a.request_id = r.request_id), '') AS aliases,"    \
  "       r.entity_id, r.renewed_certificate_id, coalesce(o.serial_number, '') AS renewed_serial_number,"             \
  "       w.certificate_id IS NOT NULL AS is_renewed_revoked, coalesce(e.status = 'active', true) AS "                \
  "is_entity_active,"                                                                                                 \
  "       p.policy_id, coalesce(r.held_template, '') AS held_template,"                                               \
  "       coalesce(nullif(k.policy_attributes, '{}')::text, '') AS key_attributes,"                                   \
  "       coalesce(k.disabled_at IS NOT NULL, false) AS is_key_disabled,"                                             \
  "       coalesce(nullif(e.attributes, '{}')::text, '') AS entity_attributes,"                                       \
  "       coalesce(array_to_string(r.key_makers, E'\\x1f'), '') AS key_makers,"                                       \
  "       coalesce(r.required_approvals, 1) AS required_approvals,"                                                   \
  "       coalesce(array_to_string(r.required_groups, E'\\x1f'), '') AS required_groups,"                             \
  "       r.key_maker_may_approve_alone, coalesce(r.template_version, 1) AS template_version,"                        \
  "       coalesce(r.template_edited_by, '') AS template_edited_by"                                                   \
  "  FROM requests r"                                                                                                 \
  "  JOIN cas c ON c.ca_id = r.ca_id"                                                                                 \
  "  JOIN policy_versions v ON v.policy_version_id = r.policy_version_id"                                             \
  "  JOIN policies p ON p.policy_id = v.policy_id"                                                                    \
  "  LEFT JOIN pre_shared_keys k ON k.pre_shared_key_id = r.pre_shared_key_id"                                        \
  "  LEFT JOIN entities e ON e.entity_id = r.entity_id"                                                               \
  "  LEFT JOIN certificates t ON t.request_id = r.request_id"                                                         \
  "  LEFT JOIN certificates o ON o.certificate_id = r.renewed_certificate_id"                                         \
  "  LEFT JOIN revocations w ON w.certificate_id = o.certificate_id"

inline constexpr Query kGetRequest = {"get_request", "SELECT " CERTIFIER_REQUEST_COLUMNS " WHERE r.request_id = $1"};
// Locks the request's key before the request itself, in the order in which enrolment locks them.
inline constexpr Query kLockKeyOfRequest = {"lock_key_of_request", R"sql(
    SELECT k.pre_shared_key_id
      FROM requests r
      JOIN pre_shared_keys k ON k.pre_shared_key_id = r.pre_shared_key_id
     WHERE r.request_id = $1
       FOR NO KEY UPDATE OF k
)sql"};
// Turns the use of its key that an issued request reserved into one that is consumed. One that reserved none takes a
// use, if there is one left; no row where there is none.
inline constexpr Query kCountKeyOfRequest = {"count_key_of_request", R"sql(
    UPDATE pre_shared_keys k
       SET use_count = k.use_count + 1, reserved_count = k.reserved_count - r.reserves_use::integer
      FROM requests r
     WHERE r.request_id = $1 AND k.pre_shared_key_id = r.pre_shared_key_id
       AND (r.reserves_use OR k.use_count + k.reserved_count < k.use_limit)
    RETURNING k.pre_shared_key_id
)sql"};
// Only what enough operators have approved, as it is, since $6: each group among them, and one who did not make its
// key.
inline constexpr Query kApproveRequest = {"approve_request", R"sql(
    UPDATE requests r
       SET state = 'issued', decided_at = now(), decided_by = $3, policy_version_id = $4,
           issued_names = nullif(string_to_array($7, E'\x1f'), array_prepend(r.subject, r.subject_alternative_names))
     WHERE r.request_id = $1 AND r.csr_sha256 = $2 AND r.state IN ('pending', 'postponed', 'approved')
       AND r.template_version = $5
       AND (WITH standing AS (
                SELECT a.login, a.groups
                  FROM approvals a
                 WHERE a.request_id = r.request_id AND a.template_version = r.template_version
                   AND a.csr_sha256 = r.csr_sha256 AND a.approved_at >= to_timestamp($6::double precision)
                   AND NOT EXISTS (SELECT 1 FROM operators o
                                    WHERE lower(o.login) = lower(a.login) AND o.status <> 'active'))
            SELECT count(1) >= r.required_approvals
                   AND (coalesce(r.key_maker_may_approve_alone, false)
                        OR bool_or(s.login <> ALL (coalesce(r.key_makers, '{}'))))
                   AND NOT EXISTS (SELECT 1 FROM unnest(r.required_groups) AS g (name)
                                    WHERE NOT EXISTS (SELECT 1 FROM standing t WHERE g.name = ANY (t.groups)))
              FROM standing s)
       AND NOT EXISTS (SELECT 1 FROM revocations v WHERE v.certificate_id = r.renewed_certificate_id)
       AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.entity_id = r.entity_id AND e.status <> 'active')
       AND NOT EXISTS (SELECT 1 FROM pre_shared_keys k WHERE k.pre_shared_key_id = r.pre_shared_key_id
                          AND k.disabled_at IS NOT NULL)
    RETURNING r.pre_shared_key_id
)sql"};
inline constexpr Query kAddCertificate = {"add_certificate", R"sql(
    INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                              issued_at, ca_id, entity_id)
    SELECT $1, $2, r.request_id, $4, to_timestamp($5::double precision), to_timestamp($6::double precision), now(),
           r.ca_id, r.entity_id
      FROM requests r
     WHERE r.request_id = $3
)sql"};
// What ends without issue gives back the use of its key that it reserved, or consumes it, as it was recorded to.
#define CERTIFIER_SETTLE_RESERVATIONS                                                                            \
  "settled AS ("                                                                                                 \
  "    UPDATE pre_shared_keys k"                                                                                 \
  "       SET reserved_count = k.reserved_count - n.reserved, use_count = k.use_count + n.consumed"              \
  "      FROM (SELECT e.pre_shared_key_id, count(1) AS reserved, count(1) FILTER (WHERE NOT e.releases_use) AS " \
  "consumed"                                                                                                     \
  "              FROM ended e WHERE e.reserves_use GROUP BY e.pre_shared_key_id) n"                              \
  "     WHERE k.pre_shared_key_id = n.pre_shared_key_id)"                                                        \
  " SELECT e.request_id FROM ended e"

inline constexpr Query kRejectRequest = {"reject_request", R"sql(
    WITH ended AS (
        UPDATE requests
           SET state = 'rejected', decided_at = now(), decided_by = $3, rejection_reason = $2
         WHERE request_id = $1 AND state IN ('pending', 'postponed', 'approved')
        RETURNING request_id, pre_shared_key_id, reserves_use, releases_use
    ), )sql" CERTIFIER_SETTLE_RESERVATIONS};

// From state $2 to state $3. $4: why, for the audit log.
inline constexpr Query kMoveWaitingRequest = {"move_waiting_request", R"sql(
    WITH said AS MATERIALIZED (SELECT set_config('certifier.reason', $4, true) AS reason)
    UPDATE requests
       SET state = $3
      FROM said
     WHERE request_id = $1 AND state = $2 AND said.reason IS NOT NULL
    RETURNING request_id
)sql"};

#define CERTIFIER_TOO_LONG_PENDING                                                             \
  "c.ca_id = r.ca_id AND r.state IN ('pending', 'postponed')"                                  \
  "   AND r.received_at < to_timestamp($1::double precision)"                                  \
  "       - coalesce(nullif((c.options->>'pending_ttl_days')::integer, 0) * interval '1 day'," \
  "                  $2::double precision * interval '1 second')"

// Locks the keys of what is about to expire, in the order in which enrolment locks them.
inline constexpr Query kLockKeysOfExpiring = {"lock_keys_of_expiring", R"sql(
    SELECT k.pre_shared_key_id
      FROM pre_shared_keys k
     WHERE k.pre_shared_key_id IN (
           SELECT r.pre_shared_key_id FROM requests r JOIN cas c ON )sql" CERTIFIER_TOO_LONG_PENDING R"sql(
            WHERE r.reserves_use)
     ORDER BY k.pre_shared_key_id
       FOR NO KEY UPDATE
)sql"};
inline constexpr Query kExpirePending = {"expire_pending", R"sql(
    WITH ended AS (
        UPDATE requests r
           SET state = 'expired'
          FROM cas c
         WHERE )sql" CERTIFIER_TOO_LONG_PENDING R"sql(
        RETURNING r.request_id, r.pre_shared_key_id, r.reserves_use, r.releases_use
    ), )sql" CERTIFIER_SETTLE_RESERVATIONS};
inline constexpr Query kForgetRejected = {"forget_rejected", R"sql(
    UPDATE requests r
       SET is_forgotten = true
      FROM cas c
     WHERE c.ca_id = r.ca_id AND r.state = 'rejected' AND NOT r.is_forgotten
       AND r.decided_at < to_timestamp($1::double precision)
           - coalesce(nullif((c.options->>'retention_days')::integer, 0) * interval '1 day',
                      $2::double precision * interval '1 second')
)sql"};

#define CERTIFIER_CERTIFICATE_COLUMNS                                                                              \
  "t.certificate_id, c.name AS ca, coalesce(e.name, '') AS entity, t.serial_number, t.certificate, t.request_id,"  \
  "       p.name AS policy, n.version AS policy_version,"                                                          \
  "       extract(epoch FROM t.issued_at) AS issued_at, v.reason, extract(epoch FROM v.revoked_at) AS revoked_at," \
  "       extract(epoch FROM v.invalidity_date) AS invalidity_date, v.comment, v.revoked_by"                       \
  "  FROM certificates t"                                                                                          \
  "  JOIN ca_generations g ON g.ca_generation_id = t.ca_generation_id"                                             \
  "  JOIN cas c ON c.ca_id = g.ca_id"                                                                              \
  "  JOIN requests r ON r.request_id = t.request_id"                                                               \
  "  JOIN policy_versions n ON n.policy_version_id = r.policy_version_id"                                          \
  "  JOIN policies p ON p.policy_id = n.policy_id"                                                                 \
  "  LEFT JOIN entities e ON e.entity_id = r.entity_id"                                                            \
  "  LEFT JOIN revocations v ON v.certificate_id = t.certificate_id"

inline constexpr Query kGetCertificate = {"get_certificate", "SELECT " CERTIFIER_CERTIFICATE_COLUMNS R"sql(
     WHERE t.serial_number = $1 AND ($2 = '' OR lower(c.name) = lower($2))
     LIMIT 2
)sql"};

inline constexpr Query kGetIssuers = {"get_issuers", R"sql(
    SELECT g.certificate || g.chain AS issuers
      FROM certificates t
      JOIN ca_generations g ON g.ca_generation_id = t.ca_generation_id
     WHERE t.certificate_id = $1
)sql"};

inline constexpr std::array kAdministrationQueries = {
    kFindNames,         kAddKey,         kGetRequest,         kLockKeyOfRequest, kLockKeysOfExpiring,
    kCountKeyOfRequest, kApproveRequest, kAddCertificate,     kRejectRequest,    kExpirePending,
    kForgetRejected,    kGetCertificate, kMoveWaitingRequest, kGetIssuers};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_QUERIES_H
