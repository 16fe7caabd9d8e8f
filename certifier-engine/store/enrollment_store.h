#ifndef CERTIFIER_ENGINE_STORE_ENROLLMENT_STORE_H
#define CERTIFIER_ENGINE_STORE_ENROLLMENT_STORE_H

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/activity.h"
#include "store/approval.h"
#include "store/types.h"

namespace engine::store {

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
  std::optional<std::int64_t> renewed_certificate_id;  // Of a renewal.
  // The rest is for issued ones.
  Bytes certificate;                  // DER.
  bool is_revoked = false;            // Or suspended: nobody gets it again.
  std::int64_t ca_generation_id = 0;  // The issuer.
  TimePoint issued_at, not_after;
};

// Binding is the subject and the alternative names that a request for an entity, or by a key, must have.
struct Binding {
  std::string subject;                         // RFC 4514; empty: any.
  std::vector<std::string> alternative_names;  // "kind:value"; empty: any.
};

// EntityStanding is an entity as deciding needs it.
struct EntityStanding {
  std::int64_t entity_id = 0;
  std::string name;
  bool is_active = false;
  Binding binding;
  std::string attributes;  // JSON object of text values; empty: none.
};

// KeyRecord is a pre-shared key as deciding needs it.
struct KeyRecord {
  std::int64_t pre_shared_key_id = 0;
  std::string reference_number;
  std::int64_t ca_id = 0;
  std::optional<std::int64_t> policy_id;
  EntityStanding entity;
  std::uint32_t use_limit = 0;
  std::uint32_t use_count = 0;
  std::uint32_t reserved_count = 0;  // Uses that requests hold which wait.
  // Whether the open request of the same requester and subject, of which this one would be a further name, holds one.
  bool is_reserved_for_requester = false;
  bool is_disabled = false;
  TimePoint not_before;
  TimePoint expires_at;
  Binding binding;
  std::string attributes;  // As of an entity.
};

// SignerCertificate is a certificate that signed a message, where its issuer is somebody else.
struct SignerCertificate {
  Bytes serial_number;  // Contents octets.
  Bytes certificate;    // DER.
};

// RenewableCertificate is a signer's certificate that is one of ours, octet for octet.
struct RenewableCertificate {
  std::int64_t certificate_id = 0;
  std::int64_t ca_id = 0;
  std::int64_t policy_id = 0;  // Of the policy that it was issued by.
  bool is_revoked = false;     // Or suspended.
  std::optional<EntityStanding> entity;
  std::uint32_t renewal_count = 0;  // How often it was renewed, or is about to be; not what was refused or expired.
};

struct EnrollmentQuery {
  RequestIdentity identity;
  Bytes key_digest;  // Of the challenge, 32 octets; empty where there is none.
  std::optional<SignerCertificate> signer = std::nullopt;
  std::string subject = {};  // Of the request, RFC 4514.
};

struct EnrollmentFacts {
  // The same PKCS#10, neither expired nor forgotten; or issued in another transaction of the key.
  std::optional<PriorRequest> identical;
  std::optional<PriorRequest> open;  // Same transaction and key, pending, postponed or approved.
  std::optional<KeyRecord> key;
  std::optional<RenewableCertificate> renewable;  // The query's signer, if it is one of ours.
};

// NewCertificate is one that was signed and that nobody has yet.
struct NewCertificate {
  std::int64_t ca_generation_id = 0;
  Bytes serial_number;
  Bytes certificate;  // DER.
  TimePoint not_before;
  TimePoint not_after;
  // Its subject (RFC 4514) and then its alternative names ("kind:value"): what it is found by.
  std::vector<std::string> names = {};
};

