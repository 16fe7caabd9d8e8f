#include "audit/log_key.h"

#include "pki/ed25519.h"

namespace engine::audit {

namespace {

using transparency::SignerKey;

constexpr std::size_t kNameOctets = 8;

result::Result<store::AuditLogKeyRecord> DrawKey(const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(const pki::Bytes octets, pki::RandomBytes(kNameOctets));
  ASSIGN_OR_RETURN(const pki::Secret seed, pki::RandomSecret(pki::kEd25519KeyLength));
  ASSIGN_OR_RETURN(const auto key, SignerKey::FromSeed("certifier-audit-" + pki::HexLower(octets), seed));
  store::AuditLogKeyRecord record{key.verifier().ToString(), {}};
  ASSIGN_OR_RETURN(record.sealed_seed, sealer.Seal(record.verifier_key, seed.Reveal()));
  return record;
}

}  // namespace

result::Result<SignerKey> LoadLogKey(store::AuditStore& store, const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(auto record, store.FindAuditLogKey());
  if (!record) {
    ASSIGN_OR_RETURN(const auto drawn, DrawKey(sealer));
    ASSIGN_OR_RETURN(record, store.AddAuditLogKey(drawn));
  }
  ASSIGN_OR_RETURN(const auto verifier, transparency::VerifierKey::Parse(record->verifier_key));
  ASSIGN_OR_RETURN(const pki::Secret seed, sealer.Unseal(record->verifier_key, record->sealed_seed));
  return SignerKey::FromSeed(verifier.name(), seed);
}

}  // namespace engine::audit
