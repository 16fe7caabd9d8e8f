#include "operators/log_in.h"

#include <algorithm>
#include <cctype>

#include "operators/door.h"
#include "operators/specification.h"
#include "pki/digest.h"
#include "service/log.h"
#include "service/origin.h"

namespace engine::operators {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kTokenOctets = 32;
constexpr std::int64_t kEveryLogin = 0;

// The number under which the guard counts for a login, whether there is one of the name or not.
std::int64_t GuardedNumber(std::string login) {
  std::ranges::transform(login, login.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return static_cast<std::int64_t>(std::hash<std::string>()(login));
}

}  // namespace

std::chrono::milliseconds LogIn::DelayFor(const std::string& login, const std::string& source) const {
  const TimePoint now = clock_();
  return std::max(at_one_login_.DelayFor({GuardedNumber(login), source}, now),
                  at_all_logins_.DelayFor({kEveryLogin, source}, now));
}

result::Result<void> LogIn::MayTry(const std::string& login, const std::string& source) const {
  return enrollment::CheckDelay(DelayFor(login, source), "too many wrong passwords, tokens or certificates");
}

void LogIn::NoteWrong(const std::string& login, const std::string& source) {
  const TimePoint now = clock_();
  const auto warn = [&](const char* alarm) {
    service::LogWarning("login_guessed", {{"source", source}, {"alarm", alarm}});
  };
  for (const auto alarm : at_one_login_.NoteWrong({GuardedNumber(login), source}, now)) {
    warn(alarm == enrollment::ChallengeGuard::Alarm::kSource ? "source" : "login");
  }
  if (!at_all_logins_.NoteWrong({kEveryLogin, source}, now).empty()) warn("source_at_many_logins");
}

result::Result<store::PasswordRecord> LogIn::Check(const std::string& login, const pki::Secret& password,
                                                   const std::string& source) {
  const auto refuse = [] { return Fail(Reason::kUnauthorized, "the login or the password is wrong"); };
  if (login.empty()) return Fail(Reason::kMalformed, "a login is needed");
  // What no operator is called is not looked up: the database might take it for another spelling of somebody.
  if (!IsLogin(login) || password.Reveal().size() > kMostPasswordOctets) return refuse();
  RETURN_IF_ERROR(MayTry(login, source));
  ASSIGN_OR_RETURN(auto record, store_.FindPassword(login));
  const bool may_enter = record.is_active && !record.password_hash.empty();
  const std::string& hash = may_enter ? record.password_hash : record.decoy_hash;
  ASSIGN_OR_RETURN(const bool is_right, IsPassword(password.Reveal(), hash, settings_.cost));
  if (may_enter && is_right) return record;
  NoteWrong(login, source);
  RETURN_IF_ERROR(store_.NoteRefusedLogin(clock_(), record.login, source));
  return refuse();
}

result::Result<LogIn::Session> LogIn::Begin(const std::string& login, const pki::Secret& password,
                                            const std::string& source) {
  ASSIGN_OR_RETURN(const auto record, Check(login, password, source));
  store::NewSession session;
  session.operator_id = record.operator_id;
  session.known_hash = record.password_hash;
  session.source = source;
  return Keep(std::move(session), record.login, TimePoint::max());
}

result::Result<LogIn::Session> LogIn::BeginByCertificate(const pki::Bytes& der,
                                                         const service::OperatorCredentials& shown) {
  if (pki::Digest(pki::DigestAlgorithm::kSha256, der) != shown.certificate_sha256) {
    return Fail(Reason::kMalformed, "this is not the client certificate that the call shows");
  }
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::Parse(der));
  ASSIGN_OR_RETURN(const TimePoint not_after, certificate.not_after());
  RETURN_IF_ERROR(MayTry("", shown.source));
  ASSIGN_OR_RETURN(const auto owner, CheckCertificate(certificate, shown));
  store::NewSession session;
  session.operator_id = owner.operator_id;
  session.certificate_sha256 = shown.certificate_sha256;
  session.source = shown.source;
  return Keep(std::move(session), owner.login, not_after);
}

result::Result<store::OperatorRecord> LogIn::CheckCertificate(const pki::Certificate& certificate,
                                                              const service::OperatorCredentials& shown) {
  ASSIGN_OR_RETURN(const TimePoint not_before, certificate.not_before());
  ASSIGN_OR_RETURN(const TimePoint not_after, certificate.not_after());
  const TimePoint now = clock_();
  auto owner = store_.FindOwner(shown.certificate_sha256);
  if (!owner && owner.error().reason != Reason::kNotFound) return owner;
  if (owner && owner->is_active && not_before <= now && now < not_after) return owner;
  NoteWrong("", shown.source);
  RETURN_IF_ERROR(store_.NoteRefusedLogin(now, owner ? owner->login : std::string(), shown.source));
  return Fail(Reason::kUnauthorized, "the certificate is no active operator's");
}

result::Result<LogIn::Session> LogIn::Keep(store::NewSession session, const std::string& login, TimePoint most) {
  const service::OriginScope origin({login, session.source});
  ASSIGN_OR_RETURN(auto token, pki::RandomSecret(kTokenOctets));
  session.token_sha256 = TokenDigest(token.Reveal());
  session.began_at = clock_();
  session.expires_at = std::min(session.began_at + settings_.session_ttl, most);
  if (session.expires_at <= session.began_at) return Fail(Reason::kUnauthorized, "the certificate has just run out");
  session.most_sessions = settings_.most_sessions;
  RETURN_IF_ERROR(store_.BeginSession(session));
  return Session{std::move(token), session.expires_at, login};
}

result::Result<void> LogIn::ChangePassword(const CallingOperator& caller, const pki::Secret& current,
                                           const pki::Secret& next, const std::string& source) {
  if (!caller.record().has_password) {
    return Fail(Reason::kConflict, "you have no password: a super-user may give you one");
  }
  RETURN_IF_ERROR(CheckPassword(next.Reveal(), caller.login()));
  ASSIGN_OR_RETURN(const auto record, Check(caller.login(), current, source));
  ASSIGN_OR_RETURN(const auto hash, HashPassword(next.Reveal(), settings_.cost));
  return store_.SetPassword(record.operator_id, record.password_hash, hash, caller.session());
}

}  // namespace engine::operators
