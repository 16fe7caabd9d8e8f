#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_KEY_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_KEY_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// What administrators see of pre-shared keys and change of them.
namespace engine::store {

#define CERTIFIER_KEY_COLUMNS                                                                                        \
  "k.pre_shared_key_id, k.reference_number, e.name AS entity, c.name AS ca, coalesce(p.name, '') AS policy, k.type," \
  "       coalesce(k.bound_subject, '') AS bound_subject, k.created_by,"                                             \
  "       coalesce(array_to_string(k.bound_alternative_names, E'\\x1f'), '') AS bound_alternative_names,"            \
  "       coalesce(nullif(k.policy_attributes, '{}')::text, '') AS attributes,"                                      \
  "       k.use_limit, k.use_count, k.reserved_count, extract(epoch FROM k.not_before) AS not_before,"               \
  "       extract(epoch FROM k.expires_at) AS expires_at, extract(epoch FROM k.created_at) AS created_at,"           \
  "       extract(epoch FROM k.last_used_at) AS last_used_at, coalesce(k.last_used_from, '') AS last_used_from,"     \
  "       coalesce(k.last_request_id, 0) AS last_request_id, extract(epoch FROM k.rekeyed_at) AS rekeyed_at,"        \
  "       coalesce(k.rekeyed_by, '') AS rekeyed_by, extract(epoch FROM k.disabled_at) AS disabled_at,"               \
  "       coalesce(k.disabled_by, '') AS disabled_by"                                                                \
  "  FROM pre_shared_keys k"                                                                                         \
  "  JOIN entities e ON e.entity_id = k.entity_id"                                                                   \
  "  JOIN cas c ON c.ca_id = k.ca_id"                                                                                \
  "  LEFT JOIN policies p ON p.policy_id = k.policy_id"

// $1: the CAs, null for all. $2: the id that the page ends before. $3: its size.
inline constexpr Query kListKeys = {"list_keys", R"sql(
    WITH page AS MATERIALIZED (
        SELECT f.pre_shared_key_id
          FROM (SELECT c.ca_id FROM cas c WHERE $1::bigint[] IS NULL OR c.ca_id = ANY ($1::bigint[])) a
         CROSS JOIN LATERAL (SELECT n.pre_shared_key_id
                               FROM pre_shared_keys n
                              WHERE n.ca_id = a.ca_id AND n.pre_shared_key_id < $2
                              ORDER BY n.pre_shared_key_id DESC LIMIT $3::integer) f
         ORDER BY f.pre_shared_key_id DESC LIMIT $3::integer
    ) SELECT )sql" CERTIFIER_KEY_COLUMNS R"sql(
     WHERE k.pre_shared_key_id = ANY (ARRAY(SELECT page.pre_shared_key_id FROM page))
     ORDER BY k.pre_shared_key_id DESC
)sql"};
// $4: the entity's name.
inline constexpr Query kListKeysOfEntity = {"list_keys_of_entity", "SELECT " CERTIFIER_KEY_COLUMNS R"sql(
     WHERE k.entity_id = (SELECT n.entity_id FROM entities n WHERE lower(n.name) = lower($4))
       AND k.pre_shared_key_id < $2
       AND ($1::bigint[] IS NULL OR k.ca_id = ANY ($1::bigint[]))
     ORDER BY k.pre_shared_key_id DESC LIMIT $3::integer
)sql"};
inline constexpr Query kGetKey = {"get_key", "SELECT " CERTIFIER_KEY_COLUMNS R"sql(
     WHERE k.reference_number = upper($1)
)sql"};
inline constexpr Query kFindKeyDigest = {"find_key_digest", R"sql(
    SELECT digest FROM pre_shared_keys WHERE reference_number = upper($1)
)sql"};
// The old value finds nothing from the commit on. No row for a key that is disabled or not there.
inline constexpr Query kRekey = {"rekey", R"sql(
    UPDATE pre_shared_keys
       SET digest = $2, type = $3, rekeyed_at = now(), rekeyed_by = $4
     WHERE reference_number = upper($1) AND disabled_at IS NULL
    RETURNING pre_shared_key_id
)sql"};
// A key that is disabled already keeps by whom it was.
inline constexpr Query kDisableKey = {"disable_key", R"sql(
    UPDATE pre_shared_keys
       SET disabled_at = coalesce(disabled_at, now()), disabled_by = coalesce(disabled_by, $2)
     WHERE reference_number = upper($1)
    RETURNING pre_shared_key_id
)sql"};

inline constexpr std::array kKeyQueries = {kListKeys, kListKeysOfEntity, kGetKey, kFindKeyDigest, kRekey, kDisableKey};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_KEY_QUERIES_H
