#ifndef CERTIFIER_ENGINE_STORE_ADMINISTRATION_STORE_H
#define CERTIFIER_ENGINE_STORE_ADMINISTRATION_STORE_H

#include <optional>
#include <string>
#include <vector>

#include "store/approval.h"
#include "store/authority_records.h"
#include "store/decision_store.h"
#include "store/enrollment_store.h"
#include "store/entity_records.h"
#include "store/page.h"
#include "store/revocation_store.h"
#include "store/search.h"

namespace engine::store {

struct NewKey {
  std::string entity;  // Name.
  std::string ca;      // Name.
  std::string policy;  // Name, or empty.
  std::string reference_number;
  Bytes digest;
  std::uint32_t use_limit = 1;
  TimePoint not_before;
  TimePoint expires_at;
  std::string bound_subject;
  std::vector<std::string> bound_alternative_names;
  std::string created_by;
  std::string attributes = {};  // JSON object of text values; empty: none.
  bool is_typed = false;        // Whether an operator typed the value in.
};

struct KeyListing {
  std::int64_t pre_shared_key_id = 0;
  std::string reference_number, entity, ca, policy, bound_subject, created_by;
  std::vector<std::string> bound_alternative_names;
  std::string attributes;
  bool is_typed = false;
  std::uint32_t use_limit = 0, use_count = 0, reserved_count = 0;
  TimePoint not_before, expires_at, created_at;
  std::optional<TimePoint> last_used_at;  // By what was issued, or waits.
  std::string last_used_from;
  std::int64_t last_request_id = 0;
  std::optional<TimePoint> rekeyed_at, disabled_at;
  std::string rekeyed_by, disabled_by;
};

// NewKeyValue takes the place of a key's value.
struct NewKeyValue {
  std::string reference_number;
  Bytes digest;
  bool is_typed = false;
  std::string rekeyed_by;
};

struct RequestRecord {
  std::int64_t request_id = 0;
  RequestState state = RequestState::kPending;
  std::int64_t ca_id = 0;
  std::string ca;
  Bytes transaction_id;
  Bytes csr_sha256;
  Bytes sealed_csr;
  std::string subject;
  std::vector<std::string> subject_alternative_names;
  std::string key_algorithm, source_address;
  TimePoint received_at;
  bool has_challenge = false;
  std::string reference_number, entity;  // Empty without a key.
  std::optional<std::int64_t> entity_id;
  std::string policy;
  std::uint32_t policy_version = 0;
  std::int64_t policy_version_id = 0, policy_id = 0;
  Bytes held_template;                            // certifier.v1.CertificateTemplate; empty: as it was requested.
  std::string key_attributes, entity_attributes;  // JSON objects of text values; empty: none.
  Bytes fingerprints, unsigned_fingerprints;      // Empty, or MD5, SHA-1, SHA-256.
  std::optional<TimePoint> decided_at;
  std::string decided_by, rejection_reason;
  Bytes serial_number;                           // Empty unless issued.
  std::optional<std::int64_t> ca_generation_id;  // Of a request to the next generation.
  // Whether it came while another key had an open request of the same transactionID (requirements P-30).
  bool has_collision = false;
  std::vector<Bytes> aliases;  // Further transactionIDs of it (requirements P-34), in the order of their octets.
  std::optional<std::int64_t> renewed_certificate_id;
  Bytes renewed_serial_number;          // Of a renewal: what it renews,
  bool is_renewed_revoked = false;      // and whether that is revoked or suspended by now.
  bool is_entity_active = true;         // True without an entity.
  bool is_key_disabled = false;         // False without a key.
  std::vector<std::string> key_makers;  // Logins of who made or replaced the value that the key had.
  // Of one that was held:
  ApprovalTerms terms;                 // What it waits for,
  std::uint32_t template_version = 1;  // grows with every edit of `held_template`,
  std::string template_edited_by;      // the last of them by whom, if there was one,
  std::vector<Approval> approvals;     // and every yes, of earlier versions too, the oldest first.
};

// ApprovedRequest is the certificate of a pending request that an operator approved.
struct ApprovedRequest {
  std::int64_t request_id = 0;
  Bytes csr_sha256;
  NewCertificate certificate;
  std::int64_t policy_version_id = 0;
  Approval approval;          // The last one, by who decided it.
  TimePoint approvals_since;  // Approvals before it count no more.
  NewDecision decision = {};
  ApprovalTerms terms = {};  // What the policy asked for; added to what the request waits for.
  std::optional<JudgedActivity> judged_on = std::nullopt;  // Where the policy asked.
  std::vector<std::int64_t> revokes = {};                  // Certificates that are revoked as superseded.
};

struct CertificateRecord {
  std::int64_t certificate_id = 0;
  std::string ca, entity;
  Bytes serial_number, certificate;
  std::int64_t request_id = 0;
  TimePoint issued_at;
  std::optional<Revocation> revocation;  // Nothing: the certificate is good.
  std::string policy;                    // Which made it,
  std::uint32_t policy_version = 0;      // in this version.
};

class AdministrationStore : public RevocationStore, public DecisionStore {
 public:
  virtual Result<DirectoryRecord> LoadDirectory() = 0;
  // CreateCa makes the first CA the default one. kConflict if the name is taken, kNotFound for an unknown policy.
  // Like ApplyPolicy it notifies every engine's watcher.
  virtual Result<void> CreateCa(const NewCa& ca) = 0;
  // The three below change a CA and notify every engine; kNotFound for an unknown name of a CA or a policy.
  // UpdateCa: kConflict if the options are not the known ones.
  virtual Result<void> UpdateCa(const CaChange& change) = 0;
  // StageGeneration: kConflict if one is staged, or if the active one is another than was known.
  virtual Result<void> StageGeneration(const NextGeneration& next) = 0;
  // ActivateGeneration retires the active generation with its RAs; UnstageGeneration the next one. kConflict if nothing
  // is staged.
  virtual Result<void> ActivateGeneration(const std::string& ca, TimePoint now) = 0;
  virtual Result<void> UnstageGeneration(const std::string& ca, TimePoint now) = 0;
  // StageRegistrationAuthorities adds the successors of the current ones and notifies every engine; kConflict if those
  // are not the current ones any more, or have successors.
  virtual Result<void> StageRegistrationAuthorities(const RegistrationAuthorityRenewal& renewal, TimePoint now) = 0;
  // PublishRegistrationAuthorities puts the staged ones of every active generation, if they were staged no later than
  // `staged_by`, in the place of the current ones, which it retires, and notifies every engine. It says how many it
  // put.
  virtual Result<std::int64_t> PublishRegistrationAuthorities(TimePoint staged_by, TimePoint now) = 0;
  // DestroyRetiredKeys forgets the keys of RAs that were retired before `before`, how many of them, and lets
  // generations that were retired before it serve no more.
  virtual Result<std::int64_t> DestroyRetiredKeys(TimePoint before) = 0;
  // ApplyPolicy adds the next version of a name. kConflict where another than the expected one is the latest.
  virtual Result<PolicyRecord> ApplyPolicy(const NewPolicyVersion& next) = 0;
  virtual Result<PolicyRecord> GetPolicyVersion(std::int64_t policy_version_id) = 0;
  // FindPolicy gives a version of `name`, 0 for the latest. kNotFound.
  virtual Result<PolicyRecord> FindPolicy(const std::string& name, std::uint32_t version) = 0;
  // ListPolicyVersions lists those of `name`, the newest first; a page's `before` is a version. kNotFound for a name
  // that there is not.
  virtual Result<std::vector<PolicyVersionSummary>> ListPolicyVersions(const std::string& name, Page page) = 0;

