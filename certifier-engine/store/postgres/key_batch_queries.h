#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_KEY_BATCH_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_KEY_BATCH_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The queries of keys that are made in bulk.
namespace engine::store {

inline constexpr Query kAddKeyBatch = {"add_key_batch", R"sql(
    INSERT INTO key_batches (token_digest, salt, created_at, created_by, repeatable_until)
    VALUES ($1, $2, now(), $3, now() + $4::double precision * interval '1 second')
    ON CONFLICT (token_digest) DO NOTHING
)sql"};
inline constexpr Query kFindKeyBatch = {"find_key_batch", R"sql(
    SELECT key_batch_id, coalesce(salt, '') AS salt, created_by = $2 AS is_own,
           salt IS NULL OR repeatable_until <= now() AS has_ended
      FROM key_batches
     WHERE token_digest = $1
)sql"};
// One call of a batch at a time: the second finds what the first made.
inline constexpr Query kLockKeyBatch = {"lock_key_batch", R"sql(
    SELECT salt IS NULL OR repeatable_until <= now() AS has_ended, created_by
      FROM key_batches
     WHERE key_batch_id = $1
       FOR NO KEY UPDATE
)sql"};
inline constexpr Query kFindBatchKeys = {"find_batch_keys", R"sql(
    SELECT b.item, b.specification_digest, k.digest, k.reference_number, k.use_limit,
           extract(epoch FROM k.not_before) AS not_before, extract(epoch FROM k.expires_at) AS expires_at,
           k.use_count + k.reserved_count > 0 OR k.last_used_at IS NOT NULL AS is_used,
           k.disabled_at IS NOT NULL AS is_disabled
      FROM key_batch_items b
      JOIN pre_shared_keys k ON k.pre_shared_key_id = b.pre_shared_key_id
     WHERE b.key_batch_id = $1 AND b.item BETWEEN $2 AND $3
)sql"};
inline constexpr Query kAddEntityOnce = {"add_entity_once", R"sql(
    INSERT INTO entities (name, status, description, created_at, created_by)
    VALUES ($1, 'active', '', now(), $2)
    ON CONFLICT (lower(name)) DO NOTHING
)sql"};
inline constexpr Query kAddBatchKey = {"add_batch_key", R"sql(
    WITH made AS (
        INSERT INTO pre_shared_keys (reference_number, entity_id, ca_id, policy_id, digest, use_limit, not_before,
                                     expires_at, bound_subject, bound_alternative_names, policy_attributes, created_at,
                                     created_by)
        VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::double precision), to_timestamp($8::double precision),
                nullif($9, ''), CASE WHEN $10 = '' THEN NULL ELSE string_to_array($10, E'\x1f') END,
                coalesce(nullif($11::text, ''), '{}')::jsonb, now(), $12)
        RETURNING pre_shared_key_id
    )
    INSERT INTO key_batch_items (key_batch_id, item, pre_shared_key_id, specification_digest)
    SELECT $13::bigint, $14::integer, made.pre_shared_key_id, $15::bytea FROM made
)sql"};
inline constexpr Query kEndKeyBatches = {"end_key_batches", R"sql(
    WITH ended AS (
        UPDATE key_batches SET salt = NULL WHERE salt IS NOT NULL AND repeatable_until <= now() RETURNING key_batch_id
    ), forgotten AS (
        DELETE FROM key_batch_items i USING ended e WHERE i.key_batch_id = e.key_batch_id
    )
    SELECT count(1) AS ended FROM ended
)sql"};

inline constexpr std::array kKeyBatchQueries = {kAddKeyBatch,   kFindKeyBatch, kLockKeyBatch, kFindBatchKeys,
                                                kAddEntityOnce, kAddBatchKey,  kEndKeyBatches};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_KEY_BATCH_QUERIES_H
