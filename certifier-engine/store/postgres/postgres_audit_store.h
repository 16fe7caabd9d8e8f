#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_AUDIT_STORE_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_AUDIT_STORE_H

#include "store/audit_store.h"
#include "store/postgres/connection_pool.h"

namespace engine::store {

// PostgresAuditStore has connections of its own, so that whoever reads a long log takes none from those who decide.
class PostgresAuditStore final : public AuditStore {
 public:
  explicit PostgresAuditStore(const PostgresSettings& settings) : pool_(settings) {}

  Result<AuditPage> ListAuditEvents(const AuditFilter& filter, const std::optional<AuditPlace>& after,
                                    std::uint32_t size) override;
  Result<AuditEventRecord> GetAuditEvent(std::int64_t audit_event_id, const CaIds& ca_ids) override;

  Result<std::optional<AuditSealRecord>> FindAuditSeal(std::uint64_t log_index) override;
  Result<std::optional<AuditSealRecord>> NewestAuditSeal() override;
  Result<std::vector<AuditEventRecord>> ListSealedEvents(std::uint64_t first, std::uint64_t end) override;
  Result<std::vector<AuditEventRecord>> ListUnsealedEvents(std::int64_t after, std::uint32_t size) override;

  Result<std::optional<AuditLogKeyRecord>> FindAuditLogKey() override;
  Result<AuditLogKeyRecord> AddAuditLogKey(const AuditLogKeyRecord& key) override;
  Result<void> RecordKeyUses(const std::vector<CaKeyUseCount>& counts) override;
  Result<std::size_t> SealAuditEvents(std::uint32_t most, const MakeSeal& make) override;

 private:
  ConnectionPool pool_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_AUDIT_STORE_H
