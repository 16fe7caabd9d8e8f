#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_OPERATOR_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_OPERATOR_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// Operators, their sessions and what they may do.
namespace engine::store {

// Lists are joined by U+001F, and what is in each element by spaces; only its last part may hold some.
#define CERTIFIER_OPERATOR_COLUMNS                                                                                   \
  "o.operator_id, o.login, o.description, o.status = 'active' AS is_active,"                                         \
  "       o.password_hash IS NOT NULL AS has_password, array_to_string(o.groups, E'\\x1f') AS groups,"               \
  "       extract(epoch FROM o.created_at) AS created_at, o.created_by,"                                             \
  "       (SELECT coalesce(string_agg(concat_ws(' ', encode(c.certificate_sha256, 'hex'),"                           \
  "                                             extract(epoch FROM c.added_at), c.added_by), E'\\x1f'"               \
  "                                   ORDER BY c.added_at, c.certificate_sha256), '')"                               \
  "          FROM operator_certificates c WHERE c.operator_id = o.operator_id) AS certificates,"                     \
  "       (SELECT coalesce(string_agg(concat_ws(' ', g.level, coalesce(g.ca_id, 0), coalesce(a.name, '')), E'\\x1f'" \
  "                                   ORDER BY g.operator_grant_id), '')"                                            \
  "          FROM operator_grants g"                                                                                 \
  "          LEFT JOIN cas a ON a.ca_id = g.ca_id"                                                                   \
  "         WHERE g.operator_id = o.operator_id) AS grants"

inline constexpr Query kFindOperatorByCertificate = {"find_operator_by_certificate",
                                                     "SELECT " CERTIFIER_OPERATOR_COLUMNS R"sql(
      FROM operator_certificates i
      JOIN operators o ON o.operator_id = i.operator_id
     WHERE i.certificate_sha256 = $1
)sql"};
// $2: now, $3: seconds after which an unused session has ended.
inline constexpr Query kFindOperatorBySession = {"find_operator_by_session",
                                                 "SELECT " CERTIFIER_OPERATOR_COLUMNS R"sql(,
           extract(epoch FROM s.expires_at) AS expires_at,
           s.last_used_at < to_timestamp($2::double precision) - interval '1 minute' AS is_use_new
      FROM operator_sessions s
      JOIN operators o ON o.operator_id = s.operator_id
     WHERE s.token_sha256 = $1 AND o.status = 'active' AND s.expires_at > to_timestamp($2::double precision)
       AND s.last_used_at > to_timestamp($2::double precision) - $3::double precision * interval '1 second'
)sql"};
inline constexpr Query kUseSession = {"use_session", R"sql(
    UPDATE operator_sessions
       SET last_used_at = greatest(last_used_at, to_timestamp($2::double precision))
     WHERE token_sha256 = $1
)sql"};
inline constexpr Query kFindPassword = {"find_password", R"sql(
    SELECT coalesce(o.operator_id, 0) AS operator_id, coalesce(o.login, '') AS login,
           coalesce(o.status = 'active', false) AS is_active, coalesce(o.password_hash, '') AS password_hash,
           coalesce(d.password_hash, '') AS decoy_hash
      FROM (SELECT 1) AS always
      LEFT JOIN operators o ON lower(o.login) = lower($1)
      LEFT JOIN (SELECT p.password_hash
                   FROM operators p
                  WHERE p.status = 'active' AND p.password_hash IS NOT NULL
                  ORDER BY md5(lower($1) || ' ' || p.operator_id), p.operator_id LIMIT 1) d ON true
)sql"};
// The operator's row is locked, so that his sessions are counted one after another, and none begins with a password
// that is replaced meanwhile.
inline constexpr Query kLockActiveOperator = {"lock_active_operator", R"sql(
    SELECT operator_id FROM operators WHERE operator_id = $1 AND status = 'active' AND password_hash = $2
       FOR NO KEY UPDATE
)sql"};
// The same for a certificate, which kAddCertificateSession looks for once the row is locked: who takes it away locks
// the row first.
inline constexpr Query kLockActiveOwner = {"lock_active_owner", R"sql(
    SELECT operator_id FROM operators WHERE operator_id = $1 AND status = 'active' FOR NO KEY UPDATE
)sql"};
inline constexpr Query kAddSession = {"add_session", R"sql(
    INSERT INTO operator_sessions (token_sha256, operator_id, began_at, last_used_at, expires_at, source)
    VALUES ($1, $2, to_timestamp($3::double precision), to_timestamp($3::double precision),
            to_timestamp($4::double precision), $5)
)sql"};
// No row where the certificate is the operator's no more.
inline constexpr Query kAddCertificateSession = {"add_certificate_session", R"sql(
    INSERT INTO operator_sessions (token_sha256, operator_id, began_at, last_used_at, expires_at, source,
                                   certificate_sha256)
    SELECT $1, c.operator_id, to_timestamp($3::double precision), to_timestamp($3::double precision),
           to_timestamp($4::double precision), $5, c.certificate_sha256
      FROM operator_certificates c
     WHERE c.certificate_sha256 = $6 AND c.operator_id = $2
    RETURNING operator_id
)sql"};
inline constexpr Query kEndOldestSessions = {"end_oldest_sessions", R"sql(
    DELETE FROM operator_sessions
     WHERE token_sha256 IN (SELECT s.token_sha256 FROM operator_sessions s WHERE s.operator_id = $1
                             ORDER BY s.began_at DESC, s.token_sha256 OFFSET $2::integer)
)sql"};
inline constexpr Query kEndSession = {"end_session", "DELETE FROM operator_sessions WHERE token_sha256 = $1"};
inline constexpr Query kEndOtherSessions = {"end_other_sessions", R"sql(
    DELETE FROM operator_sessions WHERE operator_id = $1 AND token_sha256 <> $2
)sql"};
inline constexpr Query kForgetSessions = {"forget_sessions", R"sql(
    DELETE FROM operator_sessions
     WHERE expires_at <= to_timestamp($1::double precision)
        OR last_used_at <= to_timestamp($1::double precision) - $2::double precision * interval '1 second'
)sql"};
inline constexpr Query kNoteRefusedLogin = {"note_refused_login", R"sql(
    INSERT INTO refused_logins AS r (day, login, source_key, source, attempts)
    VALUES ((to_timestamp($1::double precision) AT TIME ZONE 'UTC')::date, $2, $3, $4, 1)
        ON CONFLICT (day, login, source_key) DO UPDATE SET attempts = r.attempts + 1
)sql"};
inline constexpr Query kForgetRefusedLogins = {"forget_refused_logins", R"sql(
    DELETE FROM refused_logins WHERE day < (to_timestamp($1::double precision) AT TIME ZONE 'UTC')::date
)sql"};
inline constexpr Query kNoteRefusedCall = {"note_refused_call", R"sql(
    INSERT INTO refused_calls AS r (day, login, method, source_key, source, attempts)
    VALUES ((to_timestamp($1::double precision) AT TIME ZONE 'UTC')::date, $2, $3, $4, $5, 1)
        ON CONFLICT (day, login, method, source_key) DO UPDATE SET attempts = r.attempts + 1
)sql"};
inline constexpr Query kForgetRefusedCalls = {"forget_refused_calls", R"sql(
    DELETE FROM refused_calls WHERE day < (to_timestamp($1::double precision) AT TIME ZONE 'UTC')::date
)sql"};
inline constexpr Query kSetPassword = {"set_password", R"sql(
    UPDATE operators SET password_hash = $3 WHERE operator_id = $1 AND password_hash = $2 RETURNING operator_id
)sql"};

inline constexpr Query kAddOperator = {"add_operator", R"sql(
    INSERT INTO operators (login, status, description, password_hash, groups, created_at, created_by)
    VALUES ($1, 'active', $2, nullif($3, ''), coalesce(string_to_array(nullif($4, ''), E'\x1f'), '{}'), now(), $5)
        ON CONFLICT (lower(login)) DO NOTHING
    RETURNING operator_id
)sql"};
// Who is changed is locked first, so that the bounds hold.
inline constexpr Query kLockOperator = {"lock_operator", R"sql(
    SELECT operator_id FROM operators WHERE lower(login) = lower($1) FOR NO KEY UPDATE
)sql"};
// $4 null: the password stays; empty: none any more.
inline constexpr Query kChangeOperator = {"change_operator", R"sql(
    UPDATE operators o
       SET status = coalesce($2, o.status), description = coalesce($3, o.description),
           password_hash = CASE WHEN $4::text IS NULL THEN o.password_hash ELSE nullif($4, '') END,
           groups = ARRAY(SELECT g.name FROM unnest(o.groups) AS g (name)
                           WHERE g.name <> ALL (coalesce(string_to_array(nullif($5, ''), E'\x1f'), '{}'))
                           UNION
                          SELECT n.name FROM unnest(string_to_array(nullif($6, ''), E'\x1f')) AS n (name)
                           ORDER BY name)
     WHERE o.operator_id = $1
)sql"};
// No row where the certificate is another's.
inline constexpr Query kAddOperatorCertificate = {"add_operator_certificate", R"sql(
    INSERT INTO operator_certificates AS c (certificate_sha256, operator_id, added_at, added_by)
    VALUES ($1, $2, now(), $3)
        ON CONFLICT (certificate_sha256) DO UPDATE SET added_by = c.added_by WHERE c.operator_id = $2
    RETURNING operator_id
)sql"};
inline constexpr Query kRemoveOperatorCertificate = {"remove_operator_certificate", R"sql(
    DELETE FROM operator_certificates WHERE certificate_sha256 = $1 AND operator_id = $2
)sql"};
inline constexpr Query kFindGrantedCa = {"find_granted_ca", "SELECT ca_id FROM cas WHERE lower(name) = lower($1)"};
inline constexpr Query kAddGrant = {"add_grant", R"sql(
    INSERT INTO operator_grants (operator_id, level, ca_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
)sql"};
inline constexpr Query kRemoveGrant = {"remove_grant", R"sql(
    DELETE FROM operator_grants WHERE operator_id = $1 AND level = $2 AND ca_id IS NOT DISTINCT FROM $3::bigint
)sql"};
inline constexpr Query kGetOperator = {"get_operator", "SELECT " CERTIFIER_OPERATOR_COLUMNS R"sql(
      FROM operators o
     WHERE lower(o.login) = lower($1)
)sql"};
inline constexpr Query kListOperators = {"list_operators", "SELECT " CERTIFIER_OPERATOR_COLUMNS R"sql(
      FROM operators o
     WHERE $1::bigint = 0 OR o.operator_id < $1::bigint
     ORDER BY o.operator_id DESC LIMIT $2::integer
)sql"};

// Runs the checks that wait for the commit, so that their refusal is an answer and no commit in doubt.
inline constexpr Query kCheckNow = {"check_now", "SET CONSTRAINTS ALL IMMEDIATE"};
inline constexpr Query kHasSuperUser = {"has_super_user", "SELECT has_super_user()"};
// One initialization after another, whatever rows there are yet.
inline constexpr Query kLockSuperUsers = {"lock_super_users", R"sql(
    SELECT pg_advisory_xact_lock(hashtextextended('certifier_super_users', 0))
)sql"};
inline constexpr Query kOfferInitialization = {"offer_initialization", R"sql(
    INSERT INTO initialization_tokens (token_sha256, expires_at, is_recovery)
    VALUES ($1, to_timestamp($2::double precision), $3)
        ON CONFLICT (is_only) DO UPDATE
       SET token_sha256 = excluded.token_sha256, expires_at = excluded.expires_at, is_recovery = excluded.is_recovery
)sql"};
inline constexpr Query kFindInitialization = {"find_initialization", R"sql(
    SELECT is_recovery FROM initialization_tokens
     WHERE token_sha256 = $1 AND expires_at > to_timestamp($2::double precision)
)sql"};
inline constexpr Query kTakeInitialization = {"take_initialization", R"sql(
    DELETE FROM initialization_tokens
     WHERE token_sha256 = $1 AND expires_at > to_timestamp($2::double precision)
    RETURNING is_only
)sql"};

inline constexpr std::array kOperatorQueries = {kFindOperatorByCertificate,
                                                kFindOperatorBySession,
                                                kUseSession,
                                                kFindPassword,
                                                kLockActiveOperator,
                                                kLockActiveOwner,
                                                kAddSession,
                                                kAddCertificateSession,
                                                kEndOldestSessions,
                                                kEndSession,
                                                kEndOtherSessions,
                                                kForgetSessions,
                                                kNoteRefusedLogin,
                                                kForgetRefusedLogins,
                                                kNoteRefusedCall,
                                                kForgetRefusedCalls,
                                                kSetPassword,
                                                kAddOperator,
                                                kLockOperator,
                                                kChangeOperator,
                                                kAddOperatorCertificate,
                                                kRemoveOperatorCertificate,
                                                kFindGrantedCa,
                                                kAddGrant,
                                                kRemoveGrant,
                                                kGetOperator,
                                                kListOperators,
                                                kCheckNow,
                                                kHasSuperUser,
                                                kLockSuperUsers,
                                                kOfferInitialization,
                                                kFindInitialization,
                                                kTakeInitialization};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_OPERATOR_QUERIES_H
