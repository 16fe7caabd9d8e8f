#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_SCEP_SERVICE_QUERIES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_SCEP_SERVICE_QUERIES_H

#include <array>

#include "store/postgres/query.h"

// The settings of the SCEP service, and what gateways made of them.
namespace engine::store {

#define CERTIFIER_SCEP_SERVICE_COLUMNS                                                       \
  "s.description, s.is_active, s.listen, s.domain_name,"                                     \
  "       array_to_string(s.allowed_operations, E'\\x1f') AS allowed_operations, s.version," \
  "       extract(epoch FROM s.changed_at) AS changed_at, s.changed_by"

inline constexpr Query kGetScepService = {"get_scep_service",
                                          "SELECT " CERTIFIER_SCEP_SERVICE_COLUMNS " FROM scep_service s"};
// $1: the expected version, or 0. Null leaves what there is; an empty $6 allows nothing. No row where another version
// is the latest.
inline constexpr Query kUpdateScepService = {"update_scep_service", R"sql(
    UPDATE scep_service s
       SET description = coalesce($2, s.description), is_active = coalesce($3::boolean, s.is_active),
           listen = coalesce($4, s.listen), domain_name = coalesce($5, s.domain_name),
           allowed_operations = coalesce(string_to_array($6, E'\x1f'), s.allowed_operations),
           version = s.version + 1, changed_at = now(), changed_by = $7
     WHERE $1::bigint = 0 OR s.version = $1::bigint
    RETURNING )sql" CERTIFIER_SCEP_SERVICE_COLUMNS};

inline constexpr Query kListGatewayReports = {"list_gateway_reports", R"sql(
    SELECT g.gateway, g.instance, g.applied_version, g.listen, coalesce(g.listen_failure, '') AS listen_failure,
           extract(epoch FROM g.reported_at) AS reported_at
      FROM scep_gateways g
     WHERE g.reported_at >= to_timestamp($1::double precision)
     ORDER BY g.gateway, g.instance
)sql"};
inline constexpr Query kPutGatewayReport = {"put_gateway_report", R"sql(
    INSERT INTO scep_gateways (gateway, instance, applied_version, listen, listen_failure, reported_at)
    VALUES ($1, $2, $3, $4, nullif($5, ''), to_timestamp($6::double precision))
        ON CONFLICT (gateway, instance) DO UPDATE
       SET applied_version = excluded.applied_version, listen = excluded.listen,
           listen_failure = excluded.listen_failure, reported_at = excluded.reported_at
)sql"};
inline constexpr Query kForgetOldestGatewayReports = {"forget_oldest_gateway_reports", R"sql(
    DELETE FROM scep_gateways
     WHERE gateway = $1
       AND instance IN (SELECT g.instance FROM scep_gateways g WHERE g.gateway = $1
                         ORDER BY g.reported_at DESC, g.instance OFFSET $2::integer)
)sql"};
inline constexpr Query kForgetGatewayReport = {"forget_gateway_report", R"sql(
    DELETE FROM scep_gateways WHERE gateway = $1 AND instance = $2
)sql"};
inline constexpr Query kForgetGatewayReports = {"forget_gateway_reports", R"sql(
    DELETE FROM scep_gateways WHERE reported_at < to_timestamp($1::double precision)
)sql"};

inline constexpr std::array kScepServiceQueries = {
    kGetScepService,      kUpdateScepService,   kListGatewayReports, kPutGatewayReport, kForgetOldestGatewayReports,
    kForgetGatewayReport, kForgetGatewayReports};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_SCEP_SERVICE_QUERIES_H
