#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POLICY_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POLICY_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The queries of policies and their versions.
namespace engine::store {

inline constexpr Query kListPolicies = {"list_policies", R"sql(
    SELECT DISTINCT ON (p.policy_id)
           p.policy_id, v.policy_version_id, p.name, v.version, v.document::text AS document,
           extract(epoch FROM v.applied_at) AS applied_at, v.applied_by
      FROM policies p
      JOIN policy_versions v ON v.policy_id = p.policy_id
     ORDER BY p.policy_id, v.version DESC
)sql"};
inline constexpr Query kGetPolicyVersion = {"get_policy_version", R"sql(
    SELECT p.policy_id, v.policy_version_id, p.name, v.version, v.document::text AS document,
           extract(epoch FROM v.applied_at) AS applied_at, v.applied_by
      FROM policy_versions v
      JOIN policies p ON p.policy_id = v.policy_id
     WHERE v.policy_version_id = $1
)sql"};
// The latest where $2 is 0.
inline constexpr Query kFindPolicyVersion = {"find_policy_version", R"sql(
    SELECT p.policy_id, v.policy_version_id, p.name, v.version, v.document::text AS document,
           extract(epoch FROM v.applied_at) AS applied_at, v.applied_by
      FROM policies p
      JOIN policy_versions v ON v.policy_id = p.policy_id
     WHERE lower(p.name) = lower($1) AND ($2::bigint = 0 OR v.version = $2::bigint)
     ORDER BY v.version DESC LIMIT 1
)sql"};
inline constexpr Query kListPolicyVersions = {"list_policy_versions", R"sql(
    SELECT v.version, coalesce(v.document->>'description', '') AS description,
           extract(epoch FROM v.applied_at) AS applied_at, v.applied_by
      FROM policies p
      JOIN policy_versions v ON v.policy_id = p.policy_id
     WHERE lower(p.name) = lower($1) AND ($2::bigint = 0 OR v.version < $2::bigint)
     ORDER BY v.version DESC LIMIT $3::integer
)sql"};
inline constexpr Query kAddPolicy = {"add_policy", R"sql(
    INSERT INTO policies (name) VALUES ($1) ON CONFLICT (lower(name)) DO NOTHING
)sql"};
inline constexpr Query kLockPolicy = {"lock_policy", R"sql(
    SELECT policy_id FROM policies WHERE lower(name) = lower($1) FOR NO KEY UPDATE
)sql"};
// No row where $4, if it is not -1, is not the latest version.
inline constexpr Query kAddPolicyVersion = {"add_policy_version", R"sql(
    INSERT INTO policy_versions (policy_id, version, document, applied_at, applied_by)
    SELECT $1::bigint, coalesce(max(v.version), 0) + 1, $2::jsonb, now(), $3::text
      FROM policy_versions v
     WHERE v.policy_id = $1::bigint
    HAVING $4::bigint = -1 OR coalesce(max(v.version), 0) = $4::bigint
    RETURNING policy_version_id
)sql"};

inline constexpr std::array kPolicyQueries = {kListPolicies, kGetPolicyVersion, kFindPolicyVersion, kListPolicyVersions,
                                              kAddPolicy,    kLockPolicy,       kAddPolicyVersion};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POLICY_QUERIES_H
