#ifndef CERTIFIER_ENGINE_ENROLLMENT_KEY_MINT_H
#define CERTIFIER_ENGINE_ENROLLMENT_KEY_MINT_H

#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "pki/secret.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// KeySpecification is what an operator asks for. Empty, zero and absent mean the default.
struct KeySpecification {
  std::string entity;
  std::string ca;
  std::uint32_t use_limit = 0;          // Default 1, at most 1,000,000.
  std::optional<TimePoint> not_before;  // Default: now.
  std::optional<TimePoint> expires_at;  // Default: KeyMint::Settings::lifetime from now.
  std::string policy;
  std::string subject;                         // RFC 4514.
  std::vector<std::string> alternative_names;  // "kind:value".
};

// MintedKey is a key at the one moment when its value is known.
struct MintedKey {
  std::string reference_number;
  pki::Secret value;
  std::uint32_t use_limit = 0;
  TimePoint expires_at;
};

// KeyMint makes pre-shared keys.
class KeyMint {
 public:
  struct Settings {
    std::chrono::hours lifetime = std::chrono::hours(24) * 30;
  };

  // References must outlive the mint.
  KeyMint(store::AdministrationStore& store, const pki::Secret& index_key, Clock clock, Settings settings);

  // Mint draws a key and stores its digest. Malformed for a bad specification; not found for an unknown entity, CA or
  // policy.
  result::Result<MintedKey> Mint(const KeySpecification& specification, const std::string& created_by) const;

 private:
  result::Result<store::NewKey> Prepare(const KeySpecification& specification) const;

  store::AdministrationStore& store_;
  const pki::Secret& index_key_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_KEY_MINT_H