// NewRenewal is what a renewal renews.
struct NewRenewal {
  std::int64_t certificate_id = 0;
  std::uint32_t limit = 1;  // Renewals of that certificate that are allowed, 1 to 1000.
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
  std::string gateway;  // commonName of its certificate.
  TimePoint received_at;
  bool has_challenge = false;
  std::optional<std::int64_t> pre_shared_key_id;
  bool releases_use = false;  // Whether a pending one gives back the use that it reserves when it ends without issue.
  std::optional<std::int64_t> entity_id;         // Nothing: the key's, if there is one.
  std::optional<std::int64_t> ca_generation_id;  // Of a request to the next generation.
  std::optional<NewRenewal> renewal;
  std::int64_t policy_version_id = 0;
  Bytes held_template;          // Of a pending one: certifier.v1.CertificateTemplate, as the chain left it.
  ApprovalTerms terms;          // Of a pending one.
  Bytes fingerprints;           // MD5, SHA-1, SHA-256: 68 octets; empty for what is issued at once.
  Bytes unsigned_fingerprints;  // Likewise.
  std::optional<NewCertificate> certificate;
  bool refuses_collision = false;  // Not beside an open request of the same transaction by another key.
  // An issued request of the same PKCS#10 that answers it no more. It is forgotten if this one is written.
  std::optional<std::int64_t> superseded_request_id;
  Bytes decision;                           // certifier.v1.DecisionRecord.
  Bytes subject_key;                        // SHA-256 of the PKCS#10's SubjectPublicKeyInfo; empty: the requester's.
  std::optional<JudgedActivity> judged_on;  // Where the policy asked.
  std::vector<std::int64_t> revokes;        // Certificates that are revoked as superseded if `certificate` is recorded.
};

// PendingLimits are how much may wait for an operator at once, over all engines (requirements S-40), and under how many
// further transactionIDs one request (P-34).
struct PendingLimits {
  std::uint64_t per_source = 100;
  std::uint64_t per_ca = 10'000;
  std::uint64_t per_requester_key = 16;
  std::uint64_t aliases = 16;
};

// RecordOutcome is what stands in the database after Record.
struct RecordOutcome {
  enum class Kind {
    kRecorded,  // This call's row, durable.
    // Another message came first; its row is in `prior` and stands. No use of the key was counted. Where that one waits
    // under another transactionID, this one is a further name of it now.
    kPrior,
    // Nothing was recorded:
    kExhausted,  // the key had no use left to consume or to reserve, or the certificate no renewal;
    kMoved,      // what stood in the way changed meanwhile; the same message finds out anew;
    kChanged,    // what it was judged on has changed; it must be judged anew;
    kCollision,  // another key has an open request of this transaction;
    kTooMuch,    // as much waits as may, or the open request has all its names.
  };
  Kind kind = Kind::kRecorded;
  std::int64_t request_id = 0;
  std::optional<PriorRequest> prior;
};

// CertificateQuery asks for certificates by serial number, on behalf of who signed the question.
struct CertificateQuery {
  Bytes serial_number;  // Without leading zeros.
  SignerCertificate signer;
};

struct IssuedCertificate {
  std::int64_t ca_id = 0;
  Bytes certificate;  // DER.
};

struct CertificateFacts {
  std::optional<RenewableCertificate> signer;   // The query's signer, if it is one of ours.
  std::vector<IssuedCertificate> certificates;  // With that serial number, of whichever CA.
};

template <class T>
using Callback = std::function<void(Result<T>)>;

// EnrollmentStore answers on threads of its own; callbacks must hand long work on. Each call is answered exactly once,
// also when the store is destroyed (kUnavailable).
class EnrollmentStore {
 public:
  virtual ~EnrollmentStore() = default;
  virtual void Find(EnrollmentQuery query, Callback<EnrollmentFacts> done) = 0;
  // FindForPoll finds the newest request of the transaction and key that has not expired, or that the transaction is a
  // further name of.
  virtual void FindForPoll(RequestIdentity identity, Callback<std::optional<PriorRequest>> done) = 0;
  virtual void FindCertificates(CertificateQuery query, Callback<CertificateFacts> done) = 0;
  virtual void FindActivity(ActivityQuery query, Callback<Activity> done) = 0;
  // Record writes the request, its certificate and the use of its key, which a pending one reserves and an issued one
  // consumes, in one transaction and answers when it is durable.
  virtual void Record(NewRequest request, Callback<RecordOutcome> done) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_ENROLLMENT_STORE_H
