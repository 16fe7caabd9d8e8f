#include "operators/initialization.h"

#include "enrollment/pre_shared_key.h"
#include "operators/door.h"
#include "operators/specification.h"

namespace engine::operators {

namespace {

// A token is typed as pre-shared keys are: in any case, with or without its dashes.
pki::Bytes DigestOf(pki::ByteView token) {
  return TokenDigest(enrollment::NormalizedChallenge(token).Reveal());
}

}  // namespace

result::Result<pki::Secret> OfferInitialization(store::OperatorStore& store, TimePoint now, std::chrono::seconds ttl,
                                                bool is_recovery) {
  ASSIGN_OR_RETURN(auto token, enrollment::NewPreSharedKey());
  RETURN_IF_ERROR(store.OfferInitialization(DigestOf(token.Reveal()), now + ttl, is_recovery));
  return token;
}

result::Result<store::OperatorRecord> Initialize(store::OperatorStore& store, TimePoint now, pki::ByteView token,
                                                 const FirstOperator& first, const PasswordCost& cost) {
  store::NewOperator made;
  made.login = first.login;
  made.description = "made with the initialization token";
  made.grants = {{AccessLevel::kSuperUser, ""}};
  if (!first.certificate_sha256.empty()) made.certificate_sha256s = {first.certificate_sha256};
  RETURN_IF_ERROR(CheckOperator(made));
  if (first.password.empty() && first.certificate_sha256.empty()) {
    return result::Fail(result::Reason::kMalformed, "who has neither a password nor a certificate cannot come in");
  }
  const auto digest = DigestOf(token);
  // A password costs memory and time, which is for who has the token.
  RETURN_IF_ERROR(store.CheckInitialization(digest, now));
  if (!first.password.empty()) {
    RETURN_IF_ERROR(CheckPassword(first.password.Reveal(), first.login));
    ASSIGN_OR_RETURN(made.password_hash, HashPassword(first.password.Reveal(), cost));
  }
  return store.Initialize(digest, now, made);
}

}  // namespace engine::operators
