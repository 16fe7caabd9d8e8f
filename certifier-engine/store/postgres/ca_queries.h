#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_CA_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_CA_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The queries of CAs, their generations and their RAs.
namespace engine::store {

inline constexpr Query kListCas = {"list_cas", R"sql(
    SELECT c.ca_id, g.ca_generation_id, c.name, c.status = 'active' AS is_active, c.is_default, c.policy_id,
           c.options::text AS options, g.state, g.generation_number, g.registration_authority, g.key_algorithm,
           g.certificate, g.chain, g.sealed_key, coalesce(g.next_ca_certificates, '') AS next_ca_certificates,
           extract(epoch FROM g.retired_at) AS retired_at, g.is_crl_only, coalesce(n.crl_number, 0) AS crl_number,
           extract(epoch FROM n.this_update) AS this_update, extract(epoch FROM n.next_update) AS next_update,
           coalesce(n.revoked_count, 0) AS revoked_count,
           n.revocation_changes IS NOT DISTINCT FROM g.revocation_changes AS is_crl_complete
      FROM cas c
      JOIN ca_generations g ON g.ca_id = c.ca_id
      LEFT JOIN LATERAL (
           SELECT l.crl_number, l.this_update, l.next_update, l.revoked_count, l.revocation_changes
             FROM crls l
            WHERE l.ca_generation_id = g.ca_generation_id
            ORDER BY l.crl_number DESC LIMIT 1) n ON true
     ORDER BY lower(c.name), g.generation_number
)sql"};
inline constexpr Query kListRegistrationAuthorities = {"list_registration_authorities", R"sql(
    SELECT r.ca_generation_id, r.state, r.usage, r.certificate, r.sealed_key
      FROM registration_authorities r
     WHERE r.state IN ('current', 'next', 'retired')
     ORDER BY r.ca_generation_id, r.state, r.usage DESC, r.registration_authority_id DESC
)sql"};
inline constexpr Query kAddCa = {"add_ca", R"sql(
    INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
    SELECT $1, 'active', p.policy_id, NOT EXISTS (SELECT 1 FROM cas WHERE is_default), now(), $3
      FROM policies p
     WHERE lower(p.name) = lower($2)
    RETURNING ca_id
)sql"};
inline constexpr Query kAddCaGeneration = {"add_ca_generation", R"sql(
    INSERT INTO ca_generations (ca_id, state, generation_number, key_algorithm, certificate, chain, sealed_key,
                                not_before, not_after, registration_authority, next_ca_certificates)
    SELECT $1::bigint, $2, coalesce(max(g.generation_number), 0) + 1, $3, $4::bytea, $5::bytea, $6::bytea,
           to_timestamp($7::double precision), to_timestamp($8::double precision), $9, nullif($10::bytea, '')
      FROM ca_generations g
     WHERE g.ca_id = $1::bigint
    RETURNING ca_generation_id
)sql"};
inline constexpr Query kAddRegistrationAuthority = {"add_registration_authority", R"sql(
    INSERT INTO registration_authorities (ca_generation_id, state, usage, certificate, sealed_key, not_after, staged_at)
    VALUES ($1, $2, $3, $4, $5, to_timestamp($6::double precision), to_timestamp($7::double precision))
)sql"};
// Serialises the changes of one CA.
inline constexpr Query kLockCa = {"lock_ca", R"sql(
    SELECT ca_id, options::text AS options FROM cas WHERE lower(name) = lower($1) FOR NO KEY UPDATE
)sql"};
inline constexpr Query kSetCa = {"set_ca", R"sql(
    UPDATE cas
       SET options = $2::jsonb, policy_id = coalesce(nullif($3, '')::bigint, policy_id),
           status = coalesce(nullif($4, ''), status)
     WHERE ca_id = $1
)sql"};
inline constexpr Query kFindPolicy = {"find_policy", R"sql(
    SELECT policy_id FROM policies WHERE lower(name) = lower($1)
)sql"};
inline constexpr Query kUnsetDefaultCa = {"unset_default_ca", "UPDATE cas SET is_default = false WHERE is_default"};
inline constexpr Query kSetDefaultCa = {"set_default_ca", "UPDATE cas SET is_default = true WHERE ca_id = $1"};
inline constexpr Query kFindGeneration = {"find_generation", R"sql(
    SELECT ca_generation_id FROM ca_generations WHERE ca_id = $1 AND state = $2
)sql"};
inline constexpr Query kRetireGeneration = {"retire_generation", R"sql(
    UPDATE ca_generations
       SET state = 'retired', retired_at = to_timestamp($2::double precision)
     WHERE ca_generation_id = $1
)sql"};
inline constexpr Query kActivateGeneration = {"activate_generation", R"sql(
    UPDATE ca_generations SET state = 'active', next_ca_certificates = NULL WHERE ca_generation_id = $1
)sql"};
inline constexpr Query kRetireRegistrationAuthorities = {"retire_registration_authorities", R"sql(
    UPDATE registration_authorities
       SET state = 'retired', retired_at = to_timestamp($2::double precision)
     WHERE ca_generation_id = $1 AND state IN ('current', 'next')
)sql"};
// Until the end of the transaction nobody retires them.
inline constexpr Query kLockCurrentRegistrationAuthorities = {"lock_current_registration_authorities", R"sql(
    SELECT r.certificate
      FROM registration_authorities r
     WHERE r.ca_generation_id = $1 AND r.state = 'current'
     ORDER BY r.registration_authority_id
       FOR UPDATE
)sql"};
inline constexpr Query kRetireSucceededRegistrationAuthorities = {"retire_succeeded_registration_authorities", R"sql(
    UPDATE registration_authorities r
       SET state = 'retired', retired_at = to_timestamp($2::double precision)
     WHERE r.state = 'current'
       AND EXISTS (SELECT 1
                     FROM registration_authorities n
                     JOIN ca_generations g ON g.ca_generation_id = n.ca_generation_id AND g.state = 'active'
                    WHERE n.ca_generation_id = r.ca_generation_id AND n.state = 'next'
                      AND n.staged_at <= to_timestamp($1::double precision))
)sql"};
// Only where nothing is current any more, by the statement before.
inline constexpr Query kPublishRegistrationAuthorities = {"publish_registration_authorities", R"sql(
    UPDATE registration_authorities n
       SET state = 'current'
     WHERE n.state = 'next' AND n.staged_at <= to_timestamp($1::double precision)
       AND EXISTS (SELECT 1
                     FROM ca_generations g
                    WHERE g.ca_generation_id = n.ca_generation_id AND g.state = 'active')
       AND NOT EXISTS (SELECT 1
                         FROM registration_authorities r
                        WHERE r.ca_generation_id = n.ca_generation_id AND r.state = 'current')
)sql"};
inline constexpr Query kEndRetiredGenerations = {"end_retired_generations", R"sql(
    UPDATE ca_generations
       SET is_crl_only = true
     WHERE state = 'retired' AND NOT is_crl_only AND retired_at < to_timestamp($1::double precision)
)sql"};
inline constexpr Query kDestroyRetiredKeys = {"destroy_retired_keys", R"sql(
    UPDATE registration_authorities
       SET state = 'destroyed', sealed_key = ''
     WHERE state = 'retired' AND retired_at < to_timestamp($1::double precision)
)sql"};

inline constexpr std::array kCaQueries = {kListCas,
                                          kListRegistrationAuthorities,
                                          kAddCa,
                                          kAddCaGeneration,
                                          kAddRegistrationAuthority,
                                          kLockCa,
                                          kSetCa,
                                          kFindPolicy,
                                          kUnsetDefaultCa,
                                          kSetDefaultCa,
                                          kFindGeneration,
                                          kRetireGeneration,
                                          kActivateGeneration,
                                          kRetireRegistrationAuthorities,
                                          kLockCurrentRegistrationAuthorities,
                                          kRetireSucceededRegistrationAuthorities,
                                          kPublishRegistrationAuthorities,
                                          kEndRetiredGenerations,
                                          kDestroyRetiredKeys};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_CA_QUERIES_H
