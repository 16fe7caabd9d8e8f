#include "service/address.h"
#include "store/postgres/fields.h"
#include "store/postgres/operator_queries.h"
#include "store/postgres/operator_records.h"
#include "store/postgres/postgres_operator_store.h"
#include "store/postgres/transact.h"

namespace engine::store {

using result::Fail;
using result::Reason;

namespace {

Result<void> AddSession(Work& work, const NewSession& session) {
  if (work.exec_prepared(kLockActiveOperator.name, session.operator_id, session.known_hash).empty()) {
    return Fail(Reason::kUnauthorized, "the operator is not active, or has another password by now");
  }
  work.exec_prepared0(kAddSession.name, Blob(session.token_sha256), session.operator_id, Epoch(session.began_at),
                      Epoch(session.expires_at), session.source);
  return {};
}

Result<void> AddCertificateSession(Work& work, const NewSession& session) {
  const bool is_active = !work.exec_prepared(kLockActiveOwner.name, session.operator_id).empty();
  if (is_active && !work.exec_prepared(kAddCertificateSession.name, Blob(session.token_sha256), session.operator_id,
                                       Epoch(session.began_at), Epoch(session.expires_at), session.source,
                                       Blob(session.certificate_sha256))
                        .empty()) {
    return {};
  }
  return Fail(Reason::kUnauthorized, "the operator is not active, or has another certificate by now");
}

}  // namespace

Result<OperatorRecord> PostgresOperatorStore::FindOwner(const Bytes& certificate_sha256) {
  return Transact(pool_, [&](Work& work) -> Result<OperatorRecord> {
    const auto found = work.exec_prepared(kFindOperatorByCertificate.name, Blob(certificate_sha256));
    if (found.empty()) return Fail(Reason::kNotFound, "the certificate is no operator's");
    return OperatorOf(found[0]);
  });
}

Result<OperatorRecord> PostgresOperatorStore::FindByCertificate(const Bytes& sha256) {
  auto owner = FindOwner(sha256);
  const bool is_refused = owner ? !owner->is_active : owner.error().reason == Reason::kNotFound;
  if (is_refused) return Fail(Reason::kUnauthorized, "the certificate is no active operator's");
  return owner;
}

Result<SessionRecord> PostgresOperatorStore::FindBySession(const Bytes& token_sha256, TimePoint now,
                                                           std::chrono::seconds idle, SessionUse use) {
  return Transact(pool_, [&](Work& work) -> Result<SessionRecord> {
    const auto found = work.exec_prepared(kFindOperatorBySession.name, Blob(token_sha256), Epoch(now), idle.count());
    if (found.empty()) return Fail(Reason::kUnauthorized, "the session has ended: log in again");
    if (use == SessionUse::kByOperator && found[0]["is_use_new"].as<bool>()) {
      work.exec_prepared0(kUseSession.name, Blob(token_sha256), Epoch(now));
    }
    ASSIGN_OR_RETURN(auto owner, OperatorOf(found[0]));
    return SessionRecord{std::move(owner), TimeOf(found[0]["expires_at"])};
  });
}

Result<PasswordRecord> PostgresOperatorStore::FindPassword(const std::string& login) {
  return Transact(pool_, [&](Work& work) -> Result<PasswordRecord> {
    const auto found = work.exec_prepared1(kFindPassword.name, login);
    return PasswordRecord{found["operator_id"].as<std::int64_t>(), found["login"].as<std::string>(),
                          found["is_active"].as<bool>(), found["password_hash"].as<std::string>(),
                          found["decoy_hash"].as<std::string>()};
  });
}

Result<void> PostgresOperatorStore::BeginSession(const NewSession& session) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    RETURN_IF_ERROR(session.certificate_sha256.empty() ? AddSession(work, session)
                                                       : AddCertificateSession(work, session));
    work.exec_prepared0(kEndOldestSessions.name, session.operator_id, session.most_sessions);
    return {};
  });
}

Result<void> PostgresOperatorStore::EndSession(const Bytes& token_sha256) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared0(kEndSession.name, Blob(token_sha256));
    return {};
  });
}

Result<void> PostgresOperatorStore::SetPassword(std::int64_t operator_id, const std::string& known_hash,
                                                const std::string& hash, const Bytes& kept_token_sha256) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    if (work.exec_prepared(kSetPassword.name, operator_id, known_hash, hash).empty()) {
      return Fail(Reason::kConflict, "the password was changed meanwhile");
    }
    work.exec_prepared0(kEndOtherSessions.name, operator_id, Blob(kept_token_sha256));
    return {};
  });
}

Result<void> PostgresOperatorStore::NoteRefusedLogin(TimePoint now, const std::string& login,
                                                     const std::string& source) {
  const std::string key = service::SourceKey(source);
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared0(kNoteRefusedLogin.name, Epoch(now), login, Blob(key), source);
    return {};
  });
}

Result<void> PostgresOperatorStore::NoteRefusedCall(TimePoint now, const std::string& login, const std::string& method,
                                                    const std::string& source) {
  const std::string key = service::SourceKey(source);
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared0(kNoteRefusedCall.name, Epoch(now), login, method, Blob(key), source);
    return {};
  });
}

Result<std::int64_t> PostgresOperatorStore::ForgetSessions(TimePoint now, std::chrono::seconds idle) {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    work.exec_prepared0(kForgetRefusedLogins.name, Epoch(now));
    work.exec_prepared0(kForgetRefusedCalls.name, Epoch(now));
    return static_cast<std::int64_t>(
        work.exec_prepared(kForgetSessions.name, Epoch(now), idle.count()).affected_rows());
  });
}

}  // namespace engine::store
