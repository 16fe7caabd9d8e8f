#include "policy/modules.h"

namespace engine::policy {

namespace {

// Usages that a kind of key has no way to carry out: RSA cannot agree on keys, ECDSA keys cannot encipher
// (RFC 8813 section 3).
unsigned ImpossibleFor(pki::KeyType type) {
  switch (type) {
    case pki::KeyType::kRsa:
      return pki::kKeyAgreement;
    case pki::KeyType::kEcdsaP256:
    case pki::KeyType::kEcdsaP384:
    case pki::KeyType::kEcdsaP521:
      return pki::kKeyEncipherment | pki::kDataEncipherment;
  }
  return ~0u;
}

}  // namespace

Finding SetUsage(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) {
  draft.key_usage = policy.key_usage & ~ImpossibleFor(facts.request.public_key().type());
  if (draft.key_usage == 0) return Refuse("the key can do nothing of what the policy allows");
  draft.extended_key_usage = policy.extended_key_usage;
  return Continue();
}

}  // namespace engine::policy
