#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_ENROLLMENT_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_ENROLLMENT_QUERIES_H

#include "store/postgres/session.h"

// The queries of enrolment. Each takes a batch: one array for a column, one element for a call. `ordinal` counts
// from 1.
namespace engine::store {

// What is known of requests and keys. At most one row for a call: every join is by a unique index, or takes one row.
// Where the transaction has no row of this PKCS#10, one that another transaction of the same key got issued stands for
// it (requirements P-34). Of a key is also said whether the open request of the same requester and subject, which this
// one would be a further name of, holds a use of it.
inline constexpr Statement kFindFacts = {"find_facts", R"sql(
    SELECT q.ordinal,
           i.request_id, i.state, i.csr_sha256, i.subject, i.renewed_certificate_id,
           c.certificate, v.certificate_id IS NOT NULL, c.ca_generation_id, c.issued_at, c.not_after,
           o.request_id, o.state, o.csr_sha256, o.subject, o.renewed_certificate_id,
           k.pre_shared_key_id, k.reference_number, k.ca_id, k.policy_id,
           k.use_limit, k.use_count, k.not_before, k.expires_at, k.bound_subject,
           array_to_string(k.bound_alternative_names, E'\x1f'), nullif(k.policy_attributes, '{}')::text,
           k.reserved_count, k.disabled_at IS NOT NULL,
           k.reserved_count > 0 AND EXISTS (
               SELECT 1
                 FROM requests w
                WHERE w.ca_id = q.ca_id AND w.requester_key = q.requester_key AND md5(w.subject) = md5(q.subject)
                  AND w.subject = q.subject AND w.state IN ('pending', 'postponed', 'approved')
                  AND w.renewed_certificate_id IS NULL AND w.reserves_use
                  AND w.pre_shared_key_id = k.pre_shared_key_id),
           e.entity_id, e.name, e.status = 'active', e.bound_subject,
           array_to_string(e.bound_alternative_names, E'\x1f'), nullif(e.attributes, '{}')::text
      FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[])
           WITH ORDINALITY AS q (ca_id, transaction_id, requester_key, csr_sha256, key_digest, subject, ordinal)
      LEFT JOIN LATERAL (SELECT n.request_id, n.state, n.csr_sha256, n.subject, n.renewed_certificate_id
                           FROM requests n
                          WHERE n.ca_id = q.ca_id AND n.requester_key = q.requester_key
                            AND n.csr_sha256 = q.csr_sha256 AND n.state <> 'expired' AND NOT n.is_forgotten
                            AND (n.transaction_id = q.transaction_id OR n.state = 'issued')
                          ORDER BY n.transaction_id = q.transaction_id DESC, n.request_id DESC LIMIT 1) i ON true
      LEFT JOIN certificates c ON c.request_id = i.request_id
      LEFT JOIN revocations v ON v.certificate_id = c.certificate_id
      LEFT JOIN requests o
        ON o.ca_id = q.ca_id AND o.transaction_id = q.transaction_id AND o.requester_key = q.requester_key
       AND o.state IN ('pending', 'postponed', 'approved')
      LEFT JOIN pre_shared_keys k ON k.digest = q.key_digest
      LEFT JOIN entities e ON e.entity_id = k.entity_id
)sql"};

// Certificates of ours among the signers of messages. At most one row for a call: the whole certificate must be equal.
inline constexpr Statement kFindRenewable = {"find_renewable", R"sql(
    SELECT q.ordinal, c.certificate_id, g.ca_id, p.policy_id, v.certificate_id IS NOT NULL,
           (SELECT count(1) FROM requests n WHERE n.renewed_certificate_id = c.certificate_id
               AND n.state NOT IN ('rejected', 'expired')),
           e.entity_id, e.name, e.status = 'active', e.bound_subject,
           array_to_string(e.bound_alternative_names, E'\x1f'), nullif(e.attributes, '{}')::text
      FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS q (serial_number, certificate, ordinal)
      JOIN certificates c ON c.serial_number = q.serial_number AND c.certificate = q.certificate
      JOIN ca_generations g ON g.ca_generation_id = c.ca_generation_id
      JOIN requests r ON r.request_id = c.request_id
      JOIN policy_versions p ON p.policy_version_id = r.policy_version_id
      LEFT JOIN entities e ON e.entity_id = r.entity_id
      LEFT JOIN revocations v ON v.certificate_id = c.certificate_id
)sql"};

