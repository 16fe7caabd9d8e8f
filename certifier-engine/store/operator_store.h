#ifndef CERTIFIER_ENGINE_STORE_OPERATOR_STORE_H
#define CERTIFIER_ENGINE_STORE_OPERATOR_STORE_H

#include <optional>
#include <string>
#include <vector>

#include "store/administration_store.h"

namespace engine::store {

// What an operator may have of each.
inline constexpr std::size_t kMostCertificates = 8, kMostGrants = 256, kMostGroups = 16;

// AccessLevel is what an operator may do with a CA and what belongs to it. What each includes is in operators/access.h.
enum class AccessLevel { kRead, kRevocation, kEntityWrite, kWrite, kSuperUser };

// NamedGrant is a grant as an operator gives it: the name of the CA that it is limited to, or empty for all.
struct NamedGrant {
  AccessLevel level = AccessLevel::kRead;
  std::string ca;
};

struct GrantRecord {
  AccessLevel level = AccessLevel::kRead;
  std::optional<std::int64_t> ca_id;  // Nothing: every CA, and what belongs to none.
  std::string ca;                     // Its name.
};

struct OperatorCertificateRecord {
  Bytes sha256;  // 32 octets, of the DER.
  TimePoint added_at;
  std::string added_by;
};

struct OperatorRecord {
  std::int64_t operator_id = 0;
  std::string login, description;
  bool is_active = false, has_password = false;
  std::vector<OperatorCertificateRecord> certificates;
  std::vector<GrantRecord> grants;
  std::vector<std::string> groups;  // Sorted.
  TimePoint created_at;
  std::string created_by;
};

// SessionRecord is who a session's token stands for.
struct SessionRecord {
  OperatorRecord owner;
  TimePoint expires_at;
};

struct NewOperator {
  std::string login, description;
  std::string password_hash;  // Argon2id, PHC string format; empty: none.
  std::vector<Bytes> certificate_sha256s;
  std::vector<NamedGrant> grants;
  std::vector<std::string> groups;
  std::string created_by;
};

// OperatorChange changes nothing of what it leaves out. What is removed that is not there stays away, and what is added
// that is there stays.
struct OperatorChange {
  std::string login;
  std::optional<bool> is_active;  // False ends every session of the operator.
  std::optional<std::string> description;
  std::optional<std::string> password_hash;  // Empty: none any more. Ends every session likewise.
  std::vector<Bytes> removed_certificates, certificates;
  std::vector<NamedGrant> removed_grants, grants;
  std::vector<std::string> removed_groups, groups;
  std::string changed_by;
  // Bounds on what he has afterwards.
  std::size_t most_certificates = kMostCertificates, most_grants = kMostGrants, most_groups = kMostGroups;
};

// PasswordRecord is what a password is judged by. Of a login that nobody has, or somebody who has no password or is not
// active, it has a decoy to compute on: the hash of one of those who may come in, the same one each time until hashes
// change, so that the work tells nothing. What it says then must not count.
struct PasswordRecord {
  std::int64_t operator_id = 0;
  std::string login;  // As it is written.
  bool is_active = false;
  std::string password_hash;  // Empty: none.
  std::string decoy_hash;     // Empty: nobody comes in by password.
};

struct NewSession {
  std::int64_t operator_id = 0;
  std::string known_hash;  // Of the password that was right; of no account where a certificate let him in.
  Bytes token_sha256;
  TimePoint began_at, expires_at;
  std::string source;
  std::uint32_t most_sessions = 1;  // Of the operator; the oldest end for it.
  Bytes certificate_sha256 = {};    // That let him in, and with which the session ends; empty: the password did.
};

// SessionUse is who calls: the operator, or his page by itself.
enum class SessionUse { kByOperator, kByPage };

// OperatorStore keeps operators. Logins are found without regard to case. Any call: unavailable if the database is
// away.
class OperatorStore {
 public:
  virtual ~OperatorStore() = default;

  // The two below find who comes in; kUnauthorized for a certificate or a session of nobody, or of somebody inactive.
  virtual Result<OperatorRecord> FindByCertificate(const Bytes& sha256) = 0;
  // A session also ends where its operator did not use it for `idle`.
  virtual Result<SessionRecord> FindBySession(const Bytes& token_sha256, TimePoint now, std::chrono::seconds idle,
                                              SessionUse use) = 0;
  // FindPassword: of an unknown login the record has no operator, 0, and a decoy.
  virtual Result<PasswordRecord> FindPassword(const std::string& login) = 0;
  // FindOwner is whose certificate it is, inactive or not: kNotFound for nobody's.
  virtual Result<OperatorRecord> FindOwner(const Bytes& certificate_sha256) = 0;
  // BeginSession: kUnauthorized where the operator is not active any more, or has another password, or the certificate
  // no more, by now.
  virtual Result<void> BeginSession(const NewSession& session) = 0;
  // EndSession ends one; one that is not there has ended.
  virtual Result<void> EndSession(const Bytes& token_sha256) = 0;
  // SetPassword ends every session but the one of `kept_token_sha256`, which may be empty. kConflict where the hash was
  // not `known_hash` any more.
  virtual Result<void> SetPassword(std::int64_t operator_id, const std::string& known_hash, const std::string& hash,
                                   const Bytes& kept_token_sha256) = 0;
  // NoteRefusedLogin counts a wrong password or certificate, of a day, a login and a source: the first, tenth,
  // hundredth ... is an event. `login` is empty where there is no operator of the name that was typed, or of the
  // certificate.
  virtual Result<void> NoteRefusedLogin(TimePoint now, const std::string& login, const std::string& source) = 0;
  // NoteRefusedCall counts a call that was refused to who lacks the access level, of a day, a login, a method and a
  // source: the first, tenth, hundredth ... is an event. `login` is empty for a wrong initialization token.
  virtual Result<void> NoteRefusedCall(TimePoint now, const std::string& login, const std::string& method,
                                       const std::string& source) = 0;
  // ForgetSessions forgets those that have ended, how many; and the counts of refused logins and calls of the days
  // before.
  virtual Result<std::int64_t> ForgetSessions(TimePoint now, std::chrono::seconds idle) = 0;

  // CreateOperator: kConflict for a login that is taken and for a certificate that is another's, kNotFound for an
  // unknown CA.
  virtual Result<OperatorRecord> CreateOperator(const NewOperator& created) = 0;
  // ListOperators lists the newest first.
  virtual Result<std::vector<OperatorRecord>> ListOperators(Page page) = 0;
  // GetOperator: kNotFound.
  virtual Result<OperatorRecord> GetOperator(const std::string& login) = 0;
  // UpdateOperator makes the whole change or none: kNotFound for the login or a CA, kConflict past a bound, for a
  // certificate that is another's, and where no super-user would be left who can come in.
  virtual Result<OperatorRecord> UpdateOperator(const OperatorChange& change) = 0;

  // OfferInitialization replaces the token that makes the first super-user; or, for a recovery, one although there are
  // some. kConflict where there is one and it is none.
  virtual Result<void> OfferInitialization(const Bytes& token_sha256, TimePoint expires_at, bool is_recovery) = 0;
  // CheckInitialization fails as Initialize does for this token.
  virtual Result<void> CheckInitialization(const Bytes& token_sha256, TimePoint now) = 0;
  // Initialize makes `first`, who must be a super-user for all CAs, and forgets the token. kUnauthorized for another
  // token or one that is over; kConflict where there is a super-user and it is for no recovery, or the login is taken.
  virtual Result<OperatorRecord> Initialize(const Bytes& token_sha256, TimePoint now, const NewOperator& first) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_OPERATOR_STORE_H
