#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_OPERATOR_STORE_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_OPERATOR_STORE_H

#include "store/operator_store.h"
#include "store/postgres/connection_pool.h"

namespace engine::store {

// PostgresOperatorStore borrows a connection of `pool`, which outlives it, for each call. Safe from any thread.
class PostgresOperatorStore final : public OperatorStore {
 public:
  explicit PostgresOperatorStore(ConnectionPool& pool) : pool_(pool) {}

  Result<OperatorRecord> FindByCertificate(const Bytes& sha256) override;
  Result<SessionRecord> FindBySession(const Bytes& token_sha256, TimePoint now, std::chrono::seconds idle,
                                      SessionUse use) override;
  Result<OperatorRecord> FindOwner(const Bytes& certificate_sha256) override;
  Result<PasswordRecord> FindPassword(const std::string& login) override;
  Result<void> BeginSession(const NewSession& session) override;
  Result<void> EndSession(const Bytes& token_sha256) override;
  Result<void> SetPassword(std::int64_t operator_id, const std::string& known_hash, const std::string& hash,
                           const Bytes& kept_token_sha256) override;
  Result<void> NoteRefusedLogin(TimePoint now, const std::string& login, const std::string& source) override;
  Result<void> NoteRefusedCall(TimePoint now, const std::string& login, const std::string& method,
                               const std::string& source) override;
  Result<std::int64_t> ForgetSessions(TimePoint now, std::chrono::seconds idle) override;

  Result<OperatorRecord> CreateOperator(const NewOperator& created) override;
  Result<std::vector<OperatorRecord>> ListOperators(Page page) override;
  Result<OperatorRecord> GetOperator(const std::string& login) override;
  Result<OperatorRecord> UpdateOperator(const OperatorChange& change) override;

  Result<void> OfferInitialization(const Bytes& token_sha256, TimePoint expires_at, bool is_recovery) override;
  Result<void> CheckInitialization(const Bytes& token_sha256, TimePoint now) override;
  Result<OperatorRecord> Initialize(const Bytes& token_sha256, TimePoint now, const NewOperator& first) override;

 private:
  ConnectionPool& pool_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_OPERATOR_STORE_H
