#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_REVOCATION_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_REVOCATION_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The queries of revocation and CRLs.
namespace engine::store {

inline constexpr Query kFindRevocable = {"find_revocable", R"sql(
    SELECT t.certificate_id, t.ca_generation_id
      FROM certificates t
      JOIN ca_generations g ON g.ca_generation_id = t.ca_generation_id
      JOIN cas c ON c.ca_id = g.ca_id
     WHERE t.serial_number = $1 AND ($2 = '' OR lower(c.name) = lower($2))
     LIMIT 2
)sql"};
// A row where the certificate was good, or is suspended and shall be revoked; its time stays that of the suspension.
inline constexpr Query kAddRevocation = {"add_revocation", R"sql(
    INSERT INTO revocations AS v (certificate_id, state, reason, revoked_at, invalidity_date, comment, revoked_by)
    VALUES ($1::bigint, CASE WHEN $2::text = 'certificateHold' THEN 'suspended' ELSE 'revoked' END, $2::text, now(),
            to_timestamp(nullif($3::text, '')::double precision), $4::text, $5::text)
    ON CONFLICT (certificate_id) DO UPDATE
       SET state = excluded.state, reason = excluded.reason, invalidity_date = excluded.invalidity_date,
           comment = excluded.comment, revoked_by = excluded.revoked_by
     WHERE v.state = 'suspended' AND excluded.state = 'revoked'
    RETURNING v.certificate_id
)sql"};
inline constexpr Query kDropSuspension = {"drop_suspension", R"sql(
    DELETE FROM revocations WHERE certificate_id = $1 AND state = 'suspended' RETURNING certificate_id
)sql"};
// Serialises the changes of one CA, and tells its CRLs apart.
inline constexpr Query kCountRevocationChange = {"count_revocation_change", R"sql(
    UPDATE ca_generations SET revocation_changes = revocation_changes + 1 WHERE ca_generation_id = $1
)sql"};

// A generation without a CRL, with another state of revocations than its newest one knew, or beyond half of its life.
inline constexpr Query kListDueCrls = {"list_due_crls", R"sql(
    SELECT g.ca_generation_id
      FROM ca_generations g
      LEFT JOIN LATERAL (
           SELECT l.this_update, l.next_update, l.revocation_changes
             FROM crls l
            WHERE l.ca_generation_id = g.ca_generation_id
            ORDER BY l.crl_number DESC LIMIT 1) n ON true
     WHERE g.not_after > to_timestamp($1::double precision)
       AND (n.this_update IS NULL OR n.revocation_changes <> g.revocation_changes
            OR to_timestamp($1::double precision) >= n.this_update + (n.next_update - n.this_update) / 2)
     ORDER BY g.ca_generation_id
)sql"};
inline constexpr Query kLockCrl = {"lock_crl", R"sql(
    SELECT pg_try_advisory_xact_lock(hashtext('certifier crl'), $1::integer)
)sql"};
// The newest CRL of a generation and the state of its revocations; nulls where there is no CRL yet.
inline constexpr Query kGetCrlState = {"get_crl_state", R"sql(
    SELECT coalesce(n.crl_number, 0) AS crl_number, g.revocation_changes,
           n.this_update IS NULL OR n.revocation_changes <> g.revocation_changes
             OR to_timestamp($2::double precision) >= n.this_update + (n.next_update - n.this_update) / 2 AS is_due
      FROM ca_generations g
      LEFT JOIN LATERAL (
           SELECT l.crl_number, l.this_update, l.next_update, l.revocation_changes
             FROM crls l
            WHERE l.ca_generation_id = g.ca_generation_id
            ORDER BY l.crl_number DESC LIMIT 1) n ON true
     WHERE g.ca_generation_id = $1
)sql"};
// $2 is the number of the CRL before. What had expired when it was made was on it, or on one before it.
inline constexpr Query kListRevoked = {"list_revoked", R"sql(
    SELECT t.serial_number, v.reason, extract(epoch FROM v.revoked_at) AS revoked_at,
           extract(epoch FROM v.invalidity_date) AS invalidity_date
      FROM revocations v
      JOIN certificates t ON t.certificate_id = v.certificate_id
      LEFT JOIN crls l ON l.ca_generation_id = $1 AND l.crl_number = $2
     WHERE t.ca_generation_id = $1
       AND NOT coalesce(t.not_after < l.this_update AND v.revoked_at < l.this_update, false)
     ORDER BY v.certificate_id
)sql"};
inline constexpr Query kAddCrl = {"add_crl", R"sql(
    INSERT INTO crls (ca_generation_id, crl_number, this_update, next_update, revoked_count, crl, revocation_changes)
    VALUES ($1, $2, to_timestamp($3::double precision), to_timestamp($4::double precision), $5, $6, $7)
)sql"};
inline constexpr Query kDropOldCrls = {"drop_old_crls", R"sql(
    DELETE FROM crls WHERE ca_generation_id = $1 AND crl_number < $2::bigint
)sql"};
inline constexpr Query kGetCrl = {"get_crl", R"sql(
    SELECT crl FROM crls WHERE ca_generation_id = $1 AND crl_number = $2
)sql"};

inline constexpr std::array kRevocationQueries = {
    kFindRevocable, kAddRevocation, kDropSuspension, kCountRevocationChange, kListDueCrls, kLockCrl,
    kGetCrlState,   kListRevoked,   kAddCrl,         kDropOldCrls,           kGetCrl};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_REVOCATION_QUERIES_H