// Locks the keys whose uses are about to be counted or reserved, in one order for all engines.
inline constexpr Statement kLockKeys = {"lock_keys", R"sql(
    SELECT k.pre_shared_key_id
      FROM pre_shared_keys k
     WHERE k.pre_shared_key_id = ANY ($1::int8[])
     ORDER BY k.pre_shared_key_id
       FOR NO KEY UPDATE
)sql"};

// Serialises what is about to wait, over all engines, so that the counts below are exact. Nothing else takes it.
inline constexpr Statement kLockPending = {"lock_pending", R"sql(
    SELECT pg_advisory_xact_lock(hashtext('certifier pending'), 0)
)sql"};

// Takes issued requests ($1) out of the way of what is to be written, and afterwards puts back those in whose place
// nothing came.
inline constexpr Statement kForgetSuperseded = {"forget_superseded", R"sql(
    UPDATE requests SET is_forgotten = true
     WHERE request_id = ANY ($1::int8[]) AND state = 'issued' AND NOT is_forgotten
)sql"};
inline constexpr Statement kRememberSuperseded = {"remember_superseded", R"sql(
    UPDATE requests r SET is_forgotten = false
     WHERE r.request_id = ANY ($1::int8[]) AND r.state = 'issued'
       AND NOT EXISTS (SELECT 1 FROM requests n
                        WHERE n.ca_id = r.ca_id AND n.requester_key = r.requester_key AND n.csr_sha256 = r.csr_sha256
                          AND n.request_id > r.request_id AND n.state <> 'expired' AND NOT n.is_forgotten)
)sql"};