  virtual Result<EntityRecord> CreateEntity(const NewEntity& entity) = 0;
  virtual Result<std::vector<EntityRecord>> ListEntities(const Terms& terms, Page page) = 0;
  // FindEntityStanding: kNotFound.
  virtual Result<EntityStanding> FindEntityStanding(const std::string& name) = 0;
  // GetEntity is an entity by its name, with how many keys, requests and certificates it has at these CAs, and the
  // `newest` of the latter two. kNotFound.
  virtual Result<EntityOverview> GetEntity(const std::string& name, std::uint32_t newest, const CaIds& ca_ids) = 0;
  // CasOfEntity names the CAs that it has keys or certificates of. kNotFound.
  virtual Result<std::vector<std::string>> CasOfEntity(const std::string& name) = 0;
  // UpdateEntity makes the whole change or none: kNotFound, kConflict for too many attributes, or kUnauthorized for an
  // entity that is not only of the change's CAs when it commits.
  virtual Result<EntityRecord> UpdateEntity(const EntityChange& change) = 0;
  // CreateKey fails as kNotFound with a detail that names what is unknown, kConflict for a digest that exists.
  virtual Result<void> CreateKey(const NewKey& key) = 0;
  virtual Result<std::vector<KeyListing>> ListKeys(const std::string& entity, Page page) = 0;
  // The three below find a key by its reference number, in capitals or not; kNotFound.
  virtual Result<KeyListing> GetKey(const std::string& reference_number) = 0;
  // Rekey: kConflict for a digest that exists and for a key that is disabled.
  virtual Result<KeyListing> Rekey(const NewKeyValue& value) = 0;
  // DisableKey ends a key. One that is disabled already stays as it is.
  virtual Result<KeyListing> DisableKey(const std::string& reference_number, const std::string& disabled_by) = 0;
  // FindKeyDigest is what a key with this reference number is found by. kNotFound.
  virtual Result<Bytes> FindKeyDigest(const std::string& reference_number) = 0;

