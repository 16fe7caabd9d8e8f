#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_RETRIEVAL_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_RETRIEVAL_QUERIES_H

#include "store/postgres/session.h"

// The queries of polls and of GetCert, in batches as those of enrollment_queries.h.
namespace engine::store {

// At most 64 for a call: more CAs than that do not share a serial number.
inline constexpr Statement kFindCertificates = {"find_certificates", R"sql(
    SELECT q.ordinal, c.ca_id, c.certificate
      FROM unnest($1::bytea[]) WITH ORDINALITY AS q (serial_number, ordinal)
      JOIN LATERAL (SELECT g.ca_id, t.certificate
                      FROM certificates t
                      JOIN ca_generations g ON g.ca_generation_id = t.ca_generation_id
                     WHERE t.serial_number = q.serial_number
                     LIMIT 64) c ON true
)sql"};

// The newest request of a transaction and key that has not expired, or that it is a further name of. The sum keeps the
// planner from reading the primary key backwards until it finds one.
inline constexpr Statement kFindForPoll = {"find_for_poll", R"sql(
    SELECT q.ordinal, r.request_id, r.state, r.csr_sha256, r.subject, r.renewed_certificate_id,
           c.certificate, v.certificate_id IS NOT NULL, c.ca_generation_id, c.issued_at, c.not_after
      FROM unnest($1::int8[], $2::bytea[], $3::bytea[])
           WITH ORDINALITY AS q (ca_id, transaction_id, requester_key, ordinal)
      LEFT JOIN request_aliases a
        ON a.ca_id = q.ca_id AND a.transaction_id = q.transaction_id AND a.requester_key = q.requester_key
      JOIN LATERAL (SELECT p.request_id, p.state, p.csr_sha256, p.subject, p.renewed_certificate_id
                      FROM (SELECT n.request_id, n.state, n.csr_sha256, n.subject, n.renewed_certificate_id
                              FROM requests n
                             WHERE n.ca_id = q.ca_id AND n.requester_key = q.requester_key
                               AND n.transaction_id = q.transaction_id
                               AND n.state <> 'expired' AND NOT n.is_forgotten
                             UNION ALL
                            SELECT n.request_id, n.state, n.csr_sha256, n.subject, n.renewed_certificate_id
                              FROM requests n
                             WHERE n.request_id = a.request_id AND n.state <> 'expired' AND NOT n.is_forgotten) p
                     ORDER BY p.request_id + 0 DESC LIMIT 1) r ON true
      LEFT JOIN certificates c ON c.request_id = r.request_id
      LEFT JOIN revocations v ON v.certificate_id = c.certificate_id
)sql"};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_RETRIEVAL_QUERIES_H
