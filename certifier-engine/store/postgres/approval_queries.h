#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_APPROVAL_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_APPROVAL_QUERIES_H

#include <array>

#include "store/postgres/query.h"

namespace engine::store {

// The approvals of requests, whose ids are the array $1.
inline constexpr Query kListApprovals = {"list_approvals", R"sql(
    SELECT a.request_id, a.template_version, a.login, array_to_string(a.groups, E'\x1f') AS groups, a.fingerprint,
           extract(epoch FROM a.approved_at) AS approved_at,
           NOT EXISTS (SELECT 1 FROM operators o
                        WHERE lower(o.login) = lower(a.login) AND o.status <> 'active') AS is_operator_active
      FROM approvals a
     WHERE a.request_id = ANY ($1::bigint[])
     ORDER BY a.request_id, a.approved_at, a.login
)sql"};
// Of two operators who approve at once, the second sees what the first added. No row where what was approved is not
// what waits.
inline constexpr Query kLockWaiting = {"lock_waiting", R"sql(
    SELECT r.request_id
      FROM requests r
     WHERE r.request_id = $1 AND r.csr_sha256 = $2 AND r.template_version = $3
       AND r.state IN ('pending', 'postponed', 'approved')
       FOR NO KEY UPDATE
)sql"};
inline constexpr Query kAddApproval = {"add_approval", R"sql(
    INSERT INTO approvals AS a (request_id, template_version, login, groups, csr_sha256, fingerprint, approved_at)
    VALUES ($1, $2, $3, CASE WHEN $4 = '' THEN '{}' ELSE string_to_array($4, E'\x1f') END, $5, $6,
            to_timestamp($7::double precision))
        ON CONFLICT (request_id, template_version, login) DO UPDATE
       SET groups = excluded.groups, fingerprint = excluded.fingerprint,
           approved_at = greatest(a.approved_at, excluded.approved_at)
)sql"};
// Adds to what a request waits for.
inline constexpr Query kRaiseTerms = {"raise_approval_terms", R"sql(
    UPDATE requests r
       SET required_approvals = greatest(r.required_approvals, $2::smallint),
           required_groups = nullif(ARRAY (
               SELECT DISTINCT g.name
                 FROM unnest(coalesce(r.required_groups, '{}')
                             || CASE WHEN $3 = '' THEN '{}' ELSE string_to_array($3, E'\x1f') END) AS g (name)
                ORDER BY g.name), '{}'),
           key_maker_may_approve_alone = coalesce(r.key_maker_may_approve_alone AND nullif($4, '')::boolean,
                                                  r.key_maker_may_approve_alone, nullif($4, '')::boolean)
     WHERE r.request_id = $1
)sql"};
// Keeps the template as it is, where nobody has edited it before.
inline constexpr Query kKeepTemplate = {"keep_template", R"sql(
    INSERT INTO held_templates (request_id, template_version, held_template, edited_by, edited_at)
    SELECT r.request_id, r.template_version, coalesce(r.held_template, ''), NULL, r.received_at
      FROM requests r
     WHERE r.request_id = $1 AND r.template_version = 1
)sql"};
inline constexpr Query kUpdateTemplate = {"update_template", R"sql(
    WITH updated AS (
        UPDATE requests r
           SET held_template = $2, template_version = r.template_version + 1, template_edited_by = $3
         WHERE r.request_id = $1
        RETURNING r.request_id, r.template_version, r.held_template, r.template_edited_by
    )
    INSERT INTO held_templates (request_id, template_version, held_template, edited_by, edited_at)
    SELECT u.request_id, u.template_version, u.held_template, u.template_edited_by, now()
      FROM updated u
)sql"};

inline constexpr std::array kApprovalQueries = {kListApprovals, kLockWaiting,  kAddApproval,
                                                kRaiseTerms,    kKeepTemplate, kUpdateTemplate};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_APPROVAL_QUERIES_H
