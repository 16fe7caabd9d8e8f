#ifndef CERTIFIER_ENGINE_OPERATORS_LOG_IN_H
#define CERTIFIER_ENGINE_OPERATORS_LOG_IN_H

#include <chrono>
#include <utility>

#include "clock.h"
#include "enrollment/challenge_guard.h"
#include "operators/access.h"
#include "operators/password.h"
#include "pki/certificate.h"
#include "service/operator_credentials.h"

namespace engine::operators {

// LogIn begins sessions by passwords and by client certificates. It takes as long for a login that there is not as for
// a wrong password, and slows down who guesses: each source at each login, each source that is wrong while many are at
// one login, and each source that is wrong at many logins. Each engine counts for itself, in memory. Begin and
// ChangePassword take as long as PasswordCost says. Safe from any thread.
class LogIn {
 public:
  struct Settings {
    std::chrono::seconds session_ttl = std::chrono::hours(8);
    std::uint32_t most_sessions = 20;  // Of one operator; past it his oldest one ends.
    PasswordCost cost = {};
    // For each login, which takes the place of a CA; `per_ca` also bounds what one source may do wrong at all logins.
    enrollment::ChallengeGuard::Settings guard = {};
  };
  struct Session {
    pki::Secret token;  // 32 random octets.
    TimePoint expires_at;
    std::string login;
  };

  LogIn(store::OperatorStore& store, Clock clock, const Settings& settings)
      : store_(store),
        clock_(std::move(clock)),
        settings_(settings),
        at_one_login_(settings.guard),
        at_all_logins_(AtAllLogins(settings.guard)) {}

  // Begin: malformed without a login, unauthorized whatever is wrong with it and the password, unavailable for who must
  // wait, with how long.
  result::Result<Session> Begin(const std::string& login, const pki::Secret& password, const std::string& source);
  // BeginByCertificate is Begin for who shows a client certificate, as DER whose digest came as his credentials. The
  // session ends with the certificate, if not before. Malformed for another certificate than the one that is shown,
  // unauthorized for one that is out of date or of no active operator, unavailable as above.
  result::Result<Session> BeginByCertificate(const pki::Bytes& der, const service::OperatorCredentials& shown);
  // ChangePassword ends the caller's other sessions. Unauthorized for another current password than his, malformed for
  // a new one that is too weak, conflict where he has none, unavailable as above.
  result::Result<void> ChangePassword(const CallingOperator& caller, const pki::Secret& current,
                                      const pki::Secret& next, const std::string& source);
  // MayTry: unavailable, with how long, for a source that must wait before it may try that login, or with an empty one
  // an initialization token or a certificate. It costs nothing, so that it comes before whatever waits for a thread.
  result::Result<void> MayTry(const std::string& login, const std::string& source) const;
  // NoteWrong counts a wrong password, or with an empty login a wrong initialization token or certificate.
  void NoteWrong(const std::string& login, const std::string& source);
  // Sources that must wait.
  std::size_t slowed_sources() const { return at_one_login_.slowed(clock_()) + at_all_logins_.slowed(clock_()); }

 private:
  static enrollment::ChallengeGuard::Settings AtAllLogins(enrollment::ChallengeGuard::Settings settings) {
    settings.per_source = std::exchange(settings.per_ca, 0);
    return settings;
  }
  // Whose certificate it is; unauthorized where he is not active or it is out of date.
  result::Result<store::OperatorRecord> CheckCertificate(const pki::Certificate& certificate,
                                                         const service::OperatorCredentials& shown);
  // Keep draws the token of a session and keeps it, until `most` at the latest.
  result::Result<Session> Keep(store::NewSession session, const std::string& login, TimePoint most);
  // DelayFor is how long the source must wait before it may try that login.
  std::chrono::milliseconds DelayFor(const std::string& login, const std::string& source) const;
  // What Begin and ChangePassword judge a password by.
  result::Result<store::PasswordRecord> Check(const std::string& login, const pki::Secret& password,
                                              const std::string& source);

  store::OperatorStore& store_;
  const Clock clock_;
  const Settings settings_;
  enrollment::ChallengeGuard at_one_login_, at_all_logins_;
};

}  // namespace engine::operators

#endif  // CERTIFIER_ENGINE_OPERATORS_LOG_IN_H
