#ifndef CERTIFIER_ENGINE_STORE_STORE_H
#define CERTIFIER_ENGINE_STORE_STORE_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pki/bytes.h"
#include "result/result.h"

// What the engine asks of its database, in its own words. Failures are kUnavailable (the database is away, or its pool or
// queue is full; nothing was recorded), kNotFound, kConflict and kInternal; no exception leaves an implementation.
namespace engine::store {

using TimePoint = std::chrono::system_clock::time_point;
using pki::Bytes;
template <class T>
using Result = result::Result<T>;

enum class RequestState { kPending, kPostponed, kApproved, kIssued, kRejected, kExpired };

// ---- enrolment: asynchronous, many calls in one round trip --------------------------------------------------------

// RequestIdentity names a request as the protocol does (requirements P-30).
struct RequestIdentity {
  std::int64_t ca_id = 0;
  Bytes transaction_id;  // 1 to 255 octets.
  Bytes requester_key;   // SHA-256 of the signer's SubjectPublicKeyInfo.
  Bytes csr_sha256;      // Empty in a poll.
};

// PriorRequest is what an earlier message of the same transaction and key left behind.
struct PriorRequest {
  std::int64_t request_id = 0;
  RequestState state = RequestState::kPending;
  Bytes csr_sha256;
  std::string subject;
  Bytes certificate;  // DER if issued.
};

// KeyRecord is a pre-shared key as deciding needs it.
struct KeyRecord {
  std::int64_t pre_shared_key_id = 0;
  std::string reference_number;
  std::int64_t ca_id = 0;
  std::optional<std::int64_t> policy_id;
  std::string entity;
  bool is_entity_active = false;
  std::uint32_t use_limit = 0;
  std::uint32_t use_count = 0;
  TimePoint not_before;
  TimePoint expires_at;
  std::string bound_subject;                         // Empty: none.
  std::vector<std::string> bound_alternative_names;  // Empty: none.
};

struct EnrollmentQuery {
  RequestIdentity identity;
  Bytes key_digest;  // Of the challenge, 32 octets; empty where there is none.
};

struct EnrollmentFacts {
  std::optional<PriorRequest> identical;  // The same PKCS#10, not expired.
  std::optional<PriorRequest> open;       // Same transaction and key, pending, postponed or approved.
  std::optional<KeyRecord> key;
};

// NewCertificate is one that was signed and that nobody has yet.
struct NewCertificate {
  std::int64_t ca_generation_id = 0;
  Bytes serial_number;
  Bytes certificate;  // DER.
  TimePoint not_before;
  TimePoint not_after;
};

// NewRequest is an outcome to record: issued with its certificate, or pending.
struct NewRequest {
  RequestIdentity identity;
  RequestState state = RequestState::kPending;
  Bytes sealed_csr;
  std::string subject;
  std::vector<std::string> subject_alternative_names;
  std::string key_algorithm;
  std::string source_address;
  TimePoint received_at;
  bool has_challenge = false;
  std::optional<std::int64_t> pre_shared_key_id;
  std::int64_t policy_version_id = 0;
  Bytes fingerprints;           // MD5, SHA-1, SHA-256: 68 octets; empty for what is issued at once.
  Bytes unsigned_fingerprints;  // Likewise.
  std::optional<NewCertificate> certificate;
};

// RecordOutcome is what stands in the database after Record.
struct RecordOutcome {
  enum class Kind {
    kRecorded,      // This call's row, durable.
    kPrior,         // Another message came first; its row is in `prior` and stands. No use of the key was counted.
    kKeyExhausted,  // The key had no use left. Nothing was recorded.
  };
  Kind kind = Kind::kRecorded;
  std::int64_t request_id = 0;
  std::optional<PriorRequest> prior;
};

template <class T>
using Callback = std::function<void(Result<T>)>;

// EnrollmentStore answers on threads of its own; callbacks must hand long work on. Each call is answered exactly once, also
// when the store is destroyed (kUnavailable).
class EnrollmentStore {
 public:
  virtual ~EnrollmentStore() = default;
  virtual void Find(EnrollmentQuery query, Callback<EnrollmentFacts> done) = 0;
  // FindForPoll finds the newest request of the transaction and key, expired or not.
  virtual void FindForPoll(RequestIdentity identity, Callback<std::optional<PriorRequest>> done) = 0;
  // Record writes the request, its certificate and the use of its key in one transaction and answers when it is durable.
  virtual void Record(NewRequest request, Callback<RecordOutcome> done) = 0;
};

// ---- administration: blocking ------------------------------------------------------------------------------------

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
};

// Page asks for at most `size` rows with an id below `before` (0: from the newest).
struct Page {
  std::int64_t before = 0;
  std::uint32_t size = 100;
};

class AdministrationStore {
 public:
  virtual ~AdministrationStore() = default;

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
  // Approve turns a pending request whose PKCS#10 has this digest into issued and records its certificate and the use of
  // its key, in one transaction. kConflict if the request is no longer pending, its digest differs or its key is used up.
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

#endif  // CERTIFIER_ENGINE_STORE_STORE_H
