#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_QUERIES_H

#include <array>

#include "store/postgres/queries.h"
#include "store/postgres/session.h"

namespace engine::store {

// Each decision at most once in a call, in the order of their ids, so that two engines cannot wait for each other.
// Those that are new and have a reason ($9) are refusals, and events.
inline constexpr Statement kNoteDecisions = {"note_decisions", R"sql(
    WITH input AS MATERIALIZED (
        SELECT encode(q.decision_id, 'hex')::uuid AS decision_id, q.decided_at, q.ca_id, q.request_id, q.transaction_id,
               q.csr_sha256, q.record, q.message_count, q.reason, q.actor, q.source_address, q.subject,
               q.reference_number, q.entity, q.gateway, CASE WHEN q.is_failure THEN q.decided_at END AS failed_at,
               q.ordinal
          FROM unnest($1::bytea[], $2::timestamptz[], $3::int8[], $4::int8[], $5::bytea[], $6::bytea[], $7::bytea[],
                      $8::int8[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
                      $15::text[], $16::bool[])
               WITH ORDINALITY AS q (decision_id, decided_at, ca_id, request_id, transaction_id, csr_sha256, record,
                      message_count, reason, actor, source_address, subject, reference_number, entity, gateway,
                      is_failure, ordinal)
    ), noted AS (
        INSERT INTO decisions AS d (decision_id, day, ca_id, request_id, transaction_id, csr_sha256, record,
                                    message_count, last_at, failed_at)
        SELECT i.decision_id, (i.decided_at AT TIME ZONE 'UTC')::date, i.ca_id, i.request_id, i.transaction_id,
               i.csr_sha256, i.record, i.message_count, i.decided_at, i.failed_at
          FROM input i
         ORDER BY i.ordinal
            ON CONFLICT (decision_id) DO UPDATE
           SET message_count = d.message_count + excluded.message_count,
               last_at = greatest(d.last_at, excluded.last_at),
               failed_at = greatest(d.failed_at, excluded.failed_at)
        RETURNING d.decision_id, d.xmax = 0 AS is_new
    )
    SELECT record_audit_events(array_agg(ROW(
               'request_refused', i.actor, i.source_address, i.ca_id, c.name,
               jsonb_build_object('request', i.request_id::text, 'key', nullif(i.reference_number, ''),
                                  'entity', nullif(i.entity, '')),
               jsonb_build_object('decision', i.decision_id, 'reason', i.reason, 'subject', left(i.subject, 1000),
                                  'csr_sha256', encode(i.csr_sha256, 'hex'),
                                  'gateway', nullif(i.gateway, '')))::audit_draft ORDER BY i.ordinal))
      FROM input i
      JOIN noted n ON n.decision_id = i.decision_id AND n.is_new
      JOIN cas c ON c.ca_id = i.ca_id
     WHERE i.reason IS NOT NULL
)sql"};

// By one of: id ($1, hexadecimal), request ($2), transactionID ($3), PKCS#10 ($4); the others are null or empty. The
// newest.
inline constexpr Query kFindDecisions = {"find_decisions", R"sql(
    SELECT record, request_id, message_count, extract(epoch FROM last_at) AS last_at
      FROM (SELECT r.decision AS record, r.request_id, 1 AS message_count, r.received_at AS last_at
              FROM requests r WHERE r.request_id = $2::int8 AND r.decision IS NOT NULL
             UNION ALL
            SELECT r.decision, r.request_id, 1, r.received_at
              FROM requests r WHERE r.transaction_id = nullif($3::bytea, '') AND r.decision IS NOT NULL
             UNION ALL
            SELECT r.decision, r.request_id, 1, r.received_at
              FROM requests r WHERE r.csr_sha256 = nullif($4::bytea, '') AND r.decision IS NOT NULL
             UNION ALL
            SELECT d.record, d.request_id, d.message_count, d.last_at
              FROM decisions d WHERE d.decision_id = $1::uuid
             UNION ALL
            SELECT d.record, d.request_id, d.message_count, d.last_at
              FROM decisions d WHERE d.request_id = $2::int8
             UNION ALL
            SELECT d.record, d.request_id, d.message_count, d.last_at
              FROM decisions d WHERE d.transaction_id = nullif($3::bytea, '')
             UNION ALL
            SELECT d.record, d.request_id, d.message_count, d.last_at
              FROM decisions d WHERE d.csr_sha256 = nullif($4::bytea, '')) found
     ORDER BY last_at DESC LIMIT $5::integer
)sql"};

inline constexpr Query kAddDecision = {"add_decision", R"sql(
    INSERT INTO decisions AS d (decision_id, day, ca_id, request_id, transaction_id, csr_sha256, record,
                                message_count, last_at)
    VALUES (encode($1, 'hex')::uuid, (to_timestamp($2::double precision) AT TIME ZONE 'UTC')::date, $3, $4, $5,
            nullif($6::bytea, ''), $7, 1, to_timestamp($2::double precision))
        ON CONFLICT (decision_id) DO UPDATE SET message_count = d.message_count + 1, last_at = excluded.last_at
)sql"};

// A bounded part of what is older, so that no statement runs for long.
inline constexpr Query kForgetDecisions = {"forget_decisions", R"sql(
    DELETE FROM decisions
     WHERE decision_id IN (SELECT o.decision_id FROM decisions o
                            WHERE o.day < (to_timestamp($1::double precision) AT TIME ZONE 'UTC')::date
                              - ceil($2::double precision / 86400)::integer
                            LIMIT $3::integer)
)sql"};

inline constexpr std::array kDecisionQueries = {kFindDecisions, kAddDecision, kForgetDecisions};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_QUERIES_H
