#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_QUERIES_H

#include <array>

#include "store/postgres/queries.h"
#include "store/postgres/session.h"

namespace engine::store {

// Each decision at most once in a call, in the order of their ids, so that two engines cannot wait for each other.
inline constexpr Statement kNoteDecisions = {"note_decisions", R"sql(
    INSERT INTO decisions AS d (decision_id, day, ca_id, request_id, transaction_id, csr_sha256, record,
                                message_count, last_at)
    SELECT encode(q.decision_id, 'hex')::uuid, (q.decided_at AT TIME ZONE 'UTC')::date, q.ca_id, q.request_id,
           q.transaction_id, q.csr_sha256, q.record, q.message_count, q.decided_at
      FROM unnest($1::bytea[], $2::timestamptz[], $3::int8[], $4::int8[], $5::bytea[], $6::bytea[], $7::bytea[],
                  $8::int8[])
           WITH ORDINALITY AS q (decision_id, decided_at, ca_id, request_id, transaction_id, csr_sha256, record,
                  message_count, ordinal)
     ORDER BY q.ordinal
        ON CONFLICT (decision_id) DO UPDATE
       SET message_count = d.message_count + excluded.message_count, last_at = greatest(d.last_at, excluded.last_at)
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
