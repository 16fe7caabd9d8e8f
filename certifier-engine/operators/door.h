#ifndef CERTIFIER_ENGINE_OPERATORS_DOOR_H
#define CERTIFIER_ENGINE_OPERATORS_DOOR_H

#include <chrono>

#include "clock.h"
#include "enrollment/challenge_guard.h"
#include "enrollment/lately_wrong.h"
#include "operators/access.h"
#include "service/operator_credentials.h"

namespace engine::operators {

// Door lets operators in, call by call, so that whatever is changed of one counts at once. Safe from any thread.
class Door {
 public:
  // `idle` is how long a session lasts without a call. `guard` slows down the sources of tokens that are of no session;
  // nothing there is for each CA.
  Door(store::OperatorStore& store, Clock clock, std::chrono::seconds idle,
       const enrollment::ChallengeGuard::Settings& guard = {})
      : store_(store), clock_(std::move(clock)), idle_(idle), wrong_tokens_(guard) {}

  // MayTry: unavailable, with how long, for the token of a source that must wait. It costs nothing, so that it comes
  // before whatever waits for a thread.
  result::Result<void> MayTry(const service::OperatorCredentials& credentials) const;

  // Admit finds who stands behind a call of `method` and whether he may make it, as far as that can be judged before it
  // is known which CA it is about. Unauthorized: nobody known, or nobody who may; unavailable.
  // A refusal to an operator is noted.
  result::Result<CallingOperator> Admit(const service::OperatorCredentials& credentials, std::string_view method) const;

  // NoteRefused has the audit log count that `who` was refused a call of `method` for want of a level.
  result::Result<void> NoteRefused(const CallingOperator& who, std::string_view method,
                                   const std::string& source) const;

 private:
  void NoteWrongToken(const pki::Bytes& digest, const std::string& source) const;

  store::OperatorStore& store_;
  const Clock clock_;
  const std::chrono::seconds idle_;
  mutable enrollment::ChallengeGuard wrong_tokens_;
  // Pages that stay open ask on with the token of a session that has ended, which is no guess.
  mutable enrollment::LatelyWrong lately_wrong_;
};

// TokenDigest is what the database finds a session by.
pki::Bytes TokenDigest(pki::ByteView token);

}  // namespace engine::operators

#endif  // CERTIFIER_ENGINE_OPERATORS_DOOR_H