// Writes requests, their certificates and the uses of their keys: what is issued consumes one, what waits reserves one.
// A row is left out where its key has no use left, its certificate no renewal, where another key has an open request of
// that transaction and the CA does not have two, where as much waits as may ($36 for a source, $37 for a CA, $38 for a
// requester key), or where another row stands on one of the unique indexes. Every row comes back, those that were not
// written with nothing for an id and why, as far as it is known.
inline constexpr Statement kRecord = {"record", R"sql(
    WITH input AS MATERIALIZED (
        SELECT nextval('requests_request_id_seq') AS request_id,
               q.ca_id, q.transaction_id, q.requester_key, q.csr_sha256, q.state, q.sealed_csr, q.subject, q.names,
               q.key_algorithm, q.source_address, q.received_at, q.has_challenge, q.pre_shared_key_id,
               q.policy_version_id, q.fingerprints, q.unsigned_fingerprints, q.ca_generation_id, q.serial_number,
               q.certificate, q.not_before, q.not_after, q.entity_id, q.renewed_certificate_id, q.renewal_limit,
               q.ordinal, q.refuses_collision, q.source_key, q.held_template, q.decision, q.releases_use,
               q.subject_key, q.required_approvals, q.required_groups, q.key_maker_may_approve_alone, q.issued_names,
               q.gateway,
               (q.refuses_collision OR q.state = 'pending') AND EXISTS (
                   SELECT 1
                     FROM requests n
                    WHERE n.ca_id = q.ca_id AND n.transaction_id = q.transaction_id
                      AND n.requester_key <> q.requester_key
                      AND n.state IN ('pending', 'postponed', 'approved')) AS collides,
               CASE WHEN q.state = 'pending' THEN
                   row_number() OVER (PARTITION BY q.state, q.source_key ORDER BY q.ordinal)
                   + (SELECT count(1) FROM requests n WHERE n.source_key = q.source_key
                         AND n.state IN ('pending', 'postponed', 'approved')) > $36::int8
                OR row_number() OVER (PARTITION BY q.state, q.ca_id ORDER BY q.ordinal)
                   + (SELECT count(1) FROM requests n WHERE n.ca_id = q.ca_id
                         AND n.state IN ('pending', 'postponed', 'approved')) > $37::int8
                OR row_number() OVER (PARTITION BY q.state, q.ca_id, q.requester_key ORDER BY q.ordinal)
                   + (SELECT count(1) FROM requests n WHERE n.ca_id = q.ca_id AND n.requester_key = q.requester_key
                         AND n.state IN ('pending', 'postponed', 'approved')) > $38::int8
               ELSE false END AS is_too_much,
               CASE WHEN q.renewed_certificate_id IS NOT NULL THEN
                   (SELECT min(g.number)
                      FROM generate_series(1, q.renewal_limit) AS g (number)
                     WHERE NOT EXISTS (SELECT 1 FROM requests n
                                        WHERE n.renewed_certificate_id = q.renewed_certificate_id
                                          AND n.renewal_number = g.number
                                          AND n.state NOT IN ('rejected', 'expired')))
               END AS renewal_number,
               row_number() OVER (PARTITION BY q.pre_shared_key_id ORDER BY q.ordinal) AS use
          FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[], $7::text[],
                      $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::bool[], $13::int8[], $14::int8[],
                      $15::bytea[], $16::bytea[], $17::int8[], $18::bytea[], $19::bytea[], $20::timestamptz[],
                      $21::timestamptz[], $22::int8[], $23::int8[], $24::int8[], $25::bool[], $26::bytea[],
                      $27::bytea[], $28::bytea[], $29::bool[], $30::bytea[], $31::int8[], $32::text[], $33::bool[],
                      $34::text[], $35::text[])
               WITH ORDINALITY AS q (ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                      names, key_algorithm, source_address, received_at, has_challenge, pre_shared_key_id,
                      policy_version_id, fingerprints, unsigned_fingerprints, ca_generation_id, serial_number,
                      certificate, not_before, not_after, entity_id, renewed_certificate_id, renewal_limit,
                      refuses_collision, source_key, held_template, decision, releases_use,
                      subject_key, required_approvals, required_groups, key_maker_may_approve_alone, issued_names,
                      gateway, ordinal)
    ), written AS (
        INSERT INTO requests (request_id, ca_id, transaction_id, requester_key, csr_sha256, state, sealed_csr, subject,
                              subject_alternative_names, key_algorithm, source_address, received_at, has_challenge,
                              pre_shared_key_id, policy_version_id, fingerprints, unsigned_fingerprints, entity_id,
                              renewed_certificate_id, renewal_number, ca_generation_id, has_collision, source_key,
                              held_template, decision, reserves_use, releases_use, subject_key, required_approvals,
                              required_groups, key_maker_may_approve_alone, template_version, key_makers, issued_names,
                              gateway)
        SELECT i.request_id, i.ca_id, i.transaction_id, i.requester_key, i.csr_sha256, i.state, i.sealed_csr,
               i.subject, string_to_array(i.names, E'\x1f'), i.key_algorithm, i.source_address, i.received_at,
               i.has_challenge, i.pre_shared_key_id, i.policy_version_id, i.fingerprints, i.unsigned_fingerprints,
               coalesce(i.entity_id, k.entity_id), i.renewed_certificate_id, i.renewal_number,
               CASE WHEN i.certificate IS NULL THEN i.ca_generation_id END, i.collides,
               CASE WHEN i.state = 'pending' THEN i.source_key END, i.held_template, i.decision,
               i.state = 'pending' AND i.pre_shared_key_id IS NOT NULL, i.releases_use,
               i.subject_key, i.required_approvals, string_to_array(i.required_groups, E'\x1f'),
               i.key_maker_may_approve_alone, CASE WHEN i.state = 'pending' THEN 1 END,
               CASE WHEN i.state = 'pending' AND k.pre_shared_key_id IS NOT NULL
                    THEN array_remove(ARRAY [k.created_by, k.rekeyed_by], NULL) END,
               nullif(string_to_array(i.issued_names, E'\x1f'),
                      array_prepend(i.subject, string_to_array(i.names, E'\x1f'))), i.gateway
          FROM input i
          LEFT JOIN pre_shared_keys k ON k.pre_shared_key_id = i.pre_shared_key_id
         WHERE (i.pre_shared_key_id IS NULL OR k.use_count + k.reserved_count + i.use <= k.use_limit)
           AND (i.renewed_certificate_id IS NULL OR i.renewal_number IS NOT NULL)
           AND NOT (i.collides AND i.refuses_collision) AND NOT i.is_too_much
            ON CONFLICT DO NOTHING
        RETURNING request_id, ca_id, entity_id
    ), certified AS (
        INSERT INTO certificates (ca_generation_id, serial_number, request_id, certificate, not_before, not_after,
                                  issued_at, ca_id, entity_id)
        SELECT i.ca_generation_id, i.serial_number, i.request_id, i.certificate, i.not_before, i.not_after, now(),
               w.ca_id, w.entity_id
          FROM input i
          JOIN written w ON w.request_id = i.request_id
         WHERE i.certificate IS NOT NULL
    ), counted AS (
        UPDATE pre_shared_keys k
           SET use_count = k.use_count + n.uses, reserved_count = k.reserved_count + n.reservations,
               last_used_at = n.last_used_at, last_used_from = n.last_used_from, last_request_id = n.last_request_id
          FROM (SELECT i.pre_shared_key_id, count(1) FILTER (WHERE i.state = 'issued') AS uses,
                       count(1) FILTER (WHERE i.state = 'pending') AS reservations,
                       max(i.received_at) AS last_used_at, max(i.request_id) AS last_request_id,
                       (array_agg(i.source_address ORDER BY i.request_id DESC))[1] AS last_used_from
                  FROM input i
                  JOIN written w ON w.request_id = i.request_id
                 WHERE i.pre_shared_key_id IS NOT NULL
                 GROUP BY i.pre_shared_key_id) n
         WHERE k.pre_shared_key_id = n.pre_shared_key_id
    )
    SELECT i.ordinal, w.request_id, i.collides AND i.refuses_collision, i.is_too_much,
           i.renewed_certificate_id IS NOT NULL AND i.renewal_number IS NULL
           OR coalesce(k.use_count + k.reserved_count + i.use > k.use_limit, false)
      FROM input i
      LEFT JOIN written w ON w.request_id = i.request_id
      LEFT JOIN pre_shared_keys k ON k.pre_shared_key_id = i.pre_shared_key_id
)sql"};

