#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_LIST_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_LIST_QUERIES_H

#include <array>

#include "store/postgres/queries.h"

// Lists and searches of requests and certificates, which cost the same however many rows there are: first the ids of
// one page, each by an index in its order, then all else of these rows alone.
//
// In all of them $1 are the CAs, null for all, $2 the name of one of them, empty for all, $3 the id that the page ends
// before, and $4 its size, unless one says otherwise.
namespace engine::store {

#define CERTIFIER_LISTED_CAS                                      \
  "SELECT c.ca_id FROM cas c"                                     \
  " WHERE ($1::bigint[] IS NULL OR c.ca_id = ANY ($1::bigint[]))" \
  "   AND ($2::text = '' OR lower(c.name) = lower($2::text))"

#define CERTIFIER_THESE_REQUESTS        \
  ") SELECT " CERTIFIER_REQUEST_COLUMNS \
  " WHERE r.request_id = ANY (ARRAY(SELECT page.request_id FROM page)) ORDER BY r.request_id "
#define CERTIFIER_PAGE_OF_REQUESTS CERTIFIER_THESE_REQUESTS "DESC"
#define CERTIFIER_PAGE_OF_CERTIFICATES      \
  ") SELECT " CERTIFIER_CERTIFICATE_COLUMNS \
  " WHERE t.certificate_id = ANY (ARRAY(SELECT page.certificate_id FROM page)) ORDER BY t.certificate_id DESC"

// $5 to $7: required, optional and excluded terms, joined.
#define CERTIFIER_SEARCH_QUERY \
  "search_query(string_to_array($5, E'\\x1f'), string_to_array($6, E'\\x1f'), string_to_array($7, E'\\x1f'))"

// Null where it is all.
#define CERTIFIER_SEARCHED_CAS \
  "CASE WHEN $1::bigint[] IS NOT NULL OR $2::text <> '' THEN ARRAY(" CERTIFIER_LISTED_CAS ") END"
#define CERTIFIER_FOUND_REQUESTS                                                                           \
  "SELECT f.request_id FROM search_requests(string_to_array($5, E'\\x1f'), string_to_array($6, E'\\x1f')," \
  "   string_to_array($7, E'\\x1f'), " CERTIFIER_SEARCHED_CAS                                              \
  ","                                                                                                      \
  "   string_to_array($8, E'\\x1f'), $9::boolean, $3::bigint, $4::integer) AS f (request_id)"
#define CERTIFIER_FOUND_CERTIFICATES        \
  ") SELECT " CERTIFIER_CERTIFICATE_COLUMNS \
  " WHERE t.certificate_id = ANY (ARRAY(SELECT page.certificate_id FROM page)) ORDER BY t.request_id DESC"

// Of all CAs, in any state: here $1 is the id that the page ends before, and $2 its size.
inline constexpr Query kListAllRequests = {"list_all_requests", R"sql(
    WITH page AS MATERIALIZED (
        SELECT n.request_id FROM requests n WHERE n.request_id < $1 ORDER BY n.request_id DESC LIMIT $2::integer
    )sql" CERTIFIER_PAGE_OF_REQUESTS};
// $5: the states, joined.
#define CERTIFIER_REQUESTS_IN_ORDER(BEYOND, ORDER)                                                              \
  "WITH page AS MATERIALIZED (SELECT f.request_id FROM (" CERTIFIER_LISTED_CAS                                  \
  ") a CROSS JOIN unnest(string_to_array($5, E'\\x1f')) AS s (state)"                                           \
  " CROSS JOIN LATERAL (SELECT n.request_id FROM requests n"                                                    \
  "  WHERE n.ca_id = a.ca_id AND n.state = s.state AND n.request_id " BEYOND " $3 ORDER BY n.request_id " ORDER \
  " LIMIT $4::integer) f ORDER BY f.request_id " ORDER " LIMIT $4::integer"
inline constexpr Query kListRequests = {"list_requests",
                                        CERTIFIER_REQUESTS_IN_ORDER("<", "DESC") CERTIFIER_PAGE_OF_REQUESTS};
// From the oldest on: $3 is the id that the page begins after.
inline constexpr Query kListOldestRequests = {"list_oldest_requests",
                                              CERTIFIER_REQUESTS_IN_ORDER(">", "ASC") CERTIFIER_THESE_REQUESTS "ASC"};
// $8: the states, null for any. $9: whether only those whose certificate is good.
inline constexpr Query kSearchRequests = {
    "search_requests", "WITH page AS MATERIALIZED (" CERTIFIER_FOUND_REQUESTS CERTIFIER_PAGE_OF_REQUESTS};
// $5: the states. $6: a digest of 16, 20 or 32 octets; each length has its place in the two columns, and its index.
inline constexpr Query kListRequestsByFingerprint = {"list_requests_by_fingerprint", R"sql(
    WITH page AS MATERIALIZED (
        SELECT n.request_id
          FROM requests n
         WHERE n.request_id IN (
                   SELECT f.request_id FROM requests f WHERE substr(f.fingerprints, 1, 16) = $6
                   UNION SELECT f.request_id FROM requests f WHERE substr(f.fingerprints, 17, 20) = $6
                   UNION SELECT f.request_id FROM requests f WHERE substr(f.fingerprints, 37, 32) = $6
                   UNION SELECT f.request_id FROM requests f WHERE substr(f.unsigned_fingerprints, 1, 16) = $6
                   UNION SELECT f.request_id FROM requests f WHERE substr(f.unsigned_fingerprints, 17, 20) = $6
                   UNION SELECT f.request_id FROM requests f WHERE substr(f.unsigned_fingerprints, 37, 32) = $6)
           AND n.request_id < $3 AND n.state = ANY (string_to_array($5, E'\x1f'))
           AND n.ca_id = ANY (ARRAY()sql" CERTIFIER_LISTED_CAS R"sql())
         ORDER BY n.request_id DESC LIMIT $4::integer
    )sql" CERTIFIER_PAGE_OF_REQUESTS};

// $1: the CAs. $2: the request whose key it is. $3, $4: as above.
inline constexpr Query kListRequestsOfSameKey = {"list_requests_of_same_key", R"sql(
    WITH page AS MATERIALIZED (
        SELECT n.request_id
          FROM requests n
         WHERE coalesce(n.subject_key, n.requester_key)
               = (SELECT coalesce(k.subject_key, k.requester_key) FROM requests k WHERE k.request_id = $2)
           AND ($1::bigint[] IS NULL OR n.ca_id = ANY ($1::bigint[]))
           AND n.request_id <> $2 AND n.request_id < $3
         ORDER BY n.request_id DESC LIMIT $4::integer
    )sql" CERTIFIER_PAGE_OF_REQUESTS};

// $5: whether only good ones.
inline constexpr Query kListCertificates = {"list_certificates", R"sql(
    WITH page AS MATERIALIZED (
        SELECT f.certificate_id
          FROM ()sql" CERTIFIER_LISTED_CAS R"sql() a
         CROSS JOIN LATERAL (SELECT n.certificate_id
                               FROM certificates n
                              WHERE n.ca_id = a.ca_id AND n.certificate_id < $3
                                AND (NOT $5::boolean OR NOT EXISTS (SELECT 1 FROM revocations v
                                                                     WHERE v.certificate_id = n.certificate_id))
                              ORDER BY n.certificate_id DESC LIMIT $4::integer) f
         ORDER BY f.certificate_id DESC LIMIT $4::integer
    )sql" CERTIFIER_PAGE_OF_CERTIFICATES};
// $5: revocations.state.
inline constexpr Query kListRevokedCertificates = {"list_revoked_certificates", R"sql(
    WITH page AS MATERIALIZED (
        SELECT f.certificate_id
          FROM ()sql" CERTIFIER_LISTED_CAS R"sql() a
         CROSS JOIN LATERAL (SELECT v.certificate_id
                               FROM revocations v
                              WHERE v.ca_id = a.ca_id AND v.state = $5 AND v.certificate_id < $3
                              ORDER BY v.certificate_id DESC LIMIT $4::integer) f
         ORDER BY f.certificate_id DESC LIMIT $4::integer
    )sql" CERTIFIER_PAGE_OF_CERTIFICATES};
// As kSearchRequests; $3 and the order are of requests, which have one certificate each.
inline constexpr Query kSearchCertificates = {"search_certificates", R"sql(
    WITH page AS MATERIALIZED (
        SELECT n.certificate_id
          FROM certificates n
         WHERE n.request_id = ANY (ARRAY()sql" CERTIFIER_FOUND_REQUESTS R"sql())
    )sql" CERTIFIER_FOUND_CERTIFICATES};
// $8: revocations.state. What was revoked was issued, which is so of all CAs.
inline constexpr Query kSearchRevokedCertificates = {"search_revoked_certificates", R"sql(
    WITH page AS MATERIALIZED (
        SELECT v.certificate_id
          FROM revocations v
         WHERE v.state = $8 AND v.request_id < $3
           AND v.search_words @@ ()sql" CERTIFIER_SEARCH_QUERY R"sql( &&
                   coalesce(search_cas()sql" CERTIFIER_SEARCHED_CAS R"sql(), search_marks(ARRAY ['issued'])))
         ORDER BY v.request_id DESC LIMIT $4::integer
    )sql" CERTIFIER_FOUND_CERTIFICATES};

inline constexpr std::array kListQueries = {kListAllRequests,           kListRequests,
                                            kListOldestRequests,        kSearchRequests,
                                            kListRequestsByFingerprint, kListRequestsOfSameKey,
                                            kListCertificates,          kListRevokedCertificates,
                                            kSearchCertificates,        kSearchRevokedCertificates};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_LIST_QUERIES_H
