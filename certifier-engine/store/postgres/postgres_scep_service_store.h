#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_SCEP_SERVICE_STORE_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_SCEP_SERVICE_STORE_H

#include "store/postgres/connection_pool.h"
#include "store/scep_service.h"

namespace engine::store {

// PostgresScepServiceStore borrows a connection of `pool`, which outlives it, for each call. Safe from any thread.
class PostgresScepServiceStore final : public ScepServiceStore {
 public:
  explicit PostgresScepServiceStore(ConnectionPool& pool) : pool_(pool) {}

  Result<ScepServiceState> GetScepService(TimePoint since) override;
  Result<ScepServiceRecord> UpdateScepService(const ScepServiceChange& change) override;
  Result<void> PutGatewayReport(const GatewayReport& report, std::uint32_t most) override;
  Result<void> ForgetGatewayReport(const std::string& gateway, const std::string& instance) override;
  Result<std::int64_t> ForgetGatewayReports(TimePoint before) override;

 private:
  ConnectionPool& pool_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_SCEP_SERVICE_STORE_H