  virtual Result<std::vector<RequestRecord>> ListRequests(const RequestFilter& filter, Page page) = 0;
  virtual Result<RequestRecord> GetRequest(std::int64_t request_id) = 0;
  // Approve turns a pending request whose PKCS#10 has this digest into issued and records its last approval, its
  // certificate, by which version of the policy, why, and the use of its key, which it reserved, in one transaction.
  // kConflict if the request is no longer pending, its digest or its template differs, its approvals do not fulfil what
  // it waits for, its key is disabled, what it renews is revoked, its entity inactive, or if it reserved no use, being
  // older than reservations are, and its key has none left; or if what it was judged on has changed.
  virtual Result<void> Approve(const ApprovedRequest& approved) = 0;
  // AddApproval records an approval that leaves the request pending, once for each operator and template, with the time
  // of the last, and gives the request as it stands then. kConflict if it is no longer pending, or its digest or its
  // template differs.
  virtual Result<RequestRecord> AddApproval(const NewApproval& added) = 0;
  // UpdateTemplate replaces the template of a pending request, whose approvals so far count no more. kConflict as
  // AddApproval.
  virtual Result<RequestRecord> UpdateTemplate(const TemplateChange& change) = 0;
  // FindActivity answers what a policy must know before it accepts a request.
  virtual Result<Activity> FindActivity(const ActivityQuery& query) = 0;
  // Reject ends a pending request. The use of its key that it reserved is released where the request says so, and
  // consumed otherwise.
  virtual Result<void> Reject(std::int64_t request_id, const std::string& reason, const std::string& decided_by) = 0;
  // Postpone puts a pending request aside, and Resume makes it pending again; `reason` is for the audit log.
  virtual Result<void> Postpone(std::int64_t request_id, const std::string& reason) = 0;
  virtual Result<void> Resume(std::int64_t request_id, const std::string& reason) = 0;
  // Expire turns what has waited for longer than the CA lets it into expired, with the use of its key as Reject does,
  // and forgets rejections that are older than the CA's retention, so that the same PKCS#10 is judged anew; how many of
  // both. `defaults` are for CAs whose options name no days. Any number of engines may do it at once.
  struct Lifetimes {
    std::chrono::seconds pending{0};
    std::chrono::seconds retention{0};
  };
  virtual Result<std::int64_t> Expire(TimePoint now, const Lifetimes& defaults) = 0;

  // ListCertificates pages through certificates by their ids, but where it searches by the ids of their requests, of
  // which each has one.
  virtual Result<std::vector<CertificateRecord>> ListCertificates(const CertificateFilter& filter, Page page) = 0;
  // GetCertificate: kNotFound, or kConflict if two CAs have that serial number and `ca` is empty.
  virtual Result<CertificateRecord> GetCertificate(const Bytes& serial_number, const std::string& ca) = 0;
  // IssuersOf is the DER of the CA certificate that issued a certificate, followed by that of each one above it.
  // kNotFound.
  virtual Result<Bytes> IssuersOf(std::int64_t certificate_id) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_ADMINISTRATION_STORE_H
