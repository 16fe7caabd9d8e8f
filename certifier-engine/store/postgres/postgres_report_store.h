#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_REPORT_STORE_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_REPORT_STORE_H

#include "store/postgres/connection_pool.h"
#include "store/report_store.h"

namespace engine::store {

// PostgresReportStore borrows a connection of `pool`, which outlives it, for each call. Safe from any thread.
class PostgresReportStore final : public ReportStore {
 public:
  explicit PostgresReportStore(ConnectionPool& pool) : pool_(pool) {}

  Result<FailurePage> ListFailures(const ReportFilter& filter, const std::optional<FailurePlace>& after,
                                   std::uint32_t size) override;
  Result<std::vector<OverdueCertificate>> ListOverdueCertificates(const ReportFilter& filter, TimePoint now,
                                                                  std::uint32_t size) override;
  Result<std::vector<ExpiringKey>> ListExpiringKeys(const ReportFilter& filter, TimePoint now, TimePoint until,
                                                    std::uint32_t size) override;
  Result<std::vector<HourOfIssuance>> ListIssuance(const ReportFilter& filter, TimePoint since) override;

 private:
  ConnectionPool& pool_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_REPORT_STORE_H
