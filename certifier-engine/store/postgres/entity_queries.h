#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_ENTITY_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_ENTITY_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// What administrators see of entities and change of them.
namespace engine::store {

#define CERTIFIER_ENTITY_COLUMNS                                                                          \
  "e.entity_id, e.name, e.status = 'active' AS is_active, e.description,"                                 \
  "       extract(epoch FROM e.created_at) AS created_at, e.created_by,"                                  \
  "       coalesce(e.bound_subject, '') AS bound_subject,"                                                \
  "       coalesce(array_to_string(e.bound_alternative_names, E'\\x1f'), '') AS bound_alternative_names," \
  "       coalesce(nullif(e.attributes, '{}')::text, '') AS attributes"

// $4 to $6: subject, joined alternative names, attributes; empty for none.
inline constexpr Query kAddEntity = {"add_entity", R"sql(
    INSERT INTO entities AS e (name, status, description, created_at, created_by, bound_subject,
                               bound_alternative_names, attributes)
    VALUES ($1, 'active', $2, now(), $3, nullif($4, ''), string_to_array(nullif($5, ''), E'\x1f'),
            coalesce(nullif($6, ''), '{}')::jsonb)
    RETURNING )sql" CERTIFIER_ENTITY_COLUMNS};
inline constexpr Query kListEntities = {"list_entities", "SELECT " CERTIFIER_ENTITY_COLUMNS R"sql(
      FROM entities e
     WHERE e.entity_id < $1::bigint
     ORDER BY e.entity_id DESC LIMIT $2::integer
)sql"};
// $3 to $5: required, optional and excluded terms, joined.
inline constexpr Query kSearchEntities = {"search_entities", "SELECT " CERTIFIER_ENTITY_COLUMNS R"sql(
      FROM entities e
     WHERE e.entity_id < $1::bigint
       AND search_words(e.name || ' ' || e.description, '{}')
           @@ search_query(string_to_array($3, E'\x1f'), string_to_array($4, E'\x1f'), string_to_array($5, E'\x1f'))
     ORDER BY e.entity_id DESC LIMIT $2::integer
)sql"};
inline constexpr Query kGetEntity = {"get_entity", "SELECT " CERTIFIER_ENTITY_COLUMNS R"sql(
      FROM entities e WHERE lower(e.name) = lower($1)
)sql"};
// NULL leaves what it is for as it is. $6 are the attributes to remove, joined, and then $7 those to set.
inline constexpr Query kUpdateEntity = {"update_entity",
                                        R"sql(
    UPDATE entities e
       SET status = coalesce($2::text, e.status), description = coalesce($3::text, e.description),
           bound_subject = CASE WHEN $4::text IS NULL THEN e.bound_subject ELSE nullif($4::text, '') END,
           bound_alternative_names = CASE WHEN $5::text IS NULL THEN e.bound_alternative_names
                                          ELSE string_to_array(nullif($5::text, ''), E'\x1f') END,
           attributes = (e.attributes - coalesce(string_to_array(nullif($6::text, ''), E'\x1f'), '{}'))
                        || coalesce(nullif($7::text, ''), '{}')::jsonb
     WHERE lower(e.name) = lower($1)
    RETURNING )sql" CERTIFIER_ENTITY_COLUMNS
                                        ", (SELECT count(1) FROM jsonb_object_keys(e.attributes)) AS attribute_count"};
inline constexpr Query kCountOfEntity = {"count_of_entity", R"sql(
    SELECT (SELECT count(1) FROM pre_shared_keys k WHERE k.entity_id = $1
              AND ($2::bigint[] IS NULL OR k.ca_id = ANY ($2::bigint[]))) AS keys,
           (SELECT count(1) FROM requests r WHERE r.entity_id = $1
              AND ($2::bigint[] IS NULL OR r.ca_id = ANY ($2::bigint[]))) AS requests,
           (SELECT count(1) FROM certificates t WHERE t.entity_id = $1
              AND ($2::bigint[] IS NULL OR t.ca_id = ANY ($2::bigint[]))) AS certificates
)sql"};
inline constexpr Query kRequestsOfEntity = {"requests_of_entity", R"sql(
    SELECT r.request_id, r.state, c.name AS ca, r.subject, extract(epoch FROM r.received_at) AS received_at
      FROM requests r
      JOIN cas c ON c.ca_id = r.ca_id
     WHERE r.entity_id = $1 AND ($3::bigint[] IS NULL OR r.ca_id = ANY ($3::bigint[]))
     ORDER BY r.entity_id DESC, r.request_id DESC LIMIT $2::integer
)sql"};
inline constexpr Query kCertificatesOfEntity = {"certificates_of_entity", R"sql(
    SELECT t.serial_number, c.name AS ca, r.subject, extract(epoch FROM t.issued_at) AS issued_at,
           extract(epoch FROM t.not_after) AS not_after, coalesce(v.state, 'good') AS status
      FROM requests r
      JOIN certificates t ON t.request_id = r.request_id
      JOIN cas c ON c.ca_id = r.ca_id
      LEFT JOIN revocations v ON v.certificate_id = t.certificate_id
     WHERE r.entity_id = $1 AND ($3::bigint[] IS NULL OR r.ca_id = ANY ($3::bigint[]))
     ORDER BY r.entity_id DESC, r.request_id DESC LIMIT $2::integer
)sql"};

// The CAs c that entity $1 has keys or certificates of.
#define CERTIFIER_CAS_OF_ENTITY                                                                       \
  "cas c WHERE EXISTS (SELECT 1 FROM pre_shared_keys k WHERE k.entity_id = $1 AND k.ca_id = c.ca_id)" \
  " OR EXISTS (SELECT 1 FROM certificates t WHERE t.entity_id = $1 AND t.ca_id = c.ca_id)"

// Who refers to the entity with a new key or request holds a lock that this one waits for, or waits for this one;
// so that what count_cas_of_entity then finds holds until the commit.
inline constexpr Query kLockEntity = {"lock_entity", R"sql(
    SELECT entity_id, created_by FROM entities WHERE lower(name) = lower($1) FOR UPDATE
)sql"};
// $2: CAs, as an array. No CA at all: nobody's.
inline constexpr Query kCountCasOfEntity = {"count_cas_of_entity", R"sql(
    SELECT count(1) AS cas, count(1) FILTER (WHERE c.ca_id <> ALL ($2::bigint[])) AS others
      FROM )sql" CERTIFIER_CAS_OF_ENTITY};
inline constexpr Query kCasOfEntity = {"cas_of_entity", R"sql(
    SELECT c.name
      FROM )sql" CERTIFIER_CAS_OF_ENTITY};

inline constexpr std::array kEntityQueries = {
    kAddEntity,        kListEntities,         kSearchEntities, kGetEntity,        kUpdateEntity, kCountOfEntity,
    kRequestsOfEntity, kCertificatesOfEntity, kLockEntity,     kCountCasOfEntity, kCasOfEntity};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_ENTITY_QUERIES_H
