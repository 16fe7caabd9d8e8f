#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_ADMINISTRATION_STORE_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_ADMINISTRATION_STORE_H

#include "store/administration_store.h"
#include "store/key_batch_store.h"
#include "store/postgres/connection_pool.h"

namespace engine::store {

// PostgresAdministrationStore borrows a connection from its pool for each call. Safe from any thread.
class PostgresAdministrationStore final : public AdministrationStore, public KeyBatchStore {
 public:
  explicit PostgresAdministrationStore(const PostgresSettings& settings) : pool_(settings) {}

  Result<DirectoryRecord> LoadDirectory() override;
  Result<void> CreateCa(const NewCa& ca) override;
  Result<void> UpdateCa(const CaChange& change) override;
  Result<void> StageGeneration(const NextGeneration& next) override;
  Result<void> ActivateGeneration(const std::string& ca, TimePoint now) override;
  Result<void> UnstageGeneration(const std::string& ca, TimePoint now) override;
  Result<void> StageRegistrationAuthorities(const RegistrationAuthorityRenewal& renewal, TimePoint now) override;
  Result<std::int64_t> PublishRegistrationAuthorities(TimePoint staged_by, TimePoint now) override;
  Result<std::int64_t> DestroyRetiredKeys(TimePoint before) override;
  Result<PolicyRecord> ApplyPolicy(const NewPolicyVersion& next) override;
  Result<PolicyRecord> GetPolicyVersion(std::int64_t policy_version_id) override;
  Result<PolicyRecord> FindPolicy(const std::string& name, std::uint32_t version) override;
  Result<std::vector<PolicyVersionSummary>> ListPolicyVersions(const std::string& name, Page page) override;

  Result<EntityRecord> CreateEntity(const NewEntity& entity) override;
  Result<std::vector<EntityRecord>> ListEntities(const Terms& terms, Page page) override;
  Result<EntityStanding> FindEntityStanding(const std::string& name) override;
  Result<EntityOverview> GetEntity(const std::string& name, std::uint32_t newest, const CaIds& ca_ids) override;
  Result<std::vector<std::string>> CasOfEntity(const std::string& name) override;
  Result<EntityRecord> UpdateEntity(const EntityChange& change) override;
  Result<void> CreateKey(const NewKey& key) override;
  Result<std::vector<KeyListing>> ListKeys(const std::string& entity, Page page) override;
  Result<KeyListing> GetKey(const std::string& reference_number) override;
  Result<KeyListing> Rekey(const NewKeyValue& value) override;
  Result<KeyListing> DisableKey(const std::string& reference_number, const std::string& disabled_by) override;
  Result<Bytes> FindKeyDigest(const std::string& reference_number) override;

  Result<KeyBatchRecord> OpenKeyBatch(const NewKeyBatch& batch) override;
  Result<KeyBatchOutcome> MintKeys(const KeyBatchOrder& order) override;
  Result<std::int64_t> EndKeyBatches() override;

  Result<std::vector<RequestRecord>> ListRequests(const RequestFilter& filter, Page page) override;
  Result<RequestRecord> GetRequest(std::int64_t request_id) override;
  Result<void> Approve(const ApprovedRequest& approved) override;
  Result<RequestRecord> AddApproval(const NewApproval& added) override;
  Result<RequestRecord> UpdateTemplate(const TemplateChange& change) override;
  Result<Activity> FindActivity(const ActivityQuery& query) override;
  Result<void> Reject(std::int64_t request_id, const std::string& reason, const std::string& decided_by) override;
  Result<void> Postpone(std::int64_t request_id, const std::string& reason) override;
  Result<void> Resume(std::int64_t request_id, const std::string& reason) override;
  Result<std::int64_t> Expire(TimePoint now, const Lifetimes& defaults) override;

  Result<std::vector<StoredDecision>> FindDecisions(const DecisionQuery& query, std::uint32_t size) override;
  Result<std::int64_t> ForgetDecisions(TimePoint now, std::chrono::seconds retention) override;

  Result<std::vector<CertificateRecord>> ListCertificates(const CertificateFilter& filter, Page page) override;
  Result<CertificateRecord> GetCertificate(const Bytes& serial_number, const std::string& ca) override;
  Result<Bytes> IssuersOf(std::int64_t certificate_id) override;

  Result<void> Revoke(const Bytes& serial_number, const std::string& ca, const NewRevocation& revocation) override;
  Result<void> Reactivate(const Bytes& serial_number, const std::string& ca) override;
  Result<std::vector<std::int64_t>> DueCrls(TimePoint now) override;
  Result<bool> IssueCrl(const CrlTurn& turn, const Sign& sign) override;
  Result<Bytes> GetCrl(std::int64_t ca_generation_id, std::int64_t crl_number) override;

  // For stores that share its connections.
  ConnectionPool& pool() { return pool_; }

 private:
  ConnectionPool pool_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_POSTGRES_ADMINISTRATION_STORE_H
