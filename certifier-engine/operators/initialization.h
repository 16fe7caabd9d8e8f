#ifndef CERTIFIER_ENGINE_OPERATORS_INITIALIZATION_H
#define CERTIFIER_ENGINE_OPERATORS_INITIALIZATION_H

#include <chrono>

#include "clock.h"
#include "operators/password.h"
#include "store/operator_store.h"

namespace engine::operators {

// OfferInitialization makes the token with which the first super-user makes himself, good for `ttl`, once; an earlier
// one is good no more. It has the form of a pre-shared key. Conflict where there is a super-user, unless it is a
// recovery: for those whose certificates have ended and passwords are forgotten.
result::Result<pki::Secret> OfferInitialization(store::OperatorStore& store, TimePoint now, std::chrono::seconds ttl,
                                                bool is_recovery);

// FirstOperator is who has such a token: a password or a certificate, or both.
struct FirstOperator {
  std::string login;
  pki::Secret password;
  pki::Bytes certificate_sha256;
};

// Initialize makes him a super-user for all CAs. Malformed for a bad login or password or neither of the two,
// unauthorized for another token, conflict where there is a super-user.
result::Result<store::OperatorRecord> Initialize(store::OperatorStore& store, TimePoint now, pki::ByteView token,
                                                 const FirstOperator& first, const PasswordCost& cost);

}  // namespace engine::operators

#endif  // CERTIFIER_ENGINE_OPERATORS_INITIALIZATION_H
