#include "operators/log_in.h"

#include <algorithm>
#include <cctype>

#include "operators/door.h"
#include "operators/specification.h"
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
  return CheckDelay(DelayFor(login, source), "too many wrong passwords or tokens");
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
  auto record = store_.FindPassword(login);
  if (!record && record.error().reason != Reason::kNotFound) return record;
  const bool may_enter = record && record->is_active;
  const std::string hash = may_enter ? record->password_hash : std::string();
  ASSIGN_OR_RETURN(const bool is_right, IsPassword(password.Reveal(), hash, settings_.cost));
  if (is_right) return record;
  NoteWrong(login, source);
  RETURN_IF_ERROR(store_.NoteRefusedLogin(clock_(), record ? record->login : std::string(), source));
  return refuse();
}

result::Result<LogIn::Session> LogIn::Begin(const std::string& login, const pki::Secret& password,
                                            const std::string& source) {
  ASSIGN_OR_RETURN(const auto record, Check(login, password, source));
  const service::OriginScope origin({record.login, source});
  ASSIGN_OR_RETURN(auto token, pki::RandomSecret(kTokenOctets));
  const TimePoint now = clock_();
  const TimePoint expires_at = now + settings_.session_ttl;
  RETURN_IF_ERROR(store_.BeginSession({record.operator_id, record.password_hash, TokenDigest(token.Reveal()), now,
                                       expires_at, source, settings_.most_sessions}));
  return Session{std::move(token), expires_at, record.login};
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