// Makes a transaction a further name of the open request of the same key and subject, of which there is one at most; of
// names it may have $5. What it was a name of before is over. No row without such a request; false where it has all its
// names.
inline constexpr Statement kAttachAlias = {"attach_alias", R"sql(
    WITH open AS MATERIALIZED (
        SELECT r.request_id, r.state, r.csr_sha256, r.subject
          FROM requests r
         WHERE r.ca_id = $1::int8 AND r.requester_key = $3::bytea AND md5(r.subject) = md5($4::text)
           AND r.subject = $4::text AND r.state IN ('pending', 'postponed', 'approved')
           AND r.renewed_certificate_id IS NULL
           FOR UPDATE
    ), attached AS (
        INSERT INTO request_aliases (ca_id, transaction_id, requester_key, request_id)
        SELECT $1::int8, $2::bytea, $3::bytea, o.request_id
          FROM open o
         WHERE (SELECT count(1) FROM request_aliases a WHERE a.request_id = o.request_id
                   AND a.transaction_id <> $2::bytea) < $5::int8
            ON CONFLICT (ca_id, transaction_id, requester_key) DO UPDATE SET request_id = excluded.request_id
        RETURNING request_id
    )
    SELECT EXISTS (SELECT 1 FROM attached), o.request_id, o.state, o.csr_sha256, o.subject
      FROM open o
)sql"};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_ENROLLMENT_QUERIES_H
