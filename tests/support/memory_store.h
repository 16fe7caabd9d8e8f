#ifndef CERTIFIER_TESTS_SUPPORT_MEMORY_STORE_H
#define CERTIFIER_TESTS_SUPPORT_MEMORY_STORE_H

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/store.h"

namespace engine::store {

// MemoryStore keeps the rules of PostgreSQL's schema (store/migrations) in plain vectors. Every call is one transaction
// under one lock and is answered before it returns. Safe from any thread.
class MemoryStore final : public EnrollmentStore, public DecisionJournal, public AdministrationStore {
 public:
  // Of lists that it cannot make: words are PostgreSQL's.
  static constexpr char kNoSearch[] = "the store in memory does not search";

  using Now = std::function<TimePoint()>;

  explicit MemoryStore(const PendingLimits& limits = {}, Now now = std::chrono::system_clock::now)
      : limits_(limits), now_(std::move(now)) {}

  void Find(EnrollmentQuery query, Callback<EnrollmentFacts> done) override;
  void FindForPoll(RequestIdentity identity, Callback<std::optional<PriorRequest>> done) override;
  void FindCertificates(CertificateQuery query, Callback<CertificateFacts> done) override;
  void FindActivity(ActivityQuery query, Callback<Activity> done) override;
  void Record(NewRequest request, Callback<RecordOutcome> done) override;

  bool Note(NewDecision decision) override;
  // FillJournal makes the journal take nothing more.
  void FillJournal() { is_journal_full_ = true; }
  // FailKeys makes the next calls that write a key's value fail, so many of them.
  void FailKeys(result::Reason reason, int times) {
    key_failure_ = reason;
    key_failures_ = times;
  }

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

 private:
  struct Crl {
    std::int64_t ca_generation_id = 0;
    CrlRecord record;
    Bytes der;
    std::int64_t changes = 0;  // Of the CA's revocations when it was made.
  };
  struct Key {
    KeyListing listing;
    Bytes digest;
    std::int64_t ca_id = 0;
    std::optional<std::int64_t> policy_id;
  };
  struct Request {
    RequestRecord record;
    Bytes requester_key;
    Bytes subject_key;
    std::optional<std::int64_t> pre_shared_key_id;
    std::optional<std::int64_t> entity_id;
    std::optional<std::int64_t> renewed_certificate_id;
    bool reserves_use = false, releases_use = false;
    bool is_forgotten = false;
    Bytes decision;
  };
  struct Alias {
    RequestIdentity identity;  // Without a PKCS#10.
    std::int64_t request_id = 0;
  };

  const CaRecord* FindCa(const std::string& name) const;  // Its active generation.
  const CaRecord& CaWithId(std::int64_t ca_id) const;
  CaRecord* FindGeneration(std::int64_t ca_id, GenerationState state);
  CaRecord& AddGeneration(CaRecord common, const NewGeneration& generation);
  void Retire(CaRecord& generation, TimePoint now);
  void RetireAuthorities(CaRecord& generation, TimePoint now);
  EntityRecord* FindEntity(const std::string& name);
  bool IsChangeAllowed(const EntityRecord& entity, const EntityChange& change) const;
  static EntityStanding StandingOf(const EntityRecord& entity);
  const PolicyRecord* LatestPolicy(const std::string& name) const;
  Key* FindKey(std::optional<std::int64_t> id);
  Result<Key*> FindKeyByNumber(const std::string& reference_number);
  static void NoteUse(Key& key, const RequestRecord& request);
  static bool HasUse(const Key& key);
  Result<void> TryKeys();
  void Settle(const Request& request, bool is_released);
  Request* FindRequest(std::int64_t id);
  static bool IsOpen(RequestState state);
  bool IsInWay(const Request& request, const RequestIdentity& identity) const;
  bool Collides(const NewRequest& request) const;
  bool IsTooMuch(const NewRequest& request) const;
  std::optional<RecordOutcome> AttachAlias(const NewRequest& request);
  PriorRequest PriorOf(const Request& request) const;
  KeyRecord KnownOf(const Key& key);
  bool HoldsUse(const Key& key, const EnrollmentQuery& query) const;
  EnrollmentFacts FactsOf(const EnrollmentQuery& query);
  std::optional<RenewableCertificate> RenewableOf(const SignerCertificate& signer) const;
  std::uint32_t RenewalsOf(std::int64_t certificate_id) const;
  std::optional<std::int64_t> EntityOf(const NewRequest& request);
  std::vector<std::int64_t> ActiveCertificatesOf(const ActivityQuery& query) const;
  KeyUse KeyUseOf(const ActivityQuery& query) const;
  Activity ActivityOf(const ActivityQuery& query) const;
  bool HasChanged(const std::optional<JudgedActivity>& judged) const;
  void Supersede(const std::vector<std::int64_t>& certificates, std::int64_t successor_request_id,
                 const std::string& revoked_by);
  Result<RecordOutcome> RecordNow(const NewRequest& request);
  Result<RecordOutcome> Write(const NewRequest& request);
  bool IsIssued(const Bytes& serial_number, const std::string& ca) const;
  void AddCertificate(const NewCertificate& certificate, Request& request);
  RequestRecord Shown(const Request& request) const;
  Result<Request*> OpenRequest(std::int64_t request_id);
  Result<Request*> OpenRequest(std::int64_t request_id, const Bytes& csr_sha256, std::uint32_t template_version);
  static void AddApprovalTo(Request& request, const Approval& approval);
  static bool IsApproved(const RequestRecord& request, const ApprovedRequest& approved);
  bool NoteNow(NewDecision decision);
  const Crl* NewestCrl(std::int64_t ca_generation_id) const;
  bool IsCrlComplete(std::int64_t ca_generation_id) const;
  bool IsCrlDue(std::int64_t ca_generation_id, TimePoint now) const;
  Result<CertificateRecord*> FindRevocable(const Bytes& serial_number, const std::string& ca);

  const PendingLimits limits_;
  const Now now_;
  std::atomic<bool> is_journal_full_ = false;
  std::atomic<result::Reason> key_failure_ = result::Reason::kUnavailable;
  std::atomic<int> key_failures_ = 0;                  // That are still to come.
  std::mutex mutex_;                                   // Guards all below. A row's id is its place, from 1.
  std::vector<CaRecord> cas_;                          // Generations.
  std::map<std::int64_t, TimePoint> ends_;             // Of generations.
  std::map<Bytes, TimePoint> stagings_, retirements_;  // Of RAs, by their certificates.
  std::vector<PolicyRecord> policy_versions_;
  std::vector<EntityRecord> entities_;
  std::vector<Key> keys_;
  std::vector<Request> requests_;
  std::vector<Alias> aliases_;
  std::vector<CertificateRecord> certificates_;
  std::vector<TimePoint> expiries_;                          // Of each certificate.
  std::vector<std::int64_t> issuers_;                        // Likewise, its CA generation.
  std::map<std::int64_t, std::int64_t> revocation_changes_;  // By CA generation.
  std::vector<NewDecision> decisions_;                       // In the order of their first messages.
  std::vector<Crl> crls_;                                    // In the order in which they were made.
};

}  // namespace engine::store

#endif  // CERTIFIER_TESTS_SUPPORT_MEMORY_STORE_H
