#ifndef CERTIFIER_ENGINE_STORE_ADMINISTRATION_STORE_H
#define CERTIFIER_ENGINE_STORE_ADMINISTRATION_STORE_H

#include <optional>
#include <string>
#include <vector>

#include "store/enrollment_store.h"
#include "store/revocation_store.h"

namespace engine::store {

struct PolicyRecord {
  std::int64_t policy_id = 0;
  std::int64_t policy_version_id = 0;
  std::string name;
  std::uint32_t version = 0;
  std::string document;  // JSON of certifier.v1.Policy, proto field names.
  TimePoint applied_at;
  std::string applied_by;
};

struct RegistrationAuthorityRecord {
  bool is_current = true;
  Bytes certificate;
  Bytes sealed_key;
};

struct CaRecord {
  std::int64_t ca_id = 0;
  std::int64_t ca_generation_id = 0;  // The active one.
  std::string name;
  bool is_active = true;
  bool is_default = false;
  std::int64_t policy_id = 0;
  std::string key_algorithm;
  Bytes certificate;
  Bytes sealed_key;
  std::vector<RegistrationAuthorityRecord> registration_authorities;  // Current first.
  CrlRecord crl;                                                      // The newest; number 0: none yet.
  bool is_crl_complete = false;                                       // Whether it knows of every revocation.
};

struct NewCa {
  std::string name;
  std::string policy;  // Name.
  std::string key_algorithm;
  Bytes certificate;
  Bytes sealed_key;
  TimePoint not_before;
  TimePoint not_after;
  Bytes registration_authority_certificate;
  Bytes registration_authority_sealed_key;
  TimePoint registration_authority_not_after;
  std::string created_by;
};

// DirectoryRecord is everything that engines keep in memory.
struct DirectoryRecord {
  std::vector<CaRecord> cas;           // By name.
  std::vector<PolicyRecord> policies;  // The latest version of each.
};

struct EntityRecord {
  std::int64_t entity_id = 0;
  std::string name;
  bool is_active = true;
  std::string description;
  TimePoint created_at;
};

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
};

struct KeyListing {
  std::int64_t pre_shared_key_id = 0;
  std::string reference_number, entity, ca, policy, bound_subject, created_by;
  std::vector<std::string> bound_alternative_names;
  std::uint32_t use_limit = 0, use_count = 0;
  TimePoint not_before, expires_at, created_at;
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
  std::string policy;
  std::uint32_t policy_version = 0;
  std::int64_t policy_version_id = 0;
  Bytes fingerprints, unsigned_fingerprints;  // Empty, or MD5, SHA-1, SHA-256.
  std::optional<TimePoint> decided_at;
  std::string decided_by, rejection_reason;
  Bytes serial_number;  // Empty unless issued.
};

struct CertificateRecord {
  std::int64_t certificate_id = 0;
  std::string ca, entity;
  Bytes serial_number, certificate;
  std::int64_t request_id = 0;
  TimePoint issued_at;
  std::optional<Revocation> revocation;  // Nothing: the certificate is good.
};

// Page asks for at most `size` rows with an id below `before` (0: from the newest).
struct Page {
  std::int64_t before = 0;
  std::uint32_t size = 100;
};

class AdministrationStore : public RevocationStore {
 public:
  virtual Result<DirectoryRecord> LoadDirectory() = 0;
  // CreateCa makes the first CA the default one. kConflict if the name is taken, kNotFound for an unknown policy.
  // Like ApplyPolicy it notifies every engine's watcher.
  virtual Result<void> CreateCa(const NewCa& ca) = 0;
  // ApplyPolicy adds the next version of `name`.
  virtual Result<PolicyRecord> ApplyPolicy(const std::string& name, const std::string& document,
                                           const std::string& applied_by) = 0;
  virtual Result<PolicyRecord> GetPolicyVersion(std::int64_t policy_version_id) = 0;

  virtual Result<EntityRecord> CreateEntity(const std::string& name, const std::string& description,
                                            const std::string& created_by) = 0;
  virtual Result<std::vector<EntityRecord>> ListEntities(Page page) = 0;
  // CreateKey fails as kNotFound with a detail that names what is unknown, kConflict for a digest that exists.
  virtual Result<void> CreateKey(const NewKey& key) = 0;
  virtual Result<std::vector<KeyListing>> ListKeys(const std::string& entity, Page page) = 0;

  // `fingerprint` is empty or a digest of 16, 20 or 32 octets that either set of a request holds.
  virtual Result<std::vector<RequestRecord>> ListRequests(std::optional<RequestState> state, const std::string& ca,
                                                          const Bytes& fingerprint, Page page) = 0;
  virtual Result<RequestRecord> GetRequest(std::int64_t request_id) = 0;
  // Approve turns a pending request whose PKCS#10 has this digest into issued and records its certificate and the use
  // of its key, in one transaction. kConflict if the request is no longer pending, its digest differs or its key is
  // used up.
  virtual Result<void> Approve(std::int64_t request_id, const Bytes& csr_sha256, const NewCertificate& certificate,
                               const std::string& decided_by) = 0;
  virtual Result<void> Reject(std::int64_t request_id, const std::string& reason, const std::string& decided_by) = 0;
  // ExpirePending turns what was received before `before` and still waits into expired; how many.
  virtual Result<std::int64_t> ExpirePending(TimePoint before) = 0;

  virtual Result<std::vector<CertificateRecord>> ListCertificates(const std::string& ca, Page page) = 0;
  // GetCertificate: kNotFound, or kConflict if two CAs have that serial number and `ca` is empty.
  virtual Result<CertificateRecord> GetCertificate(const Bytes& serial_number, const std::string& ca) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_ADMINISTRATION_STORE_H
